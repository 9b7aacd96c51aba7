"""Asking is free; acting on an answer is recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from hoshu import terms
from hoshu.accounts import tenancy
from hoshu.decisions.models import Decision


class Refused(ValueError):
    """The terms cannot answer: `field` names the fact, `message` says in Japanese what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True)
class Answer:
    """An answer of the terms: `values` in the names of the decision interface, `reasons` with their clauses."""

    question: Mapping[str, Any]
    values: dict[str, Any]
    reasons: list[dict[str, str]]
    edition: str
    derivation: list[dict[str, str | None]] = field(default_factory=list)
    """The steps to the answer (label, date, clause, rule), where the question asked to explain."""


def day(text: str | None) -> date | None:
    """A day of an answer, which holds ISO text; None where it names none."""
    return date.fromisoformat(text) if text else None


def ask(question: Mapping[str, Any]) -> Answer:
    """The answer to `question` (see the decision interface). Nothing is stored. Raises Refused."""
    result = terms.decide(question)
    if error := result.get("error"):
        raise Refused(error["field"], error["message"])
    return Answer(question, result["answer"], result["reasons"], result["edition"], result.get("derivation", []))


def record(*, answer: Answer, act: str, about: str, tenant_id: int | None, now: datetime) -> Decision:
    """Store that the current actor did `act` on the ground of `answer`, at `now` (aware), for `about`."""
    decision = _decision(answer, act, about, tenant_id, now)
    decision.save(force_insert=True)
    return decision


def record_each(*, answers: Iterable[tuple[Answer, str, int]], act: str, now: datetime) -> list[Decision]:
    """`record` for many at once: (answer, what it is about, tenant), in their order and in one statement."""
    return Decision.objects.bulk_create(
        _decision(answer, act, about, tenant_id, now) for answer, about, tenant_id in answers
    )


def _decision(answer: Answer, act: str, about: str, tenant_id: int | None, now: datetime) -> Decision:
    return Decision(
        tenant_id=tenant_id,
        at=now,
        actor=tenancy.current().label,
        act=act,
        about=about,
        topic=answer.question["ask"],
        service=answer.question["service"],
        edition=answer.edition,
        # The edition that answered is part of the question from now on: a replay asks the same terms.
        question={name: value for name, value in answer.question.items() if name != "explain"}
        | {"edition": answer.edition},
        answer=answer.values,
        reasons=answer.reasons,
    )
