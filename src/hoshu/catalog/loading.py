"""Reads the file of an edition into its tables; what it does not know it refuses with file, line and key.

Whoever writes terms reads these messages, so they are Japanese: the first sentence says what is wrong, the others what
to do. All that is wrong is told at once.
"""

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Self, TypeVar, Union, get_args, get_origin

from .document import Edition
from .faults import CatalogError, Fault, Place
from .parts import Rule, Table

T = TypeVar("T", bound=Table)
_EXAMPLES = "\n[[example]]\n"


class _Wrong(Exception):
    """What is wrong with a value, or with several in it."""

    def __init__(self, *faults: tuple[Place, str]) -> None:
        super().__init__(*faults)
        self.faults = faults


class Source(NamedTuple):
    """The text of an edition, and what to call the place where it stands."""

    name: str
    text: str

    @classmethod
    def of(cls, path: Path) -> Self:
        """The text in a file. CatalogError: it cannot be read."""
        try:
            return cls(str(path), path.read_text(encoding="utf-8"))
        except OSError as error:
            message = f"ファイルを読めません（{error.strerror}）。名前と権限を確かめてください。"
        except UnicodeDecodeError:
            message = "文字コードが UTF-8 ではありません。UTF-8 で保存し直してください。"
        raise CatalogError(str(path), [Fault(1, (), message)])


def load(path: Path) -> Edition:
    """The edition in a file that is named as the edition, in a folder that is named as its service."""
    source = Source.of(path)
    edition = read(source)
    for key, value, name, of in (
        ("service", edition.service, path.parent.name, "フォルダ"),
        ("edition", edition.edition, path.stem, "ファイル"),
    ):
        if value != name:
            message = f"「{value}」が、{of}の名前の「{name}」と違います。どちらかに合わせてください。"
            raise _error(source, _Wrong(((key,), message)))
    return edition


def read(source: Source) -> Edition:
    """The edition of a text, its examples left unread (they stand last, so that questions are answered fast)."""
    try:
        edition = _build(Edition, _parsed(source, source.text.partition(_EXAMPLES)[0]), ())
        if faults := [*_faults(edition)]:
            raise _Wrong(*faults)
    except _Wrong as wrong:
        raise _error(source, wrong) from None
    return edition


def load_editions(folder: Path) -> tuple[Edition, ...]:
    """The editions in a service's folder, the oldest first."""
    return in_order((load(path), Source.of(path)) for path in sorted(folder.glob("*.toml")))


def in_order(loaded: Iterable[tuple[Edition, Source]]) -> tuple[Edition, ...]:
    """The editions of one service, the oldest first. Two of one name or day are refused: either could answer."""
    ordered = sorted(loaded, key=lambda each: each[0].in_force)
    names: set[str] = set()
    for edition, source in ordered:
        if edition.edition in names:
            message = f"「{edition.edition}」という版は、すでにあります。ほかの名前にしてください。"
            raise _error(source, _Wrong((("edition",), message)))
        names.add(edition.edition)
    for (earlier, _), (later, source) in pairwise(ordered):
        if earlier.in_force == later.in_force:
            message = (
                f"{later.in_force} は「{earlier.edition}」版の適用開始日でもあります。"
                "別の日にするか、どちらかの版を消してください。"
            )
            raise _error(source, _Wrong((("in_force",), message)))
    return tuple(edition for edition, _ in ordered)


def read_examples(source: Source) -> list[dict[str, Any]]:
    """The `[[example]]` tables of a text, as written. Refuses any other table after them."""
    parameters, found, rest = source.text.partition(_EXAMPLES)
    if not found:
        return []
    lines_before = parameters.count("\n") + 1
    document = _parsed(source, "\n" * lines_before + found.lstrip("\n") + rest)
    examples: list[dict[str, Any]] = document.pop("example")
    message = "[[example]] より後に書かれています。例は、ファイルの最後に置いてください。"
    faults: list[tuple[Place, str]] = [((key,), message) for key in document]
    for number, example in enumerate(examples):
        for key, value in example.items():
            place = ("example", number, key)
            if key not in _EXAMPLE_KEYS:
                faults.append((place, _unknown(key, _EXAMPLE_KEYS)))
                continue
            try:
                _value(_EXAMPLE_KEYS[key], value, place)
            except _Wrong as wrong:
                faults += wrong.faults
    if faults:
        raise _error(source, _Wrong(*faults))
    return examples


_EXAMPLE_KEYS: Mapping[str, Any] = {
    "says": str,
    "req": tuple[str, ...],
    "ask": str,
    "plan": str,
    "facts": dict[str, object],
    "unknown": tuple[str, ...],
    "answer": dict[str, object],
    "null": tuple[str, ...],
    "error": dict[str, str],
    "clause": tuple[str, ...],
    "explain": bool,
}


def _parsed(source: Source, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Imported only for a file that is wrong, as all that is below: every command would wait for it.
        from .misspelt import misspelt

        raise CatalogError(source.name, [misspelt(text, error)]) from None


def _error(source: Source, wrong: _Wrong) -> CatalogError:
    from .locating import Lines

    lines = Lines(source.text)
    faults = [Fault(lines.of(place), place, message) for place, message in wrong.faults]
    return CatalogError(source.name, sorted(faults, key=lambda fault: fault.line))


def _build(target: type[T], table: object, place: Place) -> T:
    if not isinstance(table, dict):
        raise _Wrong((place, f"{_shown(table)}になっています。項目の組（表）で書いてください。"))
    unknown = [key for key in table if key not in target.members]
    faults: list[tuple[Place, str]] = [((*place, key), _unknown(key, target.members)) for key in unknown]
    values: dict[str, Any] = {}
    for name, hint in target.members.items():
        if name in table:
            try:
                values[name] = _value(hint, table[name], (*place, name))
            except _Wrong as wrong:
                faults += wrong.faults
        elif name not in target.defaults and not any(_nearest(key, target.members) == name for key in unknown):
            faults.append((place, f"「{name}」がありません。書き足してください。"))
    if faults:
        raise _Wrong(*faults)
    try:
        return target(**values)
    except ValueError as error:
        raise _Wrong((place, str(error))) from None


def _value(hint: Any, value: object, place: Place) -> object:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):  # the first for Literal[…] | None, the second for everything else
        kinds = [each for each in arguments if each is not NoneType]
        # Of several kinds, that of the value; where none is, the last one says what is wrong.
        return _value(next((each for each in kinds if type(value) is each), kinds[-1]), value, place)
    if origin is tuple:
        if not isinstance(value, list):
            raise _Wrong((place, f"{_shown(value)}になっています。一覧（[ ] で囲む）で書いてください。"))
        return tuple(_values(arguments[0], enumerate(value), place).values())
    if origin is dict:
        if not isinstance(value, dict):
            raise _Wrong((place, f"{_shown(value)}になっています。項目の組（表）で書いてください。"))
        return _values(arguments[1], value.items(), place)
    if origin is Literal:
        if value not in arguments:
            raise _Wrong((place, f"{_shown(value)}は選べません。{'、'.join(arguments)} のどれかにしてください。"))
        return value
    if hint is object:
        return value
    if issubclass(hint, Table):
        return _build(hint, value, place)
    # bool is an int and datetime is a date to isinstance, but neither is meant by them here.
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)) or isinstance(value, datetime):
        raise _Wrong((place, f"{_shown(value)}になっています。{_TYPES[hint]}で書いてください。"))
    return value


def _values(hint: Any, items: Iterable[tuple[Any, object]], place: Place) -> dict[Any, object]:
    values: dict[Any, object] = {}
    faults: list[tuple[Place, str]] = []
    for key, item in items:
        try:
            values[key] = _value(hint, item, (*place, key))
        except _Wrong as wrong:
            faults += wrong.faults
    if faults:
        raise _Wrong(*faults)
    return values


_TYPES = {
    str: '文字（" " で囲む）',
    int: "整数",
    bool: "true（はい）か false（いいえ）",
    date: "日付（2025-04-30 のように、囲まない）",
}


def _shown(value: object) -> str:
    """A value as it stands in the file, with its kind."""
    if isinstance(value, str):
        return f"文字の「{value}」"
    if isinstance(value, bool):
        return f"「{str(value).lower()}」"
    if isinstance(value, dict | list):
        return "項目の組（表）" if isinstance(value, dict) else "一覧"
    return f"「{value}」"


def _unknown(key: str, known: Collection[str]) -> str:
    near = _nearest(key, known)
    hint = f"「{near}」ではありませんか。" if near else f"使える項目は {'、'.join(known)} です。"
    return f"「{key}」という項目はありません。{hint}"


_KEYS = {
    "plan": "id",
    "window_hours": "id",
    "exclusion": "code",
    "individual_service": "code",
    "word": "name",
    "clause": "id",
}
"""What tells the entries of a list apart."""


def _faults(edition: Edition) -> Iterator[tuple[Place, str]]:
    """What one table cannot know: references, and that every clause is accounted for."""
    for table, name in _KEYS.items():
        seen: set[str] = set()
        for number, entry in enumerate(getattr(edition, table)):
            if (key := getattr(entry, name)) in seen:
                yield (table, number, name), f"「{key}」が2度あります。どちらかの名前を変えるか、消してください。"
            seen.add(key)
    windows = {window.id for window in edition.window_hours}
    for number, plan in enumerate(edition.plan):
        for part, window in plan.windows.items():
            if window not in windows:
                yield ("plan", number, "windows", part), _no_such("時間帯", window, windows, "window_hours")
    yield from _clause_faults(edition)


def _clause_faults(edition: Edition) -> Iterator[tuple[Place, str]]:
    clauses = {clause.id for clause in edition.clause}
    computed: set[str] = set()
    for place, cited in edition.cited():
        also: tuple[str, ...] = getattr(cited, "also", ())
        for key, clause in (("clause", cited.clause), *(("also", each) for each in also)):
            if clause not in clauses:
                yield (*place, key), _no_such("条項", clause, clauses, "clause")
            if isinstance(cited, Rule):
                computed.add(clause)
    for number, notice in enumerate(edition.notice):
        if notice.see and notice.see not in clauses:
            yield ("notice", number, "see"), _no_such("条項", notice.see, clauses, "clause")
    for clause in edition.surviving_clauses:
        if clause not in clauses:
            yield ("surviving_clauses",), _no_such("条項", clause, clauses, "clause")
    for number, entry in enumerate(edition.clause):
        if entry.id in computed and entry.not_computed is not None:
            message = f"「{entry.id}」は規定の根拠になっています。not_computed を消してください。"
            yield ("clause", number, "not_computed"), message
        if entry.id not in computed and entry.not_computed is None:
            message = (
                f"「{entry.id}」を根拠にする規定がありません。"
                "規定の clause に書くか、判断に使わない理由を not_computed に書いてください。"
            )
            yield ("clause", number), message


def _no_such(kind: str, name: str, known: Collection[str], table: str) -> str:
    near = _nearest(name, known, cutoff=0.3)
    hint = f"「{near}」ではありませんか。" if near else f"綴りを直すか、[[{table}]] に書き足してください。"
    return f"「{name}」という{kind}はありません。{hint}"


def _nearest(name: str, known: Collection[str], *, cutoff: float = 0.5) -> str | None:
    from difflib import get_close_matches
    from unicodedata import normalize

    # A wide digit, as an input method writes it, makes a name unlike the one that is meant and like all others.
    same = (each for each in known if normalize("NFKC", each) == normalize("NFKC", name))
    return next(same, None) or next(iter(get_close_matches(name, known, n=1, cutoff=cutoff)), None)
