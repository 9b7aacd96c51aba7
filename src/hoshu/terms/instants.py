"""Moments to the second, for the questions that turn on it: a unit 30 minutes silent runs, one second later it stopped.

An instant is a second number in Japan, as a moment of `hoshu.dates` is a minute number. Answers carry minutes, as every
answer does; sentences say the second where there is one.
"""

from datetime import date
from typing import Any

from .facts import MOMENT, SECONDS_OF_DAY, UNUSUAL, Kind, Misfit, midnights, read_moment, seconds_of_day
from .sentences import day_of, said_moment, written_moment

_TOO_LATE = date(9801, 1, 1).toordinal() * SECONDS_OF_DAY
"""From there on, what follows an instant could leave the calendar."""


def read_instant(text: Any) -> int | None:
    """The second number in Japan of a moment with an offset; parts of a second are cut off."""
    if text is None:
        return None
    try:
        second = midnights[text[:10]] + seconds_of_day[text[10:]]
    except UNUSUAL:
        second = _read_unusual_instant(text)
    if second >= _TOO_LATE:
        raise Misfit("計算できないほど先の日時です。")
    return second


def _read_unusual_instant(text: Any) -> int:
    try:
        minute = read_moment(text)
    except OverflowError:
        raise Misfit from None
    assert minute is not None
    return minute * 60 + (int(text[17:19]) if text[16] == ":" else 0)


INSTANT = Kind(read_instant, MOMENT.wanted)


def said_instant(second: int) -> str:
    """2025年6月10日（火）08:50, or 08:50:01."""
    minute, rest = divmod(second, 60)
    return f"{said_moment(minute)}:{rest:02}" if rest else said_moment(minute)


def written_instant(second: int | None) -> str | None:
    """2025-06-10T08:50+09:00, or null; the seconds are cut off."""
    return None if second is None else written_moment(second // 60)


def day_of_instant(second: int) -> date:
    """The day in Japan."""
    return day_of[second // SECONDS_OF_DAY]
