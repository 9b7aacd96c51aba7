"""The columns of a book that hold facts, read once for each distinct cell by the readers of the terms."""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hoshu.dates import JST, MINUTES_OF_DAY, read_date
from hoshu.terms import MOMENT, Fact, Misfit

from .days import EPOCH, FIRST, LAST, NEVER, Flags, Numbers, day_of, known_range, number_of

_FLAGS = {"true": True, "false": False, "はい": True, "いいえ": False, "有": True, "無": False, "1": True, "0": False}


class Column(NamedTuple):
    """A column of facts, or one of names."""

    numbers: Numbers
    """Days, whole numbers, 1 and 0 of flags, places in `texts`; NEVER where the cell is empty or not readable."""
    texts: Sequence[str]
    unreadable: Flags | None
    """Cells that hold something that is no such fact, or a day from which nothing can be counted."""
    cells: "_Cells"

    def json(self, row: int) -> Any:
        """The fact as a question holds it; None where the cell is empty."""
        return self.cells.json(row)


class _Days(NamedTuple):
    days: Numbers

    def json(self, row: int) -> Any:
        number = int(self.days[row])
        return None if number >= NEVER else day_of(number).isoformat()


class _Moments(NamedTuple):
    moments: pa.Array

    def json(self, row: int) -> Any:
        moment = self.moments[row].as_py()
        return None if moment is None else moment.astimezone(JST).isoformat(timespec="seconds")


class _Distinct(NamedTuple):
    places: Numbers
    values: Sequence[Any]

    def json(self, row: int) -> Any:
        return self.values[self.places[row]]


_Cells = _Days | _Moments | _Distinct


def fact_column(cells: pa.Array, fact: Fact) -> Column:
    """The column of a fact, as its kind reads each cell."""
    cells = _midnights(cells)
    if pa.types.is_date(cells.type) and _reads(fact, "2000-01-01", date):
        days = cells.cast(pa.date32()).view(pa.int32()).fill_null(NEVER).to_numpy()
        return _within_calendar(days, _Days(days))
    if pa.types.is_timestamp(cells.type) and cells.type.tz is not None and fact.kind is MOMENT:
        local = cells.cast(pa.timestamp("s", "UTC"), safe=False).view(pa.int64())
        shift = int(JST.utcoffset(None).total_seconds())
        days = pc.floor(pc.divide(pc.cast(pc.add(local, shift), pa.float64()), 86_400.0))
        return _within_calendar(days.cast(pa.int32()).fill_null(NEVER).to_numpy(), _Moments(cells))
    places, distinct = _distinct(cells)
    values = [_fact(cell, fact) for cell in distinct]
    texts: list[str] = []
    table = np.array([_number(value, fact, texts) for _, value in values], np.int32)
    fitting = np.array([value is not _UNREADABLE for _, value in values])
    found = _within_calendar(table[places], _Distinct(places, [json for json, _ in values]))
    unreadable = None if fitting.all() else ~fitting[places]
    if found.unreadable is not None and unreadable is not None:
        unreadable |= found.unreadable
    return found._replace(texts=texts, unreadable=found.unreadable if unreadable is None else unreadable)


def name_column(cells: pa.Array) -> Column:
    """A column of names, as of services: texts without the blanks around them."""
    places, distinct = named(cells)
    texts = distinct.to_pylist()
    return Column(places, texts, None, _Distinct(np.minimum(places, len(texts)), [*texts, None]))


def named(cells: pa.Array) -> tuple[Numbers, pa.Array]:
    """For each row the place of its name among the distinct names; NEVER where the cell is empty."""
    if pa.types.is_dictionary(cells.type):
        places, names = named(cells.dictionary)
        return np.append(places, np.int32(NEVER))[_places(cells)], names
    found = pc.utf8_trim_whitespace(cells.cast(pa.string())).dictionary_encode()
    places = found.indices.fill_null(NEVER).to_numpy()
    empty = pc.index(found.dictionary, "").as_py()
    return places if empty < 0 else np.where(places == empty, np.int32(NEVER), places), found.dictionary


_UNREADABLE = object()


def _fact(cell: Any, fact: Fact) -> tuple[Any, Any]:
    """A cell as JSON and as its kind reads it; what no reading fits stays as it is, and `decide` says what is wrong."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None, None
    for meaning in _meanings(cell):
        with suppress(Misfit, TypeError):
            return meaning, fact.kind.read(meaning)
    return _as_json(cell), _UNREADABLE


def _meanings(cell: Any) -> Iterator[Any]:
    """What a cell may mean, the most literal first."""
    yield _as_json(cell)
    if isinstance(cell, float) and cell.is_integer():
        yield int(cell)
    if isinstance(cell, str):
        text = unicodedata.normalize("NFKC", cell).strip()
        yield text
        if text.isdecimal():
            yield int(text)
        if text.lower() in _FLAGS:
            yield _FLAGS[text.lower()]
        with suppress(ValueError):
            yield read_date(text).isoformat()


def _as_json(cell: Any) -> Any:
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return cell if isinstance(cell, str | int | float | bool) else str(cell)


def _number(value: Any, fact: Fact, texts: list[str]) -> int:
    if value is None or value is _UNREADABLE:
        return NEVER
    if isinstance(value, date):
        return number_of(value)
    if isinstance(value, str):
        if value not in texts:
            texts.append(value)
        return texts.index(value)
    return int(value) // MINUTES_OF_DAY - EPOCH if fact.kind is MOMENT else int(value)


def _reads(fact: Fact, text: str, kind: type) -> bool:
    with suppress(Misfit, TypeError):
        return isinstance(fact.kind.read(text), kind)
    return False


def _within_calendar(numbers: Numbers, cells: _Cells) -> Column:
    """Days too near the ends of the calendar are left to `decide`."""
    first, last = known_range(numbers)
    if first >= FIRST and (last <= LAST or first >= NEVER):
        return Column(numbers, (), None, cells)
    outside = (numbers < FIRST) | ((numbers > LAST) & (numbers < NEVER))
    return Column(np.where(outside, NEVER, numbers), (), outside, cells)


def _midnights(cells: pa.Array) -> pa.Array:
    """Days that are written as moments without an offset, as pandas does, as days."""
    if pa.types.is_timestamp(cells.type) and cells.type.tz is None:
        days = cells.cast(pa.date32(), safe=False)
        if pc.all(pc.equal(days.cast(cells.type), cells)).as_py() is not False:
            return days
    return cells


def _distinct(cells: pa.Array) -> tuple[Numbers, list[Any]]:
    """For each row the place of its cell among the distinct ones; the last of these is None."""
    if not pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_encode()
    return _places(cells), [*cells.dictionary.to_pylist(), None]


def _places(cells: pa.DictionaryArray) -> Numbers:
    """The places in the dictionary; for an empty cell the one after its last."""
    places: Numbers = cells.indices.cast(pa.int32()).fill_null(len(cells.dictionary)).to_numpy()
    return places
