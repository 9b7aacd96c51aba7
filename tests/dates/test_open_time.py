"""Open minutes counted by table against counting them minute by minute."""

from collections.abc import Iterator
from datetime import date, datetime
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoshu.dates import (
    ALWAYS,
    JST,
    BusinessCalendar,
    Hours,
    Timetable,
    Week,
    hours,
    minute_of,
    moment_of,
)

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
CALENDAR = BusinessCalendar()
DESK = Week.same(range(5), [hours("09:00", "12:00"), hours("13:00", "17:30")])
LONG_DAY = Week.same(range(5), [hours("08:30", "17:30")])
NIGHT = Week.same([FRI, SAT], [hours("22:00", "06:00")])


def m(text: str) -> int:
    return minute_of(datetime.fromisoformat(text).replace(tzinfo=JST))


def shown(minute: int | None) -> str | None:
    return None if minute is None else moment_of(minute).strftime("%Y-%m-%dT%H:%M")


def tabled(week: Week, **rest: object) -> Timetable:
    """A timetable that has been asked so often that it keeps a table."""
    timetable = Timetable(week, **rest)  # type: ignore[arg-type]
    for day in range(1, 10):
        timetable.add_open(m(f"2025-06-0{day}T00:00"), 60)
    assert timetable._table[0]
    return timetable


KINDS = [Timetable, tabled]


@pytest.mark.req("VA-DSP-01")
@pytest.mark.parametrize("made", KINDS)
@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2025-10-14T10:05", "2025-10-14T12:05"),
        ("2025-10-10T17:00", "2025-10-13T10:00"),
        ("2025-10-14T17:29", "2025-10-15T10:29"),
        ("2025-10-14T15:30", "2025-10-14T17:30"),
        ("2025-10-14T15:31", "2025-10-15T08:31"),
        ("2025-10-14T17:30", "2025-10-15T10:30"),
        ("2025-10-14T00:00", "2025-10-14T10:30"),
        ("2025-12-31T17:00", "2026-01-01T10:00"),
        ("2028-02-28T17:00", "2028-02-29T10:00"),
    ],
)
def test_two_hours_of_open_time(made: type[Timetable], at: str, due: str) -> None:
    assert shown(made(LONG_DAY).add_open(m(at), 120)) == due


@pytest.mark.parametrize("made", KINDS)
def test_lunch_nights_week_ends_holidays_and_the_year_end_are_skipped(made: type[Timetable]) -> None:
    desk = made(DESK, closed=CALENDAR.closed_on)
    assert shown(desk.add_open(m("2025-06-10T11:30"), 60)) == "2025-06-10T13:30"
    assert shown(desk.add_open(m("2025-06-10T12:30"), 60)) == "2025-06-10T14:00"
    assert shown(desk.add_open(m("2025-05-02T17:00"), 60)) == "2025-05-07T09:30"
    assert shown(desk.add_open(m("2025-12-26T17:00"), 480)) == "2026-01-05T17:30"


@pytest.mark.parametrize("made", KINDS)
def test_a_night_belongs_to_the_day_on_which_it_opens(made: type[Timetable]) -> None:
    night = made(NIGHT, closed=lambda day: day == date(2025, 6, 14))
    assert shown(night.add_open(m("2025-06-13T23:00"), 420)) == "2025-06-14T06:00"
    assert shown(night.add_open(m("2025-06-13T23:00"), 421)) == "2025-06-20T22:01"
    assert shown(night.add_open(m("2025-06-14T05:59"), 2)) == "2025-06-20T22:01"


@pytest.mark.parametrize("made", KINDS)
def test_no_minutes_have_passed_at_the_moment_itself(made: type[Timetable]) -> None:
    for at in ("2025-10-14T10:00", "2025-10-14T17:30", "2025-10-18T03:00"):
        assert made(LONG_DAY).add_open(m(at), 0) == m(at)


@pytest.mark.parametrize("made", KINDS)
def test_minutes_are_not_counted_backwards(made: type[Timetable]) -> None:
    with pytest.raises(ValueError, match="forwards"):
        made(LONG_DAY).add_open(m("2025-10-14T10:00"), -1)


def test_what_never_opens_is_never_due() -> None:
    assert Timetable(Week.of({})).add_open(m("2025-10-14T10:00"), 1) is None
    assert Timetable(LONG_DAY, closed=lambda day: True).add_open(m("2025-10-14T10:00"), 1) is None
    assert Timetable(LONG_DAY, changes=[(date(2025, 10, 15), Week.of({}))]).add_open(m("2025-10-14T10:00"), 999) is None
    assert Timetable(LONG_DAY, closed=lambda day: True).open_between(m("2025-10-14T10:00"), m("2025-10-15T10:00")) == 0


def test_a_pause_longer_than_the_horizon_is_never_passed_but_what_lies_behind_it_is_counted() -> None:
    opening_later = Timetable(Week.of({}), changes=[(date(2030, 1, 1), LONG_DAY)])
    for _ in range(10):
        assert opening_later.add_open(m("2025-01-01T00:00"), 1) is None
        assert shown(opening_later.add_open(m("2029-06-01T00:00"), 1)) == "2030-01-01T08:31"
        assert opening_later.open_between(m("2025-01-01T00:00"), m("2030-01-02T00:00")) == 540


@pytest.mark.parametrize("made", KINDS)
def test_always_open_counts_every_minute(made: type[Timetable]) -> None:
    assert made(ALWAYS).add_open(m("2025-12-31T23:00"), 10_000_000) == m("2025-12-31T23:00") + 10_000_000


@pytest.mark.parametrize("day", ["1950-01-04", "1949-12-28", "2099-12-28", "2101-03-01", "9998-06-01"])
def test_every_year_counts_alike(day: str) -> None:
    desk = Timetable(DESK, closed=CALENDAR.closed_on)
    since = m(f"{day}T12:00")
    first = [desk.add_open(since, count) for count in (1, 200, 20_000)]
    assert [tabled(DESK, closed=CALENDAR.closed_on).add_open(since, count) for count in (1, 200, 20_000)] == first
    for due, count in zip(first, (1, 200, 20_000), strict=True):
        assert due is not None
        assert desk.open_between(since, due) == count


def test_the_end_of_the_calendar_is_the_end() -> None:
    assert Timetable(LONG_DAY).add_open(m("9999-12-31T17:00"), 31) is None
    assert shown(Timetable(LONG_DAY).add_open(m("9999-12-31T17:00"), 30)) == "9999-12-31T17:30"
    assert Timetable(LONG_DAY, closed=CALENDAR.closed_on).add_open(m("0001-01-01T00:00"), 30) == m("0001-01-04T09:00")


def test_the_table_is_bounded() -> None:
    desk = tabled(DESK, closed=CALENDAR.closed_on)
    for year in (1950, 2099, 1900, 2500, 9998):
        for _ in range(6):
            desk.add_open(m(f"{year}-06-01T00:00"), 60)
    opens, before = desk._table
    assert (shown(opens[0]), shown(opens[-1])) == ("1950-01-01T00:00", "2100-01-01T00:00")
    assert len(opens) == len(before) < 150 * 366 * 2


def test_threads_may_share_a_timetable() -> None:
    desk, found = Timetable(DESK, closed=CALENDAR.closed_on), []
    expected = [desk.add_open(m(f"{year}-06-02T10:00"), 5000) for year in range(1990, 2050)]
    shared = Timetable(DESK, closed=CALENDAR.closed_on)

    def ask() -> None:
        found.append([shared.add_open(m(f"{year}-06-02T10:00"), 5000) for year in range(1990, 2050)])

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


windows = st.tuples(st.integers(min_value=0, max_value=1439), st.integers(min_value=1, max_value=1440)).map(
    lambda pair: (pair[0], pair[0] + pair[1])
)
weeks = st.dictionaries(st.integers(min_value=0, max_value=6), st.lists(windows, max_size=3)).map(Week.of)
FIRST = m("2024-02-20T00:00")
closed_days = st.frozensets(st.integers(min_value=-1, max_value=20).map(lambda n: FIRST // 1440 + n), max_size=8)


def open_minutes(timetable: Timetable, first: int, last: int) -> Iterator[int]:
    """The minutes that are open, looked up one by one in the windows of the day and of the day before."""
    for minute in range(first, last):
        day, time = divmod(minute, 1440)

        def holds(window: Hours, at: int) -> bool:
            return window[0] <= at < window[1]

        today, before = (timetable.windows_on(date.fromordinal(number)) for number in (day, day - 1))
        if any(holds(window, time) for window in today) or any(holds(window, time + 1440) for window in before):
            yield minute


@settings(max_examples=40)
@given(
    weeks, weeks, closed_days, st.integers(min_value=0, max_value=8000), st.integers(min_value=0, max_value=9000),
    st.booleans(),
)  # fmt: skip
def test_agrees_with_counting_minute_by_minute(
    week: Week, later: Week, closed: frozenset[int], start: int, count: int, keeps_a_table: bool
) -> None:
    timetable = Timetable(week, changes=[(date(2024, 2, 29), later)], closed=lambda day: day.toordinal() in closed)
    if keeps_a_table:
        for _ in range(6):
            timetable.open_between(FIRST, FIRST + 1440)
    since, end = FIRST + start, FIRST + 16 * 1440
    passed = list(open_minutes(timetable, since, end))
    assert timetable.open_between(since, end) == len(passed)
    assert timetable.open_between(end, since) == -len(passed)
    fresh = Timetable(week, changes=[(date(2024, 2, 29), later)], closed=lambda day: day.toordinal() in closed)
    assert [timetable.at(minute) for minute in range(since, since + 3000, 97)] == [
        fresh._at_walking(minute) for minute in range(since, since + 3000, 97)
    ]
    assert [minute for minute in range(since, since + 300) if timetable.is_open(minute)] == [
        minute for minute in passed if minute < since + 300
    ]
    due = timetable.add_open(since, count)
    if 0 < count <= len(passed):
        assert due == passed[count - 1] + 1
    if due is not None:
        assert timetable.open_between(since, due) == count
    spans = list(timetable.open_windows(since, end))
    assert [minute for opens, closes in spans for minute in range(opens, closes)] == passed


@given(
    st.integers(min_value=m("1950-01-01T00:00"), max_value=m("2099-01-01T00:00")),
    st.integers(min_value=0, max_value=100_000), st.integers(min_value=0, max_value=100_000),
)  # fmt: skip
def test_counting_twice_is_counting_the_sum(since: int, first: int, second: int) -> None:
    timetable = Timetable(DESK, closed=CALENDAR.closed_on)
    reached = timetable.add_open(since, first)
    assert reached is not None
    assert timetable.add_open(reached, second) == timetable.add_open(since, first + second)


@pytest.mark.parametrize("at", ["1949-12-31T23:00", "1950-01-01T03:00", "2019-12-31T20:00", "2099-12-31T23:30"])
@pytest.mark.parametrize("week", [DESK, NIGHT, Week.same(range(7), [hours("22:00", "06:00")]), ALWAYS])
def test_at_the_bounds_of_a_table_the_state_is_the_same(week: Week, at: str) -> None:
    timetable = Timetable(week, closed=lambda day: False)
    for _ in range(3):
        for day in ("1950-02-01", "2019-06-01", "2020-06-01", "2099-11-01"):
            timetable.is_open(m(f"{day}T00:00"))
    assert timetable._table[0]
    for minute in range(m(at), m(at) + 3 * 1440, 30):
        assert timetable.at(minute) == Timetable(week).at(minute)


def test_what_stays_open_beyond_the_horizon_never_closes_with_a_table_or_without() -> None:
    timetable = Timetable(ALWAYS, closed=lambda day: day == date(2030, 1, 1))
    found = [timetable.at(m("2026-01-01T00:00")) for _ in range(10)]
    assert found == [(True, m("2026-01-01T00:00"), None)] * 10
    assert [timetable.at(m("2029-12-01T00:00"))[2] for _ in range(3)] == [m("2030-01-01T00:00")] * 3
