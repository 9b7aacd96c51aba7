"""A period of an edition: one unit, its articles, and the setting that moves a last day off a day off."""

from datetime import date
from typing import Any

import pytest

from hoshu.catalog import Period
from hoshu.dates import BusinessCalendar

CALENDAR = BusinessCalendar()


def period(**unit: Any) -> Period:
    return Period(clause="1.", rule="LA-01", **unit)


@pytest.mark.req("IX-CAL-03", "IX-CAL-04")
@pytest.mark.parametrize(
    ("unit", "last", "text"),
    [({"days": 30}, "2025-03-02", "30日"), ({"months": 1}, "2025-02-28", "1か月"), ({"years": 1}, "2026-01-31", "1年")],
)
def test_a_period_has_a_last_day_and_a_name(unit: dict[str, int], last: str, text: str) -> None:
    assert period(**unit).last_day(date(2025, 1, 31), CALENDAR) == date.fromisoformat(last)
    assert period(**unit).text == text
    assert period(**unit).law.startswith("民法")


@pytest.mark.req("IX-CAL-07")
def test_the_setting_moves_a_last_day_to_the_next_business_day() -> None:
    """2025-12-05 and 30 days end on Sunday 2026-01-04, in the new year's days off."""
    assert period(days=30).last_day(date(2025, 12, 5), CALENDAR) == date(2026, 1, 4)
    assert period(days=30, move_off_day_off=True).last_day(date(2025, 12, 5), CALENDAR) == date(2026, 1, 5)
    assert period(days=30, move_off_day_off=True).last_day(date(2025, 12, 8), CALENDAR) == date(2026, 1, 7)


@pytest.mark.parametrize("units", [{}, {"days": 1, "months": 1}])
def test_a_period_in_no_unit_or_in_two_is_refused(units: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="days、months、years のどれか1つ"):
        period(**units)
