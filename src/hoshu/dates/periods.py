"""Periods of the Civil Code (民法 第138条から第143条): when a period that started or an event that happened ends.

Every function takes and gives calendar dates in Japan. A last day counts until its 24:00 (141条) and is never moved off
a day off here: article 142 leaves that to the custom of the trade, so a person decides.
"""

from datetime import date, timedelta, timezone

JST = timezone(timedelta(hours=9), "JST")
"""Japan Standard Time. Japan has had no daylight saving time since 1951."""

_ONE_DAY = timedelta(days=1)
_DAYS_IN_MONTH = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def elapsed(start: date, years: int) -> date:
    """民法 140条ただし書・143条2項: the day on which `years` years have elapsed, `start` being counted in.

    It is the corresponding date; where there is none (29 February), the period ends with February and the day after,
    1 March, is the one on which it has elapsed.
    """
    year = start.year + years
    if start.month == 2 and start.day == 29 and not _is_leap(year):
        return date(year, 3, 1)
    return date(year, start.month, start.day)


def within_days(event: date, days: int) -> date:
    """民法 140条・141条: the last day of `days` days after `event`, the day of the event not counted."""
    return event + timedelta(days=days)


def within_months(event: date, months: int) -> date:
    """民法 140条・143条2項: the last day of `months` months after `event`, the day of the event not counted.

    The period runs from the next day and ends the day before that day's corresponding date, or with the last day of the
    month that has none: one month after 30 January ends on the last day of February.
    """
    first = event + _ONE_DAY
    year, month = _month_after(first, months)
    if first.day > _days_in(year, month):
        return date(year, month, _days_in(year, month))
    return date(year, month, first.day) - _ONE_DAY


def within_years(event: date, years: int) -> date:
    """民法 140条・143条2項: the last day of `years` years after `event`, the day of the event not counted."""
    return within_months(event, 12 * years)


def extend_years(end: date, years: int) -> date:
    """民法 140条ただし書・143条2項: the last day of a period that ended with `end`, lengthened by `years`.

    The extension starts at 00:00 of the next day, which is therefore counted in.
    """
    return within_years(end, years)


def days_before(target: date, days: int) -> date:
    """民法 140条の類推: the last day to act "at least `days` days before" `target`."""
    return target - timedelta(days=days)


def months_before(target: date, months: int) -> date:
    """The day from which "`months` months before" `target` has come: the same day number, or that month's last day.

    The Civil Code does not count months backwards; this reading opens on the earlier of the possible days.
    """
    year, month = _month_after(target, -months)
    return date(year, month, min(target.day, _days_in(year, month)))


def month_end(day: date) -> date:
    """The last calendar day of the month of `day`."""
    return date(day.year, day.month, _days_in(day.year, day.month))


def _month_after(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1


def _days_in(year: int, month: int) -> int:
    return 29 if month == 2 and _is_leap(year) else _DAYS_IN_MONTH[month]


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
