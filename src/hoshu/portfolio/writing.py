"""Writes a book with its answers: Parquet and CSV for programs, CSV and XLSX for people.

No cell of somebody else's text is ever run as a formula.
"""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
import xlsxwriter

from hoshu import texts

from .words import headings, readable

_SHEET_ROWS = 1_048_575
"""Rows of one sheet below its headings."""
_LONGEST_CELL = 32_767
_BLOCK = 65_536

SUFFIXES = (".csv", ".parquet", ".xlsx")


def write_parquet(table: pa.Table, file: BinaryIO) -> None:
    """With their types, under the names of the decision interface."""
    pa.parquet.write_table(table, file)


def write_csv(table: pa.Table, file: BinaryIO, *, for_people: bool = False) -> None:
    """UTF-8. For people: with a byte order mark, as Excel wants it, and in Japanese."""
    if for_people:
        file.write(b"\xef\xbb\xbf")
        table = in_japanese(table)
    names = [_harmless(pa.array([name])).to_pylist()[0] for name in table.column_names]
    columns = [_harmless(column.combine_chunks()) if _is_text(column.type) else column for column in table.columns]
    pa.csv.write_csv(pa.Table.from_arrays(columns, names=names), file)


def write_xlsx(table: pa.Table, file: BinaryIO) -> None:
    """In Japanese, every cell a text but for whole numbers; in several sheets where one cannot hold all rows."""
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    bold = book.add_format({"bold": True})
    table = in_japanese(table)
    for number, begin in enumerate(range(0, max(table.num_rows, 1), _SHEET_ROWS), start=1):
        sheet = book.add_worksheet("契約一覧" if number == 1 else f"契約一覧 {number}")
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(table.column_names):
            sheet.write_string(0, place, name[:_LONGEST_CELL], bold)
        for row, cells in enumerate(_rows(table.slice(begin, _SHEET_ROWS)), start=1):
            for place, cell in enumerate(cells):
                if isinstance(cell, int):
                    sheet.write_number(row, place, cell)
                elif cell is not None:
                    sheet.write_string(row, place, cell[:_LONGEST_CELL])
    book.close()


def in_japanese(table: pa.Table) -> pa.Table:
    """Headings, codes and flags in words."""
    known, words = headings(), readable()
    columns = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        cells = column.combine_chunks()
        if pa.types.is_boolean(cells.type):
            cells = pc.if_else(cells, "はい", "いいえ")
        elif name in _CODES:
            cells = pa.array([words.get(cell, cell) for cell in cells.to_pylist()], pa.string())
        columns.append(cells)
    return pa.Table.from_arrays(columns, names=[known.get(name, name) for name in table.column_names])


_CODES = ("cap", "purchase_basis", "error_field")
"""Columns that hold codes of ours."""


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    for batch in table.to_batches(max_chunksize=_BLOCK):
        yield from zip(*([_cell(cell) for cell in column.to_pylist()] for column in batch.columns), strict=True)


def _cell(cell: Any) -> str | int | None:
    if cell is None or isinstance(cell, str) or type(cell) is int:
        return cell
    return cell.isoformat() if isinstance(cell, date | datetime) else str(cell)


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _harmless(cells: pa.Array) -> pa.Array:
    """`texts.harmless` for a column."""
    cells = cells.cast(pa.string())
    runs = pc.and_not(pc.match_substring_regex(cells, texts.FORMULA), pc.match_substring_regex(cells, texts.NUMBER))
    return pc.if_else(runs, pc.binary_join_element_wise("'", cells, ""), cells)


def write(table: pa.Table, path: Path, *, for_people: bool = False) -> None:
    """To a file of that suffix. It takes its name only when it is whole. Raises OSError."""
    unfinished = path.with_name(f".{path.name}.partial")
    try:
        with unfinished.open("wb") as file:
            if path.suffix.lower() == ".parquet":
                write_parquet(table, file)
            elif path.suffix.lower() == ".xlsx":
                write_xlsx(table, file)
            else:
                write_csv(table, file, for_people=for_people)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
