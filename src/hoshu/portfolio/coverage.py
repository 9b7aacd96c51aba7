"""`coverage` in columns: what `terms.coverage` does for one agreement, for all those of one edition and plan.

The terms are read from the same tables of the edition, and every date is counted by the same functions, once for each
distinct day. What is left are comparisons. Where facts contradict each other, or one that is needed is missing, the row
is doubtful: then `decide` says why. Whoever changes the rule there changes it here; `tests/portfolio` compares them.
"""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

import numpy as np

from hoshu.catalog import Cap, Deadline, Edition, Plan
from hoshu.dates import BusinessCalendar, elapsed, extend_years, month_end, within_years

from .days import NEVER, Counting, Flags, Numbers

_CALENDAR = BusinessCalendar()
_APPLIED = "application_received"


class Facts(Protocol):
    """The facts of some rows, by the names of the decision interface; None where no row knows the fact."""

    count: int

    def days(self, name: str | None) -> Numbers | None:
        """Dates, or the days of moments."""

    def numbers(self, name: str) -> Numbers | None:
        """Whole numbers, or 1 and 0 of a flag."""

    def texts(self, name: str) -> tuple[Numbers, Sequence[str]] | None:
        """Places of texts in a list."""


class Answers:
    """The members of the answer by name: days and numbers, NEVER for null, and places of texts in `names`."""

    def __init__(self, count: int) -> None:
        self.members: dict[str, Numbers] = {}
        self.names: list[str] = []
        self.doubtful: Flags = np.zeros(count, np.bool_)
        """Rows of which nothing here counts: `decide` has to be asked."""

    def name(self, text: str) -> int:
        """The place of a text."""
        if text not in self.names:
            self.names.append(text)
        return self.names.index(text)


class CoverageColumns:
    """The coverage of one edition."""

    def __init__(self, edition: Edition, counting: Counting) -> None:
        assert edition.coverage is not None
        self._terms = edition.coverage
        self._deadlines = edition.registration.deadline if edition.registration is not None else ()
        self._each = counting.each

    def answer(self, plan: Plan, facts: Facts) -> Answers:
        """The answers for rows of one plan."""
        return self._until_ended(facts) if self._terms.elapsed is None else self._years_counted(plan, facts)

    def _years_counted(self, plan: Plan, facts: Facts) -> Answers:
        assert plan.years is not None
        terms, answers = self._terms, Answers(facts.count)
        proof = facts.numbers("purchase_proof")
        unproven = np.zeros(facts.count, np.bool_) if proof is None else proof == 0

        begin = self._begin(unproven, facts, answers)
        answers.doubtful |= begin >= NEVER
        counted_from = begin
        for origin in terms.origin[1:]:
            if (days := facts.days(origin.fact)) is not None:
                counted_from = np.minimum(counted_from, days + origin.plus_days)

        ends = _Ends(self._end(plan.years, counted_from, facts), terms.parts, answers)
        for cap in terms.cap:
            if (limit := self._limit(cap, plan.years, facts, answers)) is not None:
                ends.cut(limit, cap.name, cap.part)
        if (stopped := facts.days("ended_early")) is not None:
            if terms.ended_early.must_be_early:
                answers.doubtful |= (stopped > ends.whole) & (stopped < NEVER)
            _cut_early(stopped, ends, facts, answers)
        ends.close()

        start = self._start(begin, facts, answers)
        served = start <= ends.whole
        answers.members |= {
            "counted_from": counted_from,
            "start": np.where(served, start, NEVER),
            "end": np.where(served, ends.whole, NEVER),
            "cap": ends.names,
            "days_used": np.where(served, np.maximum(start - counted_from, 0), NEVER),
        }
        for part, end in ends.parts.items():
            answers.members[f"{part}_end"] = np.where(served, end, NEVER)
        if (stand_in := terms.origin[0].unproven) is not None:
            proven, shipped = answers.name("proof"), answers.name(stand_in)
            answers.members["purchase_basis"] = np.where(unproven, shipped, proven)
        if terms.warranty is not None:
            answers.members["warranty_end"] = self._warranty_end(begin, unproven, facts)
        if terms.says_in_time:
            answers.members["in_time"] = self._in_time(facts, answers)
        return answers

    def _until_ended(self, facts: Facts) -> Answers:
        terms, answers = self._terms, Answers(facts.count)
        until = terms.open_end
        assert until is not None
        counted_from = _days(facts, terms.origin[0].fact)
        start, event = _days(facts, terms.start.fact), _days(facts, until.fact)
        # Which of two moments of one day is the earlier, their days do not say.
        answers.doubtful |= event <= counted_from

        ends = _Ends(self._each(until.last_served).of(event), (), answers)
        if (stopped := facts.days("ended_early")) is not None:
            answers.doubtful |= stopped < counted_from
            ends.cut(stopped, "ended_early", None)
        nothing_left = (ends.whole < start) & (start < NEVER)
        answers.members |= {
            "counted_from": counted_from,
            "start": np.where(nothing_left, NEVER, start),
            "end": np.where(nothing_left, NEVER, ends.whole),
            "cap": ends.names,
        }
        return answers

    def _begin(self, unproven: Flags, facts: Facts, answers: Answers) -> Numbers:
        """The day of the first origin, of what prevails over it, or of what stands in where it is not proven."""
        first = self._terms.origin[0]
        day = _days(facts, first.fact)
        if (instead := facts.days(first.instead)) is not None:
            answers.doubtful |= (instead < day) & (day < NEVER)
            day = np.where(instead < NEVER, instead, day)
        if first.plus_days:
            day = np.where(day < NEVER, day + first.plus_days, NEVER)
        return day if first.unproven is None else np.where(unproven, _days(facts, first.unproven), day)

    def _end(self, years: int, counted_from: Numbers, facts: Facts) -> Numbers:
        """The last day of the years, lengthened by as many kits as were bought, one after the other."""
        assert self._terms.elapsed is not None
        end = self._each(self._terms.elapsed.last_day, years).of(counted_from)
        kit = self._terms.kit
        if kit is None or (kits := facts.numbers(kit.fact)) is None:
            return end
        extended, further = self._each(extend_years, kit.years), end.copy()
        remaining = np.where(kits < NEVER, kits, 0)
        while (rows := np.flatnonzero(remaining)).size:
            further[rows] = extended.of(further[rows])
            remaining[rows] -= 1
        return further

    def _limit(self, cap: Cap, years: int, facts: Facts, answers: Answers) -> Numbers | None:
        """The last day under a cap; NEVER for rows that it does not touch, None where it touches no row."""
        event, recorded = facts.days(cap.fact), facts.days(cap.recorded)
        if event is None and recorded is None:
            return None
        limit: Numbers = np.full(facts.count, NEVER, np.int32)
        if event is not None:
            limit = self._each(within_years, cap.years).of(event)
        if recorded is not None:
            if event is not None:
                answers.doubtful |= (recorded < event) & (event < NEVER)
            limit = np.where(recorded < NEVER, recorded, limit)
        if years not in cap.exempt_years:
            return limit
        if cap.exempt_in_time is None:
            return None
        [deadline] = [each for each in self._deadlines if each.fact == cap.exempt_in_time]
        last = self._last_day(deadline, facts)
        return np.where((_days(facts, _APPLIED) <= last) & (last < NEVER), NEVER, limit)

    def _last_day(self, deadline: Deadline, facts: Facts) -> Numbers:
        event = _days(facts, deadline.fact)
        if (instead := facts.days(deadline.instead)) is not None:
            event = np.where(instead < NEVER, instead, event)
        return self._each(_last_day, deadline).of(event)

    def _start(self, begin: Numbers, facts: Facts, answers: Answers) -> Numbers:
        rule = self._terms.start
        start = _days(facts, rule.fact)
        if not rule.not_before_origin:
            first = _days(facts, self._terms.origin[0].fact)
            answers.doubtful |= (start < first) & (first < NEVER)
        if (later := facts.days(rule.later)) is not None:
            answers.doubtful |= later < start
            start = np.where(later < NEVER, later, start)
        return np.maximum(start, begin) if rule.not_before_origin else start

    def _warranty_end(self, begin: Numbers, unproven: Flags, facts: Facts) -> Numbers:
        rule = self._terms.warranty
        assert rule is not None
        end: Numbers = np.full(facts.count, NEVER, np.int32)
        if (years := facts.numbers(rule.years)) is not None:
            for count in np.unique(years[years < NEVER]).tolist():
                rows = np.flatnonzero(years == count)
                end[rows] = self._each(elapsed, count).of(begin[rows])
        printed = self._each(month_end).of(_days(facts, rule.printed))
        return np.where(unproven, printed, end)

    def _in_time(self, facts: Facts, answers: Answers) -> Numbers:
        """1 and 0, or NEVER where the facts do not say: late for one deadline is late, whatever else is unknown."""
        applied = _days(facts, _APPLIED)
        late, unknown = np.zeros(facts.count, np.bool_), applied >= NEVER
        for deadline in self._deadlines:
            event, last = _days(facts, deadline.fact), self._last_day(deadline, facts)
            answers.doubtful |= (applied < event) & (event < NEVER)
            late |= (applied > last) & (applied < NEVER)
            unknown |= last >= NEVER
        return np.where(late, 0, np.where(unknown, NEVER, 1))


class _Ends:
    """The end of the whole and of each part, and what cut them last."""

    def __init__(self, end: Numbers, parts: tuple[str, ...], answers: Answers) -> None:
        self.whole = end
        self.parts = dict.fromkeys(parts, end)
        self.names: Numbers = np.full(len(end), NEVER, np.int32)
        self._answers = answers

    def cut(self, limit: Numbers, name: str, part: str | None) -> None:
        """End a part, or the whole with all its parts, on `limit` where that is earlier."""
        earlier = limit < (self.whole if part is None else self.parts[part])
        self.names[earlier] = self._answers.name(name)
        if part is not None:
            self.parts[part] = np.minimum(self.parts[part], limit)
            return
        self.whole = np.minimum(self.whole, limit)
        self.parts = {part: np.minimum(end, limit) for part, end in self.parts.items()}

    def close(self) -> None:
        """End the whole with the last of its parts."""
        if self.parts:
            self.whole = np.maximum.reduce(list(self.parts.values()))


def _cut_early(stopped: Numbers, ends: _Ends, facts: Facts, answers: Answers) -> None:
    """What was ended early: the whole, or the part that is named."""
    found = facts.texts("ended_part")
    if found is None:
        ends.cut(stopped, "ended_early", None)
        return
    places, parts = found
    whole = places >= NEVER
    for place, part in enumerate(parts):
        named = places == place
        if part == "all":
            whole |= named
        elif part in ends.parts:
            ends.cut(np.where(named, stopped, NEVER), "ended_early", part)
        else:
            answers.doubtful |= named
    ends.cut(np.where(whole, stopped, NEVER), "ended_early", None)


def _last_day(day: date, deadline: Deadline) -> date:
    return deadline.last_day(day, _CALENDAR)


def _days(facts: Facts, name: str | None) -> Numbers:
    found = facts.days(name)
    return np.full(facts.count, NEVER, np.int32) if found is None else found
