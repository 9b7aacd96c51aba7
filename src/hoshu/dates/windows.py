"""Opening hours: half-open windows by weekday, minus closed days, changing over time.

A window `[08:30, 17:30)` is closed at 17:30. One that passes midnight is one window and belongs to the day on which it
opens. Inside, a moment is a minute number in Japan (`minute_of`): comparing and adding integers is exact and fast.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import NamedTuple, Self

from .periods import JST

WEEKDAYS: Mapping[str, int] = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
"""The codes of the weekdays, numbered as `date.weekday()` does."""

MINUTES_OF_DAY = 1440
_WEEK = 7 * MINUTES_OF_DAY

Hours = tuple[int, int]
"""One window in minutes of the day on which it opens: (opens, closes), `closes` past 1440 where it passes midnight."""

_HORIZON_DAYS = 400
"""How far ahead an opening or a closing is looked for; past it there is none."""


def hours(opens: str, closes: str) -> Hours:
    """A window from two times of day `HH:MM`; `24:00` is the end of the day, an earlier closing time is of the next."""
    first, last = _minute_of_day(opens), _minute_of_day(closes)
    if first >= MINUTES_OF_DAY:
        raise ValueError(f"{opens} is no time at which a window can open")
    return first, last if last > first else last + MINUTES_OF_DAY


def run_of_days(first: int, count: int) -> frozenset[int]:
    """`count` consecutive weekdays from `first`, past Sunday to Monday: Saturday and five are Saturday to Wednesday."""
    return frozenset((first + n) % 7 for n in range(count))


def minute_of(moment: datetime) -> int:
    """The minute number of an aware datetime, seconds cut off."""
    local = moment.astimezone(JST)
    return local.toordinal() * MINUTES_OF_DAY + local.hour * 60 + local.minute


def moment_of(minute: int) -> datetime:
    """The aware datetime of a minute number."""
    days, rest = divmod(minute, MINUTES_OF_DAY)
    return datetime.combine(date.fromordinal(days), datetime.min.time(), JST) + timedelta(minutes=rest)


class Week(NamedTuple):
    """The windows of one week, Monday first."""

    days: tuple[tuple[Hours, ...], ...]

    @classmethod
    def of(cls, windows: Mapping[int, Iterable[Hours]]) -> Self:
        """A week from the windows of each weekday; windows of a day are put in order, days left out stay closed."""
        return cls(tuple(tuple(sorted(windows.get(weekday, ()))) for weekday in range(7)))

    @classmethod
    def same(cls, weekdays: Iterable[int], windows: Iterable[Hours]) -> Self:
        """A week with the same windows on each of `weekdays`."""
        each = tuple(windows)
        return cls.of(dict.fromkeys(weekdays, each))


ALWAYS = Week.same(range(7), [(0, MINUTES_OF_DAY)])
"""Open every day, all day."""


Opening = tuple[bool, int | None, int | None]
"""The state of a timetable at a moment, in minute numbers: (open, opens at, closes at).

It opens at the moment itself where it is open, and never (None) where nothing opens within the horizon. It closes at
the end of this or the next window, or never (None).
"""


class Timetable:
    """Opening hours over time. Immutable; safe to share between threads."""

    def __init__(
        self,
        week: Week,
        *,
        changes: Sequence[tuple[date, Week]] = (),
        closed: Callable[[date], bool] | None = None,
    ) -> None:
        """`changes` are weeks valid from 00:00 of a date on, in any order; on days that are `closed` nothing opens.

        Of two changes on the same date, the one given later prevails.
        """
        self._week = week.days
        self._changes = sorted(((day.toordinal(), later.days) for day, later in changes), key=itemgetter(0))
        self._closed = closed
        self._edges = _edges(week) if not changes and closed is None else None

    def windows_on(self, day: date) -> tuple[Hours, ...]:
        """The windows that open on a day."""
        return self._windows(day.toordinal())

    def is_open(self, minute: int) -> bool:
        """Whether the timetable is open at a minute number."""
        edges = self._edges
        if edges is None:
            return self.at(minute)[0]
        return bisect_right(edges, (minute - MINUTES_OF_DAY) % _WEEK) % 2 == 1

    def at(self, minute: int) -> Opening:
        """Whether the timetable is open at a minute number, since or from when, and until when."""
        edges = self._edges
        if edges is not None:
            # A week that never changes: look the minute of the week up among its edges. Day 1 was a Monday.
            of_week = (minute - MINUTES_OF_DAY) % _WEEK
            following, monday = bisect_right(edges, of_week), minute - of_week
            if following % 2:
                closes = edges[following]
                return True, minute, monday + closes if closes - of_week <= _WEEK else None
            return (False, monday + edges[following], monday + edges[following + 1]) if edges else (False, None, None)
        today, time = divmod(minute, MINUTES_OF_DAY)
        for opens, closes in self._windows(today - 1):
            if opens < MINUTES_OF_DAY + time < closes:
                return True, minute, self._end(today - 1, closes)
        for day in range(today, today + _HORIZON_DAYS):
            for opens, closes in self._windows(day):
                if day > today or time < opens:
                    return False, day * MINUTES_OF_DAY + opens, self._end(day, closes)
                if time < closes:
                    return True, minute, self._end(today, closes)
        return False, None, None

    def _windows(self, day: int) -> tuple[Hours, ...]:
        if self._closed is not None and self._closed(date.fromordinal(day)):
            return ()
        week = self._week
        for first, changed in self._changes:
            if day < first:
                break
            week = changed
        return week[(day + 6) % 7]  # day 1 of the calendar, 0001-01-01, was a Monday

    def _end(self, day: int, closes: int) -> int | None:
        """The end of the window of `day` that closes at `closes`, joined with those that open as it closes."""
        end = day * MINUTES_OF_DAY + closes
        for following in range(day, day + _HORIZON_DAYS):
            for opens, later in self._windows(following):
                if following * MINUTES_OF_DAY + opens <= end < following * MINUTES_OF_DAY + later:
                    end = following * MINUTES_OF_DAY + later
            if end < (following + 1) * MINUTES_OF_DAY:
                return end
        return None


def _edges(week: Week) -> list[int]:
    """The minutes of the week at which it opens, closes, opens, ... over a little more than a week; windows joined."""
    windows = sorted(
        (later * _WEEK + weekday * MINUTES_OF_DAY + opens, later * _WEEK + weekday * MINUTES_OF_DAY + closes)
        for later in (-1, 0, 1, 2)
        for weekday, each in enumerate(week.days)
        for opens, closes in each
    )
    edges: list[int] = []
    for opens, closes in windows:
        if edges and opens <= edges[-1]:
            edges[-1] = max(edges[-1], closes)
        else:
            edges += (opens, closes)
    return edges


def _minute_of_day(text: str) -> int:
    if text == "24:00":
        return MINUTES_OF_DAY
    hour, colon, minute = text.partition(":")
    if len(text) != 5 or colon != ":" or not (hour + minute).isdecimal() or int(hour) > 23 or int(minute) > 59:
        raise ValueError(f"{text} is no time of day HH:MM")
    return int(hour) * 60 + int(minute)
