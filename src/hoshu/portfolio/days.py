"""Columns of days: numbers of the calendar in int32, with NEVER where a day is unknown or there is none.

NEVER is later than every day, so the earliest of several days is `np.minimum`, whether they are known or not.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.integer[Any]]
Flags = NDArray[np.bool_]

EPOCH = date(1970, 1, 1).toordinal()
"""Days are counted from here, as Arrow's date32 counts them."""

NEVER = 2**30
"""No day, and of any other column no value. Larger than every day, count and code."""

FIRST, LAST = date(2, 1, 1).toordinal() - EPOCH, date(9800, 12, 31).toordinal() - EPOCH
"""Between them no period leaves the calendar; `decide` answers or refuses what lies outside."""


def number_of(day: date) -> int:
    return day.toordinal() - EPOCH


def day_of(number: int) -> date:
    return date.fromordinal(number + EPOCH)


class Counting:
    """What has been counted of each day while a book is answered: its services and plans count much alike."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Any, ...], EachDay] = {}

    def each(self, work_out: Callable[..., date], *further: Any) -> "EachDay":
        """`work_out` of a day and what else it takes."""
        key = (work_out, *further)
        if key not in self._kept:
            self._kept[key] = EachDay(lambda day: work_out(day, *further))
        return self._kept[key]


class EachDay(dict[int, int]):
    """A function of days, called once for each day that a book holds, whatever the number of its rows."""

    def __init__(self, work_out: Callable[[date], date]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, day: int) -> int:
        found = self[day] = self._work_out(date.fromordinal(day + EPOCH)).toordinal() - EPOCH
        return found

    def of(self, days: Numbers) -> Numbers:
        """The function of every day of a column; of NEVER it is NEVER."""
        first, last = known_range(days)
        if first >= NEVER:
            return days
        # A table over all days from the first to the last, with one more place for NEVER.
        place = np.minimum(days, last + 1) - first
        present = np.zeros(last - first + 2, np.bool_)
        present[place] = True
        distinct = np.flatnonzero(present[:-1])
        table = np.full(len(present), NEVER, np.int32)
        table[distinct] = [self[day] for day in (distinct + first).tolist()]
        found: Numbers = table[place]
        return found


def known_range(numbers: Numbers) -> tuple[int, int]:
    """The least and the greatest number but NEVER; NEVER twice where there is no other."""
    least = int(numbers.min(initial=NEVER))
    greatest = int(numbers.max(initial=least))
    if greatest >= NEVER > least:
        greatest = int(numbers[numbers < NEVER].max())
    return least, greatest
