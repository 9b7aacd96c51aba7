"""Ask the engine in one line: what the tests of the topics share."""

from typing import Any, TypeVar

from hypothesis import settings

from hoshu.catalog import Table
from hoshu.terms import decide

T = TypeVar("T", bound=Table)

unhurried = settings(deadline=None)
"""For generated questions: the first one of a run loads the edition and the holidays."""

PLANS = ("5d-3y", "5d-4y", "5d-5y", "7d-3y", "7d-4y", "7d-5y")
"""Those of `ix`."""

USUAL_PLAN = {
    "ix": "5d-3y",
    "video": "9x5-5y",
    "supportpack": "5y",
    "remote-care": "basic",
    "mimamori": "standard",
}


def ask(
    topic: str, *, service: str = "ix", plan: str | None = None, explain: bool = False, **facts: Any
) -> dict[str, Any]:
    """The whole result of a question, to `ix` unless another service is named."""
    question = {"id": 1, "ask": topic, "service": service, "plan": plan or USUAL_PLAN[service], "facts": facts}
    return decide({**question, "explain": True} if explain else question)


def answer(topic: str, *, service: str = "ix", plan: str | None = None, **facts: Any) -> dict[str, Any]:
    """The answer alone; a refusal fails the test with its sentence."""
    result = ask(topic, service=service, plan=plan, **facts)
    assert "answer" in result, result
    found: dict[str, Any] = result["answer"]
    return found


def clauses(topic: str, *, service: str = "ix", plan: str | None = None, **facts: Any) -> list[str]:
    """The clauses that an answer cites, in order."""
    return [reason["clause"] for reason in ask(topic, service=service, plan=plan, **facts)["reasons"]]


def refused_field(topic: str, *, service: str = "ix", plan: str | None = None, **facts: Any) -> str:
    """The field for which a question is refused."""
    result = ask(topic, service=service, plan=plan, **facts)
    assert "error" in result, result
    field: str = result["error"]["field"]
    return field


def changed(table: T, **values: Any) -> T:
    """A table of an edition with other values: the same terms read in another way, or those of an invented vendor."""
    return type(table)(**{name: getattr(table, name) for name in table.members} | values)
