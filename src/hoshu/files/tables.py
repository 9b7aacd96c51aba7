"""A table out of the bytes of a CSV or XLSX file, read in a process of its own and handed over a block at a time."""

import codecs
import fcntl
import json
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from threading import Timer
from typing import Any, NamedTuple

from hoshu.files.media import Unreadable, unreadable
from hoshu.files.table_decoder import CELL, COLUMN, DATE, NUMBER, TIME, letters

__all__ = [
    "CELL",
    "DATE",
    "NUMBER",
    "TIME",
    "About",
    "Block",
    "Made",
    "Table",
    "Unreadable",
    "letters",
    "made",
    "opened",
    "plain",
    "shown",
    "unpacked",
    "why_none",
]

WALL_SECONDS = 120
MOST_EXACT = 10**15
"""A spreadsheet keeps fifteen digits; of a longer number the others are gone."""
_MADE = "\x1d"
PIPE_BYTES = 1 << 20
"""What Linux allows without asking anybody."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AGAIN = "CSV、または「Excelブック（.xlsx）」として保存し直してください。"


class Made(NamedTuple):
    """What a spreadsheet made of a cell: `of` is NUMBER, DATE or TIME."""

    of: str
    text: str


def made(cell: str) -> Made | None:
    """What a spreadsheet made of this cell; None where it is the text that it looks like."""
    return Made(cell[:2], cell[2:]) if cell.startswith(_MADE) else None


def shown(cell: str) -> str:
    """A cell as a spreadsheet shows it where there is room."""
    if not (found := made(cell)):
        return cell
    return plain(float(found.text)) if found.of == NUMBER else found.text


def plain(number: float) -> str:
    """A number without a point and without an exponent, as long as it is exact."""
    return str(int(number)) if number.is_integer() and abs(number) < MOST_EXACT else repr(number)


def unpacked(cells: bytes) -> list[list[str]]:
    """The columns of a block. A cell begins with a sign of ours where a spreadsheet made something of it (`made`)."""
    return [column.split(CELL) for column in zlib.decompress(cells).decode().split(COLUMN)]


def packed(columns: Sequence[Sequence[str]]) -> bytes:
    """The reverse of `unpacked`."""
    return zlib.compress(COLUMN.join(CELL.join(column) for column in columns).encode(), 1)


@dataclass(frozen=True, kw_only=True)
class About:
    """What kind of table it is, and what of the file is not in it."""

    format: str
    height: int
    """Rows, at a guess: lines for CSV."""
    encoding: str = ""
    tabs: bool = False
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()
    hidden_sheets: tuple[str, ...] = ()
    hidden_columns: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Block:
    """Rows that follow each other."""

    first: int
    """The first of them, counted from 1 as spreadsheets count."""
    size: int
    cells: bytes
    """Column by column (`unpacked`), each as long as the block."""
    widths: Mapping[int, int]
    """Row → its number of cells, where that is not the number of columns."""
    marks: Sequence[tuple[int, int, str]]
    """(row, column from 0 or -1 for the whole row, `formula`, `fault`, `merged` or `hidden`), in order."""
    beyond: Mapping[str, tuple[int, int]]
    """The characters that do not come back from cp932: in how many rows each stands, and the first of them."""


def moved(block: Block, following: Block, rows: int) -> tuple[Block, Block]:
    """The two blocks, with so many rows from the end of the first at the beginning of the second."""
    cut, size = following.first - rows, block.size - rows
    left, right = unpacked(block.cells), unpacked(following.cells)
    width = max(len(left), len(right))
    widths = {cut + row: len(left) for row in range(rows)} | dict(block.widths)
    narrow = {line: len(right) for line in range(following.first, following.first + following.size)}
    widths |= (narrow if len(right) < width else {}) | dict(following.widths)
    left += [[""] * block.size] * (width - len(left))
    right += [[""] * following.size] * (width - len(right))
    joined = [[*before[size:], *after] for before, after in zip(left, right, strict=True)]
    return (
        replace(
            block,
            size=size,
            cells=packed([column[:size] for column in left]),
            widths={line: found for line, found in widths.items() if line < cut},
            marks=[mark for mark in block.marks if mark[0] < cut],
        ),
        replace(
            following,
            first=cut,
            size=following.size + rows,
            cells=packed(joined),
            widths={line: found for line, found in widths.items() if line >= cut},
            marks=[*(mark for mark in block.marks if mark[0] >= cut), *following.marks],
        ),
    )


@dataclass(frozen=True)
class Table:
    """A table that is being read: iterate over its blocks once. Iterating raises Unreadable."""

    about: About
    blocks: Iterator[Block]


def why_none(content: bytes) -> str:
    """What to tell the sender of a file that shows at first sight to be no table we read; empty for others."""
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            return "パスワードの付いたファイルは読み取れません。パスワードを外して保存し直してください。"
        return f"古い形式（.xls）のファイルは読み取れません。{_AGAIN}"
    if not content.startswith((b"PK", codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and b"\0" in content:
        return f"文字ではないデータ（NUL）が入っています。{_AGAIN}"
    return ""


@contextmanager
def opened(content: bytes, *, at_once: int = 500) -> Iterator[Table]:
    """Read the table in `content`, `at_once` rows in a block.

    Raises Unreadable with what to do, at once or while the rows come.
    """
    if reason := why_none(content):
        raise Unreadable(reason)
    with tempfile.TemporaryFile() as given:
        given.write(content)
        given.seek(0)
        command = [sys.executable, "-I", "-m", "hoshu.files.table_decoder", str(at_once)]
        # The arguments are our own words; what came from outside goes in as bytes.
        child = subprocess.Popen(command, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603
        # The child reads ahead while its rows are being judged.
        fcntl.fcntl(child.stdout, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        late = Timer(WALL_SECONDS, child.kill)
        late.start()
        try:
            said = partial(_said, child, late)
            about = {name: tuple(kept) if isinstance(kept, list) else kept for name, kept in said().items()}
            yield Table(About(**about), iter(partial(_block, child, said), None))
        finally:
            late.cancel()
            child.kill()
            child.stdout.close()
            child.stderr.close()
            child.wait()


def _said(child: subprocess.Popen[bytes], late: Timer) -> dict[str, Any]:
    """The next line of the child; nothing at its end. Raises Unreadable where it failed."""
    if line := child.stdout.readline():
        found: dict[str, Any] = json.loads(line)
        return found
    reason = child.stderr.read()
    if status := child.wait():
        if not late.is_alive():
            raise Unreadable("ファイルを読み取るのに時間がかかりすぎます。分けて送ってください。")
        raise unreadable(status, reason)
    return {}


def _block(child: subprocess.Popen[bytes], said: Callable[[], dict[str, Any]]) -> Block | None:
    if not (block := said()):
        return None
    return Block(
        first=block["first"],
        size=block["size"],
        cells=child.stdout.read(block["bytes"]),
        widths={int(line): width for line, width in block["widths"].items()},
        marks=[(line, column, what) for line, column, what in block["marks"]],
        beyond={character: (rows, first) for character, (rows, first) in block["beyond"].items()},
    )
