"""The worked examples of an edition, asked under it and shown in words."""

from typing import Any, NamedTuple

from hoshu.catalog import Edition, Source

Shown = tuple[tuple[str, str], ...]
"""Labels with values in words: facts, or members of an answer."""


class ExampleShown(NamedTuple):
    """A worked example as people read it."""

    number: int
    """Its place in the file, from 1."""
    line: int
    says: str
    question: str
    """The name of the question, with the plan where one is named: 提供期間（5年）."""
    facts: Shown
    expected: Shown
    """What it expects of the answer; or the fact for which it expects a refusal."""


class ExampleRun(NamedTuple):
    """What came of asking it."""

    example: ExampleShown
    passed: bool
    got: Shown
    """The same members as `expected`, as they were answered."""
    text: str
    """What differs, as whole sentences; empty where it passed."""


def shown(source: Source, edition: Edition) -> list[ExampleShown]:
    """The worked examples of an edition. CatalogError: they cannot be read."""
    raise NotImplementedError


def run(source: Source, edition: Edition) -> list[ExampleRun]:
    """Every worked example, asked under the edition, be it in force or a draft. CatalogError: they cannot be read."""
    raise NotImplementedError


def question_of(edition: Edition, example: dict[str, Any]) -> dict[str, Any]:
    """The question of the decision interface that an `[[example]]` asks."""
    raise NotImplementedError
