"""Reads a date as people in Japan write it: 2022年4月15日, 令和4年4月15日, R4.4.15, 2022/4/15, 20220415."""

import re
import unicodedata
from datetime import date, datetime
from typing import NamedTuple


class _Era(NamedTuple):
    name: str
    letter: str
    first: date
    last: date


# 元号法 and the proclamations before it. 明治 starts here with the solar calendar: an earlier date in that era is one
# of the lunar calendar and would be misread.
_ERAS = (
    _Era("明治", "M", date(1873, 1, 1), date(1912, 7, 29)),
    _Era("大正", "T", date(1912, 7, 30), date(1926, 12, 24)),
    _Era("昭和", "S", date(1926, 12, 25), date(1989, 1, 7)),
    _Era("平成", "H", date(1989, 1, 8), date(2019, 4, 30)),
    _Era("令和", "R", date(2019, 5, 1), date.max),
)
_FIRST_YEAR = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}
_ERA_OF = {era.name: era for era in _ERAS} | {era.letter: era for era in _ERAS}

_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_WESTERN = re.compile(r"(\d{4})(?:年(\d{1,2})月(\d{1,2})日|([-/.])(\d{1,2})\4(\d{1,2}))", re.ASCII)
_ERA = re.compile(
    r"(明治|大正|昭和|平成|令和|[MTSHR])(元|\d{1,2})(?:年(\d{1,2})月(\d{1,2})日|([-/.])(\d{1,2})\5(\d{1,2}))",
    re.ASCII | re.IGNORECASE,
)
_HYPHENS = str.maketrans("‐‑‒–—―−ー", "--------")


def read_date(text: str) -> date:
    """The date that `text` names. Raises ValueError with a Japanese sentence that says what to write instead."""
    plain = "".join(unicodedata.normalize("NFKC", text).translate(_HYPHENS).split())
    if not plain:
        raise ValueError("日付が空です。「2022年4月15日」のように書いてください。")
    if found := _DIGITS.fullmatch(plain):
        return _calendar_date(text, *map(int, found.groups()))
    if found := _WESTERN.fullmatch(plain):
        return _calendar_date(text, *(int(part) for part in found.groups() if part and part.isdigit()))
    if found := _ERA.fullmatch(plain):
        return _era_date(text, *(part for part in found.groups() if part and part not in "-/."))
    raise ValueError(
        f"「{text.strip()}」を日付として読めません。「2022年4月15日」「2022/4/15」「令和4年4月15日」のように書いてください。"
    )


def _calendar_date(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"「{text.strip()}」は暦にない日付です。年月日を確かめて書き直してください。") from None


def _era_date(text: str, name: str, year: str, month: str, day: str) -> date:
    era = _ERA_OF[name.upper()]
    number = 1 if year == "元" else int(year)
    if number == 0:
        raise ValueError(f"「{text.strip()}」は暦にない日付です。{era.name}の最初の年は元年（1年）です。")
    found = _calendar_date(text, _FIRST_YEAR[era.name] + number - 1, int(month), int(day))
    if era.first <= found <= era.last:
        return found
    raise ValueError(
        f"「{text.strip()}」は{era.name}の日付ではありません（{era.name}は{_span(era)}）。"
        f"「{found.year}年{found.month}月{found.day}日」のように西暦で書いてください。"
    )


def _span(era: _Era) -> str:
    first = f"{era.first.year}年{era.first.month}月{era.first.day}日から"
    return first if era.last == date.max else f"{first}{era.last.year}年{era.last.month}月{era.last.day}日まで"


def is_before(at: datetime, kept: datetime) -> bool:
    """Does `at`, typed to the minute, lie before a moment that was kept with its seconds? Not within that minute."""
    return at < kept.replace(second=0, microsecond=0)
