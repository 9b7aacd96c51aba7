"""What changes between two editions, in sentences."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from hoshu.catalog import Edition, Shown, Table

from .naming import told_apart_by
from .wording import Place, Wording, key_label, quoted, table_of

Kind = Literal["changed", "added", "removed"]

_NOT_COMPARED = ("service", "edition", "rule")
"""What tells editions apart, and what only their makers read."""


class Difference(NamedTuple):
    """One thing that changes."""

    kind: Kind
    what: str
    """What it is, in words: 申し込みの期限「ライセンスの購入日」の日数."""
    before: str
    """In words; empty where it is added."""
    after: str
    """In words; empty where it is removed."""
    clause: str
    """The clause that holds it, of the new edition where it stands there; empty where there is none."""
    text: str
    """The whole of it: 申し込みの期限「ライセンスの購入日」の日数: 30日 → 45日（第4章 1.(1)）."""


class Differences(NamedTuple):
    """What changes about one question."""

    title: str
    """The question, or what else of the edition it is about: 登録の承諾, プラン, 条項."""
    items: tuple[Difference, ...]


def differences(before: Edition, after: Edition) -> tuple[Differences, ...]:
    """What changes from one edition to another, by question, in the order of the file."""
    comparing = _Comparing(before, after)
    found: dict[str, list[Difference]] = {_WHOLE: []}
    for key, hint in Edition.members.items():
        if key not in _NOT_COMPARED:
            title = _WHOLE if table_of(hint) is None else key_label(Edition, key)
            items = comparing.key(Edition, key, getattr(before, key), getattr(after, key), (key,), "")
            found.setdefault(title, []).extend(items)
    return tuple(Differences(title, tuple(items)) for title, items in found.items() if items)


_WHOLE = "版の全体"
_LONG_LIST = 3
"""Of a longer list, only what joins and what leaves is told."""


class _Comparing:
    def __init__(self, before: Edition, after: Edition) -> None:
        self._before, self._after = Wording(before), Wording(after)

    def key(self, kind: type[Table], key: str, one: Any, other: Any, place: Place, clause: str) -> Iterator[Difference]:
        """What changes about a key of a table; `place` and `clause` are those in the new edition."""
        if same(one, other):
            return
        what, topic = self._what(place), str(place[0])
        if isinstance(one, Table) and isinstance(other, Table) and type(one) is type(other):
            yield from self._table(one, other, place, clause)
        elif (_rows(one) or _nothing(one)) and (_rows(other) or _nothing(other)) and (_rows(one) or _rows(other)):
            yield from self._lists(one or (), other or (), place, clause)
        elif isinstance(one, Mapping) and isinstance(other, Mapping):
            for name in {**one, **other}:
                if not same(one.get(name), other.get(name)):
                    named = self._after.value(kind, key, {name: True}, topic).partition(":")[0]
                    yield self._changed(
                        kind, key, (one.get(name), other.get(name)), f"{what}の「{named}」", clause, topic
                    )
        elif _nothing(one):
            yield self._alone("added", self._after, kind, key, other, what, clause, topic)
        elif _nothing(other):
            yield self._alone("removed", self._before, kind, key, one, what, clause, topic)
        else:
            yield self._changed(kind, key, (one, other), what, clause, topic)

    def _table(self, one: Table, other: Table, place: Place, clause: str) -> Iterator[Difference]:
        clause = other.clause if isinstance(other, Shown) else clause
        for key in other.members:
            if key not in _NOT_COMPARED:
                yield from self.key(type(other), key, getattr(one, key), getattr(other, key), (*place, key), clause)

    def _lists(self, one: Sequence[Table], other: Sequence[Table], place: Place, clause: str) -> Iterator[Difference]:
        what, topic = self._what(place), str(place[0])
        kept = []
        for old, new in _paired(one, other):
            if old is None and new is not None:
                name = what + self._after.row(other[new], new, topic)
                yield self._alone("added", self._after, type(other[new]), "", other[new], name, clause, topic)
            elif old is not None and new is None:
                name = what + self._before.row(one[old], old, topic)
                yield self._alone("removed", self._before, type(one[old]), "", one[old], name, clause, topic)
            elif old is not None and new is not None:
                kept.append(old)
                if not same(one[old], other[new]):
                    yield from self._table(one[old], other[new], (*place, new), clause)
        if kept != sorted(kept):
            before, after = (
                "、".join(words.row(row, number, topic) for number, row in enumerate(rows))
                for words, rows in ((self._before, one), (self._after, other))
            )
            yield Difference("changed", f"{what}の順番", before, after, clause, f"{what}の順番: {before} → {after}")

    @staticmethod
    def _alone(
        how: Kind, words: Wording, kind: type[Table], key: str, value: Any, what: str, clause: str, topic: str
    ) -> Difference:
        """What stands in one of the editions only."""
        if isinstance(value, Shown):
            clause = value.clause
        said = words.table(value, topic) if isinstance(value, Table) else words.value(kind, key, value, topic)
        verb = "加わります" if how == "added" else "なくなります"
        told = "" if said == "あり" else f"（{said}）"
        before, after = ("", said) if how == "added" else (said, "")
        return Difference(how, what, before, after, clause, f"{what}が{verb}{told}{_cited(clause)}")

    def _changed(
        self, kind: type[Table], key: str, values: tuple[Any, Any], what: str, clause: str, topic: str
    ) -> Difference:
        before, after = (
            quoted(kind, key, words.value(kind, key, value, topic))
            for words, value in zip((self._before, self._after), values, strict=True)
        )
        # The clause itself is what changes: it is told already.
        cited = "" if key in ("clause", "also") else _cited(clause)
        text = f"{what}: {before} → {after}"
        one, other = values
        if isinstance(one, tuple) and isinstance(other, tuple) and len(one + other) > _LONG_LIST and {*one} != {*other}:
            parted = (
                tuple(each for each in one if each not in other),
                tuple(each for each in other if each not in one),
            )
            text = f"{what}: " + "、".join(
                f"{words.value(kind, key, value, topic)} が{verb}"
                for words, value, verb in zip(
                    (self._before, self._after), parted, ("なくなります", "加わります"), strict=True
                )
                if value
            )
        return Difference("changed", what, before, after, clause, text + cited)

    def _what(self, place: Place) -> str:
        """The way to it without the question: of a single key its own name, of what stands alone the question's."""
        first, *following = self._after.where(place).split(" › ")
        is_row = len(place) > 1 and isinstance(place[1], int)
        return "の".join([first, *following] if is_row else following) or first


def _cited(clause: str) -> str:
    return f"（{clause}）" if clause else ""


def _rows(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Table)


def _nothing(value: Any) -> bool:
    return value is None or value in ((), "", {})


def same(one: Any, other: Any) -> bool:
    """Whether two values say the same, whatever requirement they come from."""
    if isinstance(one, Table) and type(one) is type(other):
        return all(key == "rule" or same(getattr(one, key), getattr(other, key)) for key in one.members)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


def _paired(one: Sequence[Table], other: Sequence[Table]) -> Iterator[tuple[int | None, int | None]]:
    """The rows of two lists that are about the same, by their places; None for a row that has no counterpart."""
    left = [*range(len(one))]
    found: dict[int, int] = {}
    for is_the_same in (_is_called_the_same, same, _looks_alike):
        for new, row in enumerate(other):
            if new in found:
                continue
            old = next((number for number in left if is_the_same(one[number], row)), None)
            if old is not None:
                found[new] = old
                left.remove(old)
    yield from ((found.get(new), new) for new in range(len(other)))
    yield from ((old, None) for old in left)


def _is_called_the_same(one: Table, other: Table) -> bool:
    key = told_apart_by(type(other))
    return key is not None and type(one) is type(other) and bool(getattr(one, key) == getattr(other, key))


_CONDITIONS = ("fact", "value", "among", "more_than", "wrong", "when", "of", "text", "must", "exempt_years")


def _looks_alike(one: Table, other: Table) -> bool:
    """Rows without a name: what they are about is the same."""
    if type(one) is not type(other) or told_apart_by(type(other)) is not None:
        return False
    keys = [key for key in _CONDITIONS if key in other.members]
    return bool(keys) and all(same(getattr(one, key), getattr(other, key)) for key in keys)
