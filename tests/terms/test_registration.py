"""registration: deadlines, what is missing on the form, and what may not be accepted at all."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.dates import within_months
from tests.terms.asking import answer, ask, refused_field, unhurried

FILLED = {
    "entry_date": "2025-05-20",
    "start_weekday": "tue",
    "body_serial": "A123",
    "purchased": "2025-05-10",
    "contact_name": "見本 花子",
    "contact_email": "hanako@example.jp",
    "site_address": "東京都見本区1-1",
    "writer_name": "見本 花子",
}
days = st.dates(min_value=date(2005, 1, 1), max_value=date(2060, 12, 31))


def form(plan: str = "5d-3y", received: str = "2025-05-21", **changed: Any) -> dict[str, Any]:
    return answer("registration", plan=plan, application_received=received, form={**FILLED, **changed})


@pytest.mark.req("IX-REG-08", "IX-REG-09", "IX-REG-05", "IX-CAL-04")
@unhurried
@given(days, st.integers(min_value=0, max_value=90))
def test_late_from_the_thirty_first_day_on(bought: date, later: int) -> None:
    received = bought + timedelta(days=later)
    found = answer("registration", pack_purchased=str(bought), application_received=str(received))
    assert found["apply_by"] == str(bought + timedelta(days=30))
    assert found["answer_by"] == str(received + timedelta(days=30))
    assert found["outcome"] == ("accept" if later <= 30 else "accept_late")
    assert found["refund"] is False


@pytest.mark.req("IX-CAL-07")
@pytest.mark.parametrize(
    ("received", "last", "is_off"),
    [
        ("2025-12-05", "2026-01-04", True),
        ("2025-12-30", "2026-01-29", False),
        ("2026-08-23", "2026-09-22", True),
        ("2026-12-03", "2027-01-02", True),
        ("2027-02-20", "2027-03-22", True),
    ],
)
def test_a_last_day_on_a_day_off_is_not_moved_but_said(received: str, last: str, is_off: bool) -> None:
    found = answer("registration", application_received=received)
    assert found["answer_by"] == last
    assert found.get("day_off", []) == (["answer_by"] if is_off else [])


@pytest.mark.req("IX-REG-09")
def test_lateness_alone_brings_no_refund_and_any_other_refusal_does() -> None:
    late = {"pack_purchased": "2025-08-20", "application_received": "2028-08-02", "coverage_end": "2028-07-31"}
    assert answer("registration", **late)["refund"] is False
    abroad = answer("registration", **late, installed_in_japan=False)
    assert (abroad["outcome"], abroad["refund"]) == ("refuse", True)
    refused = answer("registration", **late, refused_on="2028-08-10", ground="製造番号を確認できないため")
    assert (refused["outcome"], refused["refund"]) == ("refuse", True)
    returned = answer("registration", pack_returned=True)
    assert (returned["outcome"], returned["refund"]) == ("refuse", False)


@pytest.mark.req("IX-REG-05")
def test_a_refusal_after_its_last_day_is_flagged_and_still_refunded() -> None:
    facts = {"application_received": "2025-06-01", "ground": "製造番号を確認できないため"}
    assert "late_refusal" not in answer("registration", **facts, refused_on="2025-07-01")["flags"]
    late = answer("registration", **facts, refused_on="2025-07-02")
    assert "late_refusal" in late["flags"]
    assert late["refund"] is True


@pytest.mark.req("IX-CND-02")
def test_deadlines_are_cited_with_both_clauses() -> None:
    result = ask("registration", pack_purchased="2025-08-20", application_received="2025-08-25")
    cited = {(reason["rule"], reason["clause"]) for reason in result["reasons"]}
    assert {("IX-REG-08", "第4章 1.(1)"), ("IX-REG-08", "第2章 1.(1)")} <= cited
    assert {("IX-REG-05", "第4章 1.(3)"), ("IX-REG-05", "第2章 前文")} <= cited


@pytest.mark.req("IX-CARD-12", "IX-CARD-02", "IX-CARD-03", "IX-CARD-04", "IX-CARD-08", "IX-CARD-08R", "IX-CARD-09")
@pytest.mark.parametrize("field", sorted(FILLED))
def test_each_framed_field_is_asked_for(field: str) -> None:
    assert form()["outcome"] == "accept"
    found = form(**{field: ""})
    assert (found["outcome"], found["missing"]) == ("incomplete", [field])


@pytest.mark.req("IX-CARD-03", "IX-WIN-02")
def test_only_a_plan_of_five_days_needs_a_start_weekday() -> None:
    assert form("7d-3y", start_weekday=None)["outcome"] == "accept"
    assert form(start_weekday="mon,tue")["missing"] == ["start_weekday"]
    assert form(start_weekday=["mon", "tue"])["missing"] == ["start_weekday"]


@pytest.mark.req("IX-CARD-07", "IX-CARD-10")
def test_contact_and_site_may_come_from_a_representative_card() -> None:
    alone = {"contact_name": "", "contact_email": "", "site_address": ""}
    shared = form(**alone, share_contact=True, share_site=True, shared_card_serial="A001")
    assert shared["outcome"] == "accept"
    assert form(**alone, share_contact=True, shared_card_serial="A001")["missing"] == ["site_address"]
    assert form(**alone, share_contact=True, share_site=True)["missing"] == ["shared_card_serial"]
    own = form(**alone, share_contact=True, share_site=True, shared_card_serial="A002", card_serial="A002")
    assert (own["outcome"], own["flags"]) == ("incomplete", ["lateness_unknown", "shared_card_is_itself"])


@pytest.mark.req("IX-CARD-11")
def test_the_writer_may_be_the_contact() -> None:
    assert form(writer_name="", same_writer="contact")["outcome"] == "accept"


@pytest.mark.req("IX-CARD-02")
@pytest.mark.parametrize(("entered", "missing", "flag"), [("2025-02-30", True, False), ("2025-05-22", False, True)])
def test_the_date_of_entry_exists_and_is_not_after_the_receipt(entered: str, missing: bool, flag: bool) -> None:
    found = form(entry_date=entered)
    assert found["outcome"] == "incomplete"
    assert (found["missing"] == ["entry_date"]) is missing
    assert ("entered_after_receipt" in found["flags"]) is flag


@pytest.mark.req("IX-CARD-12")
def test_a_form_may_name_its_fields_by_their_numbers() -> None:
    found = answer("registration", form={"IX-CARD-02": "2025-05-20", "IX-CARD-04": "A123", "IX-CARD-09": "見本"})
    assert found["missing"] == ["IX-CARD-03", "IX-CARD-08", "IX-CARD-08R"]
    assert answer("registration", form={"IX-CARD-03": "wednesday"})["missing"][-1] == "start_weekday"


@pytest.mark.req("IX-GEN-06", "IX-CARD-05")
def test_options_stand_line_by_line() -> None:
    good = {"code": "A", "quantity": 1, "genuine": True, "supported": True}
    found = answer(
        "registration", options=[good, {**good, "code": "B", "genuine": False}, {**good, "code": "C", "quantity": 0}]
    )
    assert "option_not_covered:B" in found["flags"]
    assert (found["outcome"], found["missing"]) == ("incomplete", ["options.C.quantity"])
    assert refused_field("registration", options=[{"quantity": 1}]) == "options"
    assert refused_field("registration", options=[{**good, "quantity": "1"}]) == "options"


@pytest.mark.req("IX-GEN-06", "IX-SPEC-01", "IX-CARD-00", "IX-COV-01")
@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"bodies": 2}, "refuse"),
        ({"installed_in_japan": False}, "refuse"),
        ({"already_registered": True}, "incomplete"),
        ({"serial_known": False}, "incomplete"),
        ({"applied": False}, "incomplete"),
        ({"approved": False}, "incomplete"),
        ({"application_received": "2025-05-20", "card_deadline": None}, "incomplete"),
        ({"application_received": "2025-05-20", "purchased": "2025-05-21"}, "incomplete"),
        ({"bodies": 1, "installed_in_japan": True, "applied": True, "approved": True, "channel": "card"}, "accept"),
    ],
)
def test_what_stands_in_the_way(facts: dict[str, Any], outcome: str) -> None:
    assert answer("registration", **facts)["outcome"] == outcome


@pytest.mark.req("IX-REG-06")
def test_a_price_that_came_back_does_not_come_back_again() -> None:
    found = answer("registration", pack_returned=True, installed_in_japan=False)
    assert (found["outcome"], found["refund"]) == ("refuse", False)


@pytest.mark.req("IX-REG-05")
@pytest.mark.parametrize("ground", [None, "", " ", "\u3000"])
def test_a_refusal_without_a_ground_is_not_issued(ground: str | None) -> None:
    found = answer("registration", application_received="2025-06-01", refused_on="2025-06-20", ground=ground)
    assert (found["outcome"], found["missing"], found["refund"]) == ("incomplete", ["ground"], False)


@pytest.mark.req("IX-REG-05", "IX-GEN-06")
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"application_received": "2025-06-01", "refused_on": "2025-05-31", "ground": "対象外の機種"}, "refused_on"),
        ({"bodies": 0}, "bodies"),
    ],
)
def test_what_cannot_be_is_refused(facts: dict[str, Any], field: str) -> None:
    assert refused_field("registration", **facts) == field


@pytest.mark.req("SP-REG-02", "SP-REG-04", "SP-REG-05", "SP-TRM-06")
@unhurried
@given(days, st.integers(min_value=0, max_value=400), st.integers(min_value=0, max_value=400))
def test_with_two_deadlines_both_are_met_or_it_is_late(machine: date, pack_after: int, applied_after: int) -> None:
    pack = machine + timedelta(days=pack_after)
    received = pack + timedelta(days=applied_after)
    facts = {"purchased": str(machine), "pack_purchased": str(pack), "application_received": str(received)}
    found = answer("registration", service="supportpack", **facts)
    last_days = {"pack_purchased": pack + timedelta(days=30), "purchased": within_months(machine, 6)}
    assert found["deadlines"] == [
        {"counted_from": name, "last_day": str(last), "in_time": received <= last} for name, last in last_days.items()
    ]
    late = [f"late:{name}" for name, last in last_days.items() if received > last]
    assert found["apply_by"] == str(min(last_days.values()))
    assert found["flags"] == (["late", *late] if late else [])
    assert found["outcome"] == ("accept_late" if late else "accept")
    assert found["refund"] is False


@pytest.mark.req("SP-REG-05")
def test_an_open_deadline_neither_counts_as_met_nor_as_missed() -> None:
    found = answer("registration", service="supportpack", pack_purchased="2025-04-10", purchased=None)
    assert [each["in_time"] for each in found["deadlines"]] == [None, None]
    assert (found["apply_by"], found["missing"]) == ("2025-05-10", ["purchased"])
    late = answer("registration", service="supportpack", pack_purchased="2025-04-10", application_received="2025-05-11")
    assert [each["in_time"] for each in late["deadlines"]] == [False, None]
    assert (late["outcome"], late["flags"]) == ("incomplete", ["late", "late:pack_purchased"])


@pytest.mark.req("SP-CAL-07")
def test_the_inspection_goes_before_the_purchase_and_never_lies_before_it() -> None:
    dates = {"purchased": "2025-03-25", "pack_purchased": "2025-03-25"}
    inspected = {"inspected": "2025-04-01", "pack_inspected": "2025-04-01"}
    found = answer("registration", service="supportpack", **dates, **inspected)
    assert [each["last_day"] for each in found["deadlines"]] == ["2025-05-01", "2025-10-01"]
    assert answer("registration", service="supportpack", **inspected)["apply_by"] == "2025-05-01"
    for name in inspected:
        assert refused_field("registration", service="supportpack", **dates, **{name: "2025-03-24"}) == name


@pytest.mark.req("VA-REG-02", "VA-REG-11")
@unhurried
@given(days, st.integers(min_value=0, max_value=90))
def test_one_deadline_and_no_more_where_the_terms_have_one(bought: date, later: int) -> None:
    received = bought + timedelta(days=later)
    facts = {"purchased": "2001-01-01", "pack_purchased": str(bought), "application_received": str(received)}
    found = answer("registration", service="video", **facts)
    assert "deadlines" not in found
    assert found["outcome"] == ("accept" if later <= 30 else "accept_late")
    assert (found["apply_by"], found["answer_by"]) == (
        str(bought + timedelta(days=30)),
        str(received + timedelta(days=30)),
    )


@pytest.mark.req("VA-REG-01")
def test_a_card_is_never_a_registration_where_the_terms_say_so() -> None:
    facts = {"pack_purchased": "2026-01-05", "application_received": "2026-01-05", "channel": "card"}
    video = answer("registration", service="video", **facts)
    assert (video["outcome"], video["refund"]) == ("refuse", False)
    assert answer("registration", **facts)["outcome"] == "accept"


@pytest.mark.parametrize("service", ["mimamori", "remote-care"])
def test_terms_without_deadlines_give_none(service: str) -> None:
    found = answer("registration", service=service, application_received="2025-03-28", pack_purchased="2001-01-01")
    assert (found["outcome"], found["apply_by"], found["answer_by"], found["flags"]) == ("accept", None, None, [])


@pytest.mark.req("RC-GEN-08", "MM-FLW-01")
@pytest.mark.parametrize("service", ["mimamori", "remote-care"])
def test_terms_that_promise_no_refund_give_none_after_a_refusal(service: str) -> None:
    facts = {"application_received": "2025-06-02", "refused_on": "2025-06-03", "ground": "内容を確認できないため"}
    found = answer("registration", service=service, **facts)
    assert (found["outcome"], found["refund"], found["flags"]) == ("refuse", False, ["refused"])
    assert refused_field("registration", service=service, **{**facts, "refused_on": "2025-06-01"}) == "refused_on"


@pytest.mark.req("SP-REG-01", "VA-INT-01", "MM-CND-01", "RC-GEN-05", "SP-ASF-01", "VA-ASF-01", "MM-CND-25")
@pytest.mark.parametrize("service", ["supportpack", "video", "mimamori", "remote-care"])
def test_without_agreement_nothing_is_submitted(service: str) -> None:
    dates = {"purchased": "2025-04-10", "pack_purchased": "2025-04-10"}
    assert answer("registration", service=service, **dates, terms_agreed=True)["outcome"] == "accept"
    found = answer("registration", service=service, **dates, terms_agreed=False)
    assert (found["outcome"], found["missing"]) == ("incomplete", ["agreement"])
    undeclared = answer("registration", service=service, **dates, antisocial_declared=False)
    has_such_a_clause = service != "remote-care"
    assert undeclared["missing"] == (["antisocial_declaration"] if has_such_a_clause else [])


@pytest.mark.req("SP-TRM-02", "VA-TRM-02")
@pytest.mark.parametrize(
    ("service", "received", "outcome", "flags"),
    [
        ("supportpack", "2029-04-20", "refuse", ["no_served_day"]),
        ("supportpack", "2029-05-20", "refuse", ["late", "late:pack_purchased", "no_served_day"]),
        ("supportpack", "2029-04-10", "accept", []),
        ("video", "2029-04-20", "incomplete", ["no_served_day"]),
        ("video", "2029-05-20", "incomplete", ["late", "no_served_day"]),
    ],
)
def test_where_no_day_is_left_to_serve(service: str, received: str, outcome: str, flags: list[str]) -> None:
    dates = {"purchased": "2029-01-10", "pack_purchased": "2029-04-01", "coverage_end": "2029-04-10"}
    found = answer("registration", service=service, **dates, application_received=received)
    assert (found["outcome"], found["flags"], found["refund"]) == (outcome, flags, False)


FORM = {
    "user_id": "hanako@example.jp",
    "password": True,
    "quantity": 2,
    "administrator_organisation": "見本商事",
    "administrator_address": "東京都見本区1-1",
    "administrator_name": "見本 花子",
    "administrator_phone": "03-0000-0000",
    "administrator_email": "hanako@example.jp",
    "pack_serial": "P0000001",
    "machine_type": "N8100-0001Y",
    "serial": "1234567",
    "purchased": "2025-04-10",
    "pack_purchased": "2025-04-10",
    "site_organisation": "見本商事",
    "site_address": "東京都見本区1-1",
    "site_name": "見本 花子",
    "site_phone": "03-0000-0000",
}


def online(service: str = "video", **changed: Any) -> dict[str, Any]:
    dates = {"purchased": "2025-04-10", "pack_purchased": "2025-04-10", "application_received": "2025-04-20"}
    return answer("registration", service=service, **dates, form={**FORM, **changed})


@pytest.mark.req("VA-REG-19", "VA-REG-20", "VA-REG-21", "VA-REG-22", "VA-REG-23")
@pytest.mark.parametrize("field", FORM)
def test_each_field_of_the_web_form_is_asked_for(field: str) -> None:
    assert online()["outcome"] == "accept"
    assert online(**{field: None})["missing"] == [field]


@pytest.mark.req("SP-REG-03")
def test_a_support_pack_asks_for_the_same_but_the_login() -> None:
    asked = {name for name in FORM if online("supportpack", **{name: ""})["missing"] == [name]}
    assert asked == {*FORM} - {"password", "quantity"}


@pytest.mark.req("VA-REG-19", "VA-REG-20", "VA-REG-22", "VA-REG-24", "VA-REG-26")
@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({"user_id": "hanako"}, ["user_id"]),
        ({"user_id": "@"}, ["user_id"]),
        ({"administrator_email": "hanako@"}, ["administrator_email"]),
        ({"quantity": 0}, ["quantity"]),
        ({"quantity": "2"}, ["quantity"]),
        ({"quantity": True}, ["quantity"]),
        ({"purchased": "2025-02-30"}, ["purchased"]),
        ({"purchased": "2025-04-20"}, []),
        ({"purchased": "2025-04-21"}, ["purchased"]),
        ({"pack_purchased": "2025-04-21"}, ["pack_purchased"]),
        ({"option_type": "N8103-150"}, ["option_quantity"]),
        ({"option_type": "N8103-150", "option_quantity": 2}, []),
        ({"alarm_applied": True}, ["os_name", "report_method", "seller"]),
        ({"alarm_contact_differs": True, "alarm_name": "見本 太郎"}, ["alarm_phone"]),
        ({"first_time": True, "registrant_name": "見本"}, ["registrant_organisation", "registrant_phone"]),
    ],
)
def test_what_a_field_must_hold_and_which_fields_bring_others(changed: dict[str, Any], missing: list[str]) -> None:
    found = [name for name in online(**changed)["missing"] if not name.startswith("secret_")]
    assert found == missing


@pytest.mark.req("SP-REG-05")
def test_the_explanation_gives_each_deadline() -> None:
    dates = {"purchased": "2025-01-15", "pack_purchased": "2025-07-01", "application_received": "2025-07-10"}
    result = ask("registration", service="supportpack", explain=True, **dates)
    assert [step["date"] for step in result["derivation"]] == [
        *("2025-07-01", "2025-07-31"),
        *("2025-01-15", "2025-07-15"),
        *("2025-07-10", "2025-08-09"),
    ]
    assert {lost["rule"] for lost in result["losing"]} == {"SP-TRM-06"}


@pytest.mark.req("SP-REG-02", "SP-REG-04", "SP-REG-05")
@pytest.mark.parametrize(
    ("pack", "machine", "received", "flags"),
    [
        ("2025-04-01", "2025-04-01", "2025-05-01", []),
        ("2025-04-01", "2025-04-01", "2025-05-02", ["late", "late:pack_purchased"]),
        ("2025-09-20", "2025-04-10", "2025-10-10", []),
        ("2025-09-20", "2025-04-10", "2025-10-11", ["late", "late:purchased"]),
        ("2025-04-10", "2025-04-10", "2025-10-11", ["late", "late:pack_purchased", "late:purchased"]),
    ],
)
def test_the_last_day_itself_is_in_time(pack: str, machine: str, received: str, flags: list[str]) -> None:
    facts = {"pack_purchased": pack, "purchased": machine, "application_received": received}
    assert answer("registration", service="supportpack", **facts)["flags"] == flags


@pytest.mark.req("SP-CAL-06", "VA-CAL-07")
@pytest.mark.parametrize("service", ["supportpack", "video"])
def test_only_a_day_off_that_is_the_last_day_of_all_is_said(service: str) -> None:
    """2026-03-01, thirty days after 2026-01-30, is a Sunday; half a year before 2026-02-27 ends first."""
    late = answer("registration", service=service, pack_purchased="2026-01-30", purchased="2026-01-30")
    assert (late["apply_by"], late["day_off"]) == ("2026-03-01", ["apply_by"])
    sooner = answer("registration", service=service, pack_purchased="2026-01-30", purchased="2025-08-27")
    assert sooner["apply_by"] == ("2026-02-27" if service == "supportpack" else "2026-03-01")
    assert sooner.get("day_off") == (None if service == "supportpack" else ["apply_by"])


@pytest.mark.req("SP-REG-09", "SP-CAL-07")
def test_two_days_that_may_be_the_same() -> None:
    dates = {"purchased": "2025-04-10", "pack_purchased": "2025-04-10", "application_received": "2025-04-20"}
    refused = {"refused_on": "2025-04-20", "ground": "対象外の製品のため"}
    assert answer("registration", service="supportpack", **dates, **refused)["outcome"] == "refuse"
    assert answer("registration", service="supportpack", **dates, inspected="2025-04-10")["outcome"] == "accept"
