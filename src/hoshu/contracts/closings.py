"""終わりの処理: which services are over for whom, and the one run that follows, step by step (RC-SUR-02).

Whether a run follows, and what a customer may still do, the edition says (`[after_end]`). What stops by itself, such as
works and purposes, asks `over` each time and needs no step.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from hoshu import catalog
from hoshu.catalog import AfterEnd
from hoshu.contracts import Refused, consents, endings, queries
from hoshu.contracts.models import Agreement, Closing
from hoshu.dates import JST

LATELY = timedelta(days=31)
"""What ended longer ago, without anybody ending it now, was over before it came here: nobody is told any more."""

# A customer's agreements under a service, the last to end first, where one of them ended lately and none runs on.
_BEGIN = """
    INSERT INTO contracts_closing (tenant_id, service, ends_at, agreement_id, began_at, done, held)
    SELECT DISTINCT ON (a.tenant_id, a.service) a.tenant_id, a.service, ended.since, a.id, %(now)s, '{}', '{}'
    FROM contracts_agreement a
         CROSS JOIN LATERAL (
             SELECT coalesce(a.ended_at, (a.ends_on + 1)::timestamp AT TIME ZONE 'Asia/Tokyo') AS since
         ) ended
    WHERE (a.tenant_id, a.service) IN (
              SELECT tenant_id, service FROM contracts_agreement
              WHERE service = ANY (%(services)s) AND ends_on BETWEEN %(lately)s::date AND %(today)s::date
              UNION
              SELECT g.tenant_id, g.service
              FROM contracts_ending e JOIN contracts_agreement g ON g.id = e.agreement_id
              WHERE g.service = ANY (%(services)s) AND e.carried_out_at >= %(since)s
          )
          AND ended.since <= %(now)s
          AND NOT EXISTS (
              SELECT 1 FROM contracts_agreement o
              WHERE o.tenant_id = a.tenant_id AND o.service = a.service
                    AND (o.ended_at IS NULL OR o.ended_at > %(now)s)
                    AND (o.ends_on >= %(today)s OR (o.ends_on IS NULL AND o.state <> ALL (%(ended)s)))
          )
    ORDER BY a.tenant_id, a.service, ended.since DESC, a.id DESC
    ON CONFLICT DO NOTHING
"""


def begin(*, now: datetime) -> list[Closing]:
    """Begin a run for each service that is over for a customer; those that are not finished, the earliest first."""
    services = [service for service in catalog.services() if _ends_in_one_run(service)]
    today = now.astimezone(JST).date()
    with connection.cursor() as cursor:
        cursor.execute(
            _BEGIN,
            {
                "services": services,
                "ended": [state.value for state in endings.ENDED],
                "now": now,
                "today": today,
                "since": now - LATELY,
                "lately": today - LATELY,
            },
        )
    return list(Closing.objects.filter(finished_at=None).order_by("began_at", "id"))


def _ends_in_one_run(service: str) -> bool:
    return any(edition.after_end is not None for edition in catalog.editions(service))


def locked(closing_id: int) -> Closing:
    """A run that nobody else goes on with meanwhile."""
    joined = Closing.objects.select_related("agreement__tenant")
    return joined.select_for_update(of=("self",)).get(pk=closing_id)


def done(closing: Closing, *, step: str, found: Mapping[str, Any], now: datetime) -> None:
    """A step is done, in the transaction that did it, with what it found."""
    closing.done = {**closing.done, step: now.isoformat()}
    for name, value in found.items():
        setattr(closing, name, value)
    closing.save(update_fields=["done", *found])


def finish(closing_id: int, *, now: datetime) -> None:
    """Every step is done."""
    Closing.objects.filter(pk=closing_id, finished_at=None).update(finished_at=now)


def of(agreement: Agreement) -> Closing | None:
    """The last run for the service of an agreement and its customer, if there was one."""
    found = Closing.objects.filter(tenant_id=agreement.tenant_id, service=agreement.service)
    return found.select_related("notice").order_by("-ends_at").first()


def over(*, tenant_id: int, service: str, at: datetime) -> bool:
    """Had the customer this service, and does no agreement under it run at a moment any more? (RC-GEN-07)"""
    own = Agreement.objects.filter(tenant_id=tenant_id, service=service)
    return own.exists() and not own.filter(queries.runs_at(at)).exists()


def is_over(agreement: Agreement, at: datetime) -> bool:
    """Has an agreement ended by a moment?"""
    return not Agreement.objects.filter(queries.runs_at(at), pk=agreement.pk).exists()


def terms_of(agreement: Agreement, on: date) -> AfterEnd | None:
    """What the edition in force says about the time after the end."""
    return catalog.edition(agreement.service, consents.edition_of(agreement, on)).after_end


def read_only(agreement: Agreement, at: datetime) -> AfterEnd | None:
    """The terms by which the records of an ended agreement are read and not written any more."""
    terms = terms_of(agreement, at.astimezone(JST).date())
    return terms if terms is not None and is_over(agreement, at) else None


def require_writable(agreement: Agreement, at: datetime) -> None:
    """Raises Refused where the customer only reads any more."""
    if (terms := read_only(agreement, at)) is not None:
        raise Refused(f"{terms.records.text}{terms.again.text}", terms.records.clause)
