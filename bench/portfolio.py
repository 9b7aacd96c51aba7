"""A book of 1,000,000 agreements of all five services, against numpy written by hand and against asking row by row.

Every column of the answer by hand is checked to be equal to ours. Reading and writing files is measured apart.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

ROWS = 1_000_000
ROWS_ONE_BY_ONE = 20_000
ROUNDS = 5
MOST_TIMES_BY_HAND = 5.0
LEAST_TIMES_FASTER_THAN_ONE_BY_ONE = 30.0
MOST_TIMES_READING_AND_WRITING = 3.0
AS_OF = date(2026, 4, 30)
EXPIRING = 90


def run() -> None:
    """Print a line a comparison."""
    import pyarrow.parquet as parquet

    from hoshu import portfolio

    from .books import book, row_by_row
    from .yardsticks import numpy_book

    table = book(ROWS)
    columns = numpy_book.columns(table)

    def ours() -> Any:
        return portfolio.answer(portfolio.Book(table), as_of=AS_OF, expiring=EXPIRING)

    def by_hand() -> dict[str, Any]:
        return numpy_book.answer(columns, AS_OF, EXPIRING)

    outcome = ours()
    assert outcome.refused == 0
    check_equal(outcome.table, by_hand())
    print(f"portfolio, {ROWS:,} agreements")
    ratio, mine, other = in_turns(ours, by_hand)
    line("against numpy by hand", mine, other, f"× {ratio:.2f} (at most {MOST_TIMES_BY_HAND:g})")
    some = table.slice(0, ROWS_ONE_BY_ONE)
    ratio, mine, other = in_turns(ours, lambda: row_by_row(some, AS_OF, EXPIRING))
    times = ROWS / ROWS_ONE_BY_ONE
    goal = f"{times / ratio:.0f} × faster (at least {LEAST_TIMES_FASTER_THAN_ONE_BY_ONE:g})"
    line("against decide row by row", mine, other * times, goal)
    with tempfile.TemporaryDirectory() as folder:
        given, written = Path(folder, "given.parquet"), Path(folder, "written.parquet")
        portfolio.write(table, given)

        def in_files() -> None:
            found = portfolio.answer(portfolio.read_book(given.read_bytes()), as_of=AS_OF, expiring=EXPIRING)
            portfolio.write(found.table, written)

        ratio, mine, other = in_turns(in_files, lambda: parquet.write_table(parquet.read_table(given), written))
    line(
        "from Parquet to Parquet against copying",
        mine,
        other,
        f"× {ratio:.2f} (at most {MOST_TIMES_READING_AND_WRITING:g})",
    )


def check_equal(table: Any, by_hand: dict[str, Any]) -> None:
    """Every column that was written by hand says the same as ours."""
    import numpy as np
    import pyarrow as pa

    codes = {"cap": ["", "end_of_sale", "parts_retention", "ended_early"], "purchase_basis": ["", "proof", "shipped"]}
    for name, column in by_hand.items():
        cells = table.column(name).combine_chunks()
        if name in codes:
            expected = pa.array(codes[name]).take(pa.array(column)).to_pylist()
            assert [cell or "" for cell in cells.to_pylist()] == expected, name
        elif column.dtype.kind == "M":
            assert cells.cast(pa.int32()).fill_null(10**9) == pa.array(column.astype(object)).cast(pa.date32()).cast(
                pa.int32()
            ).fill_null(10**9), name
        else:
            numbers = np.where(np.isnat(column), -1, column.astype(np.int64)) if column.dtype.kind == "m" else column
            ours = cells.cast(pa.int64()).fill_null(-1).to_numpy()
            assert (ours == numbers).all(), (name, np.flatnonzero(ours != numbers)[:3])


def in_turns(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float, float]:
    """(median ratio of ours to theirs, our best seconds, their best), taken in turns."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(ROUNDS)]
    return statistics.median(a / b for a, b in pairs), min(a for a, _ in pairs), min(b for _, b in pairs)


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def line(name: str, mine: float, other: float, verdict: str) -> None:
    print(f"  {name:42s} {mine:8.3f} s   yardstick {other:8.3f} s   {verdict}", flush=True)
