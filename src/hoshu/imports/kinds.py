"""What can be taken in. This package knows no kind: who has one hands it in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hoshu.imports.batches import Batch
from hoshu.imports.columns import Column


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One sort of table: its columns, when a row may be taken in, and what becomes of it."""

    id: str
    label: str
    about: str
    """One sentence: what a row becomes."""
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """The columns that say which thing a row is about: no two rows of a file may differ about one."""
    check: Callable[[Batch, datetime], None]
    """Say of each row why it cannot be taken in, or that it is there already; every look-up for all rows at once."""
    write: Callable[[Batch, datetime], None]
    """Take in the rows that are open, which have just been checked, and say what each became (`Batch.became`).

    A row may still be refused. Called in a transaction, which is rolled back as a whole where this raises.
    """
    single: str = ""
    """A column that seldom stands twice: whoever looks at the rows is told where it does."""
    together: str = ""
    """The column whose equal words make rows that follow each other belong together: tried and taken in together."""
    at_once: int = 500
    """Rows of one transaction: what takes long for a row takes few at once."""
