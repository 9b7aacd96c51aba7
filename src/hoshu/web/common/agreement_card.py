"""An agreement as every door shows it: its period, its revisions, its parties."""

from datetime import date
from typing import Any

from hoshu import catalog
from hoshu.authoring import timeline
from hoshu.contracts import consents, queries
from hoshu.contracts.card import WEEKDAY_NAMES

TONES = {"active": "ok", "unnotified": "late", "suspended": "hold", "stopped": "out", "terminated": "out"}


def shown(agreement: Any, *, today: date) -> dict[str, Any]:
    """What the pages of an agreement have in common."""
    edition = catalog.edition(agreement.service, consents.edition_of(agreement, today))
    revisions = list(queries.revisions_of(agreement))
    return {
        "agreement": agreement,
        "state": state_of(agreement, today),
        "plan": edition.plan_of(agreement.plan),
        "accepted": catalog.edition(agreement.service, agreement.edition),
        "later_consents": consents.later_consents(agreement),
        "revision": revisions[0],
        "revisions": revisions,
        "weekday": WEEKDAY_NAMES.get(revisions[0].start_weekday, ""),
        "parties": sorted(
            revisions[0].parties.all(), key=lambda party: ("contact", "site", "writer").index(party.kind)
        ),
        "basis": queries.basis_label(agreement.purchase_basis),
        "safe_change": queries.earliest_safe_change(agreement, today),
        "is_over": agreement.ends_on < today,
        "drawing": timeline.coverage(
            counted_from=agreement.counted_from,
            start=agreement.starts_on,
            end=agreement.ends_on,
            today=today,
            support_limit=agreement.support_limit,
        ),
    }


def state_of(agreement: Any, today: date) -> tuple[str, str]:
    """The word and the tone of an agreement on a day: its state, or where it stands in its period."""
    if agreement.state == "active" and today > agreement.ends_on:
        return "満了", "out"
    if agreement.state == "active" and today < agreement.starts_on:
        return "開始前", "info"
    return agreement.get_state_display(), TONES[agreement.state]
