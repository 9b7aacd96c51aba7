"""entitlement: which rule decides where several speak, what waits for a person, and when somebody may come."""

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terms.asking import PLANS, answer, ask, clauses, refused_field, unhurried

COVERED = {
    "at": "2025-06-17T10:00+09:00",
    "coverage": {"start": "2025-06-03", "end": "2028-05-31"},
    "start_weekday": "mon",
    "serial_registered": True,
    "in_japan": True,
    "site_matches": True,
}

# The strongest first: where several hold, the first decides.
STOPS: list[tuple[dict[str, Any], str, str]] = [
    ({"serial_registered": False}, "not_covered", "第2章 前文"),
    ({"in_japan": False}, "not_covered", "第3章 1.(1)"),
    ({"coverage": None}, "not_covered", "第2章 前文"),
    ({"support_limit": "2025-06-16"}, "not_covered", "第1章 3."),
    ({"work": "IX-EXC-01"}, "excluded", "第3章 5.(1)"),
    ({"cause": "IX-EXC-05"}, "excluded", "第3章 5.(5)"),
    ({"height_cm": 320}, "excluded", "第3章 5.(20)"),
    ({"suspended": True}, "on_hold", "第4章 9.(2)"),
    ({"site_matches": False}, "on_hold", "第3章 7."),
    ({"conditions_breached": True}, "on_hold", "第3章 1.(3)"),
]


def entitlement(plan: str = "5d-3y", **changed: Any) -> dict[str, Any]:
    return ask("entitlement", plan=plan, **{**COVERED, **changed})


@pytest.mark.req("IX-COV-06", "IX-SVC-02", "IX-EXC-00", "IX-MYN-03", "IX-CHG-09", "IX-PRE-03")
@pytest.mark.parametrize(("facts", "outcome", "clause"), STOPS)
def test_each_stop_decides_alone_with_its_clause(facts: dict[str, Any], outcome: str, clause: str) -> None:
    result = entitlement(**facts)
    assert result["answer"]["outcome"] == outcome
    assert result["answer"]["attend_from"] is None
    assert result["reasons"][0]["clause"] == clause


@pytest.mark.req("IX-COV-06")
@pytest.mark.parametrize(("stronger", "weaker"), [*itertools.combinations(STOPS, 2)])
def test_of_two_stops_the_stronger_decides(stronger: Any, weaker: Any) -> None:
    result = entitlement(**weaker[0], **stronger[0])
    assert result["answer"]["outcome"] == stronger[1]
    assert result["reasons"][0]["clause"] == stronger[2]


@pytest.mark.req("IX-CHG-09", "IX-PRE-03")
def test_everything_that_waits_is_named() -> None:
    result = entitlement(site_matches=False, conditions_breached=True, cooperation_open=True, register_matches=False)
    assert result["answer"]["needs"] == ["site", "decision", "cooperation"]
    assert {"第3章 7.", "第4章 1.(4)", "第3章 1.(3)", "第3章 1.(7)", "第4章 4.(1)"} <= {
        reason["clause"] for reason in result["reasons"]
    }


@pytest.mark.req("IX-CHG-09", "IX-PRE-03", "IX-PRE-07", "IX-FLT-05")
@pytest.mark.parametrize(
    "fact", [{"site_matches": False}, {"conditions_breached": True}, {"register_matches": False}, {}]
)
def test_a_person_decides_and_the_decision_is_cited(fact: dict[str, bool]) -> None:
    assert entitlement(**fact, decision="serve")["answer"]["outcome"] == "covered"
    refused = entitlement(**fact, decision="not_serve")
    assert refused["answer"]["outcome"] == "refused"
    assert refused["answer"]["attend_from"] is None


@pytest.mark.req("IX-MYN-03")
def test_a_suspension_is_not_lifted_by_deciding_to_serve() -> None:
    assert entitlement(suspended=True, decision="serve")["answer"]["outcome"] == "on_hold"


@pytest.mark.req("IX-EXC-25")
def test_a_unit_down_because_of_its_fan_is_for_a_person_and_the_fan_alone_is_excluded() -> None:
    assert entitlement(cause="IX-EXC-04")["answer"]["outcome"] == "on_hold"
    assert entitlement(cause="IX-EXC-04", decision="serve")["answer"]["outcome"] == "covered"
    assert entitlement(cause="IX-EXC-04", decision="not_serve")["answer"]["outcome"] == "refused"
    assert entitlement(cause="IX-EXC-04", work="IX-EXC-04", decision="serve")["answer"]["outcome"] == "excluded"


@pytest.mark.req("IX-EXC-00")
def test_a_decision_to_serve_does_not_bring_excluded_work_into_the_licence() -> None:
    assert entitlement(work="IX-EXC-19", decision="serve")["answer"]["outcome"] == "excluded"


@pytest.mark.req("IX-COV-06", "IX-CAL-01")
@unhurried
@given(
    st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1)),
    st.integers(min_value=0, max_value=2000),
    st.integers(min_value=-10, max_value=2010),
    st.times(),
    st.sampled_from(PLANS),
)
def test_covered_from_the_first_minute_of_the_first_day_to_the_last_of_the_last(
    start: date, length: int, offset: int, clock: Any, plan: str
) -> None:
    day = start + timedelta(days=offset)
    at = f"{day}T{clock:%H:%M}+09:00"
    result = entitlement(plan, at=at, coverage={"start": str(start), "end": str(start + timedelta(days=length))})
    assert (result["answer"]["outcome"] == "covered") == (0 <= offset <= length)
    if result["answer"]["outcome"] == "covered":
        window = answer("window", plan=plan, at=at, start_weekday="mon")
        assert result["answer"]["attend_from"] == window["opens_at"]
        assert result["answer"]["out_of_hours"] is not window["open"]


@pytest.mark.req("IX-COV-06")
def test_reported_in_time_is_served_after_the_end_but_never_past_the_support_limit() -> None:
    last_evening = {"at": "2028-05-31T22:00+09:00"}
    served = entitlement(**last_evening, support_limit="2028-06-01")
    assert served["answer"]["outcome"] == "covered"
    assert served["answer"]["attend_from"] == "2028-06-01T08:30+09:00"
    assert any("満了後でも" in reason["text"] for reason in served["reasons"])
    beyond = entitlement(**last_evening, support_limit="2028-05-31")
    assert (beyond["answer"]["outcome"], beyond["answer"]["attend_from"]) == ("not_covered", None)


@pytest.mark.req("IX-COV-06")
def test_nothing_left_to_serve() -> None:
    assert entitlement(coverage={"start": None, "end": None})["answer"]["outcome"] == "not_covered"


@pytest.mark.req("IX-COV-06", "IX-CAL-03")
@pytest.mark.parametrize("coverage", [{"start": "2025-06-03", "end": None}, {"start": "2025-06-03"}, {}])
def test_an_unknown_end_is_asked_for_and_never_taken_as_open_or_as_past(coverage: dict[str, Any]) -> None:
    assert refused_field("entitlement", **{**COVERED, "coverage": coverage}) == "coverage"


@pytest.mark.req("IX-PRE-03", "IX-CHG-09")
def test_a_decision_against_the_odds_is_said_as_one() -> None:
    facts = {"conditions_breached": True, "site_matches": False}
    served = {reason["rule"]: reason["text"] for reason in entitlement(**facts, decision="serve")["reasons"]}
    assert served["IX-PRE-03"] == "指定の設置環境や条件を外れて使われていたものの、対応すると判断しました。"
    refused = entitlement(**facts, decision="not_serve")["reasons"][0]
    assert refused["text"] == "ご連絡の住所が登録した設置場所と違うため、対応しないと判断しました。"


@pytest.mark.req("IX-EXC-25", "IX-EXC-04")
@pytest.mark.parametrize(
    ("decision", "outcome", "verdict"),
    [
        (None, "on_hold", "ため、対応できるかを担当者が判断します。"),
        ("serve", "covered", "ものの、対応すると判断しました。"),
        ("not_serve", "refused", "ため、対応しないと判断しました。"),
    ],
)
def test_what_was_decided_on_a_consumable_that_broke_the_unit_cites_it(
    decision: str | None, outcome: str, verdict: str
) -> None:
    result = entitlement(cause="IX-EXC-04", decision=decision)
    assert result["answer"]["outcome"] == outcome
    (reason,) = (each for each in result["reasons"] if each["rule"] == "IX-EXC-04")
    assert reason["clause"] == "第3章 5.(4)"
    assert reason["text"] == f"電池・ファンなどの消耗品が原因で本体が故障した{verdict}"


def test_the_start_weekday_is_asked_for_where_somebody_would_come() -> None:
    facts = {name: value for name, value in COVERED.items() if name != "start_weekday"}
    assert refused_field("entitlement", **facts) == "start_weekday"
    assert answer("entitlement", **{**facts, "in_japan": False})["out_of_hours"] is None
    assert answer("entitlement", plan="7d-3y", **facts)["attend_from"] == COVERED["at"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"coverage": {"start": "2025-06-03", "end": "2025-06-02"}}, "coverage"),
        ({"coverage": {"start": "2025-06-03", "until": "2025-06-12"}}, "coverage"),
        ({"coverage": "2025-06-03"}, "coverage"),
        ({"cause": "IX-EXC-25"}, "cause"),
        ({"work": "EX-01"}, "work"),
        ({"part": "desk"}, "part"),
        ({"part": "kitchen"}, "part"),
        ({"decision": "maybe"}, "decision"),
        ({"expenses": ["taxi"]}, "expenses"),
        ({"expenses": [None]}, "expenses"),
    ],
)
def test_contradictions_are_refused(facts: dict[str, Any], field: str) -> None:
    assert refused_field("entitlement", **{**COVERED, **facts}) == field


def test_without_any_word_on_the_coverage_the_question_is_refused() -> None:
    assert refused_field("entitlement", at=COVERED["at"]) == "coverage"


def test_an_unregistered_or_exported_unit_needs_no_word_on_the_coverage() -> None:
    for facts in ({"serial_registered": False}, {"in_japan": False}):
        for explain in (False, True):
            result = ask("entitlement", plan="7d-3y", explain=explain, at=COVERED["at"], **facts)
            assert result["answer"]["outcome"] == "not_covered"


def test_an_unknown_code_is_refused_also_where_a_stronger_rule_decides() -> None:
    assert refused_field("entitlement", **{**COVERED, "in_japan": False, "cause": "IX-EXC-99"}) == "cause"


@pytest.mark.req("IX-COST-01", "IX-COST-04", "IX-COST-05", "IX-COST-06", "IX-COST-07")
@pytest.mark.parametrize(
    ("expenses", "pays"),
    [
        (["ship", "lodging", "allowance"], ["IX-COST-04", "IX-COST-05", "IX-COST-06"]),
        (["air"], ["IX-COST-04"]),
        (["allowance"], []),
        (["ground", "allowance"], []),
        (["lodging", "allowance"], ["IX-COST-05", "IX-COST-06"]),
        (["media", "allowance"], ["IX-COST-01"]),
        (["utilities", "communication"], ["IX-COST-02", "IX-COST-03"]),
        ([], []),
    ],
)
def test_what_the_customer_pays(expenses: list[str], pays: list[str]) -> None:
    assert entitlement(expenses=expenses)["answer"]["customer_pays"] == pays


def test_explaining_names_the_rules_that_did_not_decide() -> None:
    result = ask("entitlement", explain=True, **{**COVERED, "in_japan": False, "cause": "IX-EXC-05"})
    assert {"IX-EXC-05"} <= {each["rule"] for each in result["losing"]}
    (in_japan,) = (each for each in result["what_would_change"] if each["fact"] == "in_japan")
    assert (in_japan["label"], in_japan["value"]) == ("日本国内にあるか", True)
    assert in_japan["answer"] == {"outcome": "excluded"}
    assert [each["rule"] for each in in_japan["reasons"]] == ["IX-EXC-05"]


@pytest.mark.req("MM-DSK-05")
@pytest.mark.parametrize("start", ["2025-04-15", None])
def test_the_desk_serves_from_the_contract_on_and_the_mails_from_the_initial_setting(start: str | None) -> None:
    facts = {"at": "2025-04-14T10:00+09:00", "coverage": {"start": start, "end": "2025-04-30"}}
    assert answer("entitlement", service="mimamori", **facts)["outcome"] == "covered"
    assert answer("entitlement", service="mimamori", part="mail", **facts)["outcome"] == "not_covered"
    facts["at"] = "2025-05-01T10:00+09:00"
    assert answer("entitlement", service="mimamori", **facts)["outcome"] == "not_covered"


@pytest.mark.req("MM-TRM-01", "RC-GEN-09")
@pytest.mark.parametrize("service", ["mimamori", "remote-care"])
def test_a_service_without_a_term_does_not_speak_of_an_expiry(service: str) -> None:
    facts = {"at": "2025-07-01T10:00+09:00", "coverage": {"start": "2025-04-15", "end": "2025-06-30"}}
    first, *_ = ask("entitlement", service=service, **facts)["reasons"]
    assert "提供期間の末日の2025年6月30日を過ぎている" in first["text"]


@pytest.mark.req("MM-DSK-05")
def test_what_the_desk_does_after_the_end_is_said_only_for_the_desk_and_only_after_the_end() -> None:
    facts = {"at": "2025-07-01T10:00+09:00", "coverage": {"start": "2025-04-15", "end": "2025-06-30"}}
    assert clauses("entitlement", service="mimamori", **facts) == ["7.8", "別紙1 6."]
    assert clauses("entitlement", service="mimamori", part="mail", **facts) == ["7.8"]
    assert clauses("entitlement", service="mimamori", serial_registered=False, **facts) == ["8.3"]


ON_VIDEO: dict[str, Any] = {"at": "2025-10-14T10:00+09:00", "coverage": {"start": "2025-05-07", "end": "2030-04-01"}}

# The order of VA-GEN-03: of several that hold, the first decides.
VIDEO_STOPS: list[tuple[dict[str, Any], str, str]] = [
    ({"device_number_known": False}, "on_hold", "第3章 1.1(1)"),
    ({"coverage": None}, "not_covered", "第3章 前文"),
    ({"suspended": True}, "on_hold", "第3章 3.4(2)"),
    ({"in_japan": False}, "not_covered", "第3章 2.8"),
    ({"label_attached": False}, "on_hold", "第2章 2."),
    ({"register_matches": False}, "on_hold", "第2章 2."),
    ({"item": "OX-12"}, "excluded", "第1章 1."),
    ({"cause": "EX-05"}, "excluded", "第3章 2.2(5)"),
]


@pytest.mark.req("VA-GEN-03", "VA-SIT-05", "VA-LBL-02")
@pytest.mark.parametrize("pair", [*itertools.combinations(VIDEO_STOPS, 2)], ids=lambda pair: str([*pair[0][0]]))
def test_the_checks_at_the_intake_have_an_order(pair: tuple[Any, Any]) -> None:
    (first, outcome, clause), (second, _, _) = pair
    found = ask("entitlement", service="video", **{**ON_VIDEO, **first, **second})
    assert (found["answer"]["outcome"], found["reasons"][0]["clause"]) == (outcome, clause)


@pytest.mark.req("VA-GEN-03", "VA-EXC-00")
@pytest.mark.parametrize(
    ("also", "outcome"),
    [
        ({}, "chargeable"),
        ({"in_japan": False}, "not_covered"),
        ({"label_attached": False}, "on_hold"),
        ({"label_attached": False, "decision": "serve"}, "chargeable"),
        ({"decision": "not_serve"}, "refused"),
    ],
)
def test_work_that_is_not_done_is_not_done_for_money_either(also: dict[str, Any], outcome: str) -> None:
    assert answer("entitlement", service="video", **ON_VIDEO, cause="EX-01", **also)["outcome"] == outcome


@pytest.mark.req("VA-PRO-04", "VA-LBL-02", "VA-GEN-03")
@pytest.mark.parametrize(
    ("fact", "outcome"),
    [({"item": "OX-08"}, "excluded"), ({"label_attached": False}, "on_hold"), ({"register_matches": False}, "on_hold")],
)
def test_label_and_excluded_options_concern_the_repair_alone(fact: dict[str, Any], outcome: str) -> None:
    assert answer("entitlement", service="video", **ON_VIDEO, **fact)["outcome"] == outcome
    assert answer("entitlement", service="video", **ON_VIDEO, **fact, part="software")["outcome"] == "covered"


@pytest.mark.req("VA-WAR-01", "VA-SIT-05")
def test_the_warranty_alone_does_not_reach_a_unit_abroad() -> None:
    facts = {**ON_VIDEO, "warranty_end": "2026-04-01", "warranty_card_shown": True}
    assert answer("entitlement", service="video", **{**facts, "coverage": None})["basis"] == "warranty"
    abroad = answer("entitlement", service="video", **facts, in_japan=False)
    assert (abroad["outcome"], abroad["basis"]) == ("not_covered", None)


@pytest.mark.req("VA-TRM-03")
def test_a_part_past_its_end_is_said_not_to_be_served() -> None:
    coverage = {**ON_VIDEO["coverage"], "hardware_end": "2025-09-30"}
    [reason] = ask("entitlement", service="video", **{**ON_VIDEO, "coverage": coverage})["reasons"]
    gone = "2025年10月14日（火）は、ハードウェアの提供が終わった2025年9月30日を過ぎているので、対応できません。"
    assert reason["text"] == gone
