"""A book of agreements: its rows as they came, and the questions that they ask."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa

from hoshu.terms import known_facts

from .days import Numbers
from .facts import Column, fact_column, name_column, named
from .words import KEYS, SERIAL, results

Refusals = dict[int, tuple[str, str]]
"""Field and message by row."""

_OF_THE_RUN = ("on", "end")
"""Facts of the extension that the run itself knows."""


class Book:
    """Rows of a file or a query. Columns are headed as in the decision interface or in Japanese; others are kept."""

    def __init__(self, table: pa.Table, unreadable: Refusals | None = None) -> None:
        """`unreadable` are the rows of which the reader of the file could make nothing."""
        self.table = table
        self.unreadable = unreadable or {}
        places = {heading.strip(): place for place, heading in reversed([*enumerate(table.column_names)])}
        fields = {**known_facts("extension"), **known_facts("coverage")}
        asked = {name: fact.label for name, fact in fields.items() if name not in _OF_THE_RUN} | KEYS | SERIAL
        found = {name: places.get(name, places.get(label)) for name, label in asked.items()}
        self._places = {name: place for name, place in found.items() if place is not None}
        known = {name: fact for name, fact in fields.items() if name in self._places}
        # Arrow and numpy let other threads run while they work on a column. The units are needed last.
        threads = ThreadPoolExecutor()
        names = threads.map(name_column, map(self.cells, KEYS))
        facts = threads.map(fact_column, map(self.cells, known), known.values())
        self._units = threads.submit(named, self.cells("serial")) if "serial" in self._places else None
        threads.shutdown(wait=False)
        self.names: Mapping[str, Column] = dict(zip(KEYS, names, strict=True))
        self.facts: Mapping[str, Column] = dict(zip(known, facts, strict=True))
        self.facts_of: Mapping[str, Mapping[str, Column]] = {
            topic: {name: self.facts[name] for name in known_facts(topic) if name in self.facts}
            for topic in ("coverage", "extension")
        }
        """The columns that hold facts of each topic."""

    @classmethod
    def of_rows(cls, rows: Sequence[Mapping[str, Any]]) -> "Book":
        """The book of rows that name their cells."""
        names = dict.fromkeys(name for row in rows for name in row)
        return cls(pa.table({name: [row.get(name) for row in rows] for name in names}))

    @property
    def count(self) -> int:
        rows: int = self.table.num_rows
        return rows

    @property
    def units(self) -> Numbers | None:
        """For each row the place of its unit's name among all of them; None where the book names no units."""
        return None if self._units is None else self._units.result()[0]

    def question(self, topic: str, row: int, **facts: Any) -> dict[str, Any]:
        """The question that a row asks, with further `facts`."""
        for name, column in self.facts_of[topic].items():
            if (value := column.json(row)) is not None:
                facts[name] = value
        names = {key: name for key, column in self.names.items() if (name := column.json(row)) is not None}
        return {"id": row, "ask": topic, **names, "facts": facts}

    def ignored(self) -> Sequence[str]:
        """The headings of the columns that no question reads."""
        used = set(self._places.values())
        return [
            name for place, name in enumerate(self.table.column_names) if place not in used and name not in results()
        ]

    def with_columns(self, columns: Mapping[str, pa.Array]) -> pa.Table:
        """The rows as they came with further columns; of an older run's, which bear the same headings, none is left."""
        replaced = results()
        kept = [place for place, heading in enumerate(self.table.column_names) if heading.strip() not in replaced]
        table = self.table.select(kept)
        return pa.Table.from_arrays([*table.columns, *columns.values()], names=[*table.column_names, *columns])

    def cells(self, name: str) -> pa.Array:
        """The column of that name, as it came; empty where there is none."""
        place = self._places.get(name)
        if place is None:
            return pa.nulls(self.table.num_rows, pa.string())
        column = self.table.column(place)
        return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
