"""Telephone numbers: read however they are typed, shown with hyphens, compared by their digits.

A number is taken where Japan's numbering plan has room for it, assigned or not: a firm whose number is newer than our
tables is reached by it all the same.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import phonenumbers

from hoshu.japan.width import half_width

_TOO_SHORT = "けた数が足りません。市外局番から入力してください。"


class Kind(Enum):
    """What answers under a number."""

    FIXED = "fixed"
    MOBILE = "mobile"
    IP = "ip"
    """050: a line that belongs to no place."""
    DATA = "data"
    """020: machines."""
    TOLL_FREE = "toll_free"
    """0120 and 0800: the called side pays."""
    SHARED_COST = "shared_cost"
    """0570: one number for the whole country."""
    ABROAD = "abroad"


_ELEVEN_DIGITS = {
    "0800": Kind.TOLL_FREE,
    "020": Kind.DATA,
    "050": Kind.IP,
    "060": Kind.MOBILE,
    "070": Kind.MOBILE,
    "080": Kind.MOBILE,
    "090": Kind.MOBILE,
}
_TEN_DIGITS = {"0120": Kind.TOLL_FREE, "0570": Kind.SHARED_COST}
_OSAKA = "060"
"""06-0…: with ten digits no mobile number but one in Osaka."""

_JAPAN = 81
_LONGEST = 15
"""Digits of the longest number in the world; more of them are two numbers in one field."""
_EXTENSION = re.compile(r"\(?(?:内線|内|extension|ext\.?|x|#)\s*:?\s*([0-9]{1,7})\s*\)?$", re.IGNORECASE)
_LABEL = re.compile(r"^(?:tel|電話番号|電話|携帯電話|携帯)\.?\s*:?\s*", re.IGNORECASE)
_SWITCHBOARD = re.compile(r"\s*\(?(?:代表|代)\)?\s*$")
_FROM_ABROAD = re.compile(r"^(?:\+|010[\s-]*)?81[\s-]*(?:\(0\)|0)?[\s-]*")
_PUNCTUATION = re.compile(r"[\s()./-]")


@dataclass(frozen=True, kw_only=True)
class Phone:
    """A number as it is shown: 03-0000-0000, 0120-000-000, 090-0000-0000, abroad +1 212-555-0100."""

    kind: Kind
    number: str
    extension: str = ""

    def __str__(self) -> str:
        return f"{self.number} 内線{self.extension}" if self.extension else self.number


@lru_cache(maxsize=10_000)  # a form repeats the numbers of few people, a table those of a company
def read(text: str) -> Phone:
    """The one number in `text`; full width, +81, no hyphens, 内線, 代表 are understood. Raises ValueError."""
    body, extension = _parts(text)
    if not body:
        raise ValueError("電話番号が空です。市外局番から入力してください。")
    bare = _PUNCTUATION.sub("", body)
    if stranger := re.search(r"[^0-9]", bare.removeprefix("+")):
        raise ValueError(f"「{stranger[0]}」は電話番号に使えません。数字とハイフンで入力してください。")
    if len(bare) > _LONGEST + 1:
        raise ValueError("電話番号は一つだけ入力してください。")
    if not bare.startswith(("0", "+", "81")):
        raise ValueError("電話番号は 0 か + で始まります。市外局番から入力してください。")
    try:
        found = phonenumbers.parse(bare, "JP")
    except phonenumbers.NumberParseException:
        raise ValueError(_TOO_SHORT) from None
    if found.country_code != _JAPAN:
        if not phonenumbers.is_possible_number(found):
            raise ValueError(f"「{text.strip()}」は海外の電話番号として読めません。国番号から入力してください。")
        return Phone(kind=Kind.ABROAD, number=_shown(found, "INTERNATIONAL"), extension=extension)
    national = f"0{phonenumbers.national_significant_number(found)}"
    kind, groups = _kind(national), re.findall(r"[0-9]+", _FROM_ABROAD.sub("0", body))
    # Only the writer knows where the area code of an unassigned number ends: 022-000-1234 or 0220-00-1234.
    as_written = kind is Kind.FIXED and "".join(groups) == national and _is_usual(groups)
    return Phone(kind=kind, number="-".join(groups) if as_written else _shown(found, "NATIONAL"), extension=extension)


def formatted(text: str) -> str:
    """The number in `text` as it is shown; what is no number stays as it was typed, in half width."""
    try:
        return str(read(text))
    except ValueError:
        return half_width(text)


def digits(text: str) -> str:
    """The digits by which numbers are compared and searched, as they are dialled in Japan and without the extension.

    Part of a number will do: what cannot be read whole gives the digits that stand there.
    """
    try:
        number = read(text).number
    except ValueError:
        number, _ = _parts(text)
        number = _FROM_ABROAD.sub("0", number) if number.startswith("+") else number
    return re.sub(r"[^0-9]", "", number)


def _parts(text: str) -> tuple[str, str]:
    """The number itself and its extension, without the words around them."""
    plain = half_width(text)
    extension = _EXTENSION.search(plain)
    body = plain[: extension.start()] if extension else plain
    return _SWITCHBOARD.sub("", _LABEL.sub("", body.strip())).strip(), extension[1] if extension else ""


def _kind(national: str) -> Kind:
    """The part of the numbering plan that holds `national`, which begins with 0. Raises ValueError where none does."""
    if len(national) < 10:
        raise ValueError(_TOO_SHORT)
    if national.startswith("00"):
        raise ValueError("00で始まる番号は使えません。市外局番から入力してください。")
    long = next((start for start in _ELEVEN_DIGITS if national.startswith(start)), "")
    if len(national) == 11 and long:
        return _ELEVEN_DIGITS[long]
    if len(national) == 10 and long in {"", _OSAKA}:
        return _TEN_DIGITS.get(national[:4], Kind.FIXED)
    start, length = (long, 11) if long else (national[:2], 10)
    raise ValueError(
        f"{start}で始まる番号は{length}けたです（{len(national)}けた入力されています）。番号を確かめてください。"
    )


def _is_usual(groups: list[str]) -> bool:
    """Area code, exchange, line: the 0 and one to four digits, then one to four, then four."""
    return len(groups) == 3 and len(groups[0]) in range(2, 6) and len(groups[2]) == 4


def _shown(found: phonenumbers.PhoneNumber, form: str) -> str:
    return phonenumbers.format_number(found, getattr(phonenumbers.PhoneNumberFormat, form))
