"""Rows that agree in several columns: which they are, and one row of each kind."""

import numpy as np
import pyarrow as pa

from .days import NEVER, Numbers, known_range

_TABLE = 1 << 22
"""So many possible values are looked up in a table; more are hashed."""


class Key:
    """Columns taken together. Rows with the same numbers in all of them get the same place."""

    def __init__(self, count: int) -> None:
        self._codes: Numbers = np.zeros(count, np.int64)
        self._size = 1

    def add(self, numbers: Numbers) -> None:
        """Take one more column into the key."""
        first, last = known_range(numbers)
        if first >= NEVER:
            return
        size = last - first + 2
        if self._size * size >= 1 << 62:
            self._codes, rows = self.distinct()
            self._size = len(rows)
        self._codes = self._codes * size + (np.minimum(numbers, last + 1) - first)
        self._size *= size

    def distinct(self) -> tuple[Numbers, Numbers]:
        """For each row the place of its kind, and for each kind one of its rows."""
        if self._size <= _TABLE:
            present = np.zeros(self._size, np.bool_)
            present[self._codes] = True
            table = np.cumsum(present) - 1
            places, kinds = table[self._codes], int(table[-1]) + 1
        else:
            hashed = pa.array(self._codes).dictionary_encode()
            places, kinds = hashed.indices.to_numpy(), len(hashed.dictionary)
        rows = np.zeros(kinds, np.int64)
        rows[places] = np.arange(len(places))
        return places, rows
