"""Read the registers of personal information. Row-level security narrows every query to the actor's sight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, QuerySet, Value

from hoshu import catalog
from hoshu.accounts.tenancy import as_system
from hoshu.contracts.models import Agreement
from hoshu.dates import JST
from hoshu.decisions.models import Decision
from hoshu.privacy import clauses, disclosures, leaks
from hoshu.privacy.models import ErasedRow, LeakCustomer, PersonRequest
from hoshu.privacy.register import CATEGORIES, TABLES
from hoshu.privacy.words import RequestState

CITED = 50


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something somebody has to do about personal information, for the list of today."""

    kind: str
    pk: int
    text: str
    due: date | None
    since: datetime
    late: bool


def requests(*, tenant_id: int | None = None, is_open: bool = False) -> QuerySet[PersonRequest]:
    """Requests about personal information; the open ones the oldest first, else the newest first."""
    found = PersonRequest.objects.select_related("tenant")
    if tenant_id:
        found = found.filter(tenant_id=tenant_id)
    if is_open:
        return found.filter(state__in=[RequestState.HELD, RequestState.OPEN]).order_by("received_at", "pk")
    return found.order_by("-pk")


def tasks(*, now: datetime) -> list[Task]:
    """What waits, what is due first at the top: leaks with their clocks, demands, requests."""
    today = now.astimezone(JST).date()
    found: list[Task] = []
    for leak in leaks.leaks(is_open=True):
        found += [
            Task(
                kind="leak",
                pk=leak.pk,
                text=f"漏えい等{leak.pk} {clock.name}",
                due=clock.last,
                since=leak.found_at,
                late=clock.late,
            )
            for clock in leaks.clocks(leak, today=today)
            if clock.done_at is None
        ]
        untold = [one for one in leak.customers.all() if one.told_at is None]
        found += [
            Task(
                kind="leak",
                pk=leak.pk,
                text=f"漏えい等{leak.pk} {one.tenant.name}への連絡（速やかに）",
                due=None,
                since=leak.found_at,
                late=now - leak.found_at > leaks.TELL_WITHIN,
            )
            for one in untold
        ]
        if not found or not leak.measures:
            found.append(
                Task(
                    kind="leak",
                    pk=leak.pk,
                    text=f"漏えい等{leak.pk} 対策と終結",
                    due=None,
                    since=leak.found_at,
                    late=False,
                )
            )
    found += [
        Task(
            kind="disclosure",
            pk=one.pk,
            text=f"{one.recipient}からの開示の求め",
            due=None,
            since=one.demanded_at or one.at,
            late=False,
        )
        for one in disclosures.open_demands()
    ]
    found += [
        Task(
            kind="request",
            pk=one.pk,
            text=f"{one.tenant.name} {one.get_kind_display()}のお申し出（{one.get_state_display()}）",
            due=None,
            since=one.received_at,
            late=now - one.received_at > timedelta(days=14),
        )
        for one in requests(is_open=True)
    ]
    return sorted(found, key=lambda task: (not task.late, task.due or date.max, task.since))


def decisions_citing(clause_id: str, *, limit: int = CITED) -> Sequence[Decision]:
    """The answers on record that cite a clause, the newest first (MM-DOC-09: the ids of the ledger are theirs)."""
    found = Decision.objects.select_related("tenant").filter(reasons__contains=[{"clause": clause_id}])
    return list(found.order_by("-pk")[:limit])


def purposes_for(tenant_id: int) -> list[tuple[catalog.Edition, list[tuple[str, str, str, str]], object]]:
    """What the information of a customer is used for, by edition, with the edition's own list of items."""
    rows = Agreement.objects.filter(tenant_id=tenant_id).values_list("service", "edition").distinct()
    editions = [catalog.edition(service, edition) for service, edition in sorted(rows)]
    return [(edition, clauses.purposes(edition), clauses.held_items(edition)) for edition in editions]


def held_of(tenant_id: int) -> dict[str, int]:
    """What is still held about a customer: name of the category → how many records, without those erased (RC-SUR-02).

    One statement over all tables. Whoever asks may not see each of them, so callers name a customer in their sight.
    """
    counts: list[QuerySet[Any, Any]] = []
    for label, table in TABLES.items():
        if not table.tenant or not table.columns.every or CATEGORIES[table.category].group == "own" or table.closed:
            continue
        model = apps.get_model(label)
        erased = ErasedRow.objects.filter(table=model._meta.db_table, row_id=OuterRef("pk"), request=None)
        rows = model.objects.filter(~Exists(erased), **{table.tenant: tenant_id}).order_by()
        said = rows.annotate(category=Value(table.category)).values("category").annotate(many=Count("pk"))
        counts.append(said.values_list("category", "many"))
    found: dict[str, int] = dict.fromkeys(CATEGORIES, 0)
    with as_system("what is held about one customer"):
        for category, many in counts[0].union(*counts[1:], all=True):
            found[category] += many
    return {CATEGORIES[category].name: many for category, many in found.items() if many}


def told_of_leaks(tenant_id: int) -> QuerySet[LeakCustomer]:
    """What the customer was told about leaks that concern it."""
    return leaks.told_to(tenant_id=tenant_id)
