"""Open minutes against prefix sums over windows written out beforehand; other libraries beside.

Tuesday to Saturday, 08:30 to 21:00, public holidays closed. The first count of a day, a month and of some years shows
that the distance costs nothing; the yardstick's windows end with 2031, so ten years are set beside our own day. Every
answer is compared with the yardstick's before the time is taken.
"""

import random
import warnings
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from importlib.util import find_spec
from typing import Any

from hoshu.dates import JST, BusinessCalendar, Timetable, Week, hours, minute_of

from .decide import compared, line
from .yardsticks import prefix_sums

QUESTIONS = 20_000
MOST_TIMES_PREFIX_SUMS = 1.5
MOST_TIMES_A_DAY = 1.5
DAY, MONTH, FIVE_YEARS, TEN_YEARS = 750, 21 * 750, 5 * 247 * 750, 10 * 247 * 750
"""Distances in open minutes."""

Pair = tuple[int, int]


def run() -> None:
    """Print a line a comparison."""
    calendar = BusinessCalendar(closed_annually=())
    week = Week.same([1, 2, 3, 4, 5], [hours("08:30", "21:00")])
    timetable = Timetable(week, closed=calendar.closed_on)
    epoch = minute_of(prefix_sums.EP.replace(tzinfo=JST))
    chance = random.Random(3)
    starts = [chance.randrange(1440, 1440 * 700) for _ in range(QUESTIONS)]
    print(f"open time, {QUESTIONS:,} different questions")
    against = partial(_against, epoch=epoch)
    for name, most in (("a day", DAY), ("a month", MONTH), ("five years", FIVE_YEARS)):
        far = [(start, most - chance.randrange(DAY)) for start in starts]
        against(f"add {name}", timetable.add_open, prefix_sums.add, far, moments=1)
    near = [(epoch + start, DAY - chance.randrange(DAY)) for start in starts]
    far = [(minute, TEN_YEARS - counted) for minute, counted in near]
    timed = compared(_spread(timetable.add_open), far, _spread(timetable.add_open), near)
    line("add ten years beside our own day", timed[1], timed[2], f"× {timed[0]:.2f} (at most {MOST_TIMES_A_DAY:g})")
    between = [(start, start + chance.randrange(1440 * 2000)) for start in starts]
    against("between two moments", timetable.open_between, prefix_sums.between, between, moments=2)
    _beside(timetable, epoch, [(start, 60 * chance.choice((1, 8, 40, 100))) for start in starts[:1000]])


def _against(
    name: str,
    ours: Callable[[int, int], int | None],
    theirs: Callable[[int, int], int],
    questions: Sequence[Pair],
    *,
    epoch: int,
    moments: int,
) -> None:
    """One comparison. The first `moments` numbers of a question are moments, counted from the yardstick's epoch."""
    asked = [(first + epoch, second + epoch * (moments > 1)) for first, second in questions]
    expected = [theirs(*question) + epoch * (moments == 1) for question in questions]
    assert [ours(*question) for question in asked] == expected, name
    ratio, mine, other = compared(_spread(ours), asked, _spread(theirs), questions)
    line(name, mine, other, f"× {ratio:.2f} (at most {MOST_TIMES_PREFIX_SUMS:g})")


def _spread(ask: Callable[[int, int], Any]) -> Callable[[Pair], Any]:
    return lambda question: ask(question[0], question[1])


def _beside(timetable: Timetable, epoch: int, questions: Sequence[Pair]) -> None:
    """Two libraries, where they are installed. They hold a closing time for the next opening, or differ by more."""
    asked = [(first + epoch, counted) for first, counted in questions]
    for name, found, make in (
        ("pandas CustomBusinessHour", "pandas", _pandas),
        ("businesstimedelta", "businesstimedelta", _businesstimedelta),
    ):
        if find_spec(found) is not None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ask, few = make(questions)
                ratio, mine, other = compared(_spread(timetable.add_open), asked[: len(few)], ask, few)
            line(f"add beside {name}", mine, other, f"{1 / ratio:,.0f} × faster")


def _pandas(questions: Sequence[Pair]) -> tuple[Callable[[Any], Any], Sequence[Any]]:
    """Its best path: an offset for each number of hours, made beforehand."""
    import pandas

    offset = {
        counted: pandas.offsets.CustomBusinessHour(
            n=counted // 60, start="08:30", end="21:00", weekmask="Tue Wed Thu Fri Sat", holidays=prefix_sums.HOL
        )
        for _, counted in questions
    }
    given = [(pandas.Timestamp(_moment(first)), offset[counted]) for first, counted in questions]
    return (lambda question: question[0] + question[1]), given


def _businesstimedelta(questions: Sequence[Pair]) -> tuple[Callable[[Any], Any], Sequence[Any]]:
    import businesstimedelta

    open_days = businesstimedelta.WorkDayRule(
        start_time=prefix_sums.O, end_time=prefix_sums.C, working_days=[1, 2, 3, 4, 5]
    )
    rules = businesstimedelta.Rules([open_days, businesstimedelta.HolidayRule(prefix_sums.JP)])
    given = [
        (_moment(first), businesstimedelta.BusinessTimeDelta(rules, hours=counted // 60))
        for first, counted in questions[:60]
    ]
    return (lambda question: question[0] + question[1]), given


def _moment(minute: int) -> datetime:
    return prefix_sums.EP + timedelta(minutes=minute)
