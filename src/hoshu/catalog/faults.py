"""What is wrong with the text of an edition, for those who have to put it right."""

from collections.abc import Sequence
from typing import NamedTuple

Place = tuple[str | int, ...]
"""The way to a value in the file: table names, keys and positions."""


class Fault(NamedTuple):
    """One thing that is wrong with a text."""

    line: int
    place: Place
    message: str


class CatalogError(ValueError):
    """A service edition that cannot be used: all that is wrong with it, each with the file, the line and the key."""

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(f"{name}:{line}: {written_key(place)}: {text}" for line, place, text in faults))
        self.name = name
        self.faults = tuple(faults)


def written_key(place: Place) -> str:
    """A place as people write it: registration.deadline[0].days."""
    key = ".".join(f"[{part}]" if isinstance(part, int) else part for part in place).replace(".[", "[")
    return key or "ファイル"
