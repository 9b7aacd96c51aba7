"""change: what may be changed, the thirty days before it, and the lines of the change card."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.catalog import edition
from tests.terms.asking import PLANS, answer, ask, changed, clauses, refused_field, unhurried

DATES = {"requested": "2025-08-25", "effective": "2025-10-01"}
REGISTERED = [{"code": "A", "quantity": 2}, {"code": "B", "quantity": 1}]
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 12, 31))


@pytest.mark.req("IX-CHG-01", "IX-CHG-02", "IX-CAL-05")
@unhurried
@given(requested=days, effective=days)
def test_a_request_is_in_time_up_to_thirty_days_before_and_never_refused_for_being_late(
    requested: date, effective: date
) -> None:
    found = answer("change", kind="contact", requested=requested.isoformat(), effective=effective.isoformat())
    assert found["notify_by"] == (effective - timedelta(days=30)).isoformat()
    assert found["earliest_safe"] == (requested + timedelta(days=30)).isoformat()
    assert found["in_time"] == (requested.isoformat() <= found["notify_by"])
    assert found["allowed"] is True


@pytest.mark.req("IX-CHG-02")
def test_a_late_request_says_from_when_the_change_is_safe() -> None:
    result = ask("change", kind="contact", requested="2025-09-02", effective="2025-10-01")
    warning = result["reasons"][-1]
    assert warning["rule"] == "IX-CHG-02"
    assert "2025年10月2日" in warning["text"]
    in_time = ask("change", kind="contact", requested="2025-09-01", effective="2025-10-01")
    assert "IX-CHG-02" not in {reason["rule"] for reason in in_time["reasons"]}


@pytest.mark.req("IX-CHG-02")
def test_a_request_after_its_own_date_is_taken_and_the_date_asked_about() -> None:
    result = ask("change", kind="contact", requested="2025-10-05", effective="2025-10-01")
    assert result["answer"]["allowed"] is True
    assert "2025年10月1日を過ぎて届いたため" in result["reasons"][-1]["text"]
    on_the_day = ask("change", kind="contact", requested="2025-10-01", effective="2025-10-01")
    assert "過ぎて届いた" not in on_the_day["reasons"][-1]["text"]


@pytest.mark.req("IX-CHG-07")
def test_a_quantity_that_stays_the_same_is_noted() -> None:
    facts = {"kind": "options", "registered_options": REGISTERED, **DATES}
    same = ask("change", option_lines=[{"code": "A", "checked": True, "quantity": 2}], **facts)
    assert (same["answer"]["allowed"], same["answer"]["options"]) == (True, REGISTERED)
    assert "登録済みのオプションと同じです。" in {reason["text"] for reason in same["reasons"]}
    other = ask("change", option_lines=[{"code": "A", "checked": True, "quantity": 1}], **facts)
    assert "登録済みのオプションと同じです。" not in {reason["text"] for reason in other["reasons"]}


@pytest.mark.req("IX-CHG-10", "IX-CND-02")
def test_the_thirty_days_are_shown_with_every_clause_that_states_them() -> None:
    assert {"第4章 1.(4)", "第2章 2.注意事項", "第3章 7."} <= set(clauses("change", kind="contact", **DATES))


@pytest.mark.req("IX-CHG-04")
@pytest.mark.parametrize("kind", ["unit", "hours", "service_days", "years", "transfer", "suspend", "other"])
@pytest.mark.parametrize("plan", PLANS)
def test_what_cannot_be_changed_is_refused_under_every_plan(kind: str, plan: str) -> None:
    assert answer("change", plan=plan, kind=kind, **DATES)["allowed"] is False


@pytest.mark.req("IX-CHG-05")
@pytest.mark.parametrize("kind", ["site", "contact", "options", "customer", "address", "phone", "company_name"])
@pytest.mark.parametrize("plan", PLANS)
def test_what_can_be_changed_is_allowed_under_every_plan(kind: str, plan: str) -> None:
    assert answer("change", plan=plan, kind=kind, **DATES)["allowed"] is True


@pytest.mark.req("IX-WIN-07", "IX-CHGF-02")
@pytest.mark.parametrize("plan", PLANS)
def test_only_a_plan_of_five_days_has_a_base_weekday_to_change(plan: str) -> None:
    assert answer("change", plan=plan, kind="start_weekday", **DATES)["allowed"] is plan.startswith("5d")


@pytest.mark.req("IX-CHG-03")
def test_an_unknown_new_site_is_allowed_with_the_condition_said() -> None:
    result = ask("change", kind="site", **DATES)
    assert result["answer"]["allowed"] is True
    assert any("国内" in reason["text"] for reason in result["reasons"])


@pytest.mark.req("IX-CHG-03")
def test_a_site_abroad_is_refused_and_nothing_says_that_a_site_may_change() -> None:
    result = ask("change", kind="site", new_site_in_japan=False, **DATES)
    assert result["answer"]["allowed"] is False
    assert [reason["clause"] for reason in result["reasons"]] == ["第2章 2.注意事項", "第3章 1.(1)"]


@pytest.mark.req("IX-CHG-07", "IX-CHGF-03")
@pytest.mark.parametrize(
    ("lines", "options", "inquiries", "refused"),
    [
        ([{"code": "A"}], [("A", 2), ("B", 1)], [], []),
        ([{"code": "A", "checked": True, "quantity": 0}], [("B", 1)], [], []),
        ([{"code": "C", "quantity": 3}], [("A", 2), ("B", 1), ("C", 3)], [], []),
        ([{"code": "C", "checked": True}], [("A", 2), ("B", 1)], ["C"], []),
        ([{"code": "C", "quantity": 0}], [("A", 2), ("B", 1)], [], ["C"]),
        ([{"code": "A", "quantity": 5}], [("A", 2), ("B", 1)], ["A"], []),
        ([{"code": "A", "checked": True, "quantity": 1}] * 2, [("A", 2), ("B", 1)], ["A"], []),
    ],
)
def test_lines_of_the_change_card(
    lines: list[dict[str, object]], options: list[tuple[str, int]], inquiries: list[str], refused: list[str]
) -> None:
    found = answer("change", kind="options", registered_options=REGISTERED, option_lines=lines, **DATES)
    assert found["options"] == [{"code": code, "quantity": quantity} for code, quantity in options]
    assert (found["inquiries"], found["refused_lines"]) == (inquiries, refused)


@pytest.mark.req("IX-CHG-07")
def test_only_where_every_line_is_refused_is_the_change_itself_refused() -> None:
    wrong, right = {"code": "A", "checked": True, "quantity": -1}, {"code": "B", "checked": True, "quantity": 2}
    each = {"kind": "options", "registered_options": REGISTERED, **DATES}
    assert answer("change", option_lines=[wrong], **each)["allowed"] is False
    assert answer("change", option_lines=[wrong, right], **each)["allowed"] is True


@pytest.mark.req("IX-CHG-07")
def test_without_the_registered_options_no_list_is_made_up() -> None:
    lines = [{"code": "A", "checked": True, "quantity": 1}]
    assert answer("change", kind="options", option_lines=lines, **DATES)["options"] is None


@pytest.mark.req("IX-CHG-07")
def test_a_quantity_that_is_no_whole_number_is_refused_at_its_field() -> None:
    lines = [{"code": "A", "checked": True, "quantity": 1.5}]
    assert refused_field("change", kind="options", option_lines=lines, **DATES) == "option_lines"


@pytest.mark.req("IX-CAL-07")
def test_a_last_day_on_a_day_off_is_named_and_not_moved() -> None:
    found = answer("change", kind="contact", requested="2025-03-01", effective="2025-03-31")
    assert (found["notify_by"], found["day_off"]) == ("2025-03-01", ["notify_by"])
    assert "day_off" not in answer("change", kind="contact", **DATES)


@pytest.mark.req("IX-CHG-01")
def test_the_derivation_names_both_days() -> None:
    steps = ask("change", explain=True, kind="contact", **DATES)["derivation"]
    assert [step["date"] for step in steps] == ["2025-09-01", "2025-09-24"]


@pytest.mark.req("SP-REG-11", "SP-CAL-03", "VA-SIT-04", "VA-CAL-03")
@pytest.mark.parametrize(("service", "ahead"), [("supportpack", 30), ("video", 14)])
@unhurried
@given(requested=days, effective=days)
def test_each_service_counts_its_own_days_and_refuses_no_late_notice(
    service: str, ahead: int, requested: date, effective: date
) -> None:
    dates = {"requested": requested.isoformat(), "effective": effective.isoformat()}
    result = ask("change", service=service, kind="site", **dates)
    found = result["answer"]
    assert found["allowed"] is True
    assert found["notify_by"] == (effective - timedelta(days=ahead)).isoformat()
    assert found["in_time"] == (requested <= effective - timedelta(days=ahead))
    assert f"{ahead}日前" in "".join(reason["text"] for reason in result["reasons"])


@pytest.mark.req("SP-REG-12", "VA-SIT-04")
@pytest.mark.parametrize(
    ("service", "consequence"), [("supportpack", "提供できないことがあります"), ("video", "お待ちいただく")]
)
def test_a_late_notice_says_what_may_follow(service: str, consequence: str) -> None:
    dates = {"requested": "2026-03-05", "effective": "2026-03-10"}
    assert consequence in ask("change", service=service, kind="site", **dates)["reasons"][-1]["text"]
    in_time = ask("change", service=service, kind="site", requested="2026-01-05", effective="2026-03-10")
    assert consequence not in "".join(reason["text"] for reason in in_time["reasons"])


@pytest.mark.req("SP-REG-11")
@pytest.mark.parametrize(
    "kind", ["customer", "company_name", "address", "phone", "contact", "site", "options", "other"]
)
def test_a_support_pack_takes_every_change_of_its_content(kind: str) -> None:
    dates = {"requested": "2026-01-05", "effective": "2026-03-10"}
    assert answer("change", service="supportpack", kind=kind, **dates)["allowed"] is True


@pytest.mark.req("VA-SIT-05")
def test_a_video_machine_stays_in_japan() -> None:
    facts = {"kind": "site", "requested": "2026-01-05", "effective": "2026-03-10"}
    abroad = ask("change", service="video", new_site_in_japan=False, **facts)
    assert (abroad["answer"]["allowed"], abroad["reasons"][0]["clause"]) == (False, "第3章 2.8")
    for in_japan in ({"new_site_in_japan": True}, {}):
        assert answer("change", service="video", **in_japan, **facts)["allowed"] is True


@pytest.mark.req("SP-REG-11", "VA-SIT-04")
@pytest.mark.parametrize("service", ["supportpack", "video"])
def test_without_its_dates_a_notice_stays_incomplete(service: str) -> None:
    assert refused_field("change", service=service, kind="site", requested="2026-01-05") == "effective"
    assert refused_field("change", service=service, kind="site", effective="2026-01-05") == "requested"


@pytest.mark.req("MM-CHG-02", "MM-CND-08", "MM-CND-29", "MM-ALM-08")
@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        *((kind, True) for kind in ("company_name", "contact", "address", "phone", "site", "addressees")),
        *((kind, False) for kind in ("options", "unit", "hours", "service_days", "years", "other", "suspend")),
        *((kind, False) for kind in ("customer", "transfer")),
    ],
)
def test_where_no_days_are_fixed_only_the_kind_decides(kind: str, allowed: bool) -> None:
    result = ask("change", service="mimamori", kind=kind)
    assert result["answer"] == {"allowed": allowed, "in_time": None, "notify_by": None, "earliest_safe": None}
    # What may be changed is to be reported promptly; the addressees the customer changes on the portal (MM-ALM-08).
    assert ("7.22" in {reason["clause"] for reason in result["reasons"]}) is (allowed and kind != "addressees")
    assert allowed or re.search("お受けできません|できません|替えられません|移せません", result["reasons"][0]["text"])


@pytest.mark.req("MM-CND-03")
@pytest.mark.parametrize(("facts", "allowed"), [({}, True), ({"new_legal_entity": False}, True)])
def test_a_new_name_of_the_same_company_is_a_change(facts: dict[str, bool], allowed: bool) -> None:
    assert answer("change", service="mimamori", kind="company_name", **facts)["allowed"] is allowed


@pytest.mark.req("MM-CND-03")
def test_a_new_name_of_another_company_is_none_and_says_the_way_on() -> None:
    result = ask("change", service="mimamori", kind="company_name", new_legal_entity=True)
    assert result["answer"]["allowed"] is False
    (reason,) = result["reasons"]
    assert (reason["clause"], "お申し込みください" in reason["text"]) == ("7.2", True)
    # A telephone number belongs to whoever the customer is.
    assert answer("change", service="mimamori", kind="phone", new_legal_entity=True)["allowed"] is True


def test_a_kind_that_the_terms_do_not_mention_is_refused_with_those_that_they_do() -> None:
    dates = {"requested": "2026-01-05", "effective": "2026-03-10"}
    error = ask("change", service="video", kind="suspend", **dates)["error"]
    assert (error["field"], "site" in error["message"]) == ("kind", True)


def test_lines_of_a_change_card_mean_nothing_where_there_is_no_such_card() -> None:
    facts = {"kind": "options", "requested": "2026-01-05", "effective": "2026-03-10"}
    lines = [{"code": "A", "checked": True, "quantity": 1}]
    assert refused_field("change", service="supportpack", option_lines=lines, **facts) == "option_lines"
    assert "options" not in answer("change", service="supportpack", **facts)


def test_a_number_of_days_needs_its_consequence_and_both_dates() -> None:
    terms = edition("supportpack", "1").change
    assert terms is not None
    with pytest.raises(ValueError, match="notice と late の片方"):
        changed(terms, late=None)
    with pytest.raises(ValueError, match="requested と effective"):
        changed(terms, required=("kind", "requested"))
