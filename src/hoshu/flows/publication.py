"""A draft becomes an edition that counts: published for good, and taken over by the agreements that follow it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from hoshu.accounts.tenancy import current
from hoshu.catalog import Edition, Source
from hoshu.contracts import consents
from hoshu.publishing import current as in_this_process
from hoshu.publishing import drafts, editions


@dataclass(frozen=True)
class Published:
    """What was published, and how many running agreements are under it from its first day on."""

    id: int
    service: str
    edition: str
    in_force: date
    sha256: str
    agreements: int


@transaction.atomic
def publish(*, source: Source, now: datetime) -> Published:
    """Publish a text as the person who acts. Raises editions.Refused, editions.NotAllowed.

    Where the running terms bind agreements that run, their deemed consent is recorded at once, dated to the first day.
    """
    kept: Any = editions.publish(source=source, actor=current(), now=now)
    bound = consents.deem(service=kept.service, edition=kept.edition, in_force=kept.in_force)
    # Not before: what is rolled back must not answer anybody.
    transaction.on_commit(lambda: in_this_process.refresh(at_once=True))
    return Published(kept.pk, kept.service, kept.edition, kept.in_force, kept.sha256, bound)


def following(edition: Edition) -> int:
    """How many running agreements would be under an edition from its first day on, were it published now."""
    return consents.following(service=edition.service, in_force=edition.in_force)


@transaction.atomic
def publish_draft(*, draft_id: int, based_on: int, now: datetime) -> Published:
    """Publish a draft as it was looked at; then it is no draft any more. Raises drafts.Changed where it is newer."""
    draft = drafts.locked(draft_id=draft_id, based_on=based_on)
    published = publish(source=drafts.source_of(draft), now=now)
    drafts.throw_away(draft_id=draft_id)
    return published
