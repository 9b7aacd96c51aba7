"""保存期間の点検: what is over its time on a day, counted in a dry run every day, erased in a run that somebody starts.

個人情報保護法 22条, VA-PRI-08, MM-TRM-02. A run goes in steps of `STEP` rows and is resumable: what is erased is on
record row by row, so what is left is found again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from hoshu import catalog
from hoshu.accounts.tenancy import current
from hoshu.cases.models import Case, CaseFile
from hoshu.contracts import consents
from hoshu.contracts.models import Agreement, Application, ApplicationFile
from hoshu.dates import JST, months_before
from hoshu.notifications.models import Message
from hoshu.privacy import Refused, erasing
from hoshu.privacy.models import ErasedRow, Leak, RetentionRun
from hoshu.privacy.persons import asked_of_terms
from hoshu.privacy.register import CATEGORIES, TABLES, Table
from hoshu.privacy.retention_rules import months_set

STEP = 500
_OPEN_STATES = ("draft", "submitted", "returned", "received", "checking", "asking")


@dataclass(frozen=True, kw_only=True)
class Due:
    """The rows of one table that are over their time."""

    model: str
    category: str
    rows: QuerySet[Any]


def due(*, as_of: date) -> Iterator[Due]:
    """What is over its time on a day and not erased yet, table by table; nothing is read before it is asked for."""
    months = months_set()
    for label, table in TABLES.items():
        if table.closed or not table.columns.every or CATEGORIES[table.category].months is None:
            continue
        over = _over(label, table, months, as_of)
        if over is None:
            continue
        model = apps.get_model(label)
        erased = ErasedRow.objects.filter(table=model._meta.db_table, row_id=OuterRef("pk"), request=None)
        yield Due(model=label, category=table.category, rows=model.objects.filter(over).exclude(Exists(erased)))


@transaction.atomic
def count(*, as_of: date, now: datetime) -> RetentionRun:
    """The dry run: what would be erased, as a row that is kept. The job of one day makes only one."""
    earlier = RetentionRun.objects.filter(as_of=as_of, dry=True).first()
    if earlier is not None and current().user_id is None:
        return earlier
    return RetentionRun.objects.create(
        as_of=as_of,
        dry=True,
        started_at=now,
        started_by=current().label,
        finished_at=now,
        found=_counted(as_of),
        kept=kept_anyway(as_of=as_of),
    )


@transaction.atomic
def begin(*, as_of: date, now: datetime) -> RetentionRun:
    """Start to erase. Raises Refused for a day to come, while another run goes on, and with nothing to erase."""
    if as_of > now.astimezone(JST).date():
        raise Refused("基準日が未来になっています。今日までの日付を選んでください。", field="as_of")
    if RetentionRun.objects.select_for_update().filter(dry=False, finished_at=None).exists():
        raise Refused("前の消去がまだ終わっていません。続きを実行してください。")
    found = _counted(as_of)
    if not found:
        raise Refused("保存期間を過ぎた記録はありません。")
    return RetentionRun.objects.create(
        as_of=as_of,
        dry=False,
        started_at=now,
        started_by=current().label,
        found=found,
        kept=kept_anyway(as_of=as_of),
    )


@transaction.atomic
def go_on(*, run_id: int, now: datetime) -> bool:
    """One step of a run; whether there is more to do. Steps of one run never overlap."""
    run = RetentionRun.objects.select_for_update().get(pk=run_id, dry=False)
    if run.finished_at is not None:
        return False
    for each in due(as_of=run.as_of):
        ids = list(each.rows.order_by("pk").values_list("pk", flat=True)[:STEP])
        if ids:
            erasing.erase_rows(model=each.model, ids=ids, cause=run, now=now)
            name = CATEGORIES[each.category].name
            run.done = {**run.done, name: run.done.get(name, 0) + len(ids)}
            run.save(update_fields=["done"])
            return True
    run.finished_at = now
    run.save(update_fields=["finished_at"])
    return False


def kept_anyway(*, as_of: date) -> dict[str, int]:
    """Agreements that ended and whose open case holds everything back."""
    held = Agreement.objects.filter(_ended_before(as_of), Exists(_open_cases("pk")))
    count = held.count()
    return {"対応中の事案がある契約": count} if count else {}


def _counted(as_of: date) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in due(as_of=as_of):
        if number := each.rows.count():
            name = CATEGORIES[each.category].name
            found[name] = found.get(name, 0) + number
    return found


def _over(label: str, table: Table, months: dict[str, int], as_of: date) -> Q | None:
    """The condition under which a row of this table is over its time."""
    number = months.get(table.category, CATEGORIES[table.category].months or 0)
    cutoff = months_before(as_of, number) if number else as_of
    kind, _, path = table.holder.partition(":")
    match kind:
        case "agreement":
            return _under(path, _over_agreements(table, cutoff, as_of), label)
        case "application":
            undecided = Q(state__in=_OPEN_STATES)
            alone = Application.objects.filter(agreement=None).exclude(undecided)
            alone = alone.annotate(last=TruncDate(Coalesce("decided_at", "updated_at"), tzinfo=JST))
            taken = Application.objects.filter(agreement__in=_over_agreements(table, cutoff, as_of).values("pk"))
            return Q(**{f"{path}__in": alone.filter(last__lt=cutoff).values("pk")}) | Q(
                **{f"{path}__in": taken.values("pk")}
            )
        case "case":
            over = Case.objects.annotate(last=TruncDate("finished_at", tzinfo=JST)).filter(last__lt=cutoff)
            return Q(**{f"{path}__in": over.values("pk")})
        case "leak":
            over = Leak.objects.annotate(last=TruncDate("closed_at", tzinfo=JST)).filter(last__lt=cutoff)
            return Q(**{f"{path}__in": over.values("pk")})
    if not table.at or not number:
        return None
    old = Q(**{f"{table.at}__date__lt": cutoff})
    match label:
        case "files.StoredFile":
            return old & ~Q(pk__in=_files_in_use(as_of))
        case "notifications.Message":
            return old & ~Q(about__in=_running(as_of).values("number"))
        case "notifications.Letter":
            in_use = Message.objects.filter(about__in=_running(as_of).values("number"), letter__isnull=False)
            return old & ~Q(pk__in=in_use.values("letter_id"))
    return old


def _running(as_of: date) -> QuerySet[Agreement]:
    """What is not over on a day: its papers stay, however old they are."""
    return Agreement.objects.exclude(_ended_before(as_of))


def _files_in_use(as_of: date) -> QuerySet[Any]:
    """Files of agreements and applications that go on, and of open cases."""
    of_agreements = ApplicationFile.objects.filter(
        Q(application__agreement__in=_running(as_of)) | Q(application__state__in=_OPEN_STATES)
    )
    of_cases = CaseFile.objects.filter(case__finished_at=None)
    return of_agreements.values("file_id").union(of_cases.values("file_id"))


def _under(path: str, agreements: QuerySet[Agreement], label: str) -> Q:
    condition = Q(**{f"{path}__in": agreements.values("pk")})
    if label != "contracts.Device":
        return condition
    # A body may be under several agreements: the last of them counts.
    model = apps.get_model(label)
    living = Agreement.objects.filter(device=OuterRef("pk")).exclude(pk__in=agreements.values("pk"))
    return Q(pk__in=model.objects.filter(condition).exclude(Exists(living)).values("pk"))


def _over_agreements(table: Table, cutoff: date, as_of: date) -> QuerySet[Agreement]:
    """Ended long enough ago, by our months or, where the terms answer the question, by their own words."""
    kind = CATEGORIES[table.category].erase_kind
    own_words = Q(pk__in=[])
    for_all = _ended_before(cutoff)
    for edition in catalog.every_edition():
        if edition.erase is None or kind not in {one.code for one in edition.erase.kind}:
            continue
        of_edition = Q(service=edition.service, edition=edition.edition)
        for_all &= ~of_edition
        yesterday = date.fromordinal(as_of.toordinal() - 1)
        end = asked_of_terms(edition, kind, yesterday, as_of, False)
        if end is not None and end.goes:
            own_words |= of_edition & _ended_before(as_of)
    return Agreement.objects.filter(for_all | own_words).exclude(Exists(_open_cases("pk")))


def _ended_before(day: date) -> Q:
    ended = Q(cancelled_on__lt=day) | Q(cancelled_on=None, ends_on__lt=day)
    return ended | (~Q(state__in=consents.RUNNING) & Q(cancelled_on=None, ends_on=None, accepted_at__date__lt=day))


def _open_cases(pk: str) -> QuerySet[Case]:
    return Case.objects.filter(agreement=OuterRef(pk), finished_at=None)


def running() -> RetentionRun | None:
    """The run that is not finished."""
    return RetentionRun.objects.filter(dry=False, finished_at=None).first()


def runs() -> QuerySet[RetentionRun]:
    """Every run and dry run, the newest first."""
    return RetentionRun.objects.order_by(F("started_at").desc(), "-pk")
