"""How dates, durations, money and serials are written for people: `now` is always an argument.

The desk reads columns of dates, 「2026/11/20(金)」; whoever comes by another door reads 「2026年11月20日(金)」.
`middleware.DateMiddleware` says which, once a request: nobody who writes a date needs to know the door.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from hoshu.dates import JST, said

WEEKDAYS = "月火水木金土日"
_written_out: ContextVar[bool] = ContextVar("written_out", default=False)


@contextmanager
def written_for(customers: bool) -> Iterator[None]:
    """Dates are written out within it for customers, in short for the desk; afterwards as they were before."""
    before = _written_out.set(customers)
    try:
        yield
    finally:
        _written_out.reset(before)


def local(moment: datetime) -> datetime:
    """The same moment in JST."""
    return moment.astimezone(JST)


def day_of(when: date | datetime) -> date:
    """The date in Japan on which `when` lies."""
    return local(when).date() if isinstance(when, datetime) else when


def japanese_date(when: date | datetime) -> str:
    """「2026/11/20(金)」, for customers 「2026年11月20日(金)」 (みまもり 7.22, MM-CND-28)."""
    day = day_of(when)
    return f"{said(day) if _written_out.get() else f'{day:%Y/%m/%d}'}({WEEKDAYS[day.weekday()]})"


def japanese_moment(when: date | datetime) -> str:
    """「2026/11/20(金) 08:30」 in Japan, written out for customers; a date without a time stays a date."""
    if not isinstance(when, datetime):
        return japanese_date(when)
    return f"{japanese_date(when)} {local(when):%H:%M}"


def yen(amount: int) -> str:
    """「12,000円」."""
    return f"{amount:,}円".replace("-", "−")


def anchor(clause: str) -> str:
    """A clause as a name within the page of its edition: 「第4章 2.(1)」 → 「第4章-2.(1)」."""
    return clause.replace(" ", "-")


def who(actor: str) -> str:
    """The name of somebody who acted, without the number that tells two people of one name apart in the records."""
    return re.sub(r" \(利用者\d+\)$", "", actor)


def remaining(until: date | datetime, now: datetime) -> str:
    """What is left of a limit: 「あと2日3時間」, 「あと18日」, 「本日まで」, 「3時間超過」.

    A date is a last day that still counts in full; a moment is over when it is reached.
    """
    if isinstance(until, datetime):
        left = until - now
        return f"あと{_amount(left)}" if left > timedelta(0) else f"{_amount(-left)}超過"
    days = (until - day_of(now)).days
    if days == 0:
        return "本日まで"
    return f"あと{_calendar(day_of(now), until)}" if days > 0 else f"{_calendar(until, day_of(now))}超過"


def ending(until: date | datetime, now: datetime) -> str:
    """How far off the end of a period is: 「あと2年」, 「本日まで」, 「20日前に終了」: nobody is late with it."""
    return remaining(until, now).replace("超過", "前に終了")


def starting(at: date | datetime, now: datetime) -> str:
    """How far off a beginning is: 「今から」, 「本日から」, 「3時間後」, 「2年3か月前から」."""
    if isinstance(at, datetime):
        return f"{_amount(at - now)}後" if at > now else "今から"
    days = (at - day_of(now)).days
    if days == 0:
        return "本日から"
    return f"{_calendar(day_of(now), at)}後" if days > 0 else f"{_calendar(at, day_of(now))}前から"


def is_over(until: date | datetime, now: datetime) -> bool:
    """Whether a limit has passed, by the reading of `remaining`."""
    return until <= now if isinstance(until, datetime) else until < day_of(now)


def _amount(span: timedelta) -> str:
    """Two units at most, cut, never rounded up: nobody is promised a minute that is not there."""
    minutes = int(span.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days >= 10:
        return f"{days}日"
    if days:
        return f"{days}日{hours}時間" if hours else f"{days}日"
    if hours >= 3:
        return f"{hours}時間"
    if hours:
        return f"{hours}時間{rest}分" if rest else f"{hours}時間"
    return f"{rest}分" if rest else "1分未満"


def _calendar(first: date, last: date) -> str:
    """Days below a year, else whole years and months (an orientation beside the date, never a rule)."""
    if (last - first).days < 365:
        return f"{(last - first).days}日"
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    years, rest = divmod(months, 12)
    if not years:
        return f"{rest}か月"
    return f"{years}年{rest}か月" if rest else f"{years}年"
