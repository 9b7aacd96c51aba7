"""failure_level: A before B before Z, who is told, and by when."""

from itertools import product
from typing import Any

import pytest

from tests.terms import asking

SIGNS = ("main_function_lost", "utm_failed", "customer_affected")


def answer(**facts: Any) -> dict[str, Any]:
    return asking.answer("failure_level", service="mimamori", **facts)


def refused_field(**facts: Any) -> str:
    return asking.refused_field("failure_level", service="mimamori", **facts)


@pytest.mark.req("MM-FLT-02", "MM-FLT-03")
@pytest.mark.parametrize("signs", list(product([True, False, None], repeat=3)))
def test_a_level_is_found_only_where_every_way_to_fill_the_gaps_leads_to_it(signs: tuple[bool | None, ...]) -> None:
    def level(lost: bool, failed: bool, affected: bool) -> str | None:
        return "A" if lost else "B" if failed else None if affected else "Z"

    filled = product(*([sign] if sign is not None else [True, False] for sign in signs))
    levels = {level(*each) for each in filled}
    found = answer(**{name: sign for name, sign in zip(SIGNS, signs, strict=True) if sign is not None})
    assert found["level"] == (levels.pop() if len(levels) == 1 else None)


@pytest.mark.req("MM-FLT-03")
def test_of_two_open_levels_that_are_both_told_the_telling_is_certain() -> None:
    assert answer(utm_failed=True) == {"level": None, "contact_customer": True, "contact_by": None, "in_time": None}
    assert answer(main_function_lost=False)["contact_customer"] is None
    assert answer(utm_failed=False, customer_affected=False)["contact_customer"] is None
    assert answer(main_function_lost=False, utm_failed=False, customer_affected=True)["contact_customer"] is None


@pytest.mark.req("MM-FLT-04")
def test_sixty_minutes_are_in_time_and_a_second_more_is_not() -> None:
    facts = {"main_function_lost": True, "confirmed": "2026-01-01T03:00:00+09:00"}
    assert answer(**facts, contacted="2026-01-01T04:00:00+09:00")["in_time"] is True
    assert answer(**facts, contacted="2026-01-01T04:00:01+09:00")["in_time"] is False


@pytest.mark.req("MM-FLT-04", "MM-DOC-07")
def test_level_b_has_until_the_providers_hours_end_on_the_next_business_day() -> None:
    facts = {"main_function_lost": False, "utm_failed": True}
    assert answer(**facts, confirmed="2025-06-06T23:59+09:00")["contact_by"] == "2025-06-09T17:00+09:00"
    closed = answer(**facts, confirmed="2025-06-06T23:59+09:00", closed_days=["2025-06-09"])
    assert closed["contact_by"] == "2025-06-10T17:00+09:00"


@pytest.mark.req("MM-FLT-02")
def test_explaining_says_why_the_other_levels_are_not_it() -> None:
    facts: dict[str, Any] = {"main_function_lost": True, "utm_failed": True, "confirmed": "2026-01-01T03:00+09:00"}
    result = asking.ask("failure_level", service="mimamori", explain=True, **facts)
    assert [lost["text"] for lost in result["losing"]] == [
        "より重いレベルに当たるため、レベルBにはしません。",
        "「主な機能を提供できないか」が「はい」のため、レベルZではありません。",
    ]
    assert [step["date"] for step in result["derivation"]] == ["2026-01-01"]
    open_level = asking.ask("failure_level", service="mimamori", explain=True, utm_failed=True)
    assert "がわからないため、レベルAとは決まりません" in open_level["losing"][0]["text"]


@pytest.mark.req("MM-FLT-03", "MM-FLT-04")
def test_contacts_that_cannot_be_are_refused() -> None:
    at, before = "2025-06-10T11:05+09:00", "2025-06-10T11:04:59+09:00"
    assert refused_field(main_function_lost=True, confirmed=at, contacted=before) == "contacted"
    quiet = dict.fromkeys(SIGNS, False)
    assert refused_field(**quiet, confirmed=at, contacted=at) == "contacted"
    assert refused_field(main_function_lost="yes") == "main_function_lost"
    assert refused_field(main_function_lost=True, confirmed="2025-06-10T11:05") == "confirmed"
