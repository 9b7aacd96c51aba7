"""The columns of answers: numbers while they are worked out, typed columns when they are done."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from .days import NEVER, Flags, Numbers, number_of
from .words import Kind


class Answered:
    """One column of answers; its numbers mean what they mean in `facts.Column`."""

    def __init__(self, kind: Kind, count: int) -> None:
        self.kind = kind
        self.numbers: Numbers = np.full(count, NEVER, np.int32)
        self._texts: dict[str, int] = {}

    def set(self, row: int, value: Any) -> None:
        """Keep one value as `decide` answers it."""
        self.numbers[row] = self.number(value)

    def number(self, value: Any) -> int:
        """The number of a value as `decide` answers it."""
        if value is None:
            return NEVER
        if self.kind == "text":
            return self._texts.setdefault(value, len(self._texts))
        return number_of(date.fromisoformat(value)) if self.kind == "day" else int(value)

    def places(self, numbers: Numbers, texts: Iterable[str]) -> Numbers:
        """Places among `texts` as places among the texts of this column."""
        table = np.array([*map(self.number, texts), NEVER], np.int32)
        found: Numbers = table[np.minimum(numbers, len(table) - 1)]
        return found

    def array(self) -> pa.Array:
        """The column as Arrow holds it."""
        known = _bits(self.numbers < NEVER)
        if self.kind == "flag":
            return pa.Array.from_buffers(pa.bool_(), len(self.numbers), [known, _bits(self.numbers == 1)])
        numbers = pa.py_buffer(np.ascontiguousarray(self.numbers, np.int32))
        kind = pa.date32() if self.kind == "day" else pa.int32()
        cells = pa.Array.from_buffers(kind, len(self.numbers), [known, numbers])
        return (
            pa.DictionaryArray.from_arrays(cells, pa.array(self._texts, pa.string())) if self.kind == "text" else cells
        )


def _bits(flags: Flags) -> pa.Buffer:
    return pa.py_buffer(np.packbits(flags, bitorder="little"))
