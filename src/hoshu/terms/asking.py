"""What a question may hold, for those who make questions out of rows."""

from collections.abc import Mapping

from .engine import ACCEPTANCE, EVENTS
from .facts import Fact
from .topics import TOPICS

DECIDING_EDITION = (*ACCEPTANCE, *EVENTS)
"""The facts by whose day the edition is chosen where none is named: the first of them that is known decides."""


def known_facts(topic: str) -> Mapping[str, Fact]:
    """The facts that some edition takes for a topic, by their names in the decision interface. KeyError: no topic."""
    return TOPICS[topic].facts
