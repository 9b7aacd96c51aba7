"""Calendar months: read from `YYYY-MM`, counted as whole numbers, said in Japanese."""

from datetime import date
from typing import Any

from .facts import Kind, Lookup, Misfit, quoted

_FIRST_YEAR, _LAST_YEAR = 1900, 9800
"""Months outside are taken for mistyped; inside, no period counted from one leaves the calendar."""


def month_of(day: date) -> int:
    """The number of a day's month."""
    return day.year * 12 + day.month - 1


def _month(text: Any) -> int | None:
    if text is None:
        return None
    if not isinstance(text, str) or len(text) != 7 or text[4] != "-":
        raise Misfit
    try:
        month = month_of(date.fromisoformat(f"{text}-01"))
    except ValueError:
        raise Misfit(f"{quoted(text)}は暦にない年月です。") from None
    if not _FIRST_YEAR <= month // 12 <= _LAST_YEAR:
        raise Misfit(f"西暦{_FIRST_YEAR}年から{_LAST_YEAR}年までとしてください。")
    return month


MONTH = Kind(Lookup(_month).__getitem__, "「2025-04」のような年月で指定してください。")

first_of = Lookup[int, date](lambda month: date(month // 12, month % 12 + 1, 1))
"""`first_of[month]` is its first day."""

written_month = Lookup[int, str](lambda month: f"{month // 12:04}-{month % 12 + 1:02}")
"""`written_month[month]` is 2025-04."""

said_month = Lookup[int, str](lambda month: f"{month // 12}年{month % 12 + 1}月")
"""`said_month[month]` is 2025年4月."""
