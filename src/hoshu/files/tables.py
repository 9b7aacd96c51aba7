"""A table out of the bytes of a CSV or XLSX file, read in a process of its own and handed over a block at a time."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Timer
from typing import NamedTuple

from hoshu.files.media import Unreadable, unreadable
from hoshu.files.table_decoder import letters

__all__ = ["About", "Block", "Cell", "Made", "Table", "Unreadable", "letters", "opened", "rows_of", "why_none"]

WALL_SECONDS = 120

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AGAIN = "CSV、または「Excelブック（.xlsx）」として保存し直してください。"


class Made(NamedTuple):
    """What a spreadsheet made of a cell: a `date` or a `time`, and how it shows it."""

    of: str
    text: str


Cell = str | float | Made
"""As it stands in the file: a text, or what a spreadsheet made of it."""


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
    """Rows that follow each other; the first is row `first` of the file, counted from 1 as spreadsheets count."""

    first: int
    written: str
    """The rows in JSON, as `rows_of` reads them."""
    marks: tuple[tuple[int, int, str], ...]
    """(row, column from 0 or -1 for the whole row, `formula`, `fault`, `merged` or `hidden`), in order."""
    beyond: dict[str, tuple[int, int]]
    """The characters that do not come back from cp932: in how many rows each stands, and the first of them."""

    @property
    def rows(self) -> list[list[Cell]]:
        """The cells; rows of a CSV file may differ in length."""
        return rows_of(self.written)


@dataclass(frozen=True)
class Table:
    """A table that is being read: iterate over its blocks once. Iterating raises Unreadable."""

    about: About
    blocks: Iterator[Block]


def why_none(content: bytes) -> str:
    """What to tell the sender of a file whose first bytes are those of no table we read; empty for others."""
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            return "パスワードの付いたファイルは読み取れません。パスワードを外して保存し直してください。"
        return f"古い形式（.xls）のファイルは読み取れません。{_AGAIN}"
    return ""


def rows_of(written: str) -> list[list[Cell]]:
    """The rows that stand in JSON."""
    rows: list[list[Cell]] = json.loads(written, object_hook=_made)
    return rows


def _made(cell: dict[str, str]) -> Made:
    [(of, text)] = cell.items()
    return Made(of, text)


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
        late = Timer(WALL_SECONDS, child.kill)
        late.start()
        try:
            lines = _lines(child, late)
            about = {
                name: tuple(kept) if isinstance(kept, list) else kept for name, kept in json.loads(next(lines)).items()
            }
            yield Table(About(**about), map(_block, lines))
        finally:
            late.cancel()
            child.kill()
            child.stdout.close()
            child.stderr.close()
            child.wait()


def _lines(child: subprocess.Popen[bytes], late: Timer) -> Iterator[str]:
    for line in child.stdout:
        yield line.decode()
    said = child.stderr.read()
    if status := child.wait():
        if not late.is_alive():
            raise Unreadable("ファイルを読み取るのに時間がかかりすぎます。分けて送ってください。")
        raise unreadable(status, said)


def _block(line: str) -> Block:
    said, _, written = line.partition("\t")
    block = json.loads(said)
    return Block(
        first=block["first"],
        written=written,
        marks=tuple((row, column, what) for row, column, what in block["marks"]),
        beyond={character: (rows, first) for character, (rows, first) in block["beyond"].items()},
    )
