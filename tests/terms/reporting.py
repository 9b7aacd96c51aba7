"""What the tests of the questions about reports share: one line to ask, and editions of an invented service."""

from functools import partial
from pathlib import Path
from typing import Any

from hoshu.catalog import load
from hoshu.terms.facts import Facts
from hoshu.terms.topics import TOPICS
from tests.terms import asking

ask = partial(asking.ask, service="remote-care")
answer = partial(asking.answer, service="remote-care")
clauses = partial(asking.clauses, service="remote-care")
refused_field = partial(asking.refused_field, service="remote-care")

_EDITION = """
service = "weather"
edition = "1"
name = "気象の見守り"
title = "気象の見守り 利用条件"
in_force = 2025-01-01

[[plan]]
id = "one"
name = "一つ"
windows = {{}}
clause = "1"
rule = "W-01"

{tables}

[[clause]]
id = "1"
text = "条件です。"
"""


def invented(folder: Path, tables: str) -> Path:
    """The file of an edition of a service that nobody sells: what a vendor writes who has only data to give."""
    path = folder / "weather" / "1.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(_EDITION.format(tables=tables), encoding="utf-8")
    return path


def answer_of(path: Path, topic: str, **facts: Any) -> dict[str, Any]:
    """The answer under the edition of a file."""
    found = TOPICS[topic]
    read: Facts = {name: found.facts[name].kind.read(value) for name, value in facts.items()}
    answered, reasons = found.compile(load(path), None)(read, None)
    assert reasons
    return answered
