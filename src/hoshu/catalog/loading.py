"""Reads the file of an edition into its tables; what it does not know it refuses with file, line and key."""

import tomllib
from collections.abc import Iterable
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Self, TypeVar, Union, get_args, get_origin

from .document import Edition
from .parts import Rule, Table

T = TypeVar("T", bound=Table)
Place = tuple[str | int, ...]
"""The way to a value in the file: table names, keys and positions."""

_EXAMPLES = "\n[[example]]\n"


class CatalogError(ValueError):
    """A service edition that cannot be used: the file, the line, the key and what is wrong with it."""


class _Wrong(Exception):
    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place


class Source(NamedTuple):
    """The text of an edition, and what to call the place where it stands."""

    name: str
    text: str

    @classmethod
    def of(cls, path: Path) -> Self:
        """The text in a file. CatalogError: it cannot be read."""
        try:
            return cls(str(path), path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise CatalogError(f"{path}: cannot be read: {error}") from None


def load(path: Path) -> Edition:
    """The edition in a file that is named as the edition, in a folder that is named as its service."""
    source = Source.of(path)
    edition = read(source)
    for key, value, name, of in (
        ("service", edition.service, path.parent.name, "folder"),
        ("edition", edition.edition, path.stem, "file"),
    ):
        if value != name:
            raise _error(source, _Wrong((key,), f"should be {name!r} as its {of}, not {value!r}"))
    return edition


def read(source: Source) -> Edition:
    """The edition of a text, its examples left unread (they stand last, so that questions are answered fast)."""
    try:
        edition = _build(Edition, _parsed(source, source.text.partition(_EXAMPLES)[0]), ())
        _check(edition)
    except _Wrong as wrong:
        raise _error(source, wrong) from None
    return edition


def load_editions(folder: Path) -> tuple[Edition, ...]:
    """The editions in a service's folder, the oldest first."""
    return in_order((load(path), Source.of(path)) for path in sorted(folder.glob("*.toml")))


def in_order(loaded: Iterable[tuple[Edition, Source]]) -> tuple[Edition, ...]:
    """The editions of one service, the oldest first. Two of one name or for one day are refused: either could answer."""
    ordered = sorted(loaded, key=lambda each: each[0].in_force)
    names: set[str] = set()
    for edition, source in ordered:
        if edition.edition in names:
            raise _error(source, _Wrong(("edition",), f"there is already an edition “{edition.edition}”; name it anew"))
        names.add(edition.edition)
    for (earlier, _), (later, source) in pairwise(ordered):
        if earlier.in_force == later.in_force:
            message = (
                f"{later.in_force} is also the first day of “{earlier.edition}”; "
                "give each edition a day of its own, or take one of the two files away"
            )
            raise _error(source, _Wrong(("in_force",), message))
    return tuple(edition for edition, _ in ordered)


def read_examples(source: Source) -> list[dict[str, Any]]:
    """The `[[example]]` tables of a text, as written. Refuses any other table after them."""
    parameters, found, rest = source.text.partition(_EXAMPLES)
    if not found:
        return []
    lines_before = parameters.count("\n") + 1
    document = _parsed(source, "\n" * lines_before + found.lstrip("\n") + rest)
    examples: list[dict[str, Any]] = document.pop("example")
    try:
        for key in document:
            raise _Wrong((key,), "stands after the first [[example]]; examples are the last tables of the file")
        known = ("says", "req", "ask", "plan", "facts", "unknown", "answer", "null", "error", "clause", "explain")
        for number, example in enumerate(examples):
            for key in example:
                if key not in known:
                    raise _Wrong(("example", number, key), _unknown(key, known))
    except _Wrong as wrong:
        raise _error(source, wrong) from None
    return examples


def _parsed(source: Source, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(f"{source.name}: {error}") from None


def _error(source: Source, wrong: _Wrong) -> CatalogError:
    # Imported only for a file that is wrong, as `difflib` below: every command would wait for it.
    from .locating import line_of

    key = ".".join(f"[{part}]" if isinstance(part, int) else part for part in wrong.place).replace(".[", "[")
    return CatalogError(f"{source.name}:{line_of(source.text, wrong.place)}: {key or 'file'}: {wrong}")


def _build(target: type[T], table: object, place: Place) -> T:
    if not isinstance(table, dict):
        raise _Wrong(place, f"should be a table, not {_shown(table)}")
    for key in table:
        if key not in target.members:
            raise _Wrong((*place, key), _unknown(key, target.members))
    values: dict[str, Any] = {}
    for name, hint in target.members.items():
        if name in table:
            values[name] = _value(hint, table[name], (*place, name))
        elif name not in target.defaults:
            raise _Wrong(place, f"the key “{name}” is missing")
    try:
        return target(**values)
    except ValueError as error:
        raise _Wrong(place, str(error)) from None


def _value(hint: Any, value: object, place: Place) -> object:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):  # the first for Literal[…] | None, the second for everything else
        kinds = [each for each in arguments if each is not NoneType]
        # Of several kinds, that of the value; where none is, the last one says what is wrong.
        return _value(next((each for each in kinds if type(value) is each), kinds[-1]), value, place)
    if origin is tuple:
        if not isinstance(value, list):
            raise _Wrong(place, f"should be a list, not {_shown(value)}")
        return tuple(_value(arguments[0], item, (*place, number)) for number, item in enumerate(value))
    if origin is dict:
        if not isinstance(value, dict):
            raise _Wrong(place, f"should be a table, not {_shown(value)}")
        return {key: _value(arguments[1], item, (*place, key)) for key, item in value.items()}
    if origin is Literal:
        if value not in arguments:
            choices = ", ".join(map(repr, arguments))
            raise _Wrong(place, f"should be one of {choices}, not {_shown(value)}")
        return value
    if issubclass(hint, Table):
        return _build(hint, value, place)
    # bool is an int and datetime is a date to isinstance, but neither is meant by them here.
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)) or isinstance(value, datetime):
        raise _Wrong(place, f"should be {_TYPES[hint]}, not {_shown(value)}")
    return value


_TYPES = {str: "a text", int: "a whole number", bool: "true or false", date: "a date"}


def _shown(value: object) -> str:
    return f"{value!r} ({type(value).__name__})"


def _unknown(key: str, known: Iterable[str]) -> str:
    return "unknown key; " + (_near(key, known, cutoff=0.5) or f"known are {', '.join(known)}")


def _check(edition: Edition) -> None:
    """What one table cannot know: references, and that every clause is accounted for."""
    for table in ("plan", "window_hours", "exclusion", "clause"):
        seen: set[str] = set()
        for number, entry in enumerate(getattr(edition, table)):
            name = "code" if table == "exclusion" else "id"
            if (key := getattr(entry, name)) in seen:
                raise _Wrong((table, number, name), f"“{key}” stands twice")
            seen.add(key)
    windows = {window.id for window in edition.window_hours}
    for number, plan in enumerate(edition.plan):
        for part, window in plan.windows.items():
            if window not in windows:
                raise _Wrong(("plan", number, "windows", part), _no_such("window", window, windows))
    _check_clauses(edition)


def _check_clauses(edition: Edition) -> None:
    clauses = {clause.id for clause in edition.clause}
    computed: set[str] = set()
    for place, cited in edition.cited():
        also = cited.also if isinstance(cited, Rule) else ()
        for key, clause in (("clause", cited.clause), *(("also", each) for each in also)):
            if clause not in clauses:
                raise _Wrong((*place, key), _no_such("clause", clause, clauses))
            if isinstance(cited, Rule):
                computed.add(clause)
    for clause in edition.surviving_clauses:
        if clause not in clauses:
            raise _Wrong(("surviving_clauses",), _no_such("clause", clause, clauses))
    for number, entry in enumerate(edition.clause):
        if entry.id in computed and entry.not_computed is not None:
            raise _Wrong(("clause", number, "not_computed"), f"“{entry.id}” is cited by a rule, so it is computed")
        if entry.id not in computed and entry.not_computed is None:
            raise _Wrong(("clause", number), f"no rule cites “{entry.id}”: cite it or say why with not_computed")


def _no_such(kind: str, name: str, known: set[str]) -> str:
    return "; ".join(filter(None, (f"there is no {kind} “{name}”", _near(name, known, cutoff=0.3))))


def _near(name: str, known: Iterable[str], *, cutoff: float) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), n=1, cutoff=cutoff)
    return f"did you mean “{near[0]}”?" if near else ""
