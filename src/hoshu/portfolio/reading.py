"""Reads a book from a file: CSV in the encodings of `texts.decode`, or Parquet.

What cannot be read of one row refuses that row; only a file that is no table at all is `Unreadable`.
"""

import csv
import io
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from hoshu import texts

from .book import Book, Refusals
from .words import KEYS

_PARQUET, _MARK = b"PAR1", b"\xef\xbb\xbf"
_BLOCK = 64 * 1024 * 1024
"""Bytes that are parsed at once; a longer line is no line of a table."""


class Unreadable(Exception):
    """No table can be made of it; says in Japanese what to do."""


def read_book(data: bytes) -> Book:
    """The book in the bytes of a CSV or Parquet file; which of them shows in its first bytes."""
    if data.startswith(_PARQUET):
        try:
            return Book(pa.parquet.read_table(pa.BufferReader(data), read_dictionary=_names(data)))
        except (pa.ArrowException, OSError) as error:
            raise Unreadable("Parquet のファイルが壊れています。もう一度書き出してください。") from error
    return _read_csv(data)


def _names(data: bytes) -> list[str]:
    """The columns of names, which Parquet keeps as places among the distinct ones."""
    fields = pa.parquet.read_schema(pa.BufferReader(data))
    return [
        field.name
        for field in fields
        if field.name.strip() in {*KEYS, *KEYS.values()} and pa.types.is_string(field.type)
    ]


def _read_csv(data: bytes) -> Book:
    text, undecodable = _decoded(data)
    header = csv.reader(io.StringIO(text.decode(), newline=""))
    try:
        headings = next(header)
    except (StopIteration, csv.Error):
        raise Unreadable("見出しの行がありません。1行目に列の見出しを書いてください。") from None
    if twice := [name for name in dict.fromkeys(headings) if name and headings.count(name) > 1]:
        raise Unreadable(f"見出し「{twice[0]}」が2度あります。1つにしてください。")
    names = [name or f"列{place}" for place, name in enumerate(headings, start=1)]
    ragged: list[_Ragged] = []

    def keep(row: pa.csv.InvalidRow) -> str:
        # Arrow counts the lines of the headings and then rows, from 1.
        ragged.append(_Ragged(row.number - 1 - header.line_num, row.text, row.actual_columns))
        return "skip"

    try:
        table = pa.csv.read_csv(
            pa.BufferReader(text),
            read_options=pa.csv.ReadOptions(
                column_names=names, skip_rows=header.line_num, use_threads=False, block_size=_BLOCK
            ),
            parse_options=pa.csv.ParseOptions(newlines_in_values=True, invalid_row_handler=keep),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid as error:
        raise Unreadable('CSV として読めません。引用符（"）の数と、1行の長さを確かめてください。') from error
    refusals: Refusals = {}
    table = _with_ragged(table, ragged, len(names), refusals)
    if undecodable:
        message = "読めない文字があります。UTF-8 か Shift_JIS（cp932）で保存し直してください。"
        for column in table.columns:
            found = pc.indices_nonzero(pc.match_substring(column, texts.LOST).combine_chunks())
            refusals |= dict.fromkeys(found.to_pylist(), ("line", message))
    return Book(table, refusals)


def _decoded(data: bytes) -> tuple[bytes, bool]:
    """As UTF-8, and whether some of it could not be decoded."""
    found = texts.decode(data)
    if found.encoding.startswith("UTF-8") and not found.lost:
        return data.removeprefix(_MARK), False
    return found.text.encode(), found.lost > 0


class _Ragged(NamedTuple):
    """A row with more or fewer cells than there are headings."""

    place: int
    text: str
    cells: int


def _with_ragged(table: pa.Table, ragged: list[_Ragged], width: int, refusals: Refusals) -> pa.Table:
    """The table with these rows in their places, refused; of their cells, as many as fit."""
    if not ragged:
        return table
    parts: list[pa.Table] = []
    done = 0
    for kept, row in enumerate(ragged):
        parts.append(table.slice(done, row.place - kept - done))
        done = row.place - kept
        cells = next(csv.reader(io.StringIO(row.text, newline="")), [])
        first, rest = cells[: width - 1], cells[width - 1 :]
        values = [*first, ",".join(rest)] if rest else [*first, *[""] * (width - len(first))]
        parts.append(
            pa.Table.from_pylist(
                [dict(zip(table.column_names, (v or None for v in values), strict=True))], table.schema
            )
        )
        refusals[row.place] = (
            "line",
            f"列の数が見出しと違います（見出しは{width}、この行は{row.cells}）。直してください。",
        )
    return pa.concat_tables([*parts, table.slice(done)])
