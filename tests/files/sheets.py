"""Workbooks as people send them, and as attackers do: made here, nothing binary stands in the repository."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

Cells = Iterable[Sequence[Any]]


def xlsx(rows: Cells = (), *, draw: Callable[[Any, Any], None] | None = None, **options: Any) -> bytes:
    """A workbook with `rows` in its first sheet; `draw(workbook, sheet)` adds what rows cannot say."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False, **options})
    sheet = book.add_worksheet("一覧")
    formats = {
        date: book.add_format({"num_format": "yyyy/mm/dd"}),
        datetime: book.add_format({"num_format": "yyyy/mm/dd hh:mm"}),
        time: book.add_format({"num_format": "hh:mm"}),
    }
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date | time):
                sheet.write_datetime(place, column, cell, formats[type(cell)])
            elif isinstance(cell, str) and not cell.startswith("="):
                sheet.write_string(place, column, cell)
            elif cell is not None:
                sheet.write(place, column, cell)
    if draw:
        draw(book, sheet)
    book.close()
    return out.getvalue()


def changed(content: bytes, **parts: Callable[[bytes], bytes]) -> bytes:
    """The workbook with some of its parts changed: `sheet1=…`, `workbook=…`, `sharedStrings=…`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            change = parts.get(name.rpartition("/")[2].removesuffix(".xml"), bytes)
            made.writestr(name, change(given.read(name)))
    return out.getvalue()


def bomb(megabytes: int) -> bytes:
    """A workbook of a few kilobytes whose sheet unpacks to so many megabytes."""
    blank = b" " * (1 << 20)
    return changed(xlsx([["a"]]), sheet1=lambda part: part.replace(b"<sheetData>", b"<sheetData>" + blank * megabytes))
