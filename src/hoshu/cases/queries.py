"""Read cases: lists, one case with all that belongs to it, what is due, what came before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from hoshu.cases.models import OPEN, Case, CaseFile, Cause, ExchangeRecord, Suspension
from hoshu.cases.words import Collection, State, StatementKind
from hoshu.contracts.queries import bearers_of, companies_named
from hoshu.contracts.serials import normalise
from hoshu.dates import JST
from hoshu.decisions.models import Decision
from hoshu.files.models import StoredFile
from hoshu.japan.names import folded

NotFound = Case.DoesNotExist
"""No such case in sight: a foreign one as one that never was."""

_PURPOSES = StoredFile.Purpose
FILE_PURPOSES = [
    (purpose.value, purpose.label)
    for purpose in (
        _PURPOSES.BACKUP,
        _PURPOSES.LOG,
        _PURPOSES.DUMP,
        _PURPOSES.PHOTO,
        _PURPOSES.SAFETY_RULES,
        _PURPOSES.OTHER,
    )
]
"""What a file of a case may be."""

COLUMNS = (
    "id",
    "number",
    "state",
    "outcome",
    "service",
    "received_at",
    "due_at",
    "due_for",
    "symptoms",
    "symptom_note",
    "reported_as",
    "caller_company",
    "tenant__name",
    "device__serial",
    "device__product__name",
    "assignee__name",
)
SHORTEST = 2
WAITING_FOR_OTHERS = (State.ISOLATING, State.ASKING, State.PAUSED)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What a list of cases shows. `state`: a State, `open` (default) or `all`; `due`: `late`, `today` or all."""

    state: str = "open"
    due: str = ""
    service: str = ""
    assignee_id: int | None = None
    text: str = ""
    sort: str = "due"


_ORDER = {
    # Each with an index of its own; the id makes pages stable.
    "due": ("due_at", "id"),
    "-due": ("-due_at", "-id"),
    "received": ("received_at", "id"),
    "-received": ("-received_at", "-id"),
}


@dataclass(frozen=True, kw_only=True)
class Details:
    """One case with everything that its page shows. `cause` is None for whoever may not see it."""

    case: Case
    events: Sequence[Any]
    files: Sequence[CaseFile]
    rulings: Sequence[Any]
    exclusions: Sequence[Any]
    steps: Sequence[Any]
    exchanges: Sequence[ExchangeRecord]
    requests: Sequence[Any]
    statements: Sequence[Any]
    interruption: Any
    suspension: Suspension | None
    recurrences: Sequence[Case]
    decisions: Sequence[Decision]


def cases(*, chosen: Filter, now: datetime) -> QuerySet[Case]:
    """Cases filtered and in order; what a list shows of them are their `lines`."""
    found = Case.objects.filter(_state(chosen.state))
    if chosen.due:
        until = now if chosen.due == "late" else _end_of_day(now)
        found = found.filter(due_at__lt=until).exclude(state__in=State.finished())
        if chosen.due == "today":
            found = found.filter(due_at__gte=now)
    if chosen.service:
        found = found.filter(service=chosen.service)
    if chosen.assignee_id is not None:
        found = found.filter(assignee_id=chosen.assignee_id)
    if chosen.text:
        found = found.filter(_mentions(chosen.text))
    return found.order_by(*_ORDER.get(chosen.sort, _ORDER["due"]))


def lines(found: QuerySet[Case]) -> QuerySet[Case, dict[str, Any]]:
    """What a list shows of each case, as plain values of COLUMNS."""
    return found.values(*COLUMNS)


def export(*, chosen: Filter, now: datetime) -> Iterator[Mapping[str, Any]]:
    """All rows of a list, a few at a time."""
    return lines(cases(chosen=chosen, now=now)).iterator(chunk_size=2000)


def get(*, number: str) -> Case:
    """One case in sight. Raises NotFound."""
    joined = ("tenant", "device__product", "agreement", "entitlement", "assignee", "earlier", "force_majeure")
    return Case.objects.select_related(*joined).get(number=number)


def details(*, number: str) -> Details:
    """One case with all that belongs to it. Raises NotFound."""
    case = get(number=number)
    return Details(
        case=case,
        events=case.events.order_by("-at", "-id"),
        files=case.files.select_related("file").order_by("id"),
        rulings=case.rulings.order_by("-id"),
        exclusions=case.exclusions.order_by("id"),
        steps=case.steps.order_by("position"),
        exchanges=case.exchanges.order_by("id"),
        requests=case.requests.order_by("-id"),
        statements=case.statements.order_by("-id"),
        interruption=case.interruptions.filter(resumed_at=None).first(),
        suspension=Suspension.objects.filter(agreement_id=case.agreement_id, ended_at=None).first(),
        recurrences=case.recurrences.order_by("id"),
        decisions=Decision.objects.filter(about=case.number).order_by("-id"),
    )


def cause(*, case_id: int) -> Cause | None:
    """The internal cause; ask only for those who may see it (`cases.internal`)."""
    return Cause.objects.filter(case_id=case_id).first()


def open_cases_of(*, device_id: int) -> QuerySet[Case]:
    """What is still open for a unit, the newest first: a second call about the same fault belongs there."""
    return Case.objects.filter(device_id=device_id).exclude(state__in=State.finished()).order_by("-id")


def open_cases_under(*, agreement_id: int, device_id: int | None) -> QuerySet[Case]:
    """What is still open under an agreement or for its unit."""
    about = Q(agreement_id=agreement_id) | (Q(device_id=device_id) if device_id is not None else Q())
    return Case.objects.filter(about).exclude(state__in=State.finished())


def open_cases_about(agreements: QuerySet[Any]) -> QuerySet[Case]:
    """What is still open for the units of these agreements, the most urgent first (VA-TRM-06).

    By `case_by_device` for few units, by `case_open_by_due` for many.
    """
    units = agreements.order_by().values("device_id")
    return Case.objects.filter(OPEN, device_id__in=units).order_by("due_at", "id")


def cases_under(*, agreement_id: int) -> QuerySet[Case]:
    """Every case under an agreement."""
    return Case.objects.filter(agreement_id=agreement_id).order_by("id")


def files_under(*, agreement_id: int) -> QuerySet[CaseFile]:
    """The files of the cases under an agreement."""
    return CaseFile.objects.filter(case__agreement_id=agreement_id).order_by("id")


def completed_of(*, device_id: int, failed: date) -> QuerySet[Case]:
    """IX-GUA-01: finished work on a unit whose guarantee may still hold on the day the fault came back."""
    return Case.objects.filter(device_id=device_id, state=State.COMPLETED, reperform_until__gte=failed).order_by(
        "-finished_at"
    )


def late(*, now: datetime, limit: int) -> Sequence[Mapping[str, Any]]:
    """Open cases whose next moment has passed, the oldest first."""
    return list(lines(cases(chosen=Filter(due="late"), now=now))[:limit])


def due_today(*, now: datetime, limit: int) -> Sequence[Mapping[str, Any]]:
    """Open cases whose next moment comes today, in the order of time."""
    found = cases(chosen=Filter(due="today"), now=now).exclude(state__in=WAITING_FOR_OTHERS)
    return list(lines(found)[:limit])


def waiting(*, now: datetime, limit: int) -> Sequence[Mapping[str, Any]]:
    """Open cases in time in which a customer or the weather acts next."""
    found = cases(chosen=Filter(), now=now).filter(state__in=WAITING_FOR_OTHERS)
    return list(lines(found.filter(Q(due_at=None) | Q(due_at__gte=now)))[:limit])


def uncollected(*, limit: int) -> Sequence[ExchangeRecord]:
    """IX-OWN-02: failed units that belong to the provider and are still with the customer, the oldest first."""
    found = ExchangeRecord.objects.exclude(collection=Collection.COLLECTED).select_related("case", "tenant")
    return list(found.order_by("received_at")[:limit])


def safety_rules(case: Case) -> list[str]:
    """IX-DUT-08: the rules that this customer handed over for the unit's site before the visit, the newest first."""
    if case.device_id is None:
        return []
    before = case.planned_start or case.received_at
    told = case.statements.model.objects.filter(
        case__device_id=case.device_id, kind=StatementKind.SAFETY_RULES, at__lt=before
    )
    files = CaseFile.objects.filter(
        case__device_id=case.device_id, file__purpose=StoredFile.Purpose.SAFETY_RULES, added_at__lt=before
    ).select_related("file")
    return [*(kept.text for kept in told.order_by("-at")), *(str(kept.file) for kept in files.order_by("-added_at"))]


def unmatched_for(*, serial: str) -> QuerySet[Case]:
    """IX-SVC-02: open calls about a number that was not registered when they came."""
    return Case.objects.filter(device=None, reported_serial=normalise(serial)).exclude(state__in=State.finished())


def _state(state: str) -> Q:
    if state == "all":
        return Q()
    if state in State.values:
        return Q(state=state)
    # Written like the condition of the partial index, so that PostgreSQL can use it.
    return ~Q(state__in=State.finished())


def _mentions(text: str) -> Q:
    """A case number, a 製造番号 from its beginning, or a company name."""
    number, name = normalise(text), folded(text)
    found = Q(number=number)
    if number.isascii() and len(number) >= SHORTEST:
        found |= Q(device_id__in=bearers_of(number)) | Q(device=None, reported_serial__begins=number)
    if len(name) >= SHORTEST:
        found |= Q(tenant_id__in=companies_named(text)) | Q(device=None, caller_company__icontains=text)
    return found


def _end_of_day(now: datetime) -> datetime:
    tomorrow = now.astimezone(JST).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), JST)
