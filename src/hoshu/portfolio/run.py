"""A whole book in one go: agreements of one service, plan and edition together, the doubtful ones one by one."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from hoshu.catalog import Edition, Plan, edition_on, editions, every_edition
from hoshu.catalog import edition as edition_called
from hoshu.terms import DECIDING_EDITION, decide

from .answers import Answered
from .book import Book, Refusals
from .coverage import CoverageColumns
from .days import NEVER, Counting, EachDay, Flags, Numbers, day_of, number_of
from .facts import Column
from .gaps import gaps
from .keys import Key
from .words import ERROR, FOLLOWING, members

EXPIRING = 90
"""So many days ahead an agreement is about to expire, unless somebody says otherwise."""


class Outcome(NamedTuple):
    """The book with its answers."""

    table: pa.Table
    refused: int
    active: int
    expiring: int


def answer(book: Book, *, as_of: date, expiring: int = EXPIRING) -> Outcome:
    """Ask `coverage` of every row, and what follows from it on `as_of`; `expiring` counts the days after it."""
    run = _Run(book)
    run.cover()
    run.follow(number_of(as_of), expiring)
    return run.outcome()


def coverage_under(book: Book, edition: Edition) -> pa.Table:
    """What `coverage` answers to every row under one edition, be it a draft. Rows of other services are refused."""
    run = _Run(book, under=edition)
    run.cover()
    return run.outcome().table


class _Group(NamedTuple):
    """Rows that the same terms answer, next to each other once the book is sorted; None where there are none."""

    rows: slice
    edition: Edition | None
    plan: Plan | None


class _GroupFacts:
    """The facts of a group, for `coverage`."""

    def __init__(self, columns: Mapping[str, Column], rows: slice) -> None:
        self._columns, self._rows = columns, rows
        self.count = rows.stop - rows.start

    def days(self, name: str | None) -> Numbers | None:
        return None if name is None else self.numbers(name)

    def numbers(self, name: str) -> Numbers | None:
        if name not in self._columns:
            return None
        found = self._columns[name].numbers[self._rows]
        return found if found.min(initial=NEVER) < NEVER else None

    def texts(self, name: str) -> tuple[Numbers, list[str]] | None:
        found = self.numbers(name)
        return None if found is None else (found, [*self._columns[name].texts])

    def doubtful(self, edition: Edition) -> Flags:
        """Rows with cells that are not readable, that belong to other services, or that are missing."""
        assert edition.coverage is not None
        found = np.zeros(self.count, np.bool_)
        own = (*edition.coverage.required, *edition.coverage.optional)
        for name, column in self._columns.items():
            if column.unreadable is not None:
                found |= column.unreadable[self._rows]
            if name not in own and (numbers := self.numbers(name)) is not None:
                found |= numbers < NEVER
        for name in edition.coverage.required:
            numbers = self.numbers(name)
            found |= True if numbers is None else numbers >= NEVER
        return found


class _Run:
    def __init__(self, book: Book, *, under: Edition | None = None) -> None:
        """`under` is the edition that answers every row of its service, whatever the row accepted."""
        self._book, self._count, self._under = book, book.count, under
        known = every_edition() if under is None else (*every_edition(), under)
        kinds = {**members(known), **FOLLOWING}
        self._answers = {name: Answered(kind, self._count) for name, (kind, _) in kinds.items()}
        self._members = [name for name in kinds if name not in FOLLOWING]
        self._refusals: Refusals = dict(book.unreadable)
        self._counting = Counting()
        self._columns: dict[Edition, CoverageColumns] = {}
        self._edition: Numbers = np.full(self._count, NEVER, np.int32)
        """The place of each row's edition among `_columns`."""

    # Coverage

    def cover(self) -> None:
        """Answer `coverage` for every row."""
        order, groups = self._sorted()
        columns = {
            name: column._replace(
                numbers=column.numbers[order],
                unreadable=None if column.unreadable is None else column.unreadable[order],
            )
            for name, column in self._book.facts_of["coverage"].items()
        }
        found: dict[str, Numbers] = {name: np.full(self._count, NEVER, np.int32) for name in self._members}
        doubtful: list[Numbers] = []
        for group in groups:
            rows = order[group.rows]
            if group.edition is None or group.plan is None:
                self._refuse(rows)
                continue
            self._edition[rows] = self._place(group.edition)
            facts = _GroupFacts(columns, group.rows)
            answers = self._columns[group.edition].answer(group.plan, facts)
            for name, numbers in answers.members.items():
                answered = self._answers[name]
                is_text = answered.kind == "text"
                found[name][group.rows] = answered.places(numbers, answers.names) if is_text else numbers
            doubtful.append(rows[answers.doubtful | facts.doubtful(group.edition)])
        for name, numbers in found.items():
            self._answers[name].numbers[order] = numbers
        for rows in doubtful:
            self._ask_each(rows)
        self._forget_refused()

    def _sorted(self) -> tuple[Numbers, Iterator[_Group]]:
        """The rows in the order of what decides which terms answer, and the groups that they then form."""
        by_day = self._edition_by_day()
        key = Key(self._count)
        for column in self._book.names.values():
            key.add(column.numbers)
        key.add(by_day)
        places, examples = key.distinct()
        order = np.argsort(places.astype(np.min_scalar_type(len(examples))), kind="stable")
        ends = np.cumsum(np.bincount(places, minlength=len(examples))).tolist()

        def groups() -> Iterator[_Group]:
            for example, begin, end in zip(examples.tolist(), [0, *ends], ends, strict=False):
                yield _Group(slice(begin, end), *self._terms(example, int(by_day[example])))

        return order, groups()

    def _edition_by_day(self) -> Numbers:
        """Where a row names no edition: the place, among those of its service, of the one in force at acceptance."""
        service, named = self._book.names["service"], self._book.names["edition"]
        found: Numbers = np.full(self._count, NEVER, np.int32)
        for place, name in enumerate(service.texts):
            known = editions(name)
            if len(known) < 2 or self._under is not None:
                continue
            rows = np.flatnonzero((service.numbers == place) & (named.numbers >= NEVER))
            accepted: Numbers = np.full(len(rows), NEVER, np.int32)
            for fact in DECIDING_EDITION:
                if fact in self._book.facts:
                    accepted = np.where(accepted < NEVER, accepted, self._book.facts[fact].numbers[rows])
            in_force = EachDay(lambda day, service=name: edition_on(service, day).in_force).of(accepted)  # type: ignore[misc]
            places = np.searchsorted([number_of(each.in_force) for each in known], in_force)
            found[rows] = np.minimum(places, len(known) - 1)
        return found

    def _terms(self, row: int, by_day: int) -> tuple[Edition | None, Plan | None]:
        """The edition and the plan of a row, where they exist and offer the question."""
        service, plan, named = (column.json(row) for column in self._book.names.values())
        known = editions(service) if service else ()
        if self._under is not None:
            known = (self._under,) if service == self._under.service else ()
        elif named:
            known = tuple(each for each in known if each.edition == named)
        if not known:
            return None, None
        accepted = known[min(by_day, len(known) - 1)]
        if accepted.coverage is None:
            return None, None
        return accepted, next((each for each in accepted.plan if each.id == plan), None)

    def _refuse(self, rows: Numbers) -> None:
        """Rows without terms: whatever their facts are, they are refused for the same reason."""
        refusal = decide(self._book.question("coverage", int(rows[0])), under=self._under)["error"]
        for row in rows.tolist():
            self._refusals.setdefault(row, (refusal["field"], refusal["message"]))

    def _ask_each(self, rows: Numbers) -> None:
        for row in rows.tolist():
            if row in self._refusals:
                continue
            question = self._book.question("coverage", row)
            if (result := self._ask(question)) is not None:
                answering = self._under or edition_called(question["service"], result["edition"])
                self._edition[row] = self._place(answering)
                for name in self._members:
                    self._answers[name].set(row, result["answer"].get(name))

    def _place(self, edition: Edition) -> int:
        """The place of an edition among `_columns`, where it is from now on."""
        if edition not in self._columns:
            self._columns[edition] = CoverageColumns(edition, self._counting)
        return [*self._columns].index(edition)

    def _ask(self, question: dict[str, Any]) -> dict[str, Any] | None:
        """What `decide` answers to the question of a row; None where it refuses, which is kept."""
        result, row = decide(question, under=self._under), question["id"]
        if "error" in result:
            self._refusals[row] = result["error"]["field"], result["error"]["message"]
            return None
        return result

    def _forget_refused(self) -> None:
        """A refused row has no answer at all."""
        for answered in self._answers.values():
            answered.numbers[[*self._refusals]] = NEVER

    # What follows from it

    def follow(self, as_of: int, expiring: int) -> None:
        """Answer what the coverage means on the day `as_of`."""
        start, end = self._answers["start"].numbers, self._answers["end"].numbers
        known = np.ones(self._count, np.bool_)
        known[[*self._refusals]] = False
        ended = end < as_of
        self._keep("active", np.where(known, (start <= as_of) & ~ended, NEVER))
        self._keep("days_left", np.where((end < NEVER) & ~ended, end - as_of, NEVER))
        self._keep("expiring", np.where(known, (end <= as_of + expiring) & ~ended, NEVER))
        if (units := self._book.units) is not None:
            between = gaps(units, self._book.names["service"].numbers, start, end)
            self._keep("gap_days", between.gap_days)
            self._keep("overlap_days", between.overlap_days)
        for place, accepted in enumerate(self._columns):
            if accepted.extension is not None:
                self._extend(accepted, np.flatnonzero((self._edition == place) & (end < NEVER)), as_of)
        self._forget_refused()

    def _keep(self, name: str, numbers: Numbers) -> None:
        self._answers[name].numbers = numbers.astype(np.int32)

    def _extend(self, accepted: Edition, rows: Numbers, as_of: int) -> None:
        """`extension` under the edition that was accepted, once for each distinct combination of its facts."""
        end = self._answers["end"].numbers
        key = Key(len(rows))
        key.add(end[rows])
        for column in self._book.facts_of["extension"].values():
            key.add(column.numbers[rows])
            if column.unreadable is not None:
                key.add(np.where(column.unreadable[rows], rows, NEVER))
        places, examples = key.distinct()
        names = {name: name.removeprefix(_EXTENSION) for name in FOLLOWING if name.startswith(_EXTENSION)}
        found = {name: np.full(len(examples), NEVER, np.int32) for name in names}
        for place, row in enumerate(rows[examples].tolist()):
            question = self._book.question("extension", row, on=_iso(as_of), end=_iso(int(end[row])))
            result = self._ask({**question, "edition": accepted.edition})
            if result is None:
                same = rows[places == place].tolist()
                self._refusals |= dict.fromkeys(same, self._refusals[row])
                continue
            for name, member in names.items():
                found[name][place] = self._answers[name].number(result["answer"][member])
        for name, numbers in found.items():
            self._answers[name].numbers[rows] = numbers[places]

    # The result

    def outcome(self) -> Outcome:
        """The columns as they came, followed by the answers and, for refused rows, the reason."""
        names, *errors = (Answered("text", self._count) for _ in ("edition", *ERROR))
        named = self._book.names["edition"]
        decided = names.places(self._edition, [each.edition for each in self._columns])
        names.numbers = np.where(decided < NEVER, decided, names.places(named.numbers, named.texts))
        for row, refusal in self._refusals.items():
            for column, text in zip(errors, refusal, strict=True):
                column.set(row, text)
        columns = {"edition": names, **self._answers, **dict(zip(ERROR, errors, strict=True))}
        return Outcome(
            table=self._book.with_columns({name: column.array() for name, column in columns.items()}),
            refused=len(self._refusals),
            active=int((self._answers["active"].numbers == 1).sum()),
            expiring=int((self._answers["expiring"].numbers == 1).sum()),
        )


_EXTENSION = "extension_"
"""How the columns are called that hold members of the answer to `extension`."""


def _iso(day: int) -> str:
    return day_of(day).isoformat()
