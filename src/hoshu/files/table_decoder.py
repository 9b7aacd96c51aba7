"""Reads other people's tables, in a process of its own with little memory and time (see `confined`).

    python -m hoshu.files.table_decoder 500 < file      → what the table is, and its rows

The first line says in JSON what the table is (`tables.About`). Then so many rows at a time follow: a line of JSON with
what is to be said of them (`tables.Block`), and its number of bytes with their cells (`packed`).
"""

import codecs
import csv
import io
import json
import re
import sys
import zipfile
import zlib
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.parsers import expat

from hoshu import texts
from hoshu.files import confined
from hoshu.files.confined import Broken

if TYPE_CHECKING:
    import python_calamine as calamine

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 60
ENTRIES = 1_000
"""Parts of a workbook. One with a hundred sheets has three hundred."""
UNPACKED_BYTES = 400 << 20
"""100,000 rows of 25 columns with 20 Japanese characters each unpack to 210 MB."""
RATIO = 100
"""Unpacked to packed: such a sheet has 23, one with the same words in every cell 31."""
CELL, COLUMN = "\x1f", "\x1e"
"""Stand between two cells and between two columns."""
NUMBER, DATE, TIME = "\x1dn", "\x1dd", "\x1dt"
"""Begin a cell of which a spreadsheet made a number, a date, a time."""
_SIGNS = re.compile("[\x1e\x1f\0]")
CELLS = 10_000_000
"""A sheet is kept as a rectangle: one space in its last cell would make 17 billion of them."""
HEAD_BYTES = 4_096

_WORKBOOK, _SHEET = "xl/workbook.xml", "WorkSheet"
_MARKUP = re.compile(r"\s*<(?:!doctype|html|table|\?xml)", re.IGNORECASE)
_AGAIN = "Excelで開き、「Excelブック（.xlsx）」として保存し直してください。"


class Opened(NamedTuple):
    """What the table is, and its rows from the first one on; `marks` in order, as `tables.Block` has them."""

    about: dict[str, Any]
    rows: Iterator[list[str]]
    marks: list[tuple[int, int, str]]


def read(content: bytes, at_once: int) -> Iterator[bytes]:
    """The pieces of the answer. Raises Broken, perhaps after some of them."""
    about, rows, marks = read_xlsx(content) if content.startswith(b"PK\x03\x04") else read_csv(content)
    yield _line(about)
    first = 1
    while block := list(islice(rows, at_once)):
        width = max(map(len, block))
        cells, text = packed(block)
        # Marks are sorted by row: those of this block stand together.
        here = marks[bisect_left(marks, (first,)) : bisect_left(marks, (first + len(block),))]
        yield _line(
            {
                "first": first,
                "size": len(block),
                "widths": {line: len(row) for line, row in enumerate(block, first) if len(row) != width},
                "marks": here,
                "beyond": {} if texts.held_by_cp932(text) else _beyond_cp932(block, first),
                "bytes": len(cells),
            }
        )
        yield cells
        first += len(block)


def _line(said: dict[str, Any]) -> bytes:
    return json.dumps(said).encode() + b"\n"


def packed(rows: list[list[str]]) -> tuple[bytes, str]:
    """The cells column by column, a sign between two cells and another between two columns, deflated; and unpacked.

    Repeated words of a column then cost next to nothing on their way, in the database, and to look at.
    """
    columns = list(zip_longest(*rows, fillvalue="")) or [("",) * len(rows)]
    text = COLUMN.join(CELL.join(column) for column in columns)
    signs = len(columns) * (len(rows) - 1), len(columns) - 1, 0
    if (text.count(CELL), text.count(COLUMN), text.count("\0")) != signs:
        return packed([[_SIGNS.sub(texts.LOST, cell) for cell in row] for row in rows])
    return zlib.compress(text.encode(), 1), text


def _beyond_cp932(rows: list[list[str]], first: int) -> dict[str, tuple[int, int]]:
    """The characters that do not come back from cp932: in how many rows each stands, and the first of them."""
    found: dict[str, tuple[int, int]] = {}
    for line, row in enumerate(rows, first):
        text = "".join(row)
        if not texts.held_by_cp932(text):
            for character in {character for character in text if not texts.held_by_cp932(character)}:
                times, earliest = found.get(character, (0, line))
                found[character] = times + 1, earliest
    return found


# -- CSV


def read_csv(content: bytes) -> Opened:
    """Comma or tab, quotes, line breaks within cells. A row is counted as a spreadsheet counts it."""
    text, encoding, _ = texts.decode(content)
    text = text.replace("\x1d", texts.LOST)
    if (nul := text.find("\0")) >= 0:
        line = text.count("\n", 0, nul) + 1
        raise Broken(f"{line}行目にNUL文字があり、CSVとして読めません。CSV（UTF-8）で保存し直してください。")
    if _MARKUP.match(text):
        raise Broken(f"中身はCSVではなくHTMLかXMLです。{_AGAIN}")
    delimiter = "\t" if _counted(text, "\t") > _counted(text, ",") else ","
    about = {"format": "CSV", "encoding": encoding, "tabs": delimiter == "\t", "height": text.count("\n")}
    return Opened(about, _rows_of_csv(text, delimiter), [])


def _rows_of_csv(text: str, delimiter: str) -> Iterator[list[str]]:
    # An open quote would swallow the rest of the file into one cell without a word, were the reader not strict.
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from rows
    except csv.Error as error:
        where = f"{rows.line_num}行目"
        if "field limit" in str(error):
            raise Broken(f'{where}に長すぎるセルがあります。引用符（"）の数を確かめてください。') from error
        raise Broken(f'{where}の引用符（"）の付け方が正しくありません。数を確かめてください。') from error


def _counted(text: str, delimiter: str) -> int:
    """How often `delimiter` stands in the first record outside of quotes."""
    first = re.match(r'(?:[^"\r\n]|"[^"]*")*', text)
    return re.sub(r'"[^"]*"', "", first[0] if first else "").count(delimiter)


# -- XLSX


class _Sheet(NamedTuple):
    """A worksheet: its name, and the part that holds it."""

    name: str
    part: str


def is_xlsx(content: bytes) -> bool:
    """Does this archive hold a workbook?"""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _WORKBOOK in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False


def read_xlsx(content: bytes) -> Opened:
    """The first sheet that is not hidden. Formulas, faults, merged cells and hidden rows are marked at their cells."""
    with opened(content) as (archive, book):
        seen = [kept for kept in book.sheets_metadata if str(kept.typ).endswith(_SHEET)]
        shown = [kept.name for kept in seen if str(kept.visible).endswith(".Visible")]
        if not shown:
            raise Broken("表示されているシートがありません。シートを表示して保存し直してください。")
        [sheet] = [found for found in _sheets(archive) if found.name == shown[0]]
        marks = _look_through(archive, sheet.part)
        table = book.get_sheet_by_name(sheet.name)
    about = {
        "format": "XLSX",
        "height": table.end[0] + 1 if table.end else 0,
        "sheet": sheet.name,
        "other_sheets": shown[1:],
        "hidden_sheets": [kept.name for kept in seen if kept.name not in shown],
        "hidden_columns": marks.hidden_columns,
    }
    return Opened(about, _rows_of(table), sorted({*marks.found, *_merged(table)}))


def _rows_of(table: "calamine.CalamineSheet") -> Iterator[list[str]]:
    """Its rows from the first of the sheet, and its columns too."""
    left = [""] * (table.start[1] if table.start else 0)
    for row in table.iter_rows():
        yield left + [cell if cell.__class__ is str else _made(cell) for cell in row]


def _made(value: Any) -> str:
    """A cell that is no text, marked as such. A day in Excel is a moment at midnight."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        return f"{NUMBER}{value!r}"
    if isinstance(value, datetime):
        return f"{DATE}{value:%Y/%m/%d %H:%M}"
    return f"{DATE}{value:%Y/%m/%d}" if isinstance(value, date) else f"{TIME}{value}"


def every_cell(content: bytes) -> Iterator[str]:
    """The rows of all sheets as text, hidden ones too: what a search for numbers looks through."""
    with opened(content) as (archive, book):
        for sheet in _sheets(archive):
            for row in book.get_sheet_by_name(sheet.name).iter_rows():
                yield ",".join(_plain(cell) for cell in row)


def _plain(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


@contextmanager
def opened(content: bytes) -> Iterator[tuple[zipfile.ZipFile, "calamine.CalamineWorkbook"]]:
    """The archive, looked over before anything is unpacked, and the workbook in it. Raises Broken."""
    import python_calamine as calamine  # in the confined process only: whoever else reads this module has no use for it

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check(archive, len(content))
            yield archive, calamine.load_workbook(io.BytesIO(content))
    except (zipfile.BadZipFile, calamine.CalamineError, expat.ExpatError, KeyError, ValueError, EOFError) as error:
        raise Broken(f"XLSXとして開けません。{_AGAIN}") from error


def _check(archive: zipfile.ZipFile, size: int) -> None:
    """A bomb does not get to explode: refused by what the archive says of its parts, and for saying what cannot be."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > ENTRIES:
        raise Broken(f"ファイルの部品が多すぎます（{len(parts):,}個）。シートを1枚だけにして保存し直してください。")
    if any(part.flag_bits & 1 for part in parts):
        raise Broken("パスワードの付いたファイルは読み取れません。パスワードを外して保存し直してください。")
    if len({part.filename.lower() for part in parts}) < len(parts):
        raise Broken(f"XLSXとして開けません（同じ名前の部品が2つあります）。{_AGAIN}")
    if unpacked > UNPACKED_BYTES or unpacked > RATIO * size:
        raise Broken(
            f"展開すると大きすぎます（{unpacked >> 20:,}MB）。書式や空の行を消すか、分けて保存し直してください。"
        )
    # What unpacks to more than it says is larger packed than unpacked.
    if any(part.compress_size > part.file_size + 1_024 for part in parts):
        raise Broken(f"XLSXとして開けません（部品の大きさが合いません）。{_AGAIN}")


def _sheets(archive: zipfile.ZipFile) -> list[_Sheet]:
    """The worksheets in the order of the workbook, each with the part that holds it."""
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def relation(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes["Id"]] = attributes["Target"]

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            identity = next((value for key, value in attributes.items() if _local(key) == "id"), "")
            sheets.append((attributes.get("name", ""), identity))

    _parse(archive.read("xl/_rels/workbook.xml.rels"), relation)
    _parse(archive.read(_WORKBOOK), sheet)
    return [
        _Sheet(name, target.removeprefix("/") if target.startswith("/") else f"xl/{target}")
        for name, identity in sheets
        if (target := targets.get(identity))
    ]


def _merged(table: "calamine.CalamineSheet") -> Iterator[tuple[int, int, str]]:
    """The cells that a merge leaves empty: all of it but its first, as far as the table goes."""
    last_row, last_column = table.end or (-1, -1)
    for (top, left), (bottom, right) in table.merged_cell_ranges or ():
        for row in range(top, min(bottom, last_row) + 1):
            for column in range(left, min(right, last_column) + 1):
                if (row, column) != (top, left):
                    yield row + 1, column, "merged"


class _Marks:
    """What calamine does not tell of a sheet: it reads the last result of a formula, and a fault as nothing."""

    def __init__(self) -> None:
        self.found: list[tuple[int, int, str]] = []
        """(row from 1, column from 0 or -1 for the whole row, what)."""
        self.hidden_columns: list[str] = []
        self._row = self._column = 0

    def element(self, name: str, attributes: dict[str, str]) -> None:
        """A start tag, in the order of the sheet."""
        match _local(name):
            case "row":
                self._row, self._column = int(attributes.get("r", self._row + 1)), -1
                if _is_true(attributes.get("hidden")):
                    self.found.append((self._row, -1, "hidden"))
            case "c":
                address = attributes.get("r")
                self._column = _column_of(address) if address else self._column + 1
                if attributes.get("t") == "e":
                    self.found.append((self._row, self._column, "fault"))
            case "f":
                self.found.append((self._row, self._column, "formula"))
            case "col" if _is_true(attributes.get("hidden")):
                first, last = int(attributes["min"]), int(attributes["max"])
                self.hidden_columns.append(letters(first - 1) if first == last else _span(first - 1, last - 1))


def _look_through(archive: zipfile.ZipFile, part: str) -> _Marks:
    """Look for what is to be marked: first for its letters, and only where they stand tag by tag."""
    marks = _Marks()
    with archive.open(part) as sheet:
        head = sheet.read(HEAD_BYTES)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"<!DOCTYPE" in head:
            raise Broken(f"XLSXとして開けません。{_AGAIN}")
        if found := re.search(rb'<dimension ref="(?:[A-Z]+\d+:)?([A-Z]+)(\d+)"', head):
            last = found[1].decode() + found[2].decode()
            if int(found[2]) * (_column_of(last) + 1) > CELLS:
                raise Broken(
                    f"表の右や下の離れたところ（{last}まで）に値があります。使っていない行と列を削除して保存し直してください。"
                )
        # A prefix before every tag is allowed and never seen; then nothing can be ruled out by letters.
        suspect = re.search(rb"<\w+:worksheet", head) is not None
        tail = b""
        while not suspect and (piece := head or sheet.read(1 << 20)):
            seen = tail + piece
            suspect = b"<f" in seen or b't="e"' in seen or b'hidden="' in seen
            tail, head = piece[-16:], b""
    if suspect:
        with archive.open(part) as sheet:
            parser = expat.ParserCreate()
            parser.StartElementHandler = marks.element
            parser.ParseFile(sheet)
    return marks


def _parse(part: bytes, element: Any) -> None:
    if b"<!DOCTYPE" in part:
        raise Broken(f"XLSXとして開けません。{_AGAIN}")
    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.Parse(part, True)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _is_true(written: str | None) -> bool:
    return written in ("1", "true")


def _column_of(address: str) -> int:
    """The column of `BC12`, from 0."""
    number = 0
    for letter in address.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number - 1


def letters(column: int) -> str:
    """What a spreadsheet calls a column, counted from 0."""
    name, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _span(first: int, last: int) -> str:
    return f"{letters(first)}〜{letters(last)}"


if __name__ == "__main__":
    read_some = partial(read, at_once=int(sys.argv[1]))
    sys.exit(confined.run(read_some, memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS))
