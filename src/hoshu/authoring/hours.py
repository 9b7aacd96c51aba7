"""Checks of the hours of a week: windows that overlap, gaps worth a look, windows that nobody uses."""

from collections.abc import Iterator
from itertools import pairwise

from hoshu.catalog import Edition, ServiceWindow
from hoshu.dates import MINUTES_OF_DAY, WEEKDAY_NAMES, WEEKDAYS, Hours

from .findings import Issue
from .wording import Wording

_WEEK = 7 * MINUTES_OF_DAY


def windows(edition: Edition, wording: Wording) -> Iterator[Issue]:
    """What is odd about the windows of an edition."""
    used = {window for plan in edition.plan for window in plan.windows.values()}
    if edition.window is not None:
        used |= {target.received_in for target in edition.window.attend}
    for number, window in enumerate(edition.window_hours):
        yield from _of_week(window, number)
        if window.id not in used:
            says = f"「{window.label}」を使うプランがありません。"
            do = "[[plan]] の windows に書くか、使わないなら消してください。"
            yield Issue("note", ("window_hours", number), says, do)


def _of_week(window: ServiceWindow, number: int) -> Iterator[Issue]:
    place = ("window_hours", number, "hours")
    # Where the customer decides the weekdays, any two may follow each other.
    days = sorted({WEEKDAYS[code] for code in window.weekdays}) or [*range(7)]
    week = window.week(days).days
    if window.week(days).days[days[0]] == ((0, MINUTES_OF_DAY),):
        return
    stretches = [
        (day * MINUTES_OF_DAY + opens, day * MINUTES_OF_DAY + closes) for day in days for opens, closes in week[day]
    ]
    overlaps = [
        (one, other)
        for one, other in pairwise([*stretches, (stretches[0][0] + _WEEK, stretches[0][1] + _WEEK)])
        if other[0] < one[1]
    ]
    for one, other in overlaps[:1]:
        says = f"{_stretch(one)}と{_stretch(other)}が重なっています。"
        yield Issue("error", place, says, "hours の終わりを、次の始まりより後にならないように直してください。")
    if overlaps:
        return
    for (_, closes), (opens, _) in pairwise(week[days[0]]):
        if opens == closes:
            says = f"{_time(closes)}で切れ目なく続く2つの時間に分かれています。"
            yield Issue("note", place, says, "1つの時間にまとめてください。答えは変わりません。")
        else:
            says = f"{_time(closes)}から{_time(opens)}までは対応しない時間です。"
            yield Issue("note", place, says, "昼休みなど、そのつもりの休みであれば、このままで構いません。")


def _stretch(stretch: Hours) -> str:
    opens, closes = stretch
    day = WEEKDAY_NAMES[opens // MINUTES_OF_DAY % 7]
    later = "" if closes // MINUTES_OF_DAY == opens // MINUTES_OF_DAY else "翌"
    return f"{day}曜日の{_time(opens)}から{later}{_time(closes)}まで"


def _time(minute: int) -> str:
    return f"{minute % MINUTES_OF_DAY // 60:02}:{minute % 60:02}"
