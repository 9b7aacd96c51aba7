"""Deadlines with their explanation: every stretch that was counted or skipped, and why, as rows and as one sentence.

For people who ask how a date came about. The date alone is cheaper: `Timetable.add_open`, `BusinessCalendar.add` and
the periods of the Civil Code. Sentences are Japanese; dates and moments are those of Japan.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from .business_days import BusinessCalendar
from .periods import days_before, month_end, within_days, within_months, within_years
from .windows import MINUTES_OF_DAY, WEEKDAY_NAMES, Timetable, moment_of

_MORNING, _NOON, _ONE, _LATE = 6 * 60, 12 * 60, 13 * 60, 22 * 60
_BREAKS = ("夜間", "昼休み", "休憩時間", "時間外")
_MOST_NAMED = 3
"""So many different reasons are named in a sentence; more are summed up by kind."""


class Step(NamedTuple):
    """A stretch of time on the way to a deadline: one row of its table."""

    since: datetime | date
    until: datetime | date
    """A moment at which the stretch has ended, or a day that still belongs to it."""
    counted: int
    """The minutes or days counted; 0 for what was skipped."""
    why: str
    """In Japanese: what was counted, or why this was not: 夜間, 昼休み, 土曜日, 祝日（文化の日）, 年末年始."""


class Deadline(NamedTuple):
    """When something is due, and how that came about."""

    due: datetime | date
    """The moment, or the last day, which counts until its 24:00."""
    steps: tuple[Step, ...]
    sentence: str
    day_off: str | None = None
    """民法 142条: why the last day of a calendar period is a day off. It is not moved; a person decides."""

    def rows(self) -> list[dict[str, str | int]]:
        """The steps as JSON values: `from`, `to` (dates or moments in ISO), `counted`, `why`."""
        return [
            {"from": _iso(step.since), "to": _iso(step.until), "counted": step.counted, "why": step.why}
            for step in self.steps
        ]


def after_open_minutes(
    timetable: Timetable, minute: int, open_minutes: int, *, called: str = "対応時間"
) -> Deadline | None:
    """`timetable.add_open` explained; `called` is what people call these hours. None where it will never be due."""
    due = timetable.add_open(minute, open_minutes)
    if due is None:
        return None
    stretches = _joined(_open_and_not(timetable, minute, due, called))
    steps = tuple(Step(moment_of(each.since), moment_of(each.until), each.counted, each.why) for each in stretches)
    start, end = moment_of(minute), moment_of(due)
    text = f"{_said(start)}から{called}で{_length(open_minutes)}を数え、{_said(end, after=start)}までです。"
    if steps and not steps[0].counted:
        opens = next(step.since for step in steps if step.counted)
        text = (
            f"{_said(start)}は{called}の外のため、{_said(opens, after=start)}から"
            f"{_length(open_minutes)}を数え、{_said(end, after=start)}までです。"
        )
    return Deadline(end, steps, text + _not_counted(stretches, MINUTES_OF_DAY))


def after_business_days(calendar: BusinessCalendar, day: date, count: int) -> Deadline:
    """The `count`-th business day after `day`, explained; `day` itself is not counted."""
    due = calendar.add(day, count)
    stretches = _joined(
        _Stretch(number, number + 1, int(why is None), why or "営業日")
        for number in range(day.toordinal() + 1, due.toordinal() + 1)
        for why in [calendar.day_off(date.fromordinal(number))]
    )
    steps = tuple(
        Step(date.fromordinal(each.since), date.fromordinal(each.until - 1), each.counted, each.why)
        for each in stretches
    )
    text = f"{_said(day)}の翌日から営業日で{count}日を数え、{_said(due, after=day)}までです。"
    return Deadline(due, steps, text + _not_counted(stretches, 1))


def after_period(
    event: date,
    calendar: BusinessCalendar,
    *,
    days: int | None = None,
    months: int | None = None,
    years: int | None = None,
) -> Deadline:
    """民法 138条から143条: the last day of a period after an event, in exactly one unit, explained."""
    if days is not None:
        last, length, why = within_days(event, days), f"{days}日", "期間（民法141条）"
    elif months is not None:
        last, length, why = within_months(event, months), f"{months}か月", "期間（民法143条）"
    elif years is not None:
        last, length, why = within_years(event, years), f"{years}年", "期間（民法143条）"
    else:
        raise ValueError("a period is given in one of days, months, years")
    first = event + timedelta(days=1)
    text = f"{_said(event)}の翌日から{length}を数え、{_said(last, after=event)}までです。"
    if days is None and last == month_end(last) and first.day > last.day:
        why = "応当日がないため月の末日まで（民法143条2項ただし書）"
        text += f"最後の月に{first.day}日がないため、その月の末日までです。"
    day_off = calendar.day_off(last)
    if day_off is not None:
        text += f"末日は{day_off}に当たりますが、動かしていません。"
    steps = [Step(event, event, 0, "初日は数えない（民法140条）")]
    if last > event:
        steps.append(Step(first, last, (last - event).days, why))
    return Deadline(last, tuple(steps), text, day_off)


def before(target: date, days: int, calendar: BusinessCalendar) -> Deadline:
    """At least so many days before an event, whose day is not counted: the last day on which a notice is in time."""
    last = days_before(target, days)
    text = f"{_said(target)}の{days}日前の{_said(last, after=target)}までです。当日は数えません。"
    day_off = calendar.day_off(last)
    if day_off is not None:
        text += f"末日は{day_off}に当たりますが、動かしていません。"
    steps = (
        Step(last, target - timedelta(days=1), days, "期間（民法141条）"),
        Step(target, target, 0, "当日は数えない（民法140条）"),
    )
    return Deadline(last, steps, text, day_off)


class _Stretch(NamedTuple):
    """A step in numbers of minutes or of days, half-open."""

    since: int
    until: int
    counted: int
    why: str


def _open_and_not(timetable: Timetable, since: int, until: int, called: str) -> Iterator[_Stretch]:
    reached = since
    for opens, closes in timetable.open_windows(since, until):
        yield from _closed(timetable, reached, opens)
        yield _Stretch(opens, closes, closes - opens, called)
        reached = closes


def _closed(timetable: Timetable, since: int, until: int) -> Iterator[_Stretch]:
    """A pause day by day: days on which nothing opens have a name, the rest goes by the time of day."""
    while since < until:
        number, begins = divmod(since, MINUTES_OF_DAY)
        midnight = number * MINUTES_OF_DAY
        ends = min(until - midnight, MINUTES_OF_DAY)
        day = date.fromordinal(number)
        yield _Stretch(since, midnight + ends, 0, timetable.closed_on(day) or _pause(timetable, day, begins, ends))
        since = midnight + ends


def _pause(timetable: Timetable, day: date, begins: int, ends: int) -> str:
    """What people call a time of day at which nothing is open."""
    windows = timetable.windows_on(day)
    if any(closes <= begins for _, closes in windows) and any(opens == ends for opens, _ in windows):
        return "昼休み" if begins < _ONE and ends > _NOON else "休憩時間"
    is_dark = begins < _MORNING or ends > _LATE
    return "夜間" if is_dark and not begins <= _NOON <= ends else "時間外"


def _joined(stretches: Iterable[_Stretch]) -> list[_Stretch]:
    """Neighbours with the same reason as one."""
    found: list[_Stretch] = []
    for each in stretches:
        if found and found[-1].why == each.why:
            before = found.pop()
            each = _Stretch(before.since, each.until, before.counted + each.counted, each.why)
        found.append(each)
    return found


def _not_counted(stretches: Iterable[_Stretch], units_of_day: int) -> str:
    """The sentence that names what was skipped, or sums it up; empty where nothing was."""
    skipped = [each for each in stretches if not each.counted]
    named = list(dict.fromkeys(each.why for each in skipped))
    if len(named) > _MOST_NAMED:
        times: dict[str, int] = {}
        for each in skipped:
            kind = each.why.partition("（")[0]
            days = -(-(each.until - each.since) // units_of_day)
            times[kind] = times.get(kind, 0) + (1 if kind in _BREAKS else days)
        named = [f"{kind}{count}{'回' if kind in _BREAKS else '日'}" for kind, count in times.items()]
    return f"{'、'.join(named)}は数えません。" if named else ""


def _length(minutes: int) -> str:
    whole, rest = divmod(minutes, 60)
    return (f"{whole}時間" if whole else "") + (f"{rest}分" if rest or not whole else "")


def _said(when: datetime | date, after: datetime | date | None = None) -> str:
    """2026年11月20日（金）15:30, without what it shares with `after`: the year, or the whole date beside a time."""
    day = f"{when.month}月{when.day}日（{WEEKDAY_NAMES[when.weekday()]}）"
    if after is None or when.year != after.year:
        day = f"{when.year}年{day}"
    if not isinstance(when, datetime):
        return day
    same = isinstance(after, datetime) and when.date() == after.date()
    return f"{'' if same else day}{when:%H:%M}"


def _iso(when: datetime | date) -> str:
    return when.strftime("%Y-%m-%dT%H:%M+09:00") if isinstance(when, datetime) else when.isoformat()
