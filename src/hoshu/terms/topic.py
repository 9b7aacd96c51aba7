"""What a topic is made of: the facts it knows, and a function that turns an edition and a plan into a decider.

A topic module is named after its question and never after a service; its numbers and clauses come from the edition.
A decider is compiled once for an (edition, plan) and then only called, so whatever does not
depend on the facts is prepared outside of it.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from hoshu.catalog import Edition, Period, Plan, Rule
from hoshu.dates import BusinessCalendar, Deadline, after_period

from .facts import Fact, Facts, Lookup, Refusal
from .sentences import written

Reason = dict[str, str]
Answer = dict[str, Any]


class Trace:
    """What `explain` adds: the steps to the answer, and the rules that were looked at and did not decide."""

    def __init__(self) -> None:
        self.steps: list[dict[str, str | None]] = []
        self.losing: list[Reason] = []
        self.more: dict[str, Any] = {}
        """What a topic explains besides, by the member of the answer's envelope."""

    def step(self, label: str, day: date | None, rule: Rule) -> None:
        self.steps.append({"label": label, "date": written(day), "clause": rule.clause, "rule": rule.rule})

    def deadline(self, name: str, deadline: Deadline) -> None:
        """How a deadline of the answer came about: each stretch that was counted or skipped, and why."""
        explained = {"field": name, "text": deadline.sentence, "rows": deadline.rows()}
        self.more.setdefault("deadlines", []).append(explained)

    def period(self, name: str, period: Period, event: date) -> None:
        """The same for the last day of a period after an event."""
        length = {"days": period.days, "months": period.months, "years": period.years}
        self.deadline(name, after_period(event, CALENDAR, **length))

    def lost(self, rule: Rule, text: str) -> None:
        self.losing.append({"clause": rule.clause, "rule": rule.rule, "text": text})


Decider = Callable[[Facts, Trace | None], tuple[Answer, list[Reason]]]
"""Reads nothing but the facts; raises Refusal where they contradict each other or a further one is needed."""


class Topic(NamedTuple):
    """One question of the decision interface."""

    name: str
    facts: Mapping[str, Fact]
    compile: Callable[[Edition, Plan | None], Decider]
    by_plan: bool = True
    """Whether the answer depends on the plan; else the question may leave it out."""
    by_service: bool = False
    """Whether each fact belongs to certain services. Else every service takes them all, also those it never reads."""


def head(rule: Rule, law: str | None = None) -> Reason:
    """The fixed part of a reason; a decider adds the text: `{**END, "text": f"…"}`."""
    return {"clause": rule.clause, "rule": rule.rule} | ({"law": law} if law else {})


def reasons(rule: Rule, text: str, law: str | None = None) -> list[Reason]:
    """A reason, with those of the further clauses that say the same."""
    first = {"clause": rule.clause, "rule": rule.rule, "text": text}
    if law is not None:
        first["law"] = law
    return [first, *also(rule)] if rule.also else [first]


SAYS_THE_SAME = "にも同じ定めがあります。"
"""How the reasons of further clauses end, so that a screen can put them beside the first."""


_says_the_same = Lookup[Rule, list[Reason]](
    lambda rule: [{"clause": clause, "rule": rule.rule, "text": f"「{clause}」{SAYS_THE_SAME}"} for clause in rule.also]
)


def also(rule: Rule) -> list[Reason]:
    """IX-CND-02: one reason for every further clause that says the same."""
    return [*map(dict.copy, _says_the_same[rule])]


CALENDAR = BusinessCalendar()
"""Only to tell that a last day is a day off, or to move it where an edition says so; no window depends on it."""


def _last_day(period_and_event: tuple[Period, date]) -> tuple[date, bool]:
    """The last day of a period after an event, and whether that is a day off."""
    period, event = period_and_event
    last = period.last_day(event, CALENDAR)
    return last, not CALENDAR.is_business_day(last)


_last_days = Lookup(_last_day)


def last_day(period: Period, event: date, name: str, days_off: list[str], trace: Trace | None = None) -> date:
    """IX-CAL-07: the last day of a period; a day off is not moved but noted in `days_off` (民法 142条)."""
    last, is_off = _last_days[period, event]
    if is_off:
        days_off.append(name)
    if trace is not None:
        trace.period(name, period, event)
    return last


def needed(facts: Facts, name: str, why: str) -> Any:
    """A fact that this question needs although others do not; `why` is the Japanese sentence that asks for it."""
    if (value := facts.get(name)) is None:
        raise Refusal(name, why)
    return value
