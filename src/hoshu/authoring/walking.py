"""Walks an edition's tables, so that a check need not know where a table of its kind stands."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from hoshu.catalog import Edition, Table

from .wording import Place

T = TypeVar("T", bound=Table)


class Spot(NamedTuple):
    """A table, and where it stands."""

    place: Place
    table: Table

    @property
    def topic(self) -> str:
        """The question or list it belongs to."""
        return str(self.place[0])


def spots(edition: Edition) -> Iterator[Spot]:
    """Every table of an edition but itself, in the order of its keys."""
    return _below(edition, ())


def rows_of(edition: Edition) -> Iterator[tuple[Place, Sequence[Table]]]:
    """Every list of tables, with its place."""
    for place, table in (((), edition), *spots(edition)):
        for key in table.members:
            value = getattr(table, key)
            if isinstance(value, tuple) and value and isinstance(value[0], Table):
                yield (*place, key), value


def of_kind(edition: Edition, kind: type[T]) -> Iterator[tuple[Place, T]]:
    """Every table of a kind."""
    for place, table in spots(edition):
        if isinstance(table, kind):
            yield place, table


def _below(value: object, place: Place) -> Iterator[Spot]:
    if isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _below(item, (*place, number))
    elif isinstance(value, Table):
        if place:
            yield Spot(place, value)
        for key in value.members:
            yield from _below(getattr(value, key), (*place, key))
