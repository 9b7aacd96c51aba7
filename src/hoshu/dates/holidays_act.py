"""The public holidays of Japan, computed from 国民の祝日に関する法律 (昭和23年法律第178号) as it stood in each year.

A library for all countries takes a third of a second to import, longer than a whole command should. The tests compare
every day from 1949 to 2099 with one.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

_STILL = 9999
_DATES = (
    ("元日", 1949, _STILL, 1, 1),
    ("成人の日", 1949, 1999, 1, 15),
    ("建国記念の日", 1967, _STILL, 2, 11),
    ("天皇誕生日", 2020, _STILL, 2, 23),
    ("天皇誕生日", 1949, 1988, 4, 29),
    ("みどりの日", 1989, 2006, 4, 29),
    ("昭和の日", 2007, _STILL, 4, 29),
    ("憲法記念日", 1949, _STILL, 5, 3),
    ("みどりの日", 2007, _STILL, 5, 4),
    ("こどもの日", 1949, _STILL, 5, 5),
    ("海の日", 1996, 2002, 7, 20),
    ("山の日", 2016, _STILL, 8, 11),
    ("敬老の日", 1966, 2002, 9, 15),
    ("体育の日", 1966, 1999, 10, 10),
    ("文化の日", 1948, _STILL, 11, 3),
    ("勤労感謝の日", 1948, _STILL, 11, 23),
    ("天皇誕生日", 1989, 2018, 12, 23),
)
"""(name, first year, last year, month, day)."""

_MONDAYS = (
    ("成人の日", 2000, _STILL, 1, 2),
    ("海の日", 2003, _STILL, 7, 3),
    ("敬老の日", 2003, _STILL, 9, 3),
    ("体育の日", 2000, 2019, 10, 2),
    ("スポーツの日", 2020, _STILL, 10, 2),
)
"""(name, first year, last year, month, which Monday of it)."""

_MOVED = {
    (2020, "海の日"): date(2020, 7, 23),
    (2020, "スポーツの日"): date(2020, 7, 24),
    (2020, "山の日"): date(2020, 8, 10),
    (2021, "海の日"): date(2021, 7, 22),
    (2021, "スポーツの日"): date(2021, 7, 23),
    (2021, "山の日"): date(2021, 8, 8),
}
"""平成三十二年東京オリンピック競技大会・東京パラリンピック競技大会特別措置法 32条."""

_ONCE = {
    date(1959, 4, 10): "結婚の儀",
    date(1989, 2, 24): "大喪の礼",
    date(1990, 11, 12): "即位礼正殿の儀",
    date(1993, 6, 9): "結婚の儀",
    date(2019, 5, 1): "天皇の即位の日",
    date(2019, 10, 22): "即位礼正殿の儀が行われる日",
}
"""Days that an Act of their own made a holiday; they count as 国民の祝日 for the days around them (2019年)."""

_SUBSTITUTES_FROM = date(1973, 4, 12)
_SANDWICHED_FROM = date(1985, 12, 27)
_VERNAL, _AUTUMNAL = 20.8431, 23.2488
"""When the equinoxes of 1980 fell, in days of March and of September (暦計算研究会編「新こよみ便利帳」)."""


@cache
def public_holidays(year: int) -> dict[date, str]:
    """The year's public holidays by date, in order, with substitute and sandwiched ones; none before the Act of 1948.

    The equinoxes of years not yet announced are those that astronomers expect; after 2150 they may be a day off.
    """
    named = dict(_named(year))
    derived: dict[date, str] = {}
    for day in sorted(named):
        if day.weekday() == 6 and day >= _SUBSTITUTES_FROM:
            derived[_first_free(day, named)] = "振替休日"
    for day in named:
        between, after = day + timedelta(days=1), day + timedelta(days=2)
        if after in named and between not in named and between.weekday() != 6 and between >= _SANDWICHED_FROM:
            derived.setdefault(between, "国民の休日")
    return dict(sorted({**derived, **named}.items()))


def _named(year: int) -> Iterator[tuple[date, str]]:
    if year < 1948:
        return
    for name, first, last, month, number in _DATES:
        if first <= year <= last:
            yield _MOVED.get((year, name), date(year, month, number)), name
    for name, first, last, month, number in _MONDAYS:
        if first <= year <= last:
            yield _MOVED.get((year, name), _monday(year, month, number)), name
    if year > 1948:
        yield date(year, 3, _equinox(year, _VERNAL)), "春分の日"
    yield date(year, 9, _equinox(year, _AUTUMNAL)), "秋分の日"
    yield from ((day, name) for day, name in _ONCE.items() if day.year == year)


def _first_free(sunday: date, named: dict[date, str]) -> date:
    """3条2項: the nearest day after a holiday on a Sunday that is no holiday itself."""
    day = sunday
    while day in named:
        day += timedelta(days=1)
    return day


def _monday(year: int, month: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=-first.weekday() % 7 + 7 * (which - 1))


def _equinox(year: int, in_1980: float) -> int:
    """The day of the month: it drifts by 0.242194 days a year, and each leap day brings it back."""
    return int(in_1980 + 0.242194 * (year - 1980) - (_leap_days(year) - _leap_days(1980)))


def _leap_days(year: int) -> int:
    return year // 4 - year // 100 + year // 400
