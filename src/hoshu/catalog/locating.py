"""Finds the line of a key in a TOML text, which tomllib does not tell. Used only to say where an error stands."""

import re

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([\w.-]+)\s*=")


def line_of(text: str, place: tuple[str | int, ...]) -> int:
    """The line (from 1) of the innermost part of `place` that can be found; 1 where nothing can."""
    best, best_length = 1, 0
    counts: dict[str, int] = {}
    table: tuple[str | int, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _place_of_header(header[2], header[1] == "[[", counts)
            here = table
        elif key := _KEY.match(line):
            here = (*table, *key[1].split("."))
        else:
            # A value that runs over several lines: the key may stand inside it.
            if best_length and place[:best_length] != place and _names(line, place[best_length:]):
                best, best_length = number, len(place)
            continue
        if len(here) > best_length and place[: len(here)] == here:
            best, best_length = number, len(here)
    return best


def _place_of_header(name: str, is_array: bool, counts: dict[str, int]) -> tuple[str | int, ...]:
    """`[[a]]` for the third time is ("a", 2); `[a.b]` below it is ("a", 2, "b")."""
    place: tuple[str | int, ...] = ()
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


def _names(line: str, rest: tuple[str | int, ...]) -> bool:
    return any(isinstance(part, str) and re.search(rf"(?<![\w-]){re.escape(part)}\s*=", line) for part in rest[-1:])
