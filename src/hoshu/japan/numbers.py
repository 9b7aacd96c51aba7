"""法人番号 and 登録番号 (インボイス): the numbers of firms, whose digits check each other.

Source of the check: 法人番号の指定等に関する省令 第2条, as python-stdnum computes it. The check digit stands in front.
"""

import re

from stdnum.jp import cn

from hoshu.japan.width import half_width

_LENGTH = 13
_LENGTH_OF_PERSONAL_NUMBERS = 12


def corporate_number(text: str) -> str:
    """The 法人番号 that `text` names, as 13 digits. Raises ValueError."""
    number = _digits(text, "法人番号", "数字13けたで入力してください。例: 8700110005901")
    if not cn.is_valid(number):
        raise ValueError("法人番号の検査数字（先頭の1けた）が合いません。番号を控えと見比べてください。")
    return number


def invoice_number(text: str, *, sole_trader: bool) -> str:
    """The 登録番号 of an invoice issuer that `text` names, as `T` and 13 digits. Raises ValueError.

    A company's digits are its 法人番号 and check each other; a sole trader's are not and do not.
    """
    digits = half_width(text).upper().removeprefix("T")
    number = _digits(digits, "登録番号", "T と数字13けたで入力してください。例: T8700110005901")
    if not sole_trader and not cn.is_valid(number):
        raise ValueError(
            "登録番号の検査数字が合いません（T の次の1けた）。番号を控えと見比べてください。"
            "個人事業主の番号のときは「個人事業主」に印を付けてください。"
        )
    return f"T{number}"


def is_corporate_number(text: str) -> bool:
    """Are these 13 digits, perhaps with `T` in front, a 法人番号?"""
    return bool(cn.is_valid(text.removeprefix("T")))


def _digits(text: str, name: str, expected: str) -> str:
    number = re.sub(r"[\s-]", "", half_width(text))
    if not number:
        raise ValueError(f"{name}が空です。{expected}")
    if stranger := re.search(r"[^0-9]", number):
        raise ValueError(f"「{stranger[0]}」は{name}に使えません。{expected}")
    if len(number) == _LENGTH_OF_PERSONAL_NUMBERS:
        raise ValueError(f"12けたです。{name}は{expected}個人番号（マイナンバー）は入力しないでください。")
    if len(number) != _LENGTH:
        raise ValueError(f"{len(number)}けたです。{name}は{expected}")
    return number
