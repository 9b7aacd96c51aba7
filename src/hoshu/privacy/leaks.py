"""漏えい等の台帳: an incident from its discovery to its end, with the clocks of the law and everybody who was told.

個人情報保護法 26条, 施行規則 8条: a preliminary report at once, about three to five days after becoming aware; a final
one within 30 days, within 60 where it was done on purpose. The day of becoming aware is the first; a last day on which
the Commission is closed moves to the next open one (ガイドライン通則編 3-5-3-3, 3-5-3-4). The customers are told
without delay (VA-PRI-07), and nothing is closed without measures (RC-PII-05).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet

from hoshu import catalog
from hoshu.accounts.models import Organisation
from hoshu.accounts.tenancy import current
from hoshu.contracts.models import Agreement
from hoshu.dates import JST, BusinessCalendar
from hoshu.notifications import outbox
from hoshu.privacy import Refused, clauses
from hoshu.privacy.models import Leak, LeakCustomer, LeakPerson, LeakStep
from hoshu.privacy.register import CATEGORIES, TABLES
from hoshu.privacy.words import LeakStepKind

LAW = "個人情報保護法 26条"
_OPEN_DAYS = BusinessCalendar()
PRELIMINARY_FROM, PRELIMINARY_DAYS, FINAL_DAYS, FINAL_DAYS_MALICIOUS = 3, 5, 30, 60
TELL_WITHIN = timedelta(hours=24)
"""Ours: how long a customer may wait before the list of today points it out. 「速やかに」 has no number."""
_FOR_PERSONS = ("login", "party", "case", "consent")


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One thing that is due, until when, and whether it was done."""

    name: str
    last: date
    done_at: datetime | None
    late: bool
    law: str


def clocks(leak: Leak, *, today: date) -> list[Clock]:
    """Both reports to the Commission, where the leak is to be reported."""
    if not leak.reportable:
        return []
    found = leak.found_at.astimezone(JST).date()
    final_days = FINAL_DAYS_MALICIOUS if leak.malicious else FINAL_DAYS
    return [
        _clock(
            leak,
            LeakStepKind.PRELIMINARY,
            f"速報（おおむね{PRELIMINARY_FROM}〜{PRELIMINARY_DAYS}日以内）",
            _last_day(found, PRELIMINARY_DAYS),
            today,
            "個人情報保護法施行規則 8条1項",
        ),
        _clock(
            leak,
            LeakStepKind.FINAL,
            f"確報（{final_days}日以内）",
            _last_day(found, final_days),
            today,
            "個人情報保護法施行規則 8条2項",
        ),
    ]


def _last_day(found: date, days: int) -> date:
    return _OPEN_DAYS.on_or_after(found + timedelta(days=days - 1))


def _clock(leak: Leak, kind: LeakStepKind, name: str, last: date, today: date, law: str) -> Clock:
    done = next((one.at for one in leak.steps.all() if one.kind == kind), None)
    ended = today if done is None else done.astimezone(JST).date()
    return Clock(name=name, last=last, done_at=done, late=ended > last, law=law)


@transaction.atomic
def found(
    *,
    found_at: datetime,
    how: str,
    what: str,
    cause: str,
    malicious: bool,
    reportable: bool,
    why_reportable: str,
    items: Sequence[str],
    tenant_ids: Sequence[int],
    now: datetime,
) -> Leak:
    """Record a leak, or the suspicion of one, with the customers concerned. Raises Refused."""
    if found_at > now:
        raise Refused("知った日時が未来になっています。", field="found_at")
    items = [item.strip() for item in items if item.strip()]
    for field, value, text in (
        ("how", how, "どのように見つかったかを入力してください。例: お客様からの電話"),
        ("what", what, "起きたことを入力してください。例: 別のお客様あてのメールに名簿を添付した。"),
        ("why_reportable", why_reportable, "報告の対象とした、またはしない理由を入力してください。"),
    ):
        if not value.strip():
            raise Refused(text, field=field)
    if not items:
        raise Refused("漏えいした項目を入力してください。例: お名前、電話番号", field="items")
    if malicious and not reportable:
        # 施行規則 7条3号: an incident on purpose is reported from one person on.
        raise Refused("不正の目的のおそれがある漏えい等は、1人からでも報告の対象です。", LAW, field="reportable")
    leak = Leak.objects.create(
        found_at=found_at,
        how=how.strip(),
        what=what.strip(),
        cause=cause,
        malicious=malicious,
        reportable=reportable,
        why_reportable=why_reportable.strip(),
        items=items,
        recorded_at=now,
        recorded_by=current().label,
    )
    add_customers(leak_id=leak.pk, tenant_ids=tenant_ids)
    return leak


@transaction.atomic
def add_customers(*, leak_id: int, tenant_ids: Sequence[int]) -> int:
    """More customers turn out to be concerned; each once."""
    leak = _open(leak_id)
    known = Organisation.objects.filter(pk__in=tenant_ids, kind=Organisation.Kind.CUSTOMER)
    LeakCustomer.objects.bulk_create(
        (LeakCustomer(leak=leak, tenant_id=pk) for pk in known.values_list("pk", flat=True)), ignore_conflicts=True
    )
    return leak.customers.count()


@transaction.atomic
def collect_persons(*, leak_id: int, categories: Sequence[str] = _FOR_PERSONS) -> int:
    """Take down everybody who stands in the records of the customers concerned; how many are listed now.

    A row for each name and address; one statement for each table.
    """
    leak = _open(leak_id)
    tenants = list(leak.customers.values_list("tenant_id", flat=True))
    rows: list[LeakPerson] = []
    for label, table in TABLES.items():
        columns = table.columns
        if table.category not in categories or not table.tenant or not (columns.name or columns.email):
            continue
        if label.startswith("privacy."):
            continue
        email = columns.email[0] if columns.email else None
        phone = columns.phone[0] if columns.phone else None
        for name in columns.name:
            wanted = ["pk", table.tenant, name, *filter(None, [email, phone])]
            found = apps.get_model(label).objects.filter(**{f"{table.tenant}__in": tenants})
            for row in found.exclude(**{name: ""}).values(*wanted):
                first = name == columns.name[0]
                rows.append(
                    LeakPerson(
                        leak=leak,
                        tenant_id=row[table.tenant],
                        name=row[name],
                        email=row[email] if email and first else "",
                        phone=row[phone] if phone and first else "",
                        source=CATEGORIES[table.category].name,
                    )
                )
    LeakPerson.objects.bulk_create(rows, ignore_conflicts=True)
    return leak.persons.count()


@transaction.atomic
def told_customer(*, leak_id: int, tenant_id: int, whom: str, text: str, at: datetime, now: datetime) -> LeakCustomer:
    """VA-PRI-07: the customer knows, since when and from whom. Raises Refused."""
    leak = _open(leak_id)
    concerned = leak.customers.select_for_update().get(tenant_id=tenant_id)
    if concerned.told_at is not None:
        raise Refused("このお客様への連絡は、すでに記録されています。")
    _require_past(leak, at, now)
    if not whom.strip() or not text.strip():
        raise Refused("連絡した方と内容を入力してください。", field="whom" if not whom.strip() else "text")
    concerned.told_at, concerned.told_whom, concerned.told_text = at, whom.strip(), text.strip()
    concerned.save(update_fields=["told_at", "told_whom", "told_text"])
    _step(leak, LeakStepKind.CUSTOMER, at, f"{concerned.tenant.name} {whom.strip()}", text)
    return concerned


_MAY_BE_MISUSED = "不正に使われるおそれがあります。"
_NO_MISUSE_KNOWN = "不正に使われたという知らせは、いまのところありません。"


@transaction.atomic
def write_to_persons(*, leak_id: int, text: str, now: datetime) -> tuple[int, int]:
    """個人情報保護法 26条2項: a mail to each listed person with an address, once; (written, without an address).

    Who has no address is told in another way and stays on the list.
    """
    leak = _open(leak_id)
    if not text.strip():
        raise Refused("お知らせする内容を入力してください。例: 何が起きたか、二次被害を防ぐためのお願い", field="text")
    written = 0
    waiting = leak.persons.select_for_update().filter(told_at=None)
    for person in waiting.exclude(email="").order_by("pk"):
        try:
            validate_email(person.email)
        except ValidationError:
            continue
        person.message = outbox.put(
            tenant_id=person.tenant_id,
            message="personal.leaked",
            to=person.email,
            context={
                "addressee": {"person": person.name},
                "reference": f"漏えい等{leak.pk}",
                "found_at": leak.found_at,
                "happened": text.strip(),
                "items": tuple(leak.items),
                "cause": leak.get_cause_display(),
                "further_harm": _MAY_BE_MISUSED if leak.malicious else _NO_MISUSE_KNOWN,
                "measures": (leak.measures or "調査を進めています。",),
                "to_person": True,
            },
            about=f"漏えい等{leak.pk}",
            key=f"leak-{leak.pk}-{person.email.lower()}",
            now=now,
        )
        person.told_at = now
        person.save(update_fields=["message", "told_at"])
        written += 1
    if written:
        _step(leak, LeakStepKind.PERSON, now, f"{written}人", text)
    return written, leak.persons.filter(told_at=None).count()


@transaction.atomic
def told_person(*, leak_id: int, person_id: int, text: str, at: datetime, now: datetime) -> LeakPerson:
    """Somebody was told in another way than by mail."""
    leak = _open(leak_id)
    _require_past(leak, at, now)
    person = leak.persons.select_for_update().get(pk=person_id)
    person.told_at = at
    person.save(update_fields=["told_at"])
    _step(leak, LeakStepKind.PERSON, at, "1人", text)
    return person


@transaction.atomic
def note(*, leak_id: int, kind: str, text: str, at: datetime, now: datetime, whom: str = "") -> LeakStep:
    """A report to the Commission, a measure, or how it goes on. Raises Refused."""
    leak = _open(leak_id)
    kind = LeakStepKind(kind)
    if kind not in (LeakStepKind.PRELIMINARY, LeakStepKind.FINAL, LeakStepKind.MEASURE, LeakStepKind.NOTE):
        raise Refused("この記録は、別の欄から行ってください。", field="kind")
    _require_past(leak, at, now)
    if not text.strip():
        raise Refused("内容を入力してください。例: 受付番号 2026-0001 で報告した。", field="text")
    if kind == LeakStepKind.FINAL and leak.reportable and not leak.steps.filter(kind=LeakStepKind.PRELIMINARY).exists():
        raise Refused("速報をまだ記録していません。先に速報を記録してください。", LAW, field="kind")
    if kind == LeakStepKind.MEASURE:
        leak.measures = "\n".join(filter(None, [leak.measures, text.strip()]))
        leak.save(update_fields=["measures"])
    return _step(leak, kind, at, whom, text)


@transaction.atomic
def close(*, leak_id: int, text: str, now: datetime) -> Leak:
    """The end. Raises Refused without measures (RC-PII-05), without having told every customer (VA-PRI-07), or while a
    report to the Commission is owed."""
    leak = _open(leak_id)
    if not leak.measures.strip():
        raise Refused(
            "対策をまだ記録していません。再発を防ぐ対策を記録してから終えてください。", _clause(leak, clauses.LEAK)
        )
    untold = list(leak.customers.filter(told_at=None).values_list("tenant__name", flat=True))
    if untold:
        raise Refused(f"まだ連絡していないお客様があります: {'、'.join(untold)}", _clause(leak, clauses.LEAK))
    if leak.reportable:
        done = set(leak.steps.values_list("kind", flat=True))
        if LeakStepKind.FINAL not in done:
            raise Refused("個人情報保護委員会への確報を、まだ記録していません。", LAW)
        if leak.persons.filter(told_at=None).exists():
            raise Refused("まだ通知していないご本人があります。通知か、通知できない理由を記録してください。", LAW)
    leak.closed_at = now
    leak.save(update_fields=["closed_at"])
    _step(leak, LeakStepKind.CLOSED, now, "", text or "対応を終えました。")
    return leak


def leaks(*, is_open: bool | None = None) -> QuerySet[Leak]:
    """The register, what is open first, the oldest of these first."""
    found = Leak.objects.prefetch_related("steps", "customers__tenant")
    if is_open is None:
        return found.order_by("-pk")
    return found.filter(closed_at__isnull=is_open).order_by("found_at", "pk")


def told_to(*, tenant_id: int) -> QuerySet[LeakCustomer]:
    """What a customer was told about itself."""
    return LeakCustomer.objects.filter(tenant_id=tenant_id, told_at__isnull=False).order_by("-told_at")


def persons(*, leak_id: int, text: str = "") -> QuerySet[LeakPerson]:
    """Who is concerned, by customer and name."""
    found = LeakPerson.objects.select_related("tenant").filter(leak_id=leak_id).order_by("tenant__name", "name", "pk")
    return found.filter(Q(name__icontains=text) | Q(email__icontains=text)) if text else found


def _clause(leak: Leak, words: Sequence[str]) -> str:
    """The clause of the terms of a customer concerned."""
    agreement = Agreement.objects.filter(tenant__in=leak.customers.values("tenant_id")).order_by("-pk").first()
    return clauses.about(catalog.edition(agreement.service, agreement.edition), *words) if agreement else ""


def _require_past(leak: Leak, at: datetime, now: datetime) -> None:
    if at > now:
        raise Refused("日時が未来になっています。済んだ日時を入力してください。", field="at")
    if at < leak.found_at:
        raise Refused("知った日時より前になっています。", field="at")


def _open(leak_id: int) -> Leak:
    leak = Leak.objects.select_for_update().get(pk=leak_id)
    if leak.closed_at is not None:
        raise Refused("この件は終結しています。新しいことが分かったときは、新しい件として記録してください。")
    return leak


def _step(leak: Leak, kind: LeakStepKind, at: datetime, whom: str, text: str) -> LeakStep:
    return LeakStep.objects.create(
        leak=leak, kind=kind, at=at, whom=whom.strip()[:120], text=text.strip(), actor=current().label
    )
