"""A table out of the bytes of a CSV or XLSX file, read in a process of its own and handed over a block at a time."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Timer
from typing import Any

from hoshu.files.media import Unreadable, unreadable
from hoshu.files.table_decoder import letters

__all__ = ["About", "Block", "Table", "Unreadable", "letters", "opened", "why_none"]

WALL_SECONDS = 120

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AGAIN = "CSV、または「Excelブック（.xlsx）」として保存し直してください。"

Cell = str | float | bool | dict[str, str]
"""As it stands in the file: a text, or what a spreadsheet made of it (`{"date": …}`, `{"time": …}` as it is shown)."""


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
    rows: list[list[Cell]]
    marks: tuple[tuple[int, int, str], ...] = ()
    """(row, column from 0 or -1 for the whole row, `formula`, `fault`, `merged` or `hidden`), in order."""


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


@contextmanager
def opened(content: bytes) -> Iterator[Table]:
    """Read the table in `content`. Raises Unreadable with what to do, at once or while the rows come."""
    if reason := why_none(content):
        raise Unreadable(reason)
    with tempfile.TemporaryFile() as given:
        given.write(content)
        given.seek(0)
        command = [sys.executable, "-I", "-m", "hoshu.files.table_decoder"]
        # The arguments are our own words; what came from outside goes in as bytes.
        child = subprocess.Popen(command, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603
        late = Timer(WALL_SECONDS, child.kill)
        late.start()
        try:
            lines = _lines(child, late)
            about = {name: tuple(kept) if isinstance(kept, list) else kept for name, kept in next(lines).items()}
            yield Table(About(**about), (_block(line) for line in lines))
        finally:
            late.cancel()
            child.kill()
            child.stdout.close()
            child.stderr.close()
            child.wait()


def _lines(child: subprocess.Popen[bytes], late: Timer) -> Iterator[dict[str, Any]]:
    for line in child.stdout:
        yield json.loads(line)
    said = child.stderr.read()
    if status := child.wait():
        if not late.is_alive():
            raise Unreadable("ファイルを読み取るのに時間がかかりすぎます。分けて送ってください。")
        raise unreadable(status, said)


def _block(line: dict[str, Any]) -> Block:
    marks = tuple((row, column, what) for row, column, what in line.get("marks", ()))
    return Block(first=line["first"], rows=line["rows"], marks=marks)
