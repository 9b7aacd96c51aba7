"""Find 個人番号 (マイナンバー) where people write or send what we may not handle (第4章 9.(1), 番号法 20条).

The product has no field for the number; this module only serves to warn, to mask and to lock. It is for free text
and documents. Serial, service and telephone numbers are never judged by it.
"""

import re
from collections.abc import Iterable

_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_DASHES = r"\-\u2010-\u2015\u2212ー－"
_JOINT = rf"[ \t\u00a0\u3000{_DASHES}]"
_NAMED = re.compile(r"マイナンバー|ﾏｲﾅﾝﾊﾞｰ|まいなんばー|個人番号|my\s?number", re.IGNORECASE)
_GROUPED = re.compile(rf"(?<![0-9A-Za-z])(?=(\d{{4}}{_JOINT}\d{{4}}{_JOINT}\d{{4}})(?![0-9A-Za-z]))")
_LOOSE = re.compile(rf"(?<![0-9A-Za-z])(?=(\d(?:[\s.・|{_DASHES}]{{0,3}}\d){{11}})(?![0-9A-Za-z]))")
_DIGIT_OR_LETTER = re.compile("[0-9A-Za-z]")
_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_FOUR_MORE_BEFORE = re.compile(rf"(?<!\d)\d{{4}}{_JOINT}$")
_FOUR_MORE_AFTER = re.compile(rf"{_JOINT}\d{{4}}(?!\d)")
# How far a number may stand from the word that names it: a label, a name and a line break lie between.
_NEAR = 60

WARNING = (
    "個人番号（マイナンバー）とみられる番号が含まれています。個人番号はお預かりできません（第4章 9.(1)）。"
    "番号を消してから送信してください。そのまま送信された場合は、番号を伏せて記録します。"
)


def check_digit(first_eleven: str) -> int:
    """平成26年総務省令第85号 第5条: weights 6 5 4 3 2 7 6 5 4 3 2; 0 where the remainder by 11 is 0 or 1."""
    rest = sum(int(digit) * weight for digit, weight in zip(first_eleven, _WEIGHTS, strict=True))
    return 0 if rest % 11 <= 1 else 11 - rest % 11


def is_valid(digits: str) -> bool:
    """Twelve digits with the right check digit. One random number in ten passes, so this alone proves nothing."""
    return check_digit(digits[:11]) == int(digits[11])


def find(text: str) -> list[tuple[int, int]]:
    """Where 個人番号 stand in `text`, as (start, end) in order.

    A number counts with a valid check digit and either grouping by four (1234-5678-9018; not a part of a longer
    chain of fours, as a card number is) or マイナンバー/個人番号 near it. Full-width digits are read like others.
    """
    plain = text.translate(_FULL_WIDTH)
    spans = {match.span(1) for match in _GROUPED.finditer(plain) if not _is_part_of_longer(plain, *match.span(1))}
    for start, end in _neighbourhoods(plain):
        # The end of the neighbourhood hides what follows it, so a longer number must be ruled out here.
        found = (match.span(1) for match in _LOOSE.finditer(plain, start, end))
        spans.update(span for span in found if not _DIGIT_OR_LETTER.match(plain, span[1]))
    return _merged(span for span in spans if is_valid(re.sub(r"\D", "", plain[slice(*span)])))


def names_one(heading: str) -> bool:
    """Is what stands under this heading said to be 個人番号?"""
    return _NAMED.search(heading) is not None


def warn(text: str) -> str | None:
    """The sentence to show before `text` is saved, or None where nothing was found (IX-MYN-01)."""
    return WARNING if find(text) else None


def masked(text: str) -> str:
    """`text` with each digit of a found number replaced by ＊: what may be stored when somebody sends it anyway."""
    for start, end in find(text):
        text = text[:start] + re.sub(r"\d", "＊", text[start:end]) + text[end:]
    return text


def _is_part_of_longer(text: str, start: int, end: int) -> bool:
    return bool(_FOUR_MORE_BEFORE.search(text[max(0, start - 6) : start]) or _FOUR_MORE_AFTER.match(text, end))


def _neighbourhoods(text: str) -> list[tuple[int, int]]:
    return _merged((max(0, word.start() - _NEAR), word.end() + _NEAR) for word in _NAMED.finditer(text))


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
