"""破棄: what is destroyed when an agreement has ended, what holds it, and the record of it (MM-TRM-02, VA-PRI-08).

Which kinds are destroyed and by when the terms say (`erase`); where they say nothing, people record what they did. The
record holds categories, counts, method and times, never content.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db.models import Q, QuerySet

from hoshu import catalog
from hoshu.accounts import tenancy
from hoshu.contracts import Refused
from hoshu.contracts.endings import ENDED
from hoshu.contracts.models import (
    Agreement,
    Application,
    ApplicationFile,
    DataExport,
    Destruction,
    ErasureHold,
)
from hoshu.dates import JST

ENTRUSTED = "entrusted"
"""What a list of an edition calls the personal data that customers entrust (VA-PRI-01)."""
LAWS = {"billing": "法人税法施行規則 59条"}
"""Kind of data → the law by which it is kept."""


def files_of(agreement: Agreement) -> list[int]:
    """The files that came with its application."""
    found = ApplicationFile.objects.filter(application__agreement=agreement)
    return list(found.values_list("file_id", flat=True))


def is_alone(agreement: Agreement) -> bool:
    """Has the customer nothing else here, so that its people have no more use for their accounts?"""
    others = Agreement.objects.filter(tenant_id=agreement.tenant_id).exclude(pk=agreement.pk).exclude(state__in=ENDED)
    pending = Application.objects.filter(tenant_id=agreement.tenant_id).exclude(
        state__in=["completed", "refused", "lapsed", "withdrawn"]
    )
    return not others.exists() and not pending.exists()


# ---- 残す理由


def hold(
    *, agreement_id: int, code: str, reason: str, since: date, until: date | None = None, now: datetime
) -> ErasureHold:
    """Keep the data of an agreement for a reason; placed before or after its end (MM-TRM-02)."""
    agreement = Agreement.objects.get(pk=agreement_id)
    if not reason.strip() or not code.strip():
        raise Refused("残す理由を入力してください。例: 保険の請求が続いている。")
    if until is not None and until < since:
        raise Refused("最後の日が、理由の生じた日より前です。どちらかの日付を直してください。")
    if Destruction.objects.filter(agreement=agreement, finished_at__isnull=False).exists():
        raise Refused("この契約の情報は、すでに破棄されています。")
    return ErasureHold.objects.create(
        tenant_id=agreement.tenant_id,
        agreement=agreement,
        code=code,
        reason=reason.strip(),
        since=since,
        until=until,
        placed_by=tenancy.current().label,
        placed_at=now,
    )


def release(*, hold_id: int, last_day: date) -> ErasureHold:
    """The reason is gone: it stood until a day."""
    kept = ErasureHold.objects.select_for_update().get(pk=hold_id)
    if kept.released_by:
        raise Refused("この理由は、すでに解かれています。")
    if last_day < kept.since:
        raise Refused("最後の日が、理由の生じた日より前です。日付を直してください。")
    kept.until, kept.released_by = last_day, tenancy.current().label
    kept.save(update_fields=["until", "released_by"])
    return kept


def holds_of(agreement: Agreement) -> QuerySet[ErasureHold]:
    """Why its data stays, in the order in which somebody said so."""
    return agreement.erasure_holds.order_by("id")


# ---- the record


def waiting(*, now: datetime) -> list[Agreement]:
    """Ended agreements whose terms destroy data, where that is not done yet."""
    services = {edition.service for edition in catalog.every_edition() if edition.erase is not None}
    found = Agreement.objects.select_related("tenant", "device", "application", "destruction")
    undone = Q(destruction=None) | Q(destruction__finished_at=None)
    return list(found.filter(undone, service__in=services, state__in=ENDED, ended_at__lte=now).order_by("id"))


def left_to_people(*, on: date) -> QuerySet[Agreement]:
    """VA-PRI-08: agreements over on a day whose terms speak of entrusted data, while nobody recorded what became of it.

    However they ended, also when they just expired; the longest over first. The index `agreement_by_end` finds them.
    """
    terms = Q(pk__in=[])
    for edition in catalog.every_edition():
        if edition.erase is None and any(row[0] == ENTRUSTED for one in edition.listing for row in one.rows):
            terms |= Q(service=edition.service, edition=edition.edition)
    found = Agreement.objects.filter(terms, ends_on__lt=on, destruction=None)
    return found.select_related("tenant").order_by("ends_on", "id")


def begin(*, agreement: Agreement, usable_until: date, now: datetime) -> Destruction:
    """The one record of an agreement: a job that starts anew goes on with it."""
    record, _ = Destruction.objects.select_for_update().get_or_create(
        agreement=agreement,
        defaults={
            "tenant_id": agreement.tenant_id,
            "usable_until": usable_until,
            "method": Destruction.Method.ERASED,
            "started_at": now,
            "started_by": tenancy.current().label,
        },
    )
    return record


def done(*, record: Destruction, category: str, count: int) -> None:
    """A category is destroyed; noted in the transaction that destroyed it."""
    record.counts = {**record.counts, category: count}
    record.save(update_fields=["counts"])


def finish(*, record: Destruction, kept: Sequence[Mapping[str, str]], backups_by: date | None, now: datetime) -> None:
    """Nothing is left to destroy; what stays is named, and the day on which the last copy is gone."""
    record.kept, record.backups_by, record.finished_at = [dict(one) for one in kept], backups_by, now
    record.save(update_fields=["kept", "backups_by", "finished_at"])


def finished(*, record_id: int) -> Destruction:
    """A record of which a certificate can be given. Raises Refused while something is still held."""
    record = Destruction.objects.select_for_update(of=("self",)).select_related("agreement__tenant").get(pk=record_id)
    if record.finished_at is None:
        raise Refused("まだ残っている情報があるため、証明書は出せません。残す理由がなくなってからお試しください。")
    return record


def certify(*, record: Destruction, letter_id: int) -> None:
    """The certificate is there, once."""
    record.certificate_id = letter_id
    record.save(update_fields=["certificate"])


def record_by_hand(*, agreement_id: int, method: str, how: str, last_day: date, on: date, now: datetime) -> Destruction:
    """VA-PRI-08: people returned, erased or destroyed what was entrusted. Raises Refused."""
    agreement = Agreement.objects.get(pk=agreement_id)
    if method not in Destruction.Method.values or not how.strip():
        raise Refused("方法と、何をどうしたかを入力してください。例: 貸与されたデータを返送した。")
    if on > now.astimezone(JST).date() or on <= last_day:
        raise Refused("破棄や返却の日は、利用の終わりの翌日から今日までの日にしてください。")
    if Destruction.objects.filter(agreement=agreement).exists():
        raise Refused("この契約の破棄は、すでに記録されています。")
    return Destruction.objects.create(
        tenant_id=agreement.tenant_id,
        agreement=agreement,
        usable_until=last_day,
        method=method,
        how=how.strip()[:200],
        started_at=now,
        started_by=tenancy.current().label,
        finished_at=datetime.combine(on, datetime.min.time(), JST),
    )


def of(agreement: Agreement) -> Destruction | None:
    """The record of an agreement, if anything was destroyed."""
    return Destruction.objects.filter(agreement=agreement).first()


def exported(*, agreement: Agreement, counts: Mapping[str, int], sha256: str, now: datetime) -> DataExport:
    """MM-TRM-03: the customer took its data away."""
    return DataExport.objects.create(
        tenant_id=agreement.tenant_id,
        agreement=agreement,
        at=now,
        by=tenancy.current().label,
        counts=dict(counts),
        sha256=sha256,
    )
