"""満了: what ends when, and where the covers of one machine leave a gap or overlap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from hoshu.contracts import closings, queries
from hoshu.contracts.consents import RUNNING
from hoshu.contracts.models import Agreement, DataCheck, Party, Revision

MOST_GAPS = 1_000
"""Rows of one list; whoever needs more narrows it."""


@dataclass(frozen=True, kw_only=True)
class Between:
    """One cover of a machine, and how it follows the ones before it under the same service."""

    number: str
    company: str
    device_id: int
    serial: str
    product: str
    service: str
    starts_on: date
    ends_on: date | None
    follows: str
    """The number of the cover before it; empty for the first."""
    gap_days: int
    overlap_days: int


# One pass in the order of the index `agreement_by_device`: whatever covered so far, not only the row before, decides.
_BETWEEN = """
    WITH covers AS (
        SELECT a.id, a.number, a.tenant_id, a.device_id, a.service, a.starts_on, a.ends_on,
               lag(a.number) OVER machine AS follows,
               max(coalesce(a.ends_on, DATE '9999-12-31')) OVER (
                   machine ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered_until
        FROM contracts_agreement a
        WHERE a.device_id IS NOT NULL AND a.starts_on IS NOT NULL
              AND (%(device)s::bigint IS NULL OR a.device_id = %(device)s)
        WINDOW machine AS (PARTITION BY a.device_id, a.service ORDER BY a.starts_on, a.id)
    ), found AS (
        -- The first cover follows nothing: least() and greatest() would pass over that.
        SELECT *, CASE WHEN follows IS NULL THEN 0 ELSE greatest(starts_on - covered_until - 1, 0) END AS gap_days,
               CASE WHEN follows IS NULL THEN 0 ELSE
                   greatest(least(coalesce(ends_on, DATE '9999-12-31'), covered_until) - starts_on + 1, 0)
               END AS overlap_days
        FROM covers
    )
    SELECT f.number, o.name, f.device_id, d.serial, p.name, f.service, f.starts_on, f.ends_on,
           coalesce(f.follows, ''), f.gap_days, f.overlap_days
    FROM found f
         JOIN contracts_device d ON d.id = f.device_id JOIN contracts_product p ON p.id = d.product_id
         JOIN accounts_organisation o ON o.id = f.tenant_id
    WHERE %(all)s OR ((f.gap_days > 0 OR f.overlap_days > 0) AND f.starts_on >= %(since)s)
    ORDER BY f.starts_on DESC, f.id DESC LIMIT %(most)s
"""


def covers_of(device_id: int) -> list[Between]:
    """Every cover of one machine, the latest first, each with its gap after and its overlap with those before it."""
    return _between(device=device_id, everything=True, since=date.min)


def gaps(*, since: date) -> list[Between]:
    """Covers that begin on or after a day and leave a gap, or overlap; in sight, the latest first."""
    return _between(device=None, everything=False, since=since)


def _between(*, device: int | None, everything: bool, since: date) -> list[Between]:
    with connection.cursor() as cursor:
        cursor.execute(_BETWEEN, {"device": device, "all": everything, "since": since, "most": MOST_GAPS})
        names = tuple(Between.__dataclass_fields__)
        return [Between(**dict(zip(names, row, strict=True))) for row in cursor]


def expiring(*, first: date, last: date, text: str = "") -> QuerySet[Agreement]:
    """Running agreements in sight whose last day is in [first, last], the next first."""
    found = queries.agreements(text=text).filter(ends_on__gte=first, ends_on__lte=last, state__in=RUNNING)
    return found.select_related("reseller").order_by("ends_on", "id")


def by_month(*, first: date, last: date) -> list[tuple[date, int]]:
    """(first day of the month, how many end in it), for the months in which something ends."""
    found = Agreement.objects.filter(ends_on__gte=first, ends_on__lte=last, state__in=RUNNING)
    months = found.annotate(month=TruncMonth("ends_on")).values("month").annotate(many=Count("id")).order_by("month")
    return [(row["month"], row["many"]) for row in months]


def sellers(agreements: Sequence[Agreement]) -> dict[int, str]:
    """Who sold each, by agreement: the reseller with a login, else the name on the licence."""
    named = dict(
        Agreement.objects.filter(pk__in=[one.pk for one in agreements], licence__isnull=False).values_list(
            "pk", "licence__seller"
        )
    )
    return {one.pk: one.reseller.name if one.reseller else named.get(one.pk, "") for one in agreements}


def contacts_on(agreement_ids: Sequence[int], day: date) -> dict[int, Party]:
    """The contact of each agreement in the revision in force on a day."""
    in_force = (
        Revision.objects.filter(agreement__in=agreement_ids, effective_on__lte=day)
        .order_by("agreement_id", "-effective_on", "-number")
        .distinct("agreement_id")
        .values("pk")
    )
    found = Party.objects.filter(revision__in=in_force, kind=Party.Kind.CONTACT).select_related("revision")
    return {party.revision.agreement_id: party for party in found}


# Both years, since the day may have passed in December; the anniversary of a 29th of February is a 28th else.
_ASK = """
    INSERT INTO contracts_datacheck (tenant_id, agreement_id, due_on, asked_at, answered_by)
    SELECT tenant_id, id, due_on, %(now)s, '' FROM (
        SELECT a.id, a.tenant_id, since,
               (since + make_interval(years => date_part('year', %(today)s::date)::int - back
                                              - date_part('year', since)::int))::date AS due_on
        FROM contracts_agreement a
             CROSS JOIN LATERAL (SELECT coalesce(a.contract_start, a.starts_on) AS since) counted
             CROSS JOIN (VALUES (0), (1)) years (back)
        WHERE a.service = ANY (%(services)s) AND a.state = ANY (%(states)s)
              AND (a.ends_on IS NULL OR a.ends_on >= %(today)s)
    ) due
    WHERE due_on > since AND due_on <= %(today)s AND due_on > %(today)s::date - 31
    ON CONFLICT DO NOTHING
    RETURNING id
"""


def ask_for_data(*, services: Sequence[str], today: date, now: Any) -> list[DataCheck]:
    """MM-CND-29: on the anniversary of its contract each running agreement is to be confirmed once; the new ones."""
    with connection.cursor() as cursor:
        cursor.execute(_ASK, {"services": list(services), "today": today, "now": now, "states": list(RUNNING)})
        made = [row[0] for row in cursor]
    found = DataCheck.objects.filter(pk__in=made).select_related("agreement__device__product")
    return list(found.order_by("id"))


def open_check(agreement: Agreement) -> DataCheck | None:
    """What this customer was asked and has not answered."""
    return agreement.data_checks.filter(answered_at=None).order_by("-due_on").first()


def answer_check(*, agreement_id: int, unchanged: bool, by: str, now: Any) -> int:
    """The customer says whether what is registered still holds; how many questions that answers. Raises Refused."""
    closings.require_writable(Agreement.objects.get(pk=agreement_id), now)
    open_ones = DataCheck.objects.filter(agreement=agreement_id, answered_at=None)
    return open_ones.update(unchanged=unchanged, answered_at=now, answered_by=by)


def pending(agreement_ids: Sequence[int]) -> Mapping[int, list[str]]:
    """The numbers of the changes that are asked for and not decided, by agreement."""
    found: dict[int, list[str]] = {}
    for request in queries.open_changes_of(agreement_ids):
        found.setdefault(request.agreement_id, []).append(request.number)
    return found
