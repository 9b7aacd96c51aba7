"""How dates, moments and weekdays are said in a reason, and how they are written in an answer."""

from datetime import date

from hoshu.dates import MINUTES_OF_DAY

_TABLE_LIMIT = 1 << 16

DAY_NAMES = ("月", "火", "水", "木", "金", "土", "日")
_TIMES = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(MINUTES_OF_DAY))


class _DateTexts(dict[date, str]):
    """The Japanese text of each date said so far; building one costs as much as a whole rule."""

    def __missing__(self, day: date) -> str:
        if len(self) >= _TABLE_LIMIT:
            self.clear()
        text = self[day] = f"{day.year}年{day.month}月{day.day}日"
        return text


said = _DateTexts()
"""`said[day]` is 2025年4月30日."""


def said_moment(minute: int) -> str:
    """2025年6月17日（火）08:30."""
    day, time = divmod(minute, MINUTES_OF_DAY)
    return f"{said[date.fromordinal(day)]}（{DAY_NAMES[(day + 6) % 7]}）{_TIMES[time]}"


def written_moment(minute: int) -> str:
    """2025-06-17T08:30+09:00."""
    day, time = divmod(minute, MINUTES_OF_DAY)
    return f"{date.fromordinal(day).isoformat()}T{_TIMES[time]}+09:00"


def written(day: date | None) -> str | None:
    """2025-06-17, or null."""
    return None if day is None else day.isoformat()
