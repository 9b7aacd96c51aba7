"""What the end of a service means for a customer, as staff and the customer read it (RC-SUR-02)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hoshu import catalog
from hoshu.accounts.tenancy import current
from hoshu.catalog import AfterEnd
from hoshu.catalog.reporting import Purpose
from hoshu.catalog.telling import Works
from hoshu.contracts import closings, consents
from hoshu.dates import JST
from hoshu.flows.closing import STEP_NAMES
from hoshu.privacy import queries


@dataclass(frozen=True, kw_only=True)
class ClosingCard:
    """The state of things after the end."""

    terms: AfterEnd
    works: Works | None
    closing: Any
    """The run, or None before it began."""
    steps: Sequence[tuple[str, datetime | None]]
    """What each step is called, and when it was done."""
    uses: Sequence[Purpose]
    held: dict[str, int] | None
    """What is held now, over all services of the customer; None for a seller, whose business that is not."""


def shown(agreement: Any, *, now: datetime) -> ClosingCard | None:
    """The card of an agreement whose whole service is over for its customer, where the terms speak of that."""
    terms = closings.read_only(agreement, now)
    if terms is None or not closings.over(tenant_id=agreement.tenant_id, service=agreement.service, at=now):
        return None
    edition = catalog.edition(agreement.service, consents.edition_of(agreement, now.astimezone(JST).date()))
    closing = closings.of(agreement)
    done = closing.done if closing else {}
    return ClosingCard(
        terms=terms,
        works=edition.works,
        closing=closing,
        steps=[(name, _moment(done.get(step))) for step, name in STEP_NAMES.items()],
        uses=edition.use.purpose if edition.use else (),
        held=None if current().is_seller else queries.held_of(agreement.tenant_id),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
