"""insurance: eighteen conditions, thirty days, two calls a year."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.catalog import Edition, edition
from hoshu.dates import BusinessCalendar, month_end
from hoshu.terms.insurance import FACTS, compile_insurance
from tests.terms import asking
from tests.terms.asking import changed, unhurried

MIMAMORI = edition("mimamori", "2020-03")
TERMS = MIMAMORI.insurance
assert TERMS is not None
CODES = [condition.code for condition in TERMS.condition]

FULFILLED: dict[str, Any] = {
    "contract_start": "2025-04-10",
    "alert": "2025-06-10T10:00:00+09:00",
    "stars": 3,
    "mail_issued": True,
    "scan": "done",
    "recommended": True,
    "operator_listed": True,
    "work_start": "2025-06-20T10:00:00+09:00",
    "calls_used": 0,
    "claim_mandate": True,
    "receipt_mandate": True,
}
BREAKS: dict[str, dict[str, Any]] = {
    "N01": {"stars": 1},
    "N02": {"mail_issued": False},
    "N03": {"contract_start": "2025-06-01"},
    "N04": {"free_months": ["2025-06"]},
    "N05": {"used_until": "2025-06-09"},
    "N06": {"scan": "none", "claim_submitted": True},
    "N07": {"recommended": False},
    "N08": {"operator_listed": False},
    "N09": {"work_start": "2025-07-11T00:00:00+09:00"},
    "N10": {"calls_used": 2},
    "N11": {"own_network": False},
    "N12": {"danger_evident": False},
    "N13": {"lines": [{"kind": "none", "yen": 1}]},
    "N14": {"known_before": True},
    "N15": {"crime": True},
    "N16": {"violation": True},
    "N17": {"claim_mandate": False},
    "N18": {"still_needed": False},
}
CURABLE = {"N07", "N17"}


def answer(**facts: Any) -> dict[str, Any]:
    return asking.answer("insurance", service="mimamori", **facts)


def refused_field(**facts: Any) -> str:
    return asking.refused_field("insurance", service="mimamori", **facts)


def asked(under: Edition) -> Callable[..., dict[str, Any]]:
    """Asks under other terms than the published ones."""
    decider = compile_insurance(under, None)

    def ask(**facts: Any) -> dict[str, Any]:
        return decider({name: FACTS[name].kind.read(value) for name, value in facts.items()}, None)[0]

    return ask


@pytest.mark.req("MM-INS-05")
def test_all_conditions_hold_and_there_are_eighteen() -> None:
    assert list(BREAKS) == CODES == [f"N{number:02}" for number in range(1, 19)]
    found = answer(**FULFILLED)
    assert (found["result"], found["codes"]) == ("payable", [])


@pytest.mark.req("MM-INS-05", "MM-INS-14", "MM-INS-15")
@pytest.mark.parametrize("code", CODES)
def test_each_condition_alone_decides_with_its_clause(code: str) -> None:
    result = asking.ask("insurance", service="mimamori", **{**FULFILLED, **BREAKS[code]})
    expected = ["N03", "N04"] if code == "N03" else [code]  # before the first period nothing is charged either
    assert result["answer"]["codes"] == expected
    assert result["answer"]["result"] == ("pending" if code in CURABLE else "not_payable")
    assert TERMS is not None
    condition = next(each for each in TERMS.condition if each.code == code)
    texts = [reason["text"] for reason in result["reasons"] if reason["clause"] == condition.clause]
    assert (condition.waits if code in CURABLE else condition.fails) in texts


@pytest.mark.req("MM-INS-05")
def test_a_claim_that_fails_lists_everything_known_to_fail_in_order() -> None:
    facts = {**FULFILLED, "cost_yen": 1}
    for code in CODES:
        if code not in ("N01", "N13"):
            facts |= BREAKS[code]
    assert answer(**facts)["codes"] == [code for code in CODES if code not in ("N01", "N13")]


@pytest.mark.req("MM-INS-05")
@pytest.mark.parametrize(
    ("unknown", "codes"),
    [
        ("mail_issued", ["N02"]),
        ("scan", ["N06"]),
        ("recommended", ["N07"]),
        ("operator_listed", ["N08"]),
        ("work_start", ["N08", "N09"]),
        ("calls_used", ["N10"]),
        ("receipt_mandate", ["N17"]),
    ],
)
def test_what_is_not_known_is_open_and_never_taken_as_fulfilled(unknown: str, codes: list[str]) -> None:
    facts = {name: value for name, value in FULFILLED.items() if name != unknown}
    found = answer(**facts)
    assert (found["result"], found["codes"]) == ("pending", codes)
    failing = answer(**facts, crime=True)
    assert (failing["result"], failing["codes"]) == ("not_payable", ["N15"])


@pytest.mark.req("MM-INS-05", "MM-INS-14")
def test_a_doubt_leaves_open_only_what_a_person_decides() -> None:
    doubtful = ["N11", "N12", "N13", "N14", "N15", "N16", "N18"]
    assert answer(**FULFILLED, doubts=doubtful)["codes"] == doubtful
    assert answer(**FULFILLED, doubts=["N15"], crime=True)["result"] == "not_payable"
    assert refused_field(**FULFILLED, doubts=["N02"]) == "doubts"


@pytest.mark.req("MM-INS-06")
@unhurried
@given(day=st.dates(date(2025, 5, 1), date(2027, 10, 31)), after=st.integers(0, 40), second=st.integers(0, 86_399))
def test_the_work_begins_within_thirty_days_after_the_day_of_the_alert(day: date, after: int, second: int) -> None:
    time = str(timedelta(seconds=second)).zfill(8)
    facts = {**FULFILLED, "alert": f"{day}T00:00:00+09:00", "work_start": f"{day + timedelta(days=after)}T{time}+09:00"}
    found = answer(**facts)
    assert found["visit_by"] == (day + timedelta(days=30)).isoformat()
    assert found["codes"] == ([] if after <= 30 else ["N09"])
    last = date.fromisoformat(found["last_desk_day"])
    calendar = BusinessCalendar()
    between = [last + timedelta(days=n) for n in range(1, (day + timedelta(days=30) - last).days + 1)]
    assert calendar.is_business_day(last)
    assert not any(map(calendar.is_business_day, between))
    assert ("day_off" in found) is bool(between)


@pytest.mark.req("MM-INS-06")
def test_the_last_second_of_the_last_day_is_inside() -> None:
    assert answer(**{**FULFILLED, "work_start": "2025-07-10T23:59:59+09:00"})["result"] == "payable"
    waiting = {name: value for name, value in FULFILLED.items() if name != "work_start"}
    assert answer(**waiting, at="2025-07-10T23:59:59+09:00")["result"] == "pending"
    assert answer(**waiting, at="2025-07-11T00:00:00+09:00")["codes"] == ["N09"]


@pytest.mark.req("MM-INS-07", "MM-INS-09")
@unhurried
@given(start=st.dates(date(2020, 1, 1), date(2026, 12, 31)), after=st.integers(0, 2500))
def test_periods_of_twelve_months_follow_each_other_without_a_gap(start: date, after: int) -> None:
    first = month_end(start) + timedelta(days=1)
    alert = first + timedelta(days=after)
    period = answer(contract_start=start.isoformat(), alert=f"{alert}T00:00:00+09:00", stars=3)["period"]
    begins, ends = date.fromisoformat(period["start"]), date.fromisoformat(period["end"])
    assert begins <= alert <= ends
    assert (begins.month, begins.day) == (first.month, 1)
    following = ends + timedelta(days=1)
    assert (following.year, following.month, following.day) == (begins.year + 1, begins.month, 1)


@pytest.mark.req("MM-INS-07", "MM-FLW-05")
def test_the_last_second_before_the_period_is_outside_and_uncharged() -> None:
    before = answer(**{**FULFILLED, "alert": "2025-04-30T23:59:59+09:00", "work_start": "2025-05-10T10:00:00+09:00"})
    assert (before["codes"], before["period"]) == (["N03", "N04"], None)
    inside = answer(**{**FULFILLED, "alert": "2025-05-01T00:00:00+09:00", "work_start": "2025-05-10T10:00:00+09:00"})
    assert inside["result"] == "payable"


@pytest.mark.req("MM-INS-11")
def test_the_last_second_of_use_counts() -> None:
    facts = {**FULFILLED, "used_until": "2025-06-30", "work_start": "2025-07-29T10:00:00+09:00"}
    assert answer(**facts | {"alert": "2025-06-30T23:59:59+09:00"})["result"] == "payable"
    assert answer(**facts | {"alert": "2025-07-01T00:00:00+09:00"})["codes"] == ["N05"]


@pytest.mark.req("MM-INS-09")
def test_a_single_day_of_use_in_a_further_period_renews_it() -> None:
    facts = {"contract_start": "2025-04-10", "alert": "2026-05-01T00:00:00+09:00", "stars": 3}
    assert answer(**facts, used_until="2026-05-01")["period"] == {"start": "2026-05-01", "end": "2027-04-30"}
    assert answer(**facts, used_until="2026-04-30")["period"] is None


@pytest.mark.req("MM-INS-02", "MM-INS-03")
def test_which_alerts_are_insured() -> None:
    assert answer(**FULFILLED | {"stars": 2})["codes"] == ["N01"]
    assert answer(**FULFILLED | {"stars": 1, "scan": "proof"})["codes"] == ["N01"]
    assert answer(**FULFILLED | {"stars": 0})["codes"] == ["N01"]
    promoted = {"promoted": "2025-06-12T11:05:00+09:00"}
    assert answer(**FULFILLED | promoted | {"stars": 2, "scan": "proof"})["result"] == "payable"
    # An investigation that ends with three stars is an alert of three stars: the scan need not be proven.
    assert answer(**FULFILLED | promoted | {"stars": 0, "scan": "exempt"})["result"] == "payable"
    assert answer(**FULFILLED | promoted | {"stars": 2, "scan": "done"})["codes"] == ["N06"]


@pytest.mark.req("MM-INS-03", "MM-INS-06")
def test_work_before_the_alert_was_upgraded_is_not_inside_its_days() -> None:
    facts = FULFILLED | {"stars": 2, "scan": "proof", "promoted": "2025-06-20T10:00:01+09:00"}
    assert answer(**facts)["codes"] == ["N09"]
    assert answer(**facts | {"promoted": "2025-06-20T10:00:00+09:00"})["result"] == "payable"


@pytest.mark.req("MM-INS-03")
def test_a_three_star_alert_counts_from_itself_whatever_mail_follows() -> None:
    found = answer(**FULFILLED | {"promoted": "2025-06-19T10:00:00+09:00"})
    assert (found["visit_by"], found["result"]) == ("2025-07-10", "payable")


@pytest.mark.req("MM-INS-08")
def test_the_scan_lies_between_the_alert_and_the_work_to_the_second() -> None:
    for finished, codes in (
        ("2025-06-10T09:59:59+09:00", ["N06"]),
        ("2025-06-10T10:00:00+09:00", []),
        ("2025-06-20T10:00:00+09:00", []),
        ("2025-06-20T10:00:01+09:00", ["N06"]),
    ):
        assert answer(**FULFILLED, scan_finished=finished)["codes"] == codes


@pytest.mark.req("MM-INS-08")
def test_a_missing_scan_can_be_put_right_until_the_claim() -> None:
    facts = FULFILLED | {"scan": "none"}
    assert answer(**facts)["result"] == "pending"
    assert answer(**facts, claim_submitted=True)["result"] == "not_payable"


@pytest.mark.req("MM-INS-20")
def test_a_request_a_second_after_the_work_began_is_for_a_person() -> None:
    late = asking.ask("insurance", service="mimamori", **FULFILLED, requested="2025-06-20T10:00:01+09:00")
    assert late["answer"]["codes"] == ["N08"]
    assert any("担当者と保険会社が判断します" in reason["text"] for reason in late["reasons"])
    assert answer(**FULFILLED, requested="2025-06-20T10:00:00+09:00")["result"] == "payable"


@pytest.mark.req("MM-INS-12", "MM-INS-18")
@unhurried
@given(cost=st.integers(0, 500_000), used=st.integers(0, 3), paid=st.integers(0, 400_000))
def test_what_is_paid_and_what_is_left_make_the_cost(cost: int, used: int, paid: int) -> None:
    found = answer(**FULFILLED | {"calls_used": used, "cost_yen": cost, "paid_yen": paid})
    assert found["pays_yen"] + found["customer_yen"] == cost
    assert found["pays_yen"] == (0 if used >= 2 else min(cost, 150_000, max(300_000 - paid, 0)))
    assert found["uses_call"] is (found["pays_yen"] > 0)


@pytest.mark.req("MM-INS-12")
def test_without_a_cost_nothing_is_said_about_money_except_that_nothing_is_paid() -> None:
    found = answer(**FULFILLED)
    assert (found["pays_yen"], found["customer_yen"], found["uses_call"]) == (None, None, None)
    failing = answer(**FULFILLED, crime=True)
    assert (failing["pays_yen"], failing["customer_yen"], failing["uses_call"]) == (0, None, False)


@pytest.mark.req("MM-INS-18")
def test_it_is_an_expectation_and_the_insurer_decides() -> None:
    for facts in (FULFILLED, FULFILLED | {"receipt_mandate": False}):
        last = asking.ask("insurance", service="mimamori", **facts)["reasons"][-1]
        assert (last["rule"], "保険会社が決めます" in last["text"]) == ("MM-INS-18", True)


@pytest.mark.req("MM-INS-02", "MM-INS-05", "MM-INS-06", "MM-INS-10")
def test_the_other_readings() -> None:
    assert TERMS is not None
    upgraded = FULFILLED | {"stars": 2, "scan": "proof"}

    by_request = asked(changed(MIMAMORI, insurance=changed(TERMS, visit_counts="request")))
    late_work = FULFILLED | {"work_start": "2025-07-11T10:00:00+09:00", "requested": "2025-07-10T10:00:00+09:00"}
    assert (answer(**late_work)["codes"], by_request(**late_work)["codes"]) == (["N09"], [])

    by_mail = asked(changed(MIMAMORI, insurance=changed(TERMS, period_of="entitling_mail")))
    april = upgraded | {
        "alert": "2025-04-29T10:00:00+09:00",
        "promoted": "2025-05-02T10:00:00+09:00",
        "work_start": "2025-05-20T10:00:00+09:00",
    }
    assert (answer(**april)["codes"], by_mail(**april)["codes"]) == (["N03", "N04"], [])

    half_a_year = changed(MIMAMORI, insurance=changed(TERMS, period=changed(TERMS.period, months=6)))
    assert asked(half_a_year)(**FULFILLED)["period"] == {"start": "2025-05-01", "end": "2025-10-31"}

    strict = asked(changed(MIMAMORI, insurance=changed(TERMS, promoted=changed(TERMS.promoted, counts=False))))
    june = upgraded | {"promoted": "2025-06-12T10:00:00+09:00"}
    assert (answer(**june)["codes"], strict(**june)["codes"]) == ([], ["N01"])


@pytest.mark.req("MM-INS-05")
def test_explaining_names_the_days_and_what_holds() -> None:
    result = asking.ask("insurance", service="mimamori", explain=True, **FULFILLED)
    assert [step["date"] for step in result["derivation"]] == ["2025-05-01", "2026-04-30", "2025-07-10"]
    assert [lost["text"][:3] for lost in result["losing"]] == CODES
    assert {"crime", "recommended"} <= {change["fact"] for change in result["what_would_change"]}


@pytest.mark.req("MM-INS-05", "MM-INS-06", "MM-INS-08", "MM-INS-12", "MM-INS-13")
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"stars": 4}, "stars"),
        ({"stars": "★★★"}, "stars"),
        ({"alert": "2025-06-10"}, "alert"),
        ({"alert": None}, "alert"),
        ({"promoted": "2025-06-10T09:59:59+09:00"}, "promoted"),
        ({"requested": "2025-06-10T09:59:59+09:00"}, "requested"),
        ({"work_start": "2025-06-10T09:59:59+09:00"}, "work_start"),
        ({"scan": "none", "scan_finished": "2025-06-11T10:00:00+09:00"}, "scan"),
        ({"used_until": "2025-04-09"}, "used_until"),
        ({"cost_yen": -1}, "cost_yen"),
        ({"cost_yen": 1.5}, "cost_yen"),
        ({"cost_yen": 1, "lines": []}, "lines"),
        ({"lines": [{"kind": "K9", "yen": 1}]}, "lines"),
        ({"lines": [{"yen": 1}]}, "lines"),
        ({"free_months": ["2025-06-01"]}, "free_months"),
        ({"doubts": ["N99"]}, "doubts"),
    ],
)
def test_what_contradicts_itself_is_refused(facts: dict[str, Any], field: str) -> None:
    assert refused_field(**{**FULFILLED, **facts}) == field
