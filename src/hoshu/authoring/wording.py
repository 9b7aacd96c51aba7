"""Says in Japanese where something stands in an edition's file, and what stands there."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal, get_args, get_origin

from hoshu.catalog import Edition, Table
from hoshu.dates import said
from hoshu.terms import PART_NAMES, TOPIC_LABELS, code_label, fact_label

from .words import CODES, KEYS, UNITS

Place = tuple[str | int, ...]
"""The way to a value in the file: table names, keys and positions."""

CITING = ("clause", "rule", "also")
"""The keys that say where a table comes from, and not what it says."""

_CALLED = ("limit_label", "label", "name", "short", "id", "code", "fact", "part", "element", "path")
"""The keys by which a row of a list is called, the best first."""

_CODED = ("kind", "reason", "level", "type", "stars", "number")
"""Keys whose codes tell rows apart where they have no name."""

FACT_KEYS = frozenset(
    {
        "fact",
        "instead",
        "recorded",
        "unproven",
        "later",
        "exempt_in_time",
        "claim_from",
        "required",
        "optional",
        "when",
        "assumed",
        "sets",
        "codes",
        "lacks",
        "Warranty.years",
        "Warranty.printed",
        "RestorationRemark.unknown",
    }
)
"""Keys that name facts of the question; of a table of facts, its own keys do."""

_FACT_TABLES = ("when", "assumed", "sets", "codes", "lacks")
"""Those of them that hold a table, whose values are no facts."""

_PARTS = frozenset({"part", "parts", "default_part", "windows"})

_OWN_NAMES = ("id", "code", "path", "number", "setting")
"""Keys that hold names which only the file itself uses."""

WEEKDAYS = {"mon": "月", "tue": "火", "wed": "水", "thu": "木", "fri": "金", "sat": "土", "sun": "日"}


def key_label(table: type[Table], key: str) -> str:
    """What a key of a table is called."""
    if table is Edition and key in TOPIC_LABELS:
        return TOPIC_LABELS[key]
    return KEYS.get(f"{table.__name__}.{key}") or KEYS.get(key) or TOPIC_LABELS.get(key, key)


def table_of(hint: Any) -> type[Table] | None:
    """The table that a key holds, alone or as rows."""
    if isinstance(hint, type) and issubclass(hint, Table):
        return hint
    if get_origin(hint) is Literal:
        return None
    return next((found for each in get_args(hint) if (found := table_of(each)) is not None), None)


def choices(hint: Any) -> tuple[Any, ...]:
    """The codes of which a key holds one, or several."""
    if get_origin(hint) is Literal:
        return get_args(hint)
    return next((found for each in get_args(hint) if (found := choices(each))), ())


def quoted(table: type[Table], key: str, said: str) -> str:
    """A sentence in quotation marks, so that it is told apart from what stands around it."""
    return f"「{said}」" if "。" in said and not choices(table.members.get(key)) else said


def _given(table: Table) -> Iterator[tuple[str, Any]]:
    """What a table holds besides its clause, without what is left at its default."""
    for key in table.members:
        if key not in CITING and (value := getattr(table, key)) != table.defaults.get(key, ...):
            yield key, value


class Wording:
    """The words of one edition; without one, what can be said of any file."""

    def __init__(self, edition: Edition | None = None) -> None:
        self.edition = edition
        self._windows = {window.id: window.label for window in edition.window_hours} if edition is not None else {}

    def where(self, place: Place) -> str:
        """A place in words: 登録の承諾 › 申し込みの期限「ライセンスの購入日」 › 日数. Empty for the whole file."""
        return " › ".join(self._steps(place))

    def row(self, row: object, number: int, topic: str = "") -> str:
        """What a row of a list is called: its own name, or its number."""
        if isinstance(row, Table):
            for key in (*_CALLED, *_CODED):
                value = getattr(row, key, None)
                if value not in (None, "") and not isinstance(value, Table | tuple):
                    return f"「{self.value(type(row), key, value, topic).strip('「」')}」"
        return f"（{number + 1}番目）"

    def value(self, table: type[Table], key: str, value: Any, topic: str = "") -> str:
        """A value in words: a number with its unit, a code, a fact or a part by its name, a sentence as it stands."""
        if value is None or value in ((), {}):
            return "なし"
        if isinstance(value, bool):
            return "はい" if value else "いいえ"
        if isinstance(value, Table):
            return self.table(value, topic)
        if isinstance(value, Mapping):
            return "、".join(
                f"{self._name(table, key, name, topic)}: {self._item(table, key, item, topic)}"
                for name, item in value.items()
            )
        if isinstance(value, tuple):
            if key == "hours" and all(isinstance(each, tuple) for each in value):
                return "、".join(f"{opens}から{closes}まで" for opens, closes in value)
            return "、".join(self._item(table, key, item, topic) for item in value)
        return self._item(table, key, value, topic)

    def table(self, table: Table, topic: str = "") -> str:
        """A table in one line, without where it comes from."""
        kind = type(table)
        called = next((key for key in (*_CALLED, *_CODED) if getattr(table, key, None) not in (None, "")), None)
        said = "、".join(
            f"{key_label(kind, key)} {quoted(kind, key, self.value(kind, key, value, topic))}"
            for key, value in _given(table)
            if key != called
        )
        return said or "あり"

    def values(self, table: Table, topic: str = "") -> list[tuple[str, str]]:
        """What a table holds besides its clause, in words; what is left at its default is left out."""
        kind = type(table)
        return [(key_label(kind, key), self.value(kind, key, value, topic)) for key, value in _given(table)]

    def fact(self, topic: str, name: str) -> str:
        """What a fact of a question is called; its name where it has none."""
        return fact_label(topic, name, self.edition) if topic in TOPIC_LABELS else name

    def _steps(self, place: Place) -> Iterator[str]:
        table: type[Table] | None = Edition
        value: Any = self.edition
        topic = str(place[0]) if place else ""
        said = ""
        for part in place:
            if isinstance(part, int):
                row = value[part] if isinstance(value, tuple) and part < len(value) else None
                said += self.row(row, part, topic)
                value = row
                continue
            if said:
                yield said
            if table is None:
                said, value = part, value.get(part) if isinstance(value, Mapping) else None
                continue
            said = key_label(table, part)
            value = getattr(value, part, None)
            hint = table.members.get(part)
            table = None if hint is None else table_of(hint)
        if said:
            yield said

    def _name(self, table: type[Table], key: str, name: Any, topic: str) -> str:
        """A key of a table of values."""
        if key in FACT_KEYS:
            return self.fact(topic, name)
        return PART_NAMES.get(name, name) if key in _PARTS else str(name)

    def _item(self, table: type[Table], key: str, value: Any, topic: str) -> str:
        if isinstance(value, Table):
            return f"（{self.table(value, topic)}）"
        if isinstance(value, tuple):
            return "・".join(self._item(table, key, each, topic) for each in value)
        if isinstance(value, bool):
            return "はい" if value else "いいえ"
        if isinstance(value, int):
            unit = UNITS.get(key, "")
            return f"{value:,}円" if unit == "円" else f"{value}{unit}"
        if isinstance(value, date):
            return said(value)
        text = str(value)
        hint = table.members.get(key)
        if text in choices(hint):
            return CODES.get(f"{table.__name__}.{key}.{text}") or CODES.get(text, text)
        if {key, f"{table.__name__}.{key}"} & FACT_KEYS and key not in _FACT_TABLES:
            return self.fact(topic, text)
        if key in ("windows", "received_in"):
            return self._windows.get(text, text)
        if key in _PARTS:
            return PART_NAMES.get(text, text)
        if key == "weekdays":
            return WEEKDAYS.get(text, text)
        if key in _OWN_NAMES:
            return text
        return (code_label(topic, key, text, self.edition) if topic in TOPIC_LABELS else None) or text


def setting_in_words(setting: str) -> str:
    """The way to a key, as a reading names it: 登録の承諾 › 期限を過ぎたとき › 結果."""
    return Wording().where(tuple(setting.split(".")))
