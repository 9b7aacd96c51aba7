"""How dates, moments and weekdays are said in a reason, and how they are written in an answer.

The texts of a day are built once and looked up after that: building them anew would cost more than the rules do.
"""

from datetime import date
from typing import NamedTuple

from hoshu.dates import MINUTES_OF_DAY

from .facts import TABLE_SIZE

DAY_NAMES = ("月", "火", "水", "木", "金", "土", "日")
_TIMES = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(MINUTES_OF_DAY))
_WRITTEN_TIMES = tuple(f"T{time}+09:00" for time in _TIMES)


class _Said(dict[date, str]):
    def __missing__(self, day: date) -> str:
        if len(self) >= TABLE_SIZE:
            self.clear()
        text = self[day] = f"{day.year}年{day.month}月{day.day}日"
        return text


said = _Said()
"""`said[day]` is 2025年4月30日."""


class _Written(dict[date, str]):
    def __missing__(self, day: date) -> str:
        if len(self) >= TABLE_SIZE:
            self.clear()
        text = self[day] = day.isoformat()
        return text


iso = _Written()
"""`iso[day]` is 2025-04-30."""


class Day(NamedTuple):
    """A day of the calendar with its texts."""

    date: date
    written: str
    said: str
    """With the weekday: 2025年4月30日（水）."""


class _Days(dict[int, Day]):
    def __missing__(self, number: int) -> Day:
        if len(self) >= TABLE_SIZE:
            self.clear()
        day = date.fromordinal(number)
        entry = self[number] = Day(day, iso[day], f"{said[day]}（{DAY_NAMES[day.weekday()]}）")
        return entry


days = _Days()
"""`days[minute // MINUTES_OF_DAY]` is the day of a minute number."""


def said_moment(minute: int) -> str:
    """2025年6月17日（火）08:30."""
    return days[minute // MINUTES_OF_DAY].said + _TIMES[minute % MINUTES_OF_DAY]


def written_moment(minute: int | None) -> str | None:
    """2025-06-17T08:30+09:00, or null."""
    if minute is None:
        return None
    return days[minute // MINUTES_OF_DAY].written + _WRITTEN_TIMES[minute % MINUTES_OF_DAY]


def written(day: date | None) -> str | None:
    """2025-06-17, or null."""
    return None if day is None else iso[day]
