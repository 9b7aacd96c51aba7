"""What the tables of a service edition have in common: each says which clause it comes from."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar, dataclass_transform

from hoshu.dates import BusinessCalendar, within_days, within_months, within_years

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def table(cls: type[T]) -> type[T]:
    """A table of the file as a frozen dataclass. Compared by identity: an edition is loaded once.

    Without the methods for comparing and printing, the classes of the catalogue cost a command half as long to make.
    """
    return dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)(cls)


@table
class Shown:
    """Something the terms list for people: screens show it with its clause, nothing is computed from it."""

    clause: str
    rule: str
    """The requirement's ID."""


@table
class Rule(Shown):
    """Something answers are computed from; they cite it by its clause."""

    also: tuple[str, ...] = ()
    """Further clauses of the document that say the same; an answer names them too."""


@table
class Period(Rule):
    """民法 140条から143条: a period after an event, its day not counted, in exactly one unit."""

    days: int | None = None
    months: int | None = None
    years: int | None = None
    move_off_day_off: bool = False
    """民法 142条: whether a last day on a day off moves to the next business day. The default reading moves none."""

    def __post_init__(self) -> None:
        if sum(unit is not None for unit in (self.days, self.months, self.years)) != 1:
            raise ValueError("a period is given in one of days, months, years")

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


@table
class Section:
    """The parameters of one question to the engine, and the facts it takes for this service."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
