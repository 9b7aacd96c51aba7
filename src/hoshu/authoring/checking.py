"""Everything that can be wrong with an edition, as findings; the door to the checks."""

from collections.abc import Sequence
from typing import NamedTuple

from hoshu.catalog import Edition, Source

from .findings import Finding


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


def check(source: Source, *, beside: Sequence[Source] = ()) -> Checked:
    """Checks a text, readable as an edition or not. `beside` are the texts of the other editions of its service."""
    raise NotImplementedError
