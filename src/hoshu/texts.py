"""Text from other people's programs and back to them: how its bytes are read, and cells that no spreadsheet may run."""

import codecs
import re
from typing import NamedTuple

LOST = "\ufffd"
"""Stands where a character could not be read."""

# Bytes that mean nothing in cp932, for which Python has private characters of its own.
_NOTHING = dict.fromkeys(range(0xF8F0, 0xF8F4), LOST)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Decoded(NamedTuple):
    """A text, the name people know its encoding by, and how many of its characters were lost (`LOST`)."""

    text: str
    encoding: str
    lost: int


def decode(data: bytes) -> Decoded:
    """Read `data` as UTF-8, UTF-16 with its mark, or cp932 (what Japanese spreadsheets call Shift_JIS).

    cp932 and never Python's `shift_jis`, which knows neither ㈱ nor 髙 nor 﨑. Never fails: what cannot be read is
    counted.
    """
    if data.startswith(_UTF_16):
        return _read(data, "utf-16", "UTF-16")
    if data.startswith(codecs.BOM_UTF8):
        return _read(data.removeprefix(codecs.BOM_UTF8), "utf-8", "UTF-8（BOM付き）")
    found = _read(data, "utf-8", "UTF-8")
    if not found.lost:
        return found
    # A few stray bytes in UTF-8 often make sense in cp932, and would turn all the rest into nonsense. Of a text in
    # cp932, UTF-8 loses more letters than it finds.
    foreign = len(found.text) - len(found.text.encode("ascii", errors="ignore"))
    return found if foreign >= 2 * found.lost else _read(data, "cp932", "Shift_JIS（cp932）")


def _read(data: bytes, encoding: str, name: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    if encoding == "cp932":
        text = text.translate(_NOTHING)
    return Decoded(text, name, text.count(LOST))


def in_cp932(text: str) -> str | None:
    """`text` as it comes back from cp932, where 〜 becomes its wider look-alike ～; None where something is lost."""
    try:
        return text.encode("cp932").decode("cp932")
    except UnicodeEncodeError:
        return None


def held_by_cp932(text: str) -> bool:
    """Does `text` come back from cp932 as it is?"""
    return text.isascii() or in_cp932(text) == text


FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"
"""How a cell begins that a spreadsheet would take for a formula."""
NUMBER = r"^-?[0-9][0-9.]*$"
"""A negative number is none. One with a plus is taken for a telephone number, which would lose it."""

_FORMULA, _NUMBER = re.compile(FORMULA), re.compile(NUMBER)


def harmless(cell: str) -> str:
    """`cell` for a CSV file: with an apostrophe before what a spreadsheet would run."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.match(cell) else cell


def meant(cell: str) -> str:
    """What `harmless` was given: a file of ours that comes back says the same again."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
