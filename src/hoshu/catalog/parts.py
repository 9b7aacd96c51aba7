"""What the tables of a service edition have in common: each says which clause it comes from."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, dataclass_transform

from hoshu.dates import BusinessCalendar, within_days, within_months, within_years


@dataclass_transform(frozen_default=True, kw_only_default=True, eq_default=False)
class Table:
    """A table of the file: its subclasses annotate the keys, which become read-only members. Compared by identity.

    What `dataclasses` would make of these classes takes longer than all the rest of a command.
    """

    members: ClassVar[Mapping[str, Any]] = {}
    """The type of each key."""
    defaults: ClassVar[Mapping[str, Any]] = {}
    """The values of the keys that may be left out."""

    def __init_subclass__(cls) -> None:
        own = cls.__annotations__
        cls.members = {**cls.members, **own}
        cls.defaults = {**cls.defaults, **{name: cls.__dict__[name] for name in own if name in cls.__dict__}}

    def __init__(self, **values: Any) -> None:
        if (wrong := values.keys() - self.members.keys()) or (wrong := self.members.keys() - {*values, *self.defaults}):
            raise TypeError(f"{type(self).__name__}: unknown or missing: {', '.join(sorted(wrong))}")
        for name in self.members:
            object.__setattr__(self, name, values[name] if name in values else self.defaults[name])
        self.__post_init__()

    def __post_init__(self) -> None:
        """Raises ValueError where the values do not go together."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is read-only")


class Shown(Table):
    """Something the terms list for people: screens show it with its clause, nothing is computed from it."""

    clause: str
    rule: str
    """The requirement's ID."""


class Rule(Shown):
    """Something answers are computed from; they cite it by its clause."""

    also: tuple[str, ...] = ()
    """Further clauses of the document that say the same; an answer names them too."""


class Period(Rule):
    """民法 140条から143条: a period after an event, its day not counted, in exactly one unit."""

    days: int | None = None
    months: int | None = None
    years: int | None = None
    move_off_day_off: bool = False
    """民法 142条: whether a last day on a day off moves to the next business day. The default reading moves none."""

    def __post_init__(self) -> None:
        if sum(unit is not None for unit in (self.days, self.months, self.years)) != 1:
            raise ValueError("期間の単位が1つに決まりません。days、months、years のどれか1つだけを書いてください。")

    @property
    def text(self) -> str:
        """The length in Japanese: 30日, 3か月, 5年."""
        if self.days is not None:
            return f"{self.days}日"
        return f"{self.months}か月" if self.months is not None else f"{self.years}年"

    @property
    def law(self) -> str:
        """The articles whose arithmetic gives the last day."""
        return "民法 140条・141条" if self.days is not None else "民法 140条・143条2項"

    def last_day(self, event: date, calendar: BusinessCalendar) -> date:
        """The last day of the period after `event`."""
        if self.days is not None:
            last = within_days(event, self.days)
        elif self.months is not None:
            last = within_months(event, self.months)
        else:
            assert self.years is not None
            last = within_years(event, self.years)
        return calendar.on_or_after(last) if self.move_off_day_off else last


class Section(Table):
    """The parameters of one question to the engine, and the facts it takes for this service."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


def days_of_the_year(days: Iterable[str]) -> list[tuple[int, int]]:
    """Month and day of each `MM-DD`. ValueError: one is none."""
    found = []
    for text in days:
        try:
            day = date.fromisoformat(f"2000-{text}")
        except ValueError:
            raise ValueError(f"「{text}」は暦にある月日ではありません。「12-29」のように書いてください。") from None
        found.append((day.month, day.day))
    return found
