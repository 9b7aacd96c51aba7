"""What the terms in force say about new terms: from when they may count, and whether they bind agreements that run."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from hoshu import terms
from hoshu.catalog import Edition, edition_on, editions


@dataclass(frozen=True)
class Notice:
    """The answer of the running terms (`terms_change`) on an edition published on a day."""

    earliest: date
    """The first day on which it may be in force."""
    binds_existing: bool
    clause: str
    text: str
    """The reason, as the terms give it."""


def notice(running: Edition, *, published: date) -> Notice | None:
    """What `running` says about terms published on a day; None where it says nothing about changes."""
    if running.terms_change is None:
        return None
    question = {"ask": "terms_change", "service": running.service, "facts": {"published": published.isoformat()}}
    answered: dict[str, Any] = terms.decide(question, under=running)
    answer, reason = answered["answer"], answered["reasons"][0]
    return Notice(
        earliest=date.fromisoformat(answer["effective"]),
        binds_existing=answer["binds_existing"],
        clause=reason["clause"],
        text=reason["text"],
    )


def running_on(service: str, day: date) -> Edition | None:
    """The edition in force on a day; None for a service that has none yet."""
    return edition_on(service, day) if editions(service) else None


def binding(service: str, *, new: date) -> dict[str, str]:
    """The editions whose agreements follow to one in force from `new`, each with the clause that says so."""
    found = {}
    for running in editions(service):
        says = notice(running, published=new)
        if running.in_force < new and says is not None and says.binds_existing:
            found[running.edition] = says.clause
    return found
