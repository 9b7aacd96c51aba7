"""同意: which edition an agreement is under on a day. It keeps the one it accepted until it accepts another.

Another is accepted where the running terms say that changed terms bind agreements that run (MM-DOC-02).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from hoshu import catalog
from hoshu.contracts.models import Agreement, Consent, EditionConsent
from hoshu.dates import JST
from hoshu.publishing.notice import binding

RUNNING = (Agreement.State.ACTIVE, Agreement.State.SUSPENDED, Agreement.State.UNNOTIFIED)

# Statements over the whole book: a loop over a million agreements would hold a publication up for an hour.
_FOLLOWING = """
    FROM contracts_agreement agreement
         JOIN LATERAL (SELECT edition FROM contracts_editionconsent
                       WHERE agreement_id = agreement.id AND accepted_on < %(in_force)s
                       ORDER BY accepted_on DESC, id DESC LIMIT 1) held ON true
         JOIN unnest(%(bound)s::text[], %(clauses)s::text[]) bound (edition, clause) ON bound.edition = held.edition
    WHERE agreement.service = %(service)s AND agreement.state = ANY (%(states)s)
          AND (agreement.ends_on IS NULL OR agreement.ends_on >= %(in_force)s)
          AND (%(agreements)s::bigint[] IS NULL OR agreement.id = ANY (%(agreements)s))
"""
_COUNT = f"SELECT count(*) {_FOLLOWING}"
_DEEM = f"""
    INSERT INTO contracts_editionconsent (tenant_id, agreement_id, edition, accepted_on, how, about)
    SELECT agreement.tenant_id, agreement.id, %(edition)s, %(in_force)s, 'deemed', bound.clause
    {_FOLLOWING}
    ON CONFLICT DO NOTHING
"""


def accepted(*, agreements: Sequence[Agreement]) -> None:
    """An agreement accepts the edition it was made under; what is published already for later follows."""
    EditionConsent.objects.bulk_create(
        EditionConsent(
            tenant_id=agreement.tenant_id,
            agreement=agreement,
            edition=agreement.edition,
            accepted_on=_day_of(agreement),
            how=EditionConsent.How.EXPLICIT,
            about=agreement.application.number if agreement.application else agreement.number,
        )
        for agreement in agreements
    )
    follow(agreements=agreements)


def follow(*, agreements: Sequence[Agreement]) -> None:
    """Put agreements that are new, or have other dates now, under the editions that are published for their days."""
    for service in dict.fromkeys(agreement.service for agreement in agreements):
        ours = [agreement for agreement in agreements if agreement.service == service]
        for edition in catalog.editions(service):
            if edition.in_force > min(map(_day_of, ours)):
                deem(service=service, edition=edition.edition, in_force=edition.in_force, agreements=ours)


def deem(*, service: str, edition: str, in_force: date, agreements: Sequence[Agreement] | None = None) -> int:
    """Put the running agreements whose terms bind them to changed terms under a new edition; how many.

    All of the service, or those given. An agreement whose terms say otherwise keeps the edition it accepted.
    """
    bound = binding(service, new=in_force)
    if not bound:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_DEEM, {**_those_of(service, in_force, bound, agreements), "edition": edition})
        return cursor.rowcount


def following(*, service: str, in_force: date) -> int:
    """How many running agreements would come under an edition that is in force from a day on."""
    bound = binding(service, new=in_force)
    if not bound:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _those_of(service, in_force, bound, None))
        [count] = cursor.fetchone()
        return count


def _those_of(
    service: str, in_force: date, bound: Mapping[str, str], agreements: Sequence[Agreement] | None
) -> dict[str, Any]:
    return {
        "service": service,
        "in_force": in_force,
        "bound": list(bound),
        "clauses": list(bound.values()),
        "states": list(RUNNING),
        "agreements": None if agreements is None else [agreement.pk for agreement in agreements],
    }


def _day_of(agreement: Agreement) -> date:
    return agreement.accepted_at.astimezone(JST).date()


def edition_of(agreement: Agreement, on: date) -> str:
    """The edition that an agreement is under on a day: of the last consent on or before it, else the first of all.

    Asks the database nothing where the consents were fetched along (`prefetch_related`).
    """
    held = sorted((kept.accepted_on, kept.pk, kept.edition) for kept in agreement.edition_consents.all())
    return edition_on([(since, edition) for since, _, edition in held], on) or agreement.edition


def editions_of(agreement_ids: Iterable[int]) -> dict[int, list[tuple[date, str]]]:
    """(first day, edition) of every consent, in order, by agreement."""
    found: dict[int, list[tuple[date, str]]] = {}
    rows = EditionConsent.objects.filter(agreement__in=list(agreement_ids)).order_by("accepted_on", "id")
    for agreement_id, accepted_on, edition in rows.values_list("agreement_id", "accepted_on", "edition"):
        found.setdefault(agreement_id, []).append((accepted_on, edition))
    return found


def edition_on(consents: Sequence[tuple[date, str]], day: date) -> str:
    """The edition in force on a day among the consents of one agreement; empty before the first of them."""
    return next((edition for since, edition in reversed(consents) if since <= day), "")


@dataclass(frozen=True)
class Chapter:
    """A chapter of the manual that the customer agrees to before it installs the machine."""

    code: str
    text: str
    clause: str


def chapters(agreement: Agreement) -> list[Chapter]:
    """MM-ENV-05: the chapters of the manual that are not agreed to yet; empty where the edition has none."""
    edition = catalog.edition(agreement.service, agreement.edition)
    given = {*agreement.consents.values_list("item", flat=True)}
    return [
        Chapter(code, text, each.clause)
        for each in edition.listing
        if each.id == "manual"
        for code, text in each.rows
        if f"manual_{code}" not in given
    ]


def confirm_chapters(*, agreement: Agreement, person: str, now: datetime) -> None:
    """MM-ENV-05: who agreed to which chapter, when; one row each."""
    Consent.objects.bulk_create(
        Consent(
            tenant_id=agreement.tenant_id,
            agreement=agreement,
            service=agreement.service,
            edition=agreement.edition,
            person=person,
            at=now,
            channel="web",
            item=f"manual_{chapter.code}",
            text=chapter.text,
            clauses=[chapter.clause],
        )
        for chapter in chapters(agreement)
    )


def later_consents(agreement: Agreement) -> list[EditionConsent]:
    """What an agreement came under after its registration, in order."""
    later = agreement.edition_consents.exclude(how=EditionConsent.How.EXPLICIT)
    return list(later.order_by("accepted_on", "id"))
