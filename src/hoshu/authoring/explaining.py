"""What a clause says, which rules cite it, what they compute, and which examples prove it."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import NamedTuple
from unicodedata import normalize

from hoshu.catalog import Edition, Rule, Shown, Source, read
from hoshu.catalog.faults import written_key
from hoshu.catalog.locating import Lines
from hoshu.terms import TOPIC_LABELS

from . import examples
from .examples import ExampleShown
from .walking import spots
from .wording import Place, Wording, setting_in_words


class RuleShown(NamedTuple):
    """A table of the file that cites the clause."""

    line: int
    key: str
    where: str
    """The way to it in words: 登録の承諾 › 申し込みの期限「ライセンスの購入日」."""
    requirement: str
    values: tuple[tuple[str, str], ...]
    """What it holds, in words: ("日数", "30日")."""
    computed: bool
    """Whether answers are computed from it; else it is only shown."""
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
    edition = read(source)
    number = next((number for number, each in enumerate(edition.clause) if each.id == clause), None)
    if number is None:
        raise NoSuchClause(clause, _near(edition, clause))
    entry = edition.clause[number]
    lines, wording = Lines(source.text), Wording(edition)
    rules = [*_citing(edition, clause)]
    return ClauseShown(
        entry.id,
        lines.of(("clause", number)),
        entry.text,
        entry.not_computed or "",
        tuple(_rule(place, rule, clause, lines, wording) for place, rule in rules),
        tuple(each for each in examples.shown(source, edition) if clause in each.clauses),
        tuple(_readings(edition, rules, lines, wording)),
    )


_NEAR = 5


def _near(edition: Edition, clause: str) -> tuple[str, ...]:
    """Ids that hold what was typed, else those that look like it."""
    known, typed = [each.id for each in edition.clause], _plain(clause)
    near = [each for each in known if typed and typed in _plain(each)]
    near = near or sorted(get_close_matches(clause, known, n=_NEAR, cutoff=0.3), key=known.index)
    return tuple(near[:_NEAR])


def _plain(clause: str) -> str:
    """A number as it is typed by hand: without blanks, wide digits as plain ones."""
    return "".join(normalize("NFKC", clause).split())


def _citing(edition: Edition, clause: str) -> Iterator[tuple[Place, Shown]]:
    for place, cited in edition.cited():
        if cited.clause == clause or (isinstance(cited, Rule) and clause in cited.also):
            yield place, cited


def _rule(place: Place, cited: Shown, clause: str, lines: Lines, wording: Wording) -> RuleShown:
    return RuleShown(
        lines.of(place),
        written_key(place),
        wording.where(place),
        cited.rule,
        tuple(wording.values(cited, str(place[0]))),
        isinstance(cited, Rule) and str(place[0]) in {*TOPIC_LABELS, *_ANSWERED},
        cited.clause != clause,
    )


_ANSWERED = ("window_hours", "exclusion", "cost_item", "card_field", "alert_level")
"""Lists beside the questions from which answers are computed too."""


def _readings(
    edition: Edition, rules: list[tuple[Place, Shown]], lines: Lines, wording: Wording
) -> Iterator[ReadingShown]:
    """Readings of the same requirement, or set in a table that cites the clause."""
    requirements = {rule.rule for _, rule in rules}
    for number, reading in enumerate(edition.reading):
        setting = reading.setting.split(".") if reading.setting else []
        if reading.rule in requirements or any(_is_set_in(edition, setting, place) for place, _ in rules):
            yield ReadingShown(
                lines.of(("reading", number)),
                reading.id,
                reading.question,
                reading.taken,
                reading.other,
                setting_in_words(reading.setting) if reading.setting else "",
            )


def _is_set_in(edition: Edition, setting: list[str], place: Place) -> bool:
    """Whether a setting is a key of the table at `place`: given there, or left at its default in every such table."""
    keys = [part for part in place if isinstance(part, str)]
    if setting[:-1] != keys:
        return False
    tables = [table for at, table in spots(edition) if [part for part in at if isinstance(part, str)] == keys]
    here = next(table for at, table in spots(edition) if at == place)
    default = here.defaults.get(setting[-1])
    return getattr(here, setting[-1], default) != default or all(
        getattr(table, setting[-1], default) == default for table in tables
    )
