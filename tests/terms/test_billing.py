"""billing: whole months from the month after the start, without the free ones."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.catalog import edition
from hoshu.dates import month_end
from hoshu.terms.billing import FACTS, compile_billing
from tests.terms import asking
from tests.terms.asking import changed, unhurried

MIMAMORI = edition("mimamori", "2020-03")
days = st.dates(date(2000, 1, 1), date(2030, 12, 31))


def answer(**facts: Any) -> dict[str, Any]:
    return asking.answer("billing", service="mimamori", **facts)


def refused_field(**facts: Any) -> str:
    return asking.refused_field("billing", service="mimamori", **facts)


@pytest.mark.req("MM-BIL-02", "MM-BIL-03", "MM-TRM-01")
@unhurried
@given(start=days, cancelled=days, free=st.sets(st.integers(0, 40), max_size=5))
def test_every_month_after_the_first_is_either_charged_or_free(start: date, cancelled: date, free: set[int]) -> None:
    start, cancelled = sorted((start, cancelled))
    months = [number_after(start, n) for n in free]
    found = answer(contract_start=start.isoformat(), cancelled=cancelled.isoformat(), free_months=months)
    used = [f"{y}-{m:02}" for y in range(start.year, cancelled.year + 1) for m in range(1, 13)]
    used = [month for month in used if f"{start:%Y-%m}" < month <= f"{cancelled:%Y-%m}"]
    assert sorted(found["months"] + found["free"]) == used
    assert set(found["free"]) <= set(months)
    assert found["usable_until"] == month_end(cancelled).isoformat()
    assert found["first_billed"] == (found["months"][0] + "-01" if found["months"] else None)


def number_after(day: date, months: int) -> str:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return f"{year}-{month + 1:02}"


@pytest.mark.req("MM-BIL-02")
def test_an_earlier_last_month_cuts_the_list_and_not_the_first_day() -> None:
    found = answer(contract_start="2025-04-10", cancelled="2026-02-03", until="2025-06")
    assert (found["months"], found["first_billed"]) == (["2025-05", "2025-06"], "2025-05-01")
    found = answer(contract_start="2025-04-10", until="2025-04")
    assert (found["months"], found["first_billed"]) == ([], "2025-05-01")


@pytest.mark.req("MM-BIL-04")
def test_only_charged_months_are_said_to_cost_in_spite_of_an_outage() -> None:
    facts: dict[str, Any] = {"contract_start": "2025-04-10", "until": "2025-07", "free_months": ["2025-06"]}
    result = asking.ask("billing", service="mimamori", **facts, outage_months=["2025-04", "2025-06", "2025-07"])
    said = [reason["text"] for reason in result["reasons"] if reason["rule"] == "MM-BIL-04"]
    assert said == ["2025年7月は、使えない間があっても料金がかかります。"]
    assert result["answer"]["months"] == answer(**facts)["months"]


@pytest.mark.req("MM-BIL-03")
def test_the_sum_is_of_whole_months_and_unknown_without_a_price() -> None:
    facts: dict[str, Any] = {"contract_start": "2025-04-10", "cancelled": "2025-05-31"}
    assert answer(**facts, monthly_yen=5000)["total_yen"] == 5000
    assert answer(**facts)["total_yen"] is None
    assert any(
        "日割りはなく" in reason["text"] for reason in asking.ask("billing", service="mimamori", **facts)["reasons"]
    )


@pytest.mark.req("MM-BIL-02")
def test_another_vendor_may_charge_from_the_month_of_the_start() -> None:
    billing = MIMAMORI.billing
    assert billing is not None
    terms = changed(billing, first_month=changed(billing.first_month, months_after=0))
    facts = {"contract_start": "2025-04-30", "until": "2025-05"}
    found, _ = compile_billing(changed(MIMAMORI, billing=terms), None)(
        {name: FACTS[name].kind.read(value) for name, value in facts.items()}, None
    )
    assert (found["first_billed"], found["months"]) == ("2025-04-01", ["2025-04", "2025-05"])


@pytest.mark.req("MM-BIL-04", "MM-TRM-01")
def test_explaining_gives_both_ends_and_the_rule_that_was_not_needed() -> None:
    result = asking.ask(
        "billing", service="mimamori", explain=True, contract_start="2025-04-10", cancelled="2026-02-03"
    )
    assert [step["date"] for step in result["derivation"]] == ["2025-05-01", "2026-02-28"]
    assert [lost["rule"] for lost in result["losing"]] == ["MM-BIL-04"]


@pytest.mark.req("MM-BIL-02", "MM-BIL-03", "MM-TRM-01")
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"until": "2025-12"}, "contract_start"),
        ({"contract_start": "2025-04-10"}, "until"),
        ({"contract_start": "2025-04-10", "until": "2025-03"}, "until"),
        ({"contract_start": "2025-04-10", "until": "2025-13"}, "until"),
        ({"contract_start": "2025-04-10", "until": "2025-4"}, "until"),
        ({"contract_start": "2025-04-10", "until": "9999-12"}, "until"),
        ({"contract_start": "2025-04-10", "until": "9000-12"}, "until"),
        ({"contract_start": "2025-04-10", "until": 202512}, "until"),
        ({"contract_start": "2025-04-10", "cancelled": "2025-04-09"}, "cancelled"),
        ({"contract_start": "2025-04-10", "cancelled": "2225-04-09"}, "cancelled"),
        ({"contract_start": "2025-04-10", "cancelled": "9999-12-31"}, "cancelled"),
        ({"contract_start": "2025-04-10", "until": "2025-12", "accepted": "2025-04-11"}, "contract_start"),
        ({"contract_start": "2025-04-10", "until": "2025-12", "free_months": "2025-05"}, "free_months"),
        ({"contract_start": "2025-04-10", "until": "2025-12", "monthly_yen": 0.5}, "monthly_yen"),
    ],
)
def test_what_contradicts_itself_is_refused(facts: dict[str, Any], field: str) -> None:
    assert refused_field(**facts) == field


@pytest.mark.req("MM-BIL-02")
def test_a_contract_may_start_on_the_day_of_its_acceptance() -> None:
    assert answer(contract_start="2025-04-10", accepted="2025-04-10", until="2025-05")["first_billed"] == "2025-05-01"


@pytest.mark.req("MM-TRM-01")
def test_a_cancellation_may_take_effect_on_the_day_it_was_received() -> None:
    facts = {"contract_start": "2025-04-10", "cancelled": "2025-06-02"}
    assert answer(**facts, cancellation_received="2025-06-02")["usable_until"] == "2025-06-30"
    assert refused_field(**facts, cancellation_received="2025-06-03") == "cancelled"


@pytest.mark.req("MM-BIL-02", "MM-INS-10")
def test_a_month_free_of_charge_is_not_said_to_be_charged() -> None:
    facts = {"contract_start": "2025-04-10", "until": "2025-06", "free_months": ["2025-05"]}
    result = asking.ask("billing", service="mimamori", **facts)
    assert result["answer"]["first_billed"] == "2025-06-01"
    begins, free, _ = (reason["text"] for reason in result["reasons"])
    assert begins == "料金の対象は、契約開始日の2025年4月10日から数えて、2025年5月1日からです。"
    assert free == "2025年5月は無償のため、料金がかかりません。"
