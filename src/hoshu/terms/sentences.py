"""How dates, moments and weekdays are said in a reason, and how they are written in an answer.

The texts of a day are built once and looked up after that: building them anew would cost more than the rules do.
"""

from datetime import date

from hoshu.dates import MINUTES_OF_DAY, WEEKDAY_NAMES

from .facts import Lookup

_TIMES = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(MINUTES_OF_DAY))
_WRITTEN_TIMES = tuple(f"T{time}+09:00" for time in _TIMES)

said = Lookup[date, str](lambda day: f"{day.year}年{day.month}月{day.day}日")
"""`said[day]` is 2025年4月30日."""

iso = Lookup(date.isoformat)
"""`iso[day]` is 2025-04-30."""

# By day number, `minute // MINUTES_OF_DAY`: one table for each text, so that a look-up touches nothing else.
day_of = Lookup(date.fromordinal)
"""The day of a day number."""

said_day = Lookup[int, str](lambda number: f"{said[day_of[number]]}（{WEEKDAY_NAMES[day_of[number].weekday()]}）")
"""`said_day[number]` has the weekday too: 2025年4月30日（水）."""

_iso_day = Lookup[int, str](lambda number: iso[day_of[number]])


def around(says: str) -> tuple[str, str]:
    """What stands before and after `{day}` in a sentence of an edition."""
    before, _, after = says.partition("{day}")
    return before, after


def said_moment(minute: int) -> str:
    """2025年6月17日（火）08:30."""
    return said_day[minute // MINUTES_OF_DAY] + _TIMES[minute % MINUTES_OF_DAY]


def written_moment(minute: int | None) -> str | None:
    """2025-06-17T08:30+09:00, or null."""
    if minute is None:
        return None
    return _iso_day[minute // MINUTES_OF_DAY] + _WRITTEN_TIMES[minute % MINUTES_OF_DAY]


def written(day: date | None) -> str | None:
    """2025-06-17, or null."""
    return None if day is None else iso[day]
