"""Ask every stored decision again with the present code: what would we answer differently today?"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from hoshu import terms
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.decisions.models import Decision

BATCH = 1000


@dataclass(frozen=True)
class Difference:
    """One stored decision that would be answered or grounded differently now."""

    decision_id: int
    about: str
    topic: str
    was: dict[str, Any]
    now: dict[str, Any]

    def lines(self) -> list[str]:
        """What changed, one line a name, as a person reads it."""
        names = [name for name in {**self.was, **self.now} if self.was.get(name) != self.now.get(name)]
        return [f"  {name}: {_written(self.was.get(name))} → {_written(self.now.get(name))}" for name in names]


def differences() -> Iterator[Difference | None]:
    """For each stored decision in order: None where the answer still holds, else the difference.

    Compared are the members that the answer had then, and the clauses and rules of the reasons; the wording of a
    sentence may improve, and an answer may say more than it did.
    """
    for decision in Decision.objects.order_by("id").iterator(chunk_size=BATCH):
        result = terms.decide(decision.question)
        was = {**decision.answer, "grounds": _grounds(decision.reasons)}
        if "error" in result:
            now = {"error": result["error"]}
        else:
            kept = {name: value for name, value in result["answer"].items() if name in was}
            now = {**kept, "grounds": _grounds(result["reasons"])}
        yield None if was == now else Difference(decision.pk, decision.about, decision.topic, was, now)


def main(stream: TextIO) -> int:
    """Write every difference and the count to `stream`; 0 where all answers still hold, else 1."""
    asked = changed = 0
    with act_as(SYSTEM):
        for difference in differences():
            asked += 1
            if difference:
                changed += 1
                print(f"{difference.about} {difference.topic} (判定{difference.decision_id})", file=stream)
                print(*difference.lines(), sep="\n", file=stream)
    print(f"{asked}件の判定を聞き直しました。答えが変わるもの: {changed}件", file=stream)
    return 1 if changed else 0


def _grounds(reasons: list[dict[str, str]]) -> list[str]:
    return sorted(f"{reason['clause']} {reason['rule']}" for reason in reasons)


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
