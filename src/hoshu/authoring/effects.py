"""For whom another edition would change what was sold: the coverage of stored agreements under both, compared."""

from typing import TYPE_CHECKING, NamedTuple

from hoshu.catalog import Edition
from hoshu.dates import said
from hoshu.terms import answer_label

if TYPE_CHECKING:
    import pyarrow as pa

    from hoshu.portfolio import Book


class RowEffect(NamedTuple):
    """One agreement whose dates change."""

    row: int
    """Its row in the book, from 1."""
    unit: str
    """Its serial number; empty where the book has none."""
    changes: tuple[tuple[str, str, str], ...]
    """The label of each date that changes, with the date before and after."""


class BookEffect(NamedTuple):
    """What another edition would mean for a book of agreements."""

    asked: int
    """Agreements of the service."""
    changed: int
    by_member: tuple[tuple[str, int], ...]
    """How many agreements change in what: ("サポート満了日", 12)."""
    rows: tuple[RowEffect, ...]
    """The first agreements that change, at most `SHOWN_ROWS`."""


SHOWN_ROWS = 20

_REFUSED = "答えられない"


def effect_on(book: "Book", before: Edition, after: Edition) -> BookEffect:
    """The coverage of the agreements of this service under both editions, whichever they accepted, compared."""
    # The packages for tables are an extra: only who has a book needs them.
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    from hoshu.portfolio import Book, coverage_under

    services = book.names["service"]
    named = [place for place, name in enumerate(services.texts) if name == before.service]
    readable = np.ones(book.count, np.bool_)
    readable[[*book.unreadable]] = False
    rows = np.flatnonzero(np.isin(services.numbers, named) & readable)
    part = Book(book.table.take(pa.array(rows)))
    old, new = coverage_under(part, before), coverage_under(part, after)
    days = [field.name for field in old.schema if field.name in new.column_names and _is_answered_day(field, part)]
    differs = {}
    for name in days:
        one, other = (pc.fill_null(table[name].cast(pa.int32()), _NO_DAY) for table in (old, new))
        differs[name] = pc.not_equal(one, other).combine_chunks().to_numpy(zero_copy_only=False)
    changed = np.flatnonzero(np.logical_or.reduce([*differs.values()])) if differs else np.array([], np.int64)
    shown = []
    for place in changed[:SHOWN_ROWS].tolist():
        changes = tuple(
            (answer_label("coverage", name, after), _said(old, name, place), _said(new, name, place))
            for name in days
            if differs[name][place]
        )
        serial = part.cells("serial")[place].as_py()
        shown.append(RowEffect(int(rows[place]) + 1, str(serial or ""), changes))
    counted = ((answer_label("coverage", name, after), int(differs[name].sum())) for name in days)
    return BookEffect(len(rows), len(changed), tuple(each for each in counted if each[1]), tuple(shown))


_NO_DAY = 2**30


def _is_answered_day(field: "pa.Field", book: "Book") -> bool:
    import pyarrow as pa

    return bool(pa.types.is_date(field.type)) and field.name not in book.table.column_names


def _said(table: "pa.Table", name: str, row: int) -> str:
    """A day in words; of a row that cannot be answered, that."""
    if table["error"][row].as_py() is not None:
        return _REFUSED
    day = table[name][row].as_py()
    return "なし" if day is None else said(day)
