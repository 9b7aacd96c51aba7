"""What a clause says, which rules cite it, what they compute, and which examples prove it."""

from typing import NamedTuple

from hoshu.catalog import Source

from .examples import ExampleShown


class RuleShown(NamedTuple):
    """A table of the file that cites the clause."""

    line: int
    key: str
    where: str
    """The way to it in words: 登録の承諾 › 申し込みの期限（1つ目）."""
    requirement: str
    values: tuple[tuple[str, str], ...]
    """What it holds, in words: ("日数", "30日")."""
    also: bool
    """Whether it names the clause only as another place that says the same."""


class ReadingShown(NamedTuple):
    """A place of the terms that can be read in two ways, and the reading taken."""

    line: int
    id: str
    question: str
    taken: str
    other: str
    setting: str
    """Where the reading is set, in words; empty where it cannot be set."""


class ClauseShown(NamedTuple):
    """All about one clause."""

    id: str
    line: int
    text: str
    not_computed: str
    """Why no answer is computed from it; else empty."""
    rules: tuple[RuleShown, ...]
    examples: tuple[ExampleShown, ...]
    readings: tuple[ReadingShown, ...]


class NoSuchClause(LookupError):
    """The edition has no such clause; `near` are the ids that may have been meant."""

    def __init__(self, clause: str, near: tuple[str, ...]) -> None:
        super().__init__(clause)
        self.near = near


def explain(source: Source, clause: str) -> ClauseShown:
    """What is known about a clause. CatalogError: the text is no edition. NoSuchClause: with what is near."""
    raise NotImplementedError
