"""Everything that can be wrong with an edition, as findings; the door to the checks."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from hoshu.catalog import CatalogError, Edition, Source, read, read_examples
from hoshu.catalog.faults import Fault, written_key
from hoshu.catalog.locating import Lines

from . import examples, hiding, hours, lacking, naming, succession
from .findings import Finding, Issue
from .wording import Wording

_CHECKS: tuple[Callable[[Edition, Wording], Iterable[Issue]], ...] = (
    naming.doubled,
    naming.unknown_names,
    naming.unknown_wishes,
    naming.unknown_facts,
    naming.circles,
    hours.windows,
    hiding.rules,
    hiding.tables,
    lacking.counterparts,
    lacking.sentences,
    lacking.settings,
)


class Checked(NamedTuple):
    """What the checks made of one text."""

    source: Source
    edition: Edition | None
    """None where the text cannot be read as an edition."""
    examples: int
    """How many worked examples were asked."""
    findings: tuple[Finding, ...]
    """In the order of the file."""

    @property
    def errors(self) -> int:
        """How many findings must be put right before the edition may be published."""
        return sum(finding.severity == "error" for finding in self.findings)


def check(source: Source, *, beside: Sequence[Source] = (), published: date | None = None) -> Checked:
    """Checks a text, readable as an edition or not.

    `beside` are the texts of the other editions of its service; those that are no editions are left out. `published`
    is the day on which it is made known, where the text itself names none.
    """
    try:
        edition = read(source)
    except CatalogError as error:
        return Checked(source, None, 0, (*_of_faults(source, error.faults), *_of_examples(source)))
    wording = Wording(edition)
    issues = [issue for each in _CHECKS for issue in each(edition, wording)]
    others = [each for each in map(_readable, beside) if each is not None and each.service == edition.service]
    issues += succession.over_time(edition, others, published)
    broken = [*lacking.compiling(edition, wording)]
    # What makes a question fail is likely found above already; the bare fact of it is told only where it is not.
    known = {issue.place[0] for issue in issues if issue.severity == "error" and issue.place}
    issues += [issue for issue in broken if issue.place[0] not in known]
    asked, failed = 0, list(_of_examples(source))
    if not failed and not broken:
        runs = examples.run(source, edition)
        asked = len(runs)
        failed = [_failed(source, run) for run in runs if not run.passed]
    lines = Lines(source.text)
    findings = [*(_located(source, lines, issue, wording) for issue in issues), *failed]
    return Checked(source, edition, asked, tuple(sorted(findings, key=lambda finding: finding.line)))


def _readable(source: Source) -> Edition | None:
    try:
        return read(source)
    except CatalogError:
        return None


def _of_examples(source: Source) -> Iterator[Finding]:
    """What is wrong with the form of the examples."""
    try:
        read_examples(source)
    except CatalogError as error:
        yield from _of_faults(source, error.faults)


def _of_faults(source: Source, faults: Iterable[Fault]) -> Iterator[Finding]:
    """Faults of the reading: of each message the first sentence says what is wrong."""
    wording = Wording()
    for line, place, message in faults:
        says, end, do = message.partition("。")
        where = "例" if place[:1] == ("example",) else wording.where(place)
        yield Finding("error", source.name, line, written_key(place) if place else "", where, says + end, do)


def _located(source: Source, lines: Lines, issue: Issue, wording: Wording) -> Finding:
    severity, place, says, do = issue
    return Finding(severity, source.name, lines.of(place), written_key(place), wording.where(place), says, do)


def _failed(source: Source, run: "examples.ExampleRun") -> Finding:
    example = run.example
    key = f"example[{example.number - 1}]"
    where = f"例{example.number} › {example.question}"
    do = "例の答えが正しければ版の定めを、定めが正しければ例を直してください。"
    return Finding("error", source.name, example.line, key, where, f"「{example.says}」{run.text}", do)
