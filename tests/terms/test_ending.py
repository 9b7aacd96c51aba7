"""ending: who may end an agreement on which ground, from which day, and what becomes of price and debts."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.catalog import edition
from tests.terms.asking import answer, ask, clauses, refused_field, unhurried

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2080, 12, 31))
OFFERED = ("ix", "video", "supportpack")
BREACH = {"by": "provider", "ground": "breach", "demand_arrived": "2026-01-05", "period_days": 14, "minor": False}


@pytest.mark.req("SP-TRN-01", "VA-TRN-01", "IX-TRM-01")
@unhurried
@given(
    service=st.sampled_from(OFFERED),
    arrived=days,
    period=st.integers(1, 400),
    after=st.integers(0, 500),
    performed_after=st.none() | st.integers(0, 500),
)
def test_a_breach_ends_only_once_the_period_of_the_demand_has_passed_in_vain(
    service: str, arrived: date, period: int, after: int, performed_after: int | None
) -> None:
    performed = {} if performed_after is None else {"performed": str(arrived + timedelta(days=performed_after))}
    found = answer(
        "ending",
        service=service,
        by="provider",
        ground="breach",
        on=str(arrived + timedelta(days=after)),
        demand_arrived=str(arrived),
        period_days=period,
        minor=False,
        **performed,
    )
    in_time = performed_after is not None and performed_after <= period
    assert found["perform_by"] == str(arrived + timedelta(days=period))
    assert found["allowed"] is (after > period and not in_time)
    assert found["from"] == (None if in_time else str(arrived + timedelta(days=period + 1)))


@pytest.mark.req("SP-TRN-01", "VA-TRN-01", "IX-TRM-01")
@pytest.mark.parametrize("service", OFFERED)
@pytest.mark.parametrize("left_out", ["demand_arrived", "period_days", "minor"])
def test_no_step_before_an_ending_for_breach_may_be_left_out(service: str, left_out: str) -> None:
    facts = {name: value for name, value in BREACH.items() if name != left_out}
    found = answer("ending", service=service, on="2026-01-20", **facts)
    assert (found["allowed"], found["refund"]) == (False, None)
    assert answer("ending", service=service, on="2026-01-20", **BREACH)["allowed"] is True


@pytest.mark.req("SP-TRN-01")
def test_a_breach_made_good_too_late_still_ends() -> None:
    found = answer("ending", service="supportpack", on="2026-01-25", performed="2026-01-20", **BREACH)
    assert (found["allowed"], found["from"]) == (True, "2026-01-20")


@pytest.mark.req("SP-TRN-02", "VA-TRN-02", "IX-TRM-02", "SP-ASF-02", "VA-ASF-02", "IX-ASF-02")
@pytest.mark.parametrize("service", OFFERED)
@pytest.mark.parametrize("ground", ["insolvency", "payments_stopped", "assets_worse", "antisocial"])
@pytest.mark.parametrize(("evidence", "allowed"), [(True, True), (False, False), (None, False)])
def test_without_a_demand_an_ending_rests_on_evidence(
    service: str, ground: str, evidence: bool | None, allowed: bool
) -> None:
    found = answer("ending", service=service, by="provider", ground=ground, evidence=evidence, on="2026-02-28")
    assert found["allowed"] is allowed
    assert found["from"] == ("2026-02-28" if allowed else None)


@pytest.mark.req("SP-TRN-02", "SP-ASF-02", "IX-TRM-02", "IX-ASF-02", "VA-TRN-02")
@pytest.mark.parametrize(("service", "allowed"), [("ix", True), ("supportpack", True), ("video", False)])
def test_the_customer_may_end_only_where_the_terms_bind_both_sides(service: str, allowed: bool) -> None:
    for ground in ("insolvency", "antisocial"):
        found = answer("ending", service=service, by="customer", ground=ground, evidence=True, on="2026-02-28")
        assert (found["allowed"], found["refund"]) == (allowed, None)
    assert answer("ending", service=service, **{**BREACH, "by": "customer"}, on="2026-01-20")["allowed"] is allowed


@pytest.mark.req("SP-TRN-04", "VA-TRN-04", "SP-STP-01")
@pytest.mark.parametrize("service", ["supportpack", "video"])
def test_only_the_listed_grounds_end(service: str) -> None:
    terms = edition(service, {"supportpack": "1", "video": "2021-08"}[service]).ending
    assert terms is not None
    assert terms.no_other is not None
    found = ask("ending", service=service, by="provider", ground="other", evidence=True, on="2026-02-28")
    assert found["answer"]["allowed"] is False
    assert [reason["clause"] for reason in found["reasons"]] == [terms.no_other.clause]


@pytest.mark.req("VA-TRN-02", "SP-TRN-02")
def test_a_ground_of_other_terms_is_no_ground() -> None:
    closing: dict[str, Any] = {"by": "provider", "ground": "closing_business", "evidence": True, "on": "2026-02-28"}
    assert answer("ending", service="video", **closing)["allowed"] is True
    assert answer("ending", service="supportpack", **closing)["allowed"] is False


@pytest.mark.req("SP-STP-01", "VA-TRN-05", "IX-STP-02")
@pytest.mark.parametrize(
    ("service", "by", "ground", "refund"),
    [
        ("supportpack", "provider", "insolvency", False),
        ("supportpack", "provider", "antisocial", False),
        ("supportpack", "customer", "insolvency", None),
        ("video", "provider", "antisocial", False),
        ("ix", "provider", "payments_stopped", False),
        ("ix", "provider", "antisocial", None),
        ("ix", "customer", "payments_stopped", None),
        ("mimamori", "provider", "antisocial", False),
    ],
)
def test_the_price_does_not_come_back_or_a_person_decides(
    service: str, by: str, ground: str, refund: bool | None
) -> None:
    found = answer("ending", service=service, by=by, ground=ground, evidence=True, on="2026-02-28")
    assert (found["allowed"], found["refund"]) == (True, refund)


@pytest.mark.req("SP-TRN-03", "VA-TRN-03", "IX-TRM-03")
@unhurried
@given(service=st.sampled_from(OFFERED), since=days, due=days, paid=st.booleans())
def test_debts_fall_due_with_the_ground_unless_due_or_paid_before(
    service: str, since: date, due: date, paid: bool
) -> None:
    found = answer(
        "ending",
        service=service,
        by="provider",
        ground="payments_stopped",
        evidence=True,
        ground_on=str(since),
        on=str(since),
        due=str(due),
        paid=paid,
    )
    assert found["debts_due"] == (None if paid else str(min(since, due)))


@pytest.mark.req("SP-TRN-03", "IX-TRM-03")
@pytest.mark.parametrize("service", ["ix", "supportpack"])
def test_debts_fall_due_although_nobody_ends_but_not_without_evidence_or_for_breach(service: str) -> None:
    debt = {"ground_on": "2026-02-10", "due": "2026-02-28", "on": "2026-02-20"}
    facts: dict[str, Any] = {"by": "provider", "ground": "insolvency", "evidence": True, **debt}
    assert answer("ending", service=service, **facts)["debts_due"] == "2026-02-10"
    assert answer("ending", service=service, **{**facts, "evidence": None})["debts_due"] is None
    assert answer("ending", service=service, **{**BREACH, **debt})["debts_due"] is None


@pytest.mark.req("MM-TRM-01")
@unhurried
@given(day=days)
def test_a_cancelled_month_is_served_to_its_end(day: date) -> None:
    found = answer("ending", service="mimamori", by="customer", ground="stopped_using", on=str(day))
    first = date.fromisoformat(found["from"])
    assert (first.day, found["refund"]) == (1, False)
    assert day < first <= day + timedelta(days=31)


@pytest.mark.req("IX-STP-01", "SP-STP-01", "VA-INT-05")
@pytest.mark.parametrize("service", OFFERED)
def test_the_last_day_of_use_is_the_day_on_which_the_customer_stops(service: str) -> None:
    stop: dict[str, Any] = {"by": "customer", "ground": "stopped_using", "on": "2028-02-28"}
    result = ask("ending", service=service, **stop)
    assert (result["answer"]["from"], result["answer"]["refund"]) == ("2028-02-29", False)
    assert "2028年2月28日" in result["reasons"][0]["text"]
    assert answer("ending", service=service, **{**stop, "by": "provider"})["allowed"] is False


@pytest.mark.req("SP-CAL-06")
def test_the_last_day_of_a_demand_on_a_day_off_is_said() -> None:
    found = answer("ending", service="supportpack", **{**BREACH, "period_days": 13}, on="2026-01-20")
    assert (found["perform_by"], found["day_off"]) == ("2026-01-18", ["perform_by"])
    assert "day_off" not in answer("ending", service="supportpack", **BREACH, on="2026-01-20")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"ground": "insolvency", "evidence": True, "ground_on": "2026-02-11", "on": "2026-02-10"}, "on"),
        ({"ground": "insolvency", "evidence": True, "due": "2026-02-10", "on": "2026-02-10"}, "ground_on"),
        ({"ground": "breach", "demand_arrived": "2026-02-10", "period_days": 0, "on": "2026-02-10"}, "period_days"),
        ({"ground": "weather", "on": "2026-02-10"}, "ground"),
        ({"ground": "breach", "on": "2026-02-30"}, "on"),
        ({"ground": "breach", "demand_arrived": "9999-12-31", "period_days": 9, "on": "9999-12-31"}, "demand_arrived"),
    ],
)
def test_what_cannot_be_is_refused(facts: dict[str, Any], field: str) -> None:
    assert refused_field("ending", service="supportpack", by="provider", **facts) == field


def test_a_service_without_such_terms_does_not_answer() -> None:
    assert refused_field("ending", service="remote-care", by="provider", ground="breach", on="2026-02-10") == "ask"


@pytest.mark.req("SP-TRN-02")
def test_the_explanation_gives_the_days_and_why_no_demand_was_needed() -> None:
    explained = ask(
        "ending",
        service="supportpack",
        explain=True,
        by="provider",
        ground="insolvency",
        evidence=True,
        on="2026-02-03",
    )
    assert [step["date"] for step in explained["derivation"]] == ["2026-02-03"]
    assert [lost["rule"] for lost in explained["losing"]] == ["SP-TRN-01"]
    demand = ask("ending", service="supportpack", explain=True, on="2026-01-20", **BREACH)
    assert [step["date"] for step in demand["derivation"]] == ["2026-01-05", "2026-01-19", "2026-01-20"]


@pytest.mark.req("SP-STP-01", "VA-TRN-05")
def test_an_ending_cites_what_says_that_nothing_is_returned() -> None:
    facts: dict[str, Any] = {"by": "provider", "ground": "insolvency", "evidence": True, "on": "2026-02-03"}
    assert "第4条" in clauses("ending", service="supportpack", **facts)
    assert "第3章 1.3" in clauses("ending", service="video", **facts)


@pytest.mark.req("MM-TRM-01", "IX-STP-01")
@pytest.mark.parametrize("service", ["mimamori", "ix"])
@pytest.mark.parametrize(("on", "allowed"), [("2025-06-02", True), ("2025-06-01", False)])
def test_a_stop_may_take_effect_on_the_day_it_was_notified_and_not_before(service: str, on: str, allowed: bool) -> None:
    facts = {"by": "customer", "ground": "stopped_using", "on": on, "notified": "2025-06-02"}
    assert answer("ending", service=service, **facts)["allowed"] is allowed


@pytest.mark.req("VA-TRN-02")
def test_the_other_side_hears_that_the_ground_is_not_its_own() -> None:
    facts = {"by": "customer", "ground": "insolvency", "evidence": True, "on": "2026-02-03"}
    text = ask("ending", service="video", **facts)["reasons"][0]["text"]
    assert text == "この理由でサービスを終えられるのは、提供者だけです。"
