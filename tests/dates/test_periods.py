"""Civil Code arts 138-143: every worked example of the conventions, and brute force over the calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.dates import (
    days_before,
    elapsed,
    extend_years,
    month_end,
    months_before,
    within_days,
    within_months,
    within_years,
)

d = date.fromisoformat
days = st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 12, 31))


@pytest.mark.req("IX-CAL-02")
@pytest.mark.parametrize(
    ("start", "years", "expected"),
    [
        ("2022-04-15", 3, "2025-04-15"),
        ("2024-02-29", 3, "2027-03-01"),
        ("2024-02-29", 4, "2028-02-29"),
        ("2024-02-29", 5, "2029-03-01"),
        ("2022-04-01", 3, "2025-04-01"),
        ("2096-02-29", 4, "2100-03-01"),
    ],
)
def test_years_have_elapsed_on_the_corresponding_date(start: str, years: int, expected: str) -> None:
    assert elapsed(d(start), years) == d(expected)


@pytest.mark.req("IX-CAL-03")
@pytest.mark.parametrize(
    ("event", "months", "expected"),
    [
        ("2025-04-10", 3, "2025-07-10"),
        ("2024-11-30", 3, "2025-02-28"),
        ("2024-11-29", 3, "2025-02-28"),
        ("2024-02-29", 3, "2024-05-31"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2023-02-28", 60, "2028-02-29"),
        ("2024-02-29", 60, "2029-02-28"),
        ("2024-02-28", 60, "2029-02-28"),
        ("2020-02-29", 60, "2025-02-28"),
        ("2022-09-30", 60, "2027-09-30"),
    ],
)
def test_months_after_an_event_end_the_day_before_the_corresponding_date(
    event: str, months: int, expected: str
) -> None:
    assert within_months(d(event), months) == d(expected)
    if months % 12 == 0:
        assert within_years(d(event), months // 12) == d(expected)


@pytest.mark.req("IX-CAL-04")
@pytest.mark.parametrize(
    ("event", "count", "expected"),
    [
        ("2025-08-20", 30, "2025-09-19"),
        ("2024-01-31", 30, "2024-03-01"),
        ("2023-01-31", 30, "2023-03-02"),
        ("2025-06-10", 14, "2025-06-24"),
        ("2024-02-20", 14, "2024-03-05"),
        ("2025-12-05", 30, "2026-01-04"),
    ],
)
def test_days_after_an_event_do_not_count_its_day(event: str, count: int, expected: str) -> None:
    assert within_days(d(event), count) == d(expected)


@pytest.mark.req("IX-CAL-05")
@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("2025-10-01", "2025-09-01"),
        ("2024-03-30", "2024-02-29"),
        ("2026-01-01", "2025-12-02"),
        ("2025-03-31", "2025-03-01"),
    ],
)
def test_thirty_days_before(target: str, expected: str) -> None:
    assert days_before(d(target), 30) == d(expected)


@pytest.mark.req("IX-CAL-06")
@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("2025-05-31", "2025-02-28"),
        ("2024-05-31", "2024-02-29"),
        ("2025-04-30", "2025-01-30"),
        ("2028-02-29", "2027-11-29"),
        ("2025-12-31", "2025-09-30"),
        ("2027-09-15", "2027-06-15"),
    ],
)
def test_three_months_before_keep_the_day_number(target: str, expected: str) -> None:
    assert months_before(d(target), 3) == d(expected)


@pytest.mark.req("IX-CAL-08")
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-04-15", "2025-04-30"),
        ("2028-02-28", "2028-02-29"),
        ("2027-02-28", "2027-02-28"),
        ("2025-03-31", "2025-03-31"),
        ("2100-02-01", "2100-02-28"),
    ],
)
def test_month_end(day: str, expected: str) -> None:
    assert month_end(d(day)) == d(expected)


@pytest.mark.req("IX-EXT-02")
@pytest.mark.parametrize(
    ("end", "expected"),
    [("2025-05-31", "2026-05-31"), ("2027-02-28", "2028-02-29"), ("2028-02-29", "2029-02-28")],
)
def test_an_extension_counts_from_the_day_after(end: str, expected: str) -> None:
    assert extend_years(d(end), 1) == d(expected)


def last_day_by_walking(first: date, months: int) -> date:
    """Civil Code 143(2) word by word: the day before the corresponding date, or the month's last."""
    target = (first.year * 12 + first.month - 1 + months) // 12, (first.month - 1 + months) % 12 + 1
    last = None
    day = first
    while (day.year, day.month) <= target:
        if (day.year, day.month) == target:
            if day.day == first.day:
                return day - timedelta(days=1)
            last = day
        day += timedelta(days=1)
    assert last is not None
    return last


@pytest.mark.req("IX-CAL-03")
@given(days, st.integers(min_value=1, max_value=14))
def test_months_agree_with_walking_the_calendar(event: date, months: int) -> None:
    assert within_months(event, months) == last_day_by_walking(event + timedelta(days=1), months)


@pytest.mark.req("IX-CAL-02", "IX-CAL-03")
@given(days, st.integers(min_value=1, max_value=7))
def test_a_counted_in_day_elapses_the_day_after_the_last_day(start: date, years: int) -> None:
    assert elapsed(start, years) == within_years(start - timedelta(days=1), years) + timedelta(days=1)


@given(days, st.integers(min_value=1, max_value=60))
def test_a_longer_period_never_ends_earlier(event: date, months: int) -> None:
    assert within_months(event, months) < within_months(event, months + 1)
    assert within_months(event, months) <= within_months(event + timedelta(days=1), months)


@given(days, st.integers(min_value=0, max_value=60))
def test_months_before_never_leaves_the_month(target: date, months: int) -> None:
    earlier = months_before(target, months)
    assert (target.year - earlier.year) * 12 + target.month - earlier.month == months
    assert earlier.day == min(target.day, month_end(earlier).day)
