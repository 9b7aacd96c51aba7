"""Ask every stored decision again with the present code: what would we answer differently today?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hoshu import terms
from hoshu.decisions.models import Decision

BATCH = 1000


@dataclass(frozen=True)
class Difference:
    """One stored decision whose answer or reasons changed."""

    decision_id: int
    about: str
    topic: str
    was: dict[str, Any]
    now: dict[str, Any]


def differences() -> Iterator[Difference | None]:
    """For each stored decision in order: None where the answer still holds, else the difference.

    Compared are the answer and the clauses and rules of the reasons; the wording of a sentence may improve.
    """
    for decision in Decision.objects.order_by("id").iterator(chunk_size=BATCH):
        result = terms.decide(decision.question)
        was = {"answer": decision.answer, "grounds": _grounds(decision.reasons)}
        now = (
            {"error": result["error"]}
            if "error" in result
            else {"answer": result["answer"], "grounds": _grounds(result["reasons"])}
        )
        yield None if was == now else Difference(decision.pk, decision.about, decision.topic, was, now)


def _grounds(reasons: list[dict[str, str]]) -> list[list[str]]:
    return sorted([reason["clause"], reason["rule"]] for reason in reasons)
