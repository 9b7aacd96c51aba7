"""Which edition answers: the one named, that of the acceptance, that of the moment, and else the newest."""

from datetime import date
from typing import Any, TypeVar

import pytest

import hoshu.catalog
from hoshu.catalog import Table, edition
from hoshu.terms import decide, engine

T = TypeVar("T", bound=Table)


def replace(table: T, **changed: Any) -> T:
    return type(table)(**{name: getattr(table, name) for name in table.members} | changed)


@pytest.fixture(autouse=True)
def two_editions(monkeypatch: pytest.MonkeyPatch) -> None:
    first = edition("ix", "2022-10")
    coverage = first.coverage
    assert coverage is not None
    exact = replace(coverage, elapsed=replace(coverage.elapsed, rounding="none"))
    second = replace(first, edition="2024-04", in_force=date(2024, 4, 1), coverage=exact)

    def both(service: str) -> tuple[Any, ...]:
        return (first, second) if service == "ix" else ()

    monkeypatch.setattr(hoshu.catalog, "editions", both)
    monkeypatch.setattr(engine, "editions", both)
    monkeypatch.setattr(engine, "_programs", {})
    monkeypatch.setattr(engine, "_ready", {})


def coverage(named: str | None = None, **facts: str) -> dict[str, Any]:
    question = {"id": 1, "ask": "coverage", "service": "ix", "plan": "5d-3y", "facts": facts}
    return decide(question if named is None else {**question, "edition": named})


@pytest.mark.req("IX-GEN-01")
def test_the_edition_of_the_acceptance_answers_for_good() -> None:
    before = coverage(purchased="2024-03-10", registered="2024-03-31")
    assert (before["edition"], before["answer"]["end"]) == ("2022-10", "2027-03-31")
    after = coverage(purchased="2024-03-10", registered="2024-04-01")
    assert (after["edition"], after["answer"]["end"]) == ("2024-04", "2027-03-10")
    assert coverage(purchased="2010-03-10", registered="2010-04-01")["edition"] == "2022-10"


@pytest.mark.req("IX-GEN-01")
def test_a_named_edition_answers_whatever_the_dates() -> None:
    assert coverage("2022-10", purchased="2025-03-10", registered="2025-03-31")["answer"]["end"] == "2028-03-31"
    assert coverage("2024-04", purchased="2020-03-10", registered="2020-03-31")["answer"]["end"] == "2023-03-10"
    assert coverage("2023-01", purchased="2020-03-10", registered="2020-03-31")["error"]["field"] == "edition"


@pytest.mark.parametrize(
    ("ask", "facts", "answers"),
    [
        ("registration", {"application_received": "2024-03-31", "purchased": "2024-05-01"}, "2022-10"),
        ("registration", {"purchased": "2024-05-01"}, "2024-04"),
        ("registration", {"purchased": "tomorrow"}, None),
        ("window", {"at": "2024-03-31T23:59+09:00", "start_weekday": "mon"}, "2022-10"),
        ("window", {"at": "2024-03-31T15:00Z", "start_weekday": "mon"}, "2024-04"),
        ("restoration", {}, "2024-04"),
    ],
)
def test_which_date_chooses(ask: str, facts: dict[str, str], answers: str | None) -> None:
    result = decide({"id": 1, "ask": ask, "service": "ix", "plan": "5d-3y", "facts": facts})
    assert result.get("edition") == answers
