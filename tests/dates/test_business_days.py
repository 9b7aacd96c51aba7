"""Business days against the Cabinet Office's announced holidays, with substitute and sandwiched ones."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.dates import ANNOUNCED_UNTIL, BusinessCalendar, public_holidays

d = date.fromisoformat

# 内閣府「国民の祝日について」: the days that follow from a rule and not from a date in the Act.
SUBSTITUTES = {
    "2024-02-12", "2024-05-06", "2024-08-12", "2024-09-23", "2024-11-04",
    "2025-02-24", "2025-05-06", "2025-11-24",
    "2026-05-06",
    "2027-03-22",
}  # fmt: skip
SANDWICHED = {"2026-09-22"}
EQUINOXES = {
    "2024-03-20", "2024-09-22", "2025-03-20", "2025-09-23", "2026-03-20", "2026-09-23", "2027-03-21", "2027-09-23",
}  # fmt: skip


@pytest.mark.req("IX-CAL-07")
def test_holidays_that_follow_from_a_rule_are_the_announced_ones() -> None:
    named = {str(day): name for year in range(2024, 2028) for day, name in public_holidays(year).items()}
    assert {day for day, name in named.items() if "振替休日" in name} == SUBSTITUTES
    assert {day for day, name in named.items() if name == "国民の休日"} == SANDWICHED
    assert {day for day, name in named.items() if name in ("春分の日", "秋分の日")} == EQUINOXES


@pytest.mark.parametrize(("year", "count"), [(2024, 21), (2025, 19), (2026, 18), (2027, 17)])
def test_number_of_holidays_a_year(year: int, count: int) -> None:
    assert len(public_holidays(year)) == count


def test_closed_at_the_end_of_the_year_unless_told_otherwise() -> None:
    calendar = BusinessCalendar()
    assert [day for day in range(25, 32) if calendar.is_business_day(date(2026, 12, day))] == [25, 28]
    assert calendar.on_or_after(d("2026-12-29")) == d("2027-01-04")
    assert BusinessCalendar(closed_annually=()).is_business_day(d("2026-12-29"))
    own = BusinessCalendar(closed_days=[d("2026-08-14")])
    assert not own.is_business_day(d("2026-08-14"))
    assert own.is_business_day(d("2026-12-29"))


def test_adding_business_days_skips_golden_week() -> None:
    calendar = BusinessCalendar()
    assert calendar.add(d("2025-05-02"), 1) == d("2025-05-07")
    assert calendar.add(d("2025-05-02"), 0) == d("2025-05-02")
    assert calendar.add(d("2026-09-18"), 4) == d("2026-09-29")


def test_warns_where_the_holidays_are_not_announced_yet() -> None:
    assert BusinessCalendar.warning(ANNOUNCED_UNTIL) is None
    warning = BusinessCalendar.warning(ANNOUNCED_UNTIL + timedelta(days=1))
    assert warning is not None
    assert "まだ公表されていません" in warning


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 12, 31)), st.integers(min_value=1, max_value=30))
def test_the_nth_business_day_has_n_business_days_before_it(start: date, count: int) -> None:
    calendar = BusinessCalendar()
    end = calendar.add(start, count)
    assert calendar.is_business_day(end)
    passed = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    assert sum(calendar.is_business_day(day) for day in passed) == count


def test_a_year_without_holiday_data_still_answers() -> None:
    assert public_holidays(1900) == {}
    assert BusinessCalendar().is_business_day(d("2150-06-01"))
