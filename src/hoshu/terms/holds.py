"""Reasons to keep data longer than its period, for the questions about how long it is kept and when it is destroyed."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from hoshu.catalog import DataHold, Rule

from .facts import DATE, TEXT, Fact, Facts, Kind, Misfit, list_of, quoted, read_date, record
from .sentences import said
from .topic import CALENDAR, Reason, reasons

_LAST_YEAR = 9800
"""As for the dates of a question: what follows a later one could leave the calendar."""


def _read_day(text: Any) -> date | None:
    day = read_date(text)
    if day is not None and day.year > _LAST_YEAR:
        raise Misfit
    return day


_DAY = Kind(_read_day, DATE.wanted)
_RECORD = record(
    {"code": Fact("理由", TEXT)},
    {"since": Fact("理由が生じた日", _DAY), "until": Fact("最後の日", _DAY)},
)


def _read_hold(value: Any) -> dict[str, Any] | None:
    found: dict[str, Any] | None = _RECORD.read({"code": value} if isinstance(value, str) else value)
    return found


HOLDS = Fact(
    "消さずに残す理由",
    list_of(Kind(_read_hold, "理由の文字か、code、since、until を持つ項目で指定してください。")),
)
"""Each is a code, or a record of it with the day since which, or until which, it stands."""


class Held(NamedTuple):
    """A reason to keep data, and the last day on which it stands; None where that is not known yet."""

    name: str
    rule: Rule
    until: date | None
    law: str | None = None

    def says(self) -> list[Reason]:
        """The reason to read out."""
        until = "済むまで" if self.until is None else f"{said[self.until]}まで"
        return reasons(self.rule, f"{self.name}のため、{until}残します。", self.law)


def held(facts: Facts, known: Mapping[str, DataHold], other: Rule) -> Iterable[Held]:
    """The holds of a question. One that the edition does not list keeps the data as well: deleting is never undone."""
    for fact in facts.get("holds") or ():
        hold, until, since = known.get(fact["code"]), fact["until"], fact["since"]
        if hold is None:
            yield Held(f"{quoted(fact['code'])}という理由", other, until)
        elif until is None and since is not None and hold.lasts is not None:
            yield Held(hold.name, hold.lasts, hold.lasts.last_day(since, CALENDAR), hold.lasts.law)
        else:
            yield Held(hold.name, hold, until)
