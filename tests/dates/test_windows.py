"""Half-open weekly windows: boundaries, runs of days, midnight, changes over time, closed days."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.dates import (
    ALWAYS,
    JST,
    BusinessCalendar,
    Timetable,
    Week,
    hours,
    minute_of,
    moment_of,
    run_of_days,
)

HALF_DAY = hours("08:30", "21:00")
BASES = {first: Week.same(run_of_days(first, 5), [HALF_DAY]) for first in range(7)}
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def m(text: str) -> int:
    return minute_of(datetime.fromisoformat(text).replace(tzinfo=JST))


def shown(minute: int | None) -> str | None:
    return None if minute is None else moment_of(minute).strftime("%Y-%m-%dT%H:%M")


@pytest.mark.req("IX-WIN-02")
@pytest.mark.parametrize(
    ("first", "served"),
    [
        (MON, {MON, TUE, WED, THU, FRI}),
        (TUE, {TUE, WED, THU, FRI, SAT}),
        (WED, {WED, THU, FRI, SAT, SUN}),
        (THU, {THU, FRI, SAT, SUN, MON}),
        (FRI, {FRI, SAT, SUN, MON, TUE}),
        (SAT, {SAT, SUN, MON, TUE, WED}),
        (SUN, {SUN, MON, TUE, WED, THU}),
    ],
)
def test_five_days_wrap_over_the_week_end(first: int, served: set[int]) -> None:
    assert run_of_days(first, 5) == served


@pytest.mark.req("IX-WIN-03", "IX-WIN-04", "IX-WIN-06")
@pytest.mark.parametrize(
    ("first", "at", "is_open", "opens", "closes"),
    [
        (TUE, "2025-06-14T08:29", False, "2025-06-14T08:30", "2025-06-14T21:00"),
        (TUE, "2025-06-14T08:30", True, "2025-06-14T08:30", "2025-06-14T21:00"),
        (TUE, "2025-06-14T20:59", True, "2025-06-14T20:59", "2025-06-14T21:00"),
        (TUE, "2025-06-14T21:00", False, "2025-06-17T08:30", "2025-06-17T21:00"),
        (MON, "2025-05-05T10:00", True, "2025-05-05T10:00", "2025-05-05T21:00"),
        (MON, "2024-12-31T23:30", False, "2025-01-01T08:30", "2025-01-01T21:00"),
        (THU, "2024-12-31T12:00", False, "2025-01-02T08:30", "2025-01-02T21:00"),
        (SAT, "2025-01-02T10:00", False, "2025-01-04T08:30", "2025-01-04T21:00"),
        (THU, "2024-02-29T21:00", False, "2024-03-01T08:30", "2024-03-01T21:00"),
    ],
)
def test_boundary_minutes_and_next_windows(first: int, at: str, is_open: bool, opens: str, closes: str) -> None:
    found, opens_at, closes_at = Timetable(BASES[first]).at(m(at))
    assert (found, shown(opens_at), shown(closes_at)) == (is_open, opens, closes)


@pytest.mark.req("IX-WIN-05")
@pytest.mark.parametrize("at", ["2025-06-15T03:10", "2024-12-31T23:59", "2025-01-01T00:00"])
def test_always_open_never_closes(at: str) -> None:
    assert Timetable(ALWAYS).at(m(at)) == (True, m(at), None)
    assert Timetable(ALWAYS, changes=[(date(2020, 1, 1), ALWAYS)]).at(m(at)) == (True, m(at), None)


@pytest.mark.req("IX-WIN-07")
@pytest.mark.parametrize(
    ("at", "is_open", "opens"),
    [
        ("2025-06-10T20:59", True, "2025-06-10T20:59"),
        ("2025-06-10T21:00", False, "2025-06-12T08:30"),
        ("2025-06-11T10:00", False, "2025-06-12T08:30"),
        ("2025-06-12T10:00", True, "2025-06-12T10:00"),
    ],
)
def test_a_changed_base_weekday_applies_from_midnight_of_the_change(at: str, is_open: bool, opens: str) -> None:
    timetable = Timetable(BASES[MON], changes=[(date(2025, 6, 11), BASES[THU])])
    found, opens_at, _ = timetable.at(m(at))
    assert (found, shown(opens_at)) == (is_open, opens)


def test_a_window_over_midnight_is_one_window_of_its_opening_day() -> None:
    night = Timetable(Week.same([FRI], [hours("22:00", "06:00")]))
    assert [shown(x) for x in night.at(m("2025-06-14T05:59"))[1:]] == ["2025-06-14T05:59", "2025-06-14T06:00"]
    is_open, opens_at, _ = night.at(m("2025-06-14T06:00"))
    assert (is_open, shown(opens_at)) == (False, "2025-06-20T22:00")
    closed_saturday = Timetable(Week.same([FRI], [hours("22:00", "06:00")]), closed=lambda day: day.weekday() == SAT)
    assert closed_saturday.at(m("2025-06-14T05:59"))[0]


def test_a_lunch_break_and_closed_days() -> None:
    calendar = BusinessCalendar()
    desk = Timetable(
        Week.same(range(5), [hours("13:00", "18:00"), hours("09:00", "12:00")]),
        closed=lambda day: not calendar.is_business_day(day),
    )
    assert [shown(x) for x in desk.at(m("2025-05-02T12:00"))[1:]] == ["2025-05-02T13:00", "2025-05-02T18:00"]
    assert shown(desk.at(m("2025-05-02T18:00"))[1]) == "2025-05-07T09:00"
    assert desk.windows_on(date(2025, 5, 6)) == ()


def test_windows_that_touch_are_one() -> None:
    through = Timetable(Week.same([SAT, SUN], [(0, 1440)]))
    assert shown(through.at(m("2025-06-14T10:00"))[2]) == "2025-06-16T00:00"


def test_what_never_opens_says_so() -> None:
    assert Timetable(Week.of({})).at(m("2025-06-14T10:00")) == (False, None, None)


@pytest.mark.parametrize(("opens", "closes"), [("8:30", "17:00"), ("08:60", "17:00"), ("24:00", "25:00"), ("x", "y")])
def test_a_wrong_time_of_day_is_refused(opens: str, closes: str) -> None:
    with pytest.raises(ValueError, match=r"時刻ではありません|始まることはできません"):
        hours(opens, closes)


@given(
    st.integers(min_value=0, max_value=6),
    st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1)),
    st.times(),
)
def test_open_exactly_on_served_days_between_the_hours(first: int, day: date, clock: time) -> None:
    at = datetime.combine(day, clock, JST)
    is_open, opens_at, closes_at = Timetable(BASES[first]).at(minute_of(at))
    minute = at.hour * 60 + at.minute
    assert is_open == ((at.weekday() - first) % 7 < 5 and 510 <= minute < 1260)
    assert opens_at is not None
    assert closes_at is not None
    assert minute_of(at) <= opens_at < closes_at
    assert Timetable(BASES[first]).at(opens_at)[0]
    assert not is_open or opens_at == minute_of(at)


weeks = st.dictionaries(
    st.integers(min_value=0, max_value=6),
    st.lists(
        st.tuples(st.integers(min_value=0, max_value=1439), st.integers(min_value=1, max_value=1440)).map(
            lambda pair: (pair[0], min(pair[0] + pair[1], 2880))
        ),
        max_size=2,
    ),
).map(Week.of)


@given(weeks, st.integers(min_value=738_000 * 1440, max_value=738_030 * 1440))
def test_a_steady_week_and_one_walked_day_by_day_agree(week: Week, minute: int) -> None:
    never = Timetable(week, closed=lambda day: False)
    assert Timetable(week).at(minute) == never.at(minute)
    assert Timetable(week).is_open(minute) == never.is_open(minute) == never.at(minute)[0]


@pytest.mark.req("IX-CAL-01")
def test_a_minute_number_is_japan_time() -> None:
    assert shown(minute_of(datetime.fromisoformat("2025-09-18T15:30+00:00"))) == "2025-09-19T00:30"
