"""The kinds of facts a question may carry: how each is read from JSON, and how to say in Japanese what it should be.

A reader takes the raw value and gives the value the rules work with; null is None (unknown) for every kind. Dates
become `date`, moments the minute number of `hoshu.dates`. What does not fit raises Misfit, which `decide` turns into a
refusal.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple, TypeVar

from hoshu.dates import JST, MINUTES_OF_DAY, WEEKDAYS, Hours, hours

SECONDS_OF_DAY = MINUTES_OF_DAY * 60

Facts = dict[str, Any]
"""Facts that have been read, by name. A fact left out is unknown."""

K = TypeVar("K")
V = TypeVar("V")

_TABLE_SIZE = 1 << 16
"""How many entries are kept: more days than a lifetime has, so it only bounds what anybody can make us keep."""


class Lookup(dict[K, V]):
    """What depends on one day alone, worked out when it is first looked up: a book of contracts spans some thousand.

    A look-up costs less than half of a function that works it out. Whole answers are never kept.
    """

    def __init__(self, work_out: Callable[[K], V], most: int = _TABLE_SIZE) -> None:
        super().__init__()
        self._work_out = work_out
        self._most = most

    def __missing__(self, key: K) -> V:
        value = self._work_out(key)
        if len(self) >= self._most:
            self.clear()
        self[key] = value
        return value


class Refusal(Exception):
    """A question that cannot be answered as it stands: the field and a Japanese sentence that says what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class Misfit(Exception):
    """A value that is not of its fact's kind. `detail` says why in Japanese where the kind alone does not."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


_LONGEST_QUOTE = 60


def quoted(value: object) -> str:
    """What somebody sent, to be shown in a sentence; cut where it is long, left out where it is no text."""
    text = value if isinstance(value, str) else "…"
    return f"「{text}」" if len(text) <= _LONGEST_QUOTE else f"「{text[:_LONGEST_QUOTE]}…」"


class Kind(NamedTuple):
    """A kind of fact: its reader, and the end of the sentence 「…は…」 that says what it should be."""

    read: Callable[[Any], Any]
    wanted: str
    alternatives: tuple[Any, ...] = ()
    """The values tried for `what_would_change`, where they are few enough to try."""
    codes: tuple[str, ...] = ()
    """All values, where it is one of a few codes."""
    item: "Kind | None" = None
    """The kind of each value, where it is a list."""
    members: "Mapping[str, Fact] | None" = None
    """The members, where it is an object."""


class Fact(NamedTuple):
    """A fact: what people call it, and its kind."""

    label: str
    kind: Kind


def _date(text: Any) -> date | None:
    if text is None:
        return None
    try:
        if len(text) == 10 and text[7] == "-":
            return date.fromisoformat(text)
    except ValueError:
        raise Misfit(f"{quoted(text)}は暦にない日付です。") from None
    except (LookupError, TypeError):
        raise Misfit from None
    raise Misfit


read_date: Callable[[Any], date | None] = Lookup(_date).__getitem__
"""The date of a text `YYYY-MM-DD`; no other way to write one is read. The same day is the same object.

A list or an object raises TypeError, which says the same as Misfit wherever facts are read.
"""


def _midnight(text: str) -> int:
    if text[7] != "-":
        raise Misfit
    return date.fromisoformat(text).toordinal() * SECONDS_OF_DAY


def _second_of_day(text: str) -> int:
    found = time.fromisoformat(text)
    if not text.endswith("+09:00") or text not in (f"T{found.isoformat('minutes')}", f"T{found.isoformat('seconds')}"):
        raise Misfit
    return (found.hour * 60 + found.minute) * 60 + found.second


midnights = Lookup(_midnight)
"""The second number with which the day begins that a moment starts with."""

seconds_of_day = Lookup(_second_of_day)
"""What follows the date in the usual ways to write a moment: `T09:00+09:00`, `T09:00:00+09:00`."""

UNUSUAL = (LookupError, Misfit, TypeError, ValueError)
"""What those two raise for any other text."""


def read_moment(text: Any) -> int | None:
    """IX-CAL-01: the minute number in Japan of a moment with an offset; one without is refused, never assumed."""
    if text is None:
        return None
    try:
        return (midnights[text[:10]] + seconds_of_day[text[10:]]) // 60
    except UNUSUAL:
        return _read_unusual_moment(text)


def _read_unusual_moment(text: Any) -> int:
    try:
        if text[10] != "T" or text[13] != ":" or text[7] != "-":
            raise Misfit
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Misfit(f"{quoted(text)}は暦にない日時です。") from None
    except (LookupError, TypeError):
        raise Misfit from None
    if moment.tzinfo is None:
        raise Misfit("時差（+09:00）がありません。")
    local = moment.astimezone(JST)
    return local.toordinal() * MINUTES_OF_DAY + local.hour * 60 + local.minute


def read_bool(value: object) -> bool | None:
    if value is True or value is False or value is None:
        return value
    raise Misfit


def read_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise Misfit


def whole_number(least: int, most: int = 10**15) -> Callable[[object], int | None]:
    """A reader for a whole number within bounds."""

    def read(value: object) -> int | None:
        if value is None:
            return None
        if type(value) is not int or not least <= value <= most:
            raise Misfit
        return value

    return read


class _Choices(dict[object, str | None]):
    def __missing__(self, value: object) -> None:
        raise Misfit


def choice(*allowed: str) -> Kind:
    """One of the given codes."""
    codes = _Choices()
    codes.update((code, code) for code in allowed)
    codes[None] = None
    return Kind(codes.__getitem__, f"{'、'.join(allowed)} のどれかで指定してください。", codes=allowed)


def list_of(kind: Kind) -> Kind:
    """A list of values of one kind, as a tuple; null is no value of a list."""

    read_each = kind.read

    def read(value: object) -> tuple[Any, ...] | None:
        if value is None:
            return None
        if not isinstance(value, (list, tuple)) or None in value:
            raise Misfit
        return tuple(map(read_each, value))

    return Kind(read, f"一覧にし、それぞれ{kind.wanted}", item=kind)


def record(required: Mapping[str, Fact], optional: Mapping[str, Fact] | None = None) -> Kind:
    """An object with the given members; left-out optional members are None."""
    members = {**required, **(optional or {})}
    names = "、".join(members)
    readers = {name: fact.kind.read for name, fact in members.items()}
    unknown = dict.fromkeys(members)

    def read(value: object) -> dict[str, Any] | None:
        if value is None:
            return None
        if type(value) is not dict and not isinstance(value, Mapping):
            raise Misfit
        found: dict[str, Any] = unknown.copy()
        name: Any = None
        try:
            for name, raw in value.items():
                found[name] = readers[name](raw)
        except (KeyError, Misfit, TypeError):
            if name not in members:
                raise Misfit(f"{quoted(name)}という項目はありません。") from None
            raise Misfit(f"{members[name].label}（{name}）は{members[name].kind.wanted}") from None
        for name in required:
            if found[name] is None:
                raise Misfit(f"{members[name].label}（{name}）がありません。")
        return found

    return Kind(read, f"{names} を持つ項目で指定してください。", members=members)


def _read_hours(value: Any) -> Hours | None:
    found = _TWO_TIMES.read(value)
    try:
        return found and hours(found["from"], found["to"])
    except ValueError:
        raise Misfit("時刻が正しくありません。") from None


DATE = Kind(read_date, "「2025-04-30」のような、暦にある日付で指定してください。")
MOMENT = Kind(read_moment, "「2025-04-30T09:00+09:00」のように、時差を付けた日時で指定してください。")
BOOL = Kind(read_bool, "true（はい）か false（いいえ）で指定してください。", alternatives=(True, False))
COUNT = Kind(whole_number(0, 10_000), "0以上の整数で指定してください。")
YEN = Kind(whole_number(0), "円単位の0以上の整数で指定してください。")
TEXT = Kind(read_text, "文字で指定してください。")
_TWO_TIMES = record({"from": Fact("始まる時刻", TEXT), "to": Fact("終わる時刻", TEXT)})
HOURS = Kind(
    _read_hours, "from と to に「08:30」のような時刻を持つ項目で指定してください。", members=_TWO_TIMES.members
)
WEEKDAY = choice(*WEEKDAYS)
