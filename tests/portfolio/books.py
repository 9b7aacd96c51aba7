"""Books of agreements for tests: random ones with every fact of every service, and small ones written out."""

import random
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from hoshu.catalog import Edition, every_edition
from hoshu.terms import known_facts

FIRST = date(2016, 1, 1)
AWKWARD = (date(2020, 2, 29), date(2024, 2, 29), date(2021, 2, 28), date(2022, 8, 31), date(2023, 12, 31))
"""Days on which periods end in unusual ways."""
WRONG = ("2023-02-30", "", "soon", "9999-12-31", "0001-01-01")


def questions(count: int, seed: int, editions: tuple[Edition, ...] = ()) -> list[dict[str, Any]]:
    """Questions to `coverage` of every service: most of them sound, some contradictory, some not readable."""
    chance = random.Random(seed)
    offered = [edition for edition in editions or every_edition() if edition.coverage is not None]
    return [_question(number, chance.choice(offered), chance) for number in range(count)]


def _question(number: int, edition: Edition, chance: random.Random) -> dict[str, Any]:
    assert edition.coverage is not None
    about = _day(chance, FIRST + timedelta(days=chance.randrange(3000)))
    facts: dict[str, Any] = {}
    for name in edition.coverage.required:
        if chance.random() < 0.995:
            facts[name] = _value(name, about, chance)
    share = chance.choice((0.1, 0.3, 0.7))
    for name in edition.coverage.optional:
        if name == "purchased" or chance.random() < share:
            facts[name] = _value(name, about, chance)
    bought, registered = facts.get("purchased"), facts.get("registered")
    if bought and registered and registered < bought and chance.random() < 0.8:
        facts |= {"purchased": registered, "registered": bought}
    if chance.random() < 0.01:
        facts[chance.choice([*known_facts("coverage")])] = _value("purchased", about, chance)
    if chance.random() < 0.01:
        facts[chance.choice([*facts])] = chance.choice(WRONG)
    question = {"id": number, "ask": "coverage", "service": edition.service, "plan": chance.choice(edition.plan).id}
    if chance.random() < 0.1:
        question["edition"] = edition.edition
    if chance.random() < 0.01:
        question[chance.choice(("service", "plan", "edition"))] = "none"
    # In the order of the columns of a book: of two faults the first is named.
    ordered = {name: facts[name] for name in known_facts("coverage") if facts.get(name, "") != ""}
    return {**question, "facts": ordered}


def _value(name: str, about: date, chance: random.Random) -> Any:
    """A value that the fact may have, most often near the day on which the agreement began."""
    kind = known_facts("coverage")[name].kind
    if kind.alternatives:
        return chance.choice(kind.alternatives)
    spread = chance.choice((2, 40, 400, 2600))
    earlier = spread // 4 if chance.random() < 0.3 else 0
    day = _day(chance, about + timedelta(days=chance.randrange(-earlier, spread)))
    written = (
        day.isoformat(),
        f"{day.isoformat()}T{chance.randrange(24):02}:{chance.randrange(60):02}+09:00",
        f"{day:%Y-%m}",
        chance.randrange(4),
        "all",
        "hardware",
        "software",
    )
    return chance.choice([value for value in written if _fits(kind, value)])


def _fits(kind: Any, value: Any) -> bool:
    try:
        return kind.read(value) is not None
    except Exception:
        return False


def _day(chance: random.Random, day: date) -> date:
    return chance.choice(AWKWARD) if chance.random() < 0.05 else day


def as_table(asked: list[dict[str, Any]], *, typed: bool) -> pa.Table:
    """The questions as rows, one column a fact: with types as in a Parquet file, or all texts as in a CSV file."""
    rows = [{**{key: each.get(key) for key in ("service", "plan", "edition")}, **each["facts"]} for each in asked]
    names = [*dict.fromkeys(name for row in rows for name in row)]
    return pa.table({name: _column([row.get(name) for row in rows], typed) for name in names})


def _column(values: list[Any], typed: bool) -> pa.Array:
    if typed and all(value is None or isinstance(value, int) for value in values):
        return pa.array(values)
    texts = pa.array([None if value is None else _text(value) for value in values], pa.string())
    if typed:
        for kind in (pa.date32(), pa.timestamp("s", "UTC")):
            try:
                return texts.cast(kind)
            except pa.ArrowInvalid:
                continue
    return texts


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
