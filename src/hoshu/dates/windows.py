"""Opening hours: half-open windows by weekday, minus closed days, changing over time, and counting the open minutes.

A window `[08:30, 17:30)` is closed at 17:30. One that passes midnight is one window and belongs to the day on which it
opens. Inside, a moment is a minute number in Japan (`minute_of`): comparing and adding integers is exact and fast.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from operator import itemgetter
from threading import RLock
from typing import NamedTuple, Self

from .periods import JST

WEEKDAYS: Mapping[str, int] = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
"""The codes of the weekdays, numbered as `date.weekday()` does."""

WEEKDAY_NAMES = ("月", "火", "水", "木", "金", "土", "日")
"""The weekdays as people write them, numbered as `date.weekday()` does."""

MINUTES_OF_DAY = 1440
_WEEK = 7 * MINUTES_OF_DAY

Hours = tuple[int, int]
"""One window in minutes of the day on which it opens: (opens, closes), `closes` past 1440 where it passes midnight."""

_HORIZON_DAYS = 400
"""How far ahead an opening or a closing is looked for; past it there is none."""

_LONG = _HORIZON_DAYS // 2 * MINUTES_OF_DAY
"""A stretch so long is always walked day by day, as a table knows no horizon."""

_TABLE_YEARS = range(1950, 2100)
"""The years whose windows a timetable may keep in a table: at most a few MB. Open time of other years is walked."""

_WALKS = 4
"""How many counts a timetable walks before it builds a table: one made for a single question never needs it."""

_BUILDING = RLock()
"""Held while a table is built, so that threads with the same question do not build it twice."""

_LAST_DAY = date.max.toordinal()


def hours(opens: str, closes: str) -> Hours:
    """A window from two times of day `HH:MM`; `24:00` is the end of the day, an earlier closing time is of the next."""
    first, last = _minute_of_day(opens), _minute_of_day(closes)
    if first >= MINUTES_OF_DAY:
        raise ValueError(f"{opens} に始まることはできません。始まりは 00:00 から 23:59 までにしてください。")
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


Closed = Callable[[date], str | bool | None]
"""Whether nothing opens on a day. A text is also why (`BusinessCalendar.closed_on`), for the explanation."""


_Table = tuple[list[int], list[int]]
"""Where each open stretch of some years begins, and how many open minutes lie before it; their bounds are rows too."""

_NO_TABLE: _Table = ([], [])


class Timetable:
    """Opening hours over time. Immutable for its callers; safe to share between threads.

    Counting open minutes is a search in a table of the windows around, which is built when needed, decade by decade,
    and replaced as a whole. Keep a timetable rather than making it anew, where many questions ask the same one.
    """

    def __init__(
        self,
        week: Week,
        *,
        changes: Sequence[tuple[date, Week]] = (),
        closed: Closed | None = None,
    ) -> None:
        """`changes` are weeks valid from 00:00 of a date on, in any order; on days that are `closed` nothing opens.

        Of two changes on the same date, the one given later prevails.
        """
        self._week = week.days
        self._changes = sorted(((day.toordinal(), later.days) for day, later in changes), key=itemgetter(0))
        self._closed = closed
        self._edges = _edges(week) if not changes and closed is None else None
        self._table = _NO_TABLE
        self._tabulated_years = range(0)
        self._walks = 0

    def windows_on(self, day: date) -> tuple[Hours, ...]:
        """The windows that open on a day."""
        return self._windows(day.toordinal())

    def closed_on(self, day: date) -> str | None:
        """Why nothing opens on a day, in Japanese: what `closed` calls it, else its weekday; None where it opens."""
        if self.windows_on(day):
            return None
        why = self._closed(day) if self._closed is not None else None
        return why if isinstance(why, str) else "休業日" if why else f"{WEEKDAY_NAMES[day.weekday()]}曜日"

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
        opens, before = self._table
        nth = bisect_right(opens, minute)
        if 0 < nth < len(opens) - 2:  # the last row but one may go on behind the table
            closes = opens[nth - 1] + before[nth] - before[nth - 1]
            if minute < closes:
                if closes - minute < _LONG:
                    return True, minute, closes
            elif (open_minutes := before[nth + 1] - before[nth]) < _LONG:
                return False, opens[nth], opens[nth] + open_minutes
        self._keep_table(minute, minute)
        return self._at_walking(minute)

    def _at_walking(self, minute: int) -> Opening:
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

    def add_open(self, minute: int, open_minutes: int) -> int | None:
        """The first moment at which so many open minutes have passed since `minute`; None where they never will.

        What is received outside the hours counts from the next opening. The moment at which the last minute ends
        belongs to the answer: 15:30 and 120 minutes are 17:30 where the window closes at 17:30, and 15:31 is due a
        minute after the next opening. No minutes at all have passed at `minute` itself, open or not. "Never" is where
        nothing opens for 400 days on the way. `open_between(minute, add_open(minute, n)) == n` always holds.
        """
        table = self._table
        passed = _passed(table, minute)
        if passed is not None and open_minutes > 0:
            opens, before = table
            target = passed + open_minutes
            if target <= before[-1]:
                nth = bisect_left(before, target) - 1
                return opens[nth] + target - before[nth]
        return self._add_walking(minute, open_minutes)

    def open_between(self, since: int, until: int) -> int:
        """The open minutes between two moments; negative where `until` lies before `since`."""
        table = self._table
        before_since, before_until = _passed(table, since), _passed(table, until)
        if before_since is None or before_until is None:
            return self._between_walking(since, until)
        return before_until - before_since

    def open_windows(self, since: int, until: int | None = None) -> Iterator[Hours]:
        """What is open between two moments: (opens, closes) in order, in minute numbers, without overlaps.

        Windows that touch are given one after the other. Without `until` it ends where nothing opens for 400 days.
        """
        passed = since
        day = last_opened = max(since // MINUTES_OF_DAY - 1, 1)
        while day <= (min(last_opened + _HORIZON_DAYS, _LAST_DAY) if until is None else until // MINUTES_OF_DAY):
            midnight = day * MINUTES_OF_DAY
            for opens, closes in self._windows(day):
                last_opened = day
                begins, ends = max(midnight + opens, passed), midnight + closes
                if until is not None:
                    ends = min(ends, until)
                if begins < ends:
                    yield begins, ends
                    passed = ends
            day += 1

    def _add_walking(self, minute: int, open_minutes: int) -> int | None:
        if open_minutes < 0:
            raise ValueError("open minutes are counted forwards")
        if open_minutes == 0:
            return minute
        left = open_minutes
        for opens, closes in self.open_windows(minute):
            if left <= closes - opens:
                self._keep_table(minute, opens + left)
                return opens + left
            left -= closes - opens
        return None

    def _between_walking(self, since: int, until: int) -> int:
        if until < since:
            return -self._between_walking(until, since)
        self._keep_table(since, until)
        return sum(closes - opens for opens, closes in self.open_windows(since, until))

    def _keep_table(self, since: int, until: int) -> None:
        """Builds a table that reaches over both moments, by decades, once it pays."""
        self._walks += 1
        if self._walks <= _WALKS:
            return
        with _BUILDING:
            tried = self._tabulated_years
            years = {_year(since), _year(until), *tried[:1], *tried[-1:]}
            wanted = range(min(years) // 10 * 10, max(years) // 10 * 10 + 10)
            if wanted != tried and wanted[0] in _TABLE_YEARS and wanted[-1] in _TABLE_YEARS:
                self._table = self._tabulated(_midnight(wanted[0]), _midnight(wanted[-1] + 1))
                self._tabulated_years = wanted

    def _tabulated(self, since: int, until: int) -> _Table:
        opens, before, total, closed = [since], [0], 0, since
        for start, end in self.open_windows(since, until):
            if start - closed > _LONG:
                return _NO_TABLE
            if start > closed or total == 0:
                opens.append(start)
                before.append(total)
            total += end - start
            closed = end
        return [*opens, until], [*before, total]

    def _windows(self, day: int) -> tuple[Hours, ...]:
        if self._closed is not None and 0 < day <= _LAST_DAY and self._closed(date.fromordinal(day)):
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


def _passed(table: _Table, minute: int) -> int | None:
    """The open minutes from the beginning of a table to a moment; None for one that it does not hold."""
    opens, before = table
    nth = bisect_right(opens, minute)
    if not 0 < nth < len(opens):
        return None
    passed = before[nth - 1] + minute - opens[nth - 1]
    return passed if passed < before[nth] else before[nth]


def _year(minute: int) -> int:
    return date.fromordinal(min(max(minute // MINUTES_OF_DAY, 1), _LAST_DAY)).year


def _midnight(year: int) -> int:
    return date(year, 1, 1).toordinal() * MINUTES_OF_DAY


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
        raise ValueError(f"{text} は時刻ではありません。08:30 のように、時と分を2桁ずつで書いてください。")
    return int(hour) * 60 + int(minute)
