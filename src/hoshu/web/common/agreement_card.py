"""An agreement as every door shows it: its period, its revisions, its parties."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

from hoshu import catalog
from hoshu.authoring import timeline
from hoshu.catalog import PARTIES
from hoshu.contracts import collection, consents, endings, expiry, extensions, queries
from hoshu.contracts.agreements import TAKEN_OVER
from hoshu.contracts.form import WEEKDAY_NAMES, field_of, written
from hoshu.terms import PART_NAMES
from hoshu.web.common.formats import japanese_date

TONES = {
    "active": "ok",
    "unnotified": "late",
    "suspended": "hold",
    "stopped": "out",
    "terminated": "out",
    "transferred": "out",
}


def shown(agreement: Any, *, today: date) -> dict[str, Any]:
    """What the pages of an agreement have in common."""
    edition = catalog.edition(agreement.service, consents.edition_of(agreement, today))
    revisions = list(queries.revisions_of(agreement))
    is_over = agreement.state in endings.ENDED or (agreement.ends_on is not None and agreement.ends_on < today)
    revision = queries.revision_on(agreement, today)
    lends = edition.application is not None and edition.application.unit == "lent"
    return {
        "agreement": agreement,
        "state": state_of(agreement, today),
        "plan": edition.plan_of(agreement.plan),
        "accepted": catalog.edition(agreement.service, agreement.edition),
        "later_consents": consents.later_consents(agreement),
        "revision": revision,
        "revisions": revisions,
        "coming": [one for one in revisions if one.effective_on > max(today, revision.effective_on)],
        "weekday": WEEKDAY_NAMES.get(revision.start_weekday, ""),
        "parties": sorted(revision.parties.all(), key=lambda party: PARTIES.index(party.kind)),
        "basis": queries.basis_label(agreement.purchase_basis) if agreement.purchase_basis else "",
        "safe_change": queries.earliest_safe_change(agreement, today),
        "open_changes": list(queries.open_changes_of([agreement.pk])),
        "covers": expiry.covers_of(agreement.device_id) if agreement.device_id else [],
        "serials": list(agreement.device.serials.order_by("-valid_from")) if agreement.device_id else [],
        "kit": extensions.offer(agreement, on=today) if agreement.state == "active" else None,
        "is_over": is_over,
        "further": agreement.further.order_by("id"),
        "takes_further": not is_over and edition.application is not None and edition.application.further is not None,
        "lendings": collection.lendings(agreement) if lends else [],
        "ending": queries.endings_of(agreement).filter(settled_at__isnull=False, withdrawn_at=None, part="").first(),
        "survivals": endings.survivals(edition) if is_over else [],
        "drawing": drawing(agreement, today),
        "terms": edition.application,
        "edition_name": edition.name,
        "told": edition,
        "told_notices": edition.notices("agreement"),
        "contacts": next((one for one in edition.listing if one.id == "contacts"), None),
        "individual_services": _individual_services(edition, revision.content),
        "editions": _editions(agreement),
        "period": _period(agreement, edition, today),
        "registers_options": field_of(edition, "options") is not None,
        "content": [
            (at.label, _registered(revision.content, at)) for at in edition.card_field if at.name in revision.content
        ]
        + list(revision.content.get(TAKEN_OVER, {}).items()),
        "part_ends": [
            (PART_NAMES[part], date.fromisoformat(day))
            for part, day in agreement.part_ends.items()
            if day != (agreement.ends_on and agreement.ends_on.isoformat())
        ],
    }


def _registered(content: Mapping[str, Any], at: catalog.FormField) -> str:
    """What is registered in a field: a date, which is kept as one, as the page writes dates."""
    text = written(content, at)
    return japanese_date(date.fromisoformat(text)) if text and at.kind == "date" else text


def _individual_services(edition: catalog.Edition, content: Mapping[str, Any]) -> list[Any]:
    """RC-GEN-01: the services under the roof of this agreement, each with the version of its own terms."""
    at = field_of(edition, "services")
    chosen = content.get(at.name, ()) if at else ()
    return [one for one in edition.individual_service if one.code in chosen]


def _editions(agreement: Any) -> list[tuple[str, date, date | None]]:
    """MM-DOC-01: which edition applied to this agreement: its name, from and until when; the last one until now."""
    held = consents.editions_of([agreement.pk]).get(agreement.pk, [])
    ends = [since - timedelta(days=1) for since, _ in held[1:]]
    return [(edition, since, until) for (since, edition), until in zip_longest(held, ends)]


def _period(agreement: Any, edition: catalog.Edition, today: date) -> dict[str, Any]:
    """SP-TRM-07: the dates of an agreement with a term, what moved its end, whether it was applied for in time.

    `unknown` names the dates that are missing although its terms count with them.
    """
    coverage = edition.coverage
    plan = edition.plan_of(agreement.plan)
    if coverage is None or plan.years is None:
        return {}
    answered = agreement.coverage
    cap = next((one for one in coverage.cap if one.name == agreement.capped_by), None)
    dates = [
        ("提供開始日", agreement.starts_on),
        ("起点", agreement.counted_from),
        ("満了日", agreement.ends_on),
        *_limits(agreement, coverage),
    ]
    why = [one["text"] for one in answered.reasons if cap is not None and one["clause"] == cap.clause]
    return {
        "years": plan.years,
        "dates": dates,
        "unknown": [label for label, day in dates if day is None],
        "why": why,
        "in_time": answered.answer.get("in_time") if coverage.says_in_time else None,
        "says_in_time": coverage.says_in_time,
        "days_left": (agreement.ends_on - today).days if agreement.ends_on and agreement.ends_on >= today else None,
    }


def _limits(agreement: Any, coverage: Any) -> Iterator[tuple[str, date | None]]:
    """R, past which nothing is served whatever the years say: as the answer knew it, or as the model has it.

    One that is counted from an event of the model, as the end of its sale, is left out until the event has come.
    """
    facts = agreement.coverage.question.get("facts", {})
    for label in dict.fromkeys(cap.limit_label for cap in coverage.cap):
        recorded = [facts.get(cap.recorded) for cap in coverage.cap if cap.limit_label == label and cap.recorded]
        stated = next(filter(None, recorded), None)
        day = date.fromisoformat(stated) if stated else agreement.support_limit
        if day is not None or not all(cap.fact for cap in coverage.cap if cap.limit_label == label):
            yield label, day


def drawing(period: Any, today: date) -> timeline.Drawing | None:
    """The period of an agreement, or of a cover of a unit, as a line of years; None where it has no end yet."""
    if period is None or period.counted_from is None or period.ends_on is None:
        return None
    return timeline.coverage(
        counted_from=period.counted_from,
        start=period.starts_on,
        end=period.ends_on,
        today=today,
        support_limit=period.support_limit,
    )


def state_of(agreement: Any, today: date) -> tuple[str, str]:
    """The word and the tone of an agreement on a day: its state, or where it stands in its period."""
    if agreement.state == "active" and agreement.ends_on is not None and today > agreement.ends_on:
        return "満了", "out"
    if agreement.state == "active" and (agreement.starts_on is None or today < agreement.starts_on):
        return "開始前", "info"
    return agreement.get_state_display(), TONES[agreement.state]
