"""What may be asked under an edition, for those who draw a form: its questions, and the facts of each."""

from collections.abc import Mapping
from typing import NamedTuple

from hoshu.catalog import Edition, Section

from .facts import Fact
from .topics import TOPICS


class Offer(NamedTuple):
    """A question that an edition answers."""

    topic: str
    by_plan: bool
    """Whether the answer depends on the plan."""
    required: tuple[str, ...]
    facts: Mapping[str, Fact]
    """Those that the edition names, the required ones first."""


def offers(edition: Edition) -> tuple[str, ...]:
    """The questions that an edition answers, by their names."""
    return tuple(name for name in TOPICS if getattr(edition, name) is not None)


def offer(edition: Edition, topic: str) -> Offer:
    """What a question takes under an edition. KeyError: the edition does not answer it."""
    section: Section | None = getattr(edition, topic) if topic in TOPICS else None
    if section is None:
        raise KeyError(topic)
    found = TOPICS[topic]
    names = (*section.required, *section.optional)
    return Offer(
        topic, found.by_plan, section.required, {name: found.facts[name] for name in names if name in found.facts}
    )
