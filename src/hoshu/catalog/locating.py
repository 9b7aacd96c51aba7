"""Finds the lines of keys in a TOML text, which tomllib does not tell. Used only to say where something stands."""

import re
from collections.abc import Iterator

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([\w.-]+)\s*=")
_ROW = re.compile(r"\s*[\[{]")

Place = tuple[str | int, ...]


class Lines:
    """The lines of a text, by the place of what stands there. Make it once for many places."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._found: dict[Place, int] = {}
        self._begins: set[int] = set()
        """The lines with a header or a key of their own."""
        for number, place in _places(self._lines):
            self._begins.add(number)
            for length in range(len(place), 0, -1):
                # A place that holds others stands where the first of them does.
                if self._found.setdefault(place[:length], number) != number:
                    break

    def of(self, place: Place) -> int:
        """The line (from 1) of the innermost part of `place` that can be found; 1 where nothing can."""
        for length in range(len(place), 0, -1):
            if (number := self._found.get(place[:length])) is not None:
                return self._within(number, place[length:])
        return 1

    def _within(self, number: int, rest: Place) -> int:
        """Where a value runs over several lines, the line of a row or key in it."""
        if not rest:
            return number
        last = number + 1
        while last <= len(self._lines) and last not in self._begins:
            last += 1
        following = range(number + 1, last)
        if isinstance(rest[0], int):
            rows = [line for line in following if _ROW.match(self._lines[line - 1])]
            return rows[rest[0]] if rest[0] < len(rows) else number
        key = re.compile(rf"(?<![\w-]){re.escape(str(rest[-1]))}\s*=")
        return next((line for line in following if key.search(self._lines[line - 1])), number)


def line_of(text: str, place: Place) -> int:
    """The line of a single place."""
    return Lines(text).of(place)


def _places(lines: list[str]) -> Iterator[tuple[int, Place]]:
    counts: dict[str, int] = {}
    table: Place = ()
    for number, line in enumerate(lines, start=1):
        if header := _HEADER.match(line):
            table = _place_of_header(header[2], header[1] == "[[", counts)
            yield number, table
        elif key := _KEY.match(line):
            yield number, (*table, *key[1].split("."))


def _place_of_header(name: str, is_array: bool, counts: dict[str, int]) -> Place:
    """`[[a]]` for the third time is ("a", 2); `[a.b]` below it is ("a", 2, "b")."""
    place: Place = ()
    parts = [part.strip().strip('"') for part in name.split(".")]
    for length in range(1, len(parts) + 1):
        prefix = ".".join(parts[:length])
        if length == len(parts) and is_array:
            counts[prefix] = counts.get(prefix, -1) + 1
            for longer in [key for key in counts if key.startswith(prefix + ".")]:
                del counts[longer]
        place = (*place, parts[length - 1])
        if prefix in counts:
            place = (*place, counts[prefix])
    return place
