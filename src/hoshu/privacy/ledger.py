"""同意の台帳: who accepted which words of which edition for whom, when, how; and what came of it later.

Three sources in one list, newest first: the confirmations of a form (`contracts.Consent`), the editions an agreement is
under (`contracts.EditionConsent`), and the rows of this package for everything else (MM-DOC-09, RC-PII-04).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Q

from hoshu import catalog
from hoshu.accounts.tenancy import current
from hoshu.contracts import closings, consents
from hoshu.contracts.models import Agreement, Consent, EditionConsent
from hoshu.dates import JST
from hoshu.decisions import record
from hoshu.privacy import Refused, clauses
from hoshu.privacy.models import LedgerEntry
from hoshu.privacy.words import Channel, EntryKind

FORM = "form"
DEEMED = "deemed"
KINDS: dict[str, str] = {FORM: "申請のときの確認", DEEMED: "約款の定めによる同意", **dict(EntryKind.choices)}
MOST = 20_000
_WITHDRAWABLE = {EntryKind.PURPOSE, EntryKind.MATERIAL, EntryKind.DISCLOSURE}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the ledger, wherever it is kept."""

    key: str
    """`form-12`, `deemed-3`, `entry-5`."""
    at: datetime
    kind: str
    tenant_id: int | None
    tenant: str
    agreement: str
    person: str
    text: str
    clauses: Sequence[str]
    service: str
    edition: str
    sha256: str
    channel: str
    mandate: str = ""
    evidence_id: int | None = None
    recorded_by: str = ""
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawable: bool = False
    corrects: str = ""
    detail: str = ""

    @property
    def kind_name(self) -> str:
        return KINDS[self.kind]

    @property
    def edition_name(self) -> str:
        return f"{catalog.edition(self.service, self.edition).name} {self.edition}版"


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the list is narrowed to; empty takes everything."""

    tenant_id: int | None = None
    agreement: str = ""
    person: str = ""
    service: str = ""
    edition: str = ""
    kind: str = ""


def lines(chosen: Chosen, *, limit: int = MOST) -> list[Line]:
    """The newest rows in sight, at most `limit`. One statement a source, and one for the withdrawals."""
    found: list[Line] = []
    if chosen.kind in ("", FORM):
        found += _of_forms(chosen, limit)
    if chosen.kind in ("", DEEMED) and not chosen.person:
        found += _of_editions(chosen, limit)
    if chosen.kind not in (FORM, DEEMED):
        found += _of_entries(chosen, limit)
    return sorted(found, key=lambda line: (line.at, line.key), reverse=True)[:limit]


def one(key: str) -> Line | None:
    """The row of this key, where the actor sees it."""
    source, _, number = key.partition("-")
    if not number.isdecimal():
        return None
    return next(
        {
            FORM: lambda: _of_forms(Chosen(), 1, pk=int(number)),
            DEEMED: lambda: _of_editions(Chosen(), 1, pk=int(number)),
            "entry": lambda: _of_entries(Chosen(), 1, pk=int(number)),
        }.get(source, lambda: iter(()))(),
        None,
    )


@transaction.atomic
def record_entry(
    *,
    tenant_id: int,
    kind: str,
    service: str,
    edition: str,
    person: str,
    text: str,
    clauses_: Sequence[str],
    at: datetime,
    channel: str,
    now: datetime,
    agreement_id: int | None = None,
    item: str = "",
    mandate: str = "",
    evidence_id: int | None = None,
    recipient: str = "",
    purpose: str = "",
    items: Sequence[str] = (),
    until: date | None = None,
) -> LedgerEntry:
    """Add what somebody accepted. Raises Refused for an edition not in force yet, a consent without its content, and a
    wish for a purpose that stopped with the service."""
    kind = EntryKind(kind)
    try:
        known = catalog.edition(service, edition)
    except KeyError as missing:
        raise Refused("その版の約款はありません。一覧から選んでください。", field="edition") from missing
    if at > now:
        raise Refused("日時が未来になっています。同意を受けた日時を入力してください。", field="at")
    if at.astimezone(JST).date() < known.in_force:
        raise Refused(
            f"{edition}版は{known.in_force:%Y/%m/%d}から使います。それより前の同意は記録できません。", field="at"
        )
    if not person.strip() or not text.strip():
        raise Refused("同意した方と文面を入力してください。", field="person" if not person.strip() else "text")
    if kind in (EntryKind.PURPOSE, EntryKind.MATERIAL):
        _require_used(kind, known, tenant_id, at)
    if kind == EntryKind.DISCLOSURE and not (recipient.strip() and purpose.strip() and items):
        # RC-PII-01: without recipient, items and purpose it is no consent.
        clause = known.disclosure.consent.clause if known.disclosure else ""
        raise Refused("開示する相手、項目、目的をすべて入力してください。", clause, field="recipient")
    return LedgerEntry.objects.create(
        tenant_id=tenant_id,
        agreement_id=agreement_id,
        kind=kind,
        item=item,
        service=service,
        edition=edition,
        sha256=clauses.sha256_of(service, edition),
        person=person.strip(),
        text=text.strip(),
        clauses=[clause for clause in clauses_ if clause],
        at=at,
        until=until,
        channel=channel,
        mandate=mandate.strip(),
        evidence_id=evidence_id,
        recipient=recipient.strip(),
        purpose=purpose.strip(),
        items=list(items),
        recorded_at=now,
        recorded_by=current().label,
    )


@transaction.atomic
def withdraw(*, key: str, person: str, reason: str, channel: str, now: datetime) -> LedgerEntry:
    """Take a consent back from `now` on; what was done on it before stays lawful (RC-PII-04). Raises Refused.

    What an agreement rests on cannot be taken back alone: the agreement is cancelled instead.
    """
    source, _, number = key.partition("-")
    if not number.isdecimal():
        raise Refused("同意の記録が見つかりません。一覧から選んでください。")
    if source == FORM:
        consent = Consent.objects.select_for_update().filter(pk=number).first()
        found: Any = consent
        if consent is None or not _is_optional(consent.service, consent.edition, consent.item):
            raise _cannot(found, consent.clauses if consent else ())
        earlier = None
    else:
        earlier = LedgerEntry.objects.filter(pk=number).first() if source == "entry" else None
        found, consent = earlier, None
        if earlier is None or earlier.kind not in _WITHDRAWABLE:
            raise _cannot(found, earlier.clauses if earlier else ())
    if LedgerEntry.objects.filter(kind=EntryKind.WITHDRAWAL, earlier=earlier, consent=consent).exists():
        raise Refused("この同意は、すでに撤回されています。")
    return _about_earlier(EntryKind.WITHDRAWAL, found, earlier, consent, person, reason, channel, now)


@transaction.atomic
def correct(*, key: str, text: str, person: str, now: datetime) -> LedgerEntry:
    """MM-DOC-09: nothing is edited; a correction is a row that points at the earlier one."""
    source, _, number = key.partition("-")
    if not text.strip():
        raise Refused("訂正の内容を入力してください。", field="text")
    model: Any = {FORM: Consent, "entry": LedgerEntry}.get(source)
    found = model.objects.filter(pk=number).first() if model and number.isdecimal() else None
    if found is None:
        raise Refused("同意の記録が見つかりません。一覧から選んでください。")
    earlier, consent = (None, found) if source == FORM else (found, None)
    return _about_earlier(
        EntryKind.CORRECTION, found, earlier, consent, person or found.person, text, Channel.STAFF, now
    )


def opted_in(*, tenant_id: int, service: str, item: str, at: datetime) -> bool:
    """RC-PUR-08, RC-PII-02: does somebody's recorded wish stand at this moment, given before it and not taken back?"""
    given = Consent.objects.filter(tenant_id=tenant_id, service=service, item=item, at__lte=at)
    withdrawn = LedgerEntry.objects.filter(kind=EntryKind.WITHDRAWAL, at__lte=at)
    if given.exclude(pk__in=withdrawn.filter(consent__isnull=False).values("consent_id")).exists():
        return True
    wished = LedgerEntry.objects.filter(
        Q(until=None) | Q(until__gte=at.astimezone(JST).date()),
        tenant_id=tenant_id,
        service=service,
        item=item,
        kind__in=[EntryKind.PURPOSE, EntryKind.MATERIAL],
        at__lte=at,
    )
    return wished.exclude(pk__in=withdrawn.filter(earlier__isnull=False).values("earlier_id")).exists()


def may_use(*, tenant_id: int, service: str, purpose: str, personal: bool, at: datetime) -> record.Answer:
    """RC-PUR-02: may what stands on the form be used for this purpose at this moment? Asked of the terms, with what the
    ledger knows and whether the service is over for the customer (RC-SUR-02). Raises record.Refused where the service
    answers no such question."""
    edition = catalog.edition_on(service, at.astimezone(JST).date())
    wish = opted_in(tenant_id=tenant_id, service=service, item=_item_of(edition, purpose), at=at)
    ended = closings.over(tenant_id=tenant_id, service=service, at=at)
    facts: dict[str, Any] = {"purpose": purpose, "data": "form", "personal": personal, "opt_in": wish, "ended": ended}
    if edition.use and any(one.on_request for one in edition.use.purpose if one.code == purpose):
        facts["requested"] = opted_in(tenant_id=tenant_id, service=service, item=purpose, at=at)
    return _ask_use(edition, facts)


@transaction.atomic
def used(*, tenant_id: int, way: str, actor: str, now: datetime) -> int:
    """MM-DOC-04: the service was used after a change, so its terms count as accepted; how many rows are new.

    Once for each agreement, edition and `way`: the first of the two decides, the other is further evidence.
    """
    today = now.astimezone(JST).date()
    running = [
        agreement
        for agreement in Agreement.objects.filter(tenant_id=tenant_id, state__in=consents.RUNNING)
        if _binds_by_use(agreement.service)
    ]
    by_agreement = consents.editions_of([one.pk for one in running])
    rows = []
    for agreement in running:
        edition_id = consents.edition_on(by_agreement.get(agreement.pk, ()), today)
        if not edition_id or edition_id == agreement.edition:
            continue
        edition = catalog.edition(agreement.service, edition_id)
        earlier = catalog.edition(agreement.service, agreement.edition)
        # The terms that ran before say that using means consenting.
        terms = earlier.terms_change
        assert terms is not None
        assert terms.binds_by_use is not None
        rows.append(
            LedgerEntry(
                tenant_id=tenant_id,
                agreement=agreement,
                kind=EntryKind.BY_USE,
                item=way,
                service=agreement.service,
                edition=edition_id,
                sha256=clauses.sha256_of(agreement.service, edition_id),
                person=actor[:80],
                text=f"{edition.edition}版になった後に利用されました（{WAYS[way]}）。",
                clauses=[terms.binds_by_use.clause],
                at=now,
                channel=Channel.USE,
                recorded_at=now,
                recorded_by="システム",
            )
        )
    before = LedgerEntry.objects.filter(tenant_id=tenant_id, kind=EntryKind.BY_USE).count()
    LedgerEntry.objects.bulk_create(rows, ignore_conflicts=True)
    return LedgerEntry.objects.filter(tenant_id=tenant_id, kind=EntryKind.BY_USE).count() - before


def _require_used(kind: EntryKind, edition: catalog.Edition, tenant_id: int, at: datetime) -> None:
    """RC-SUR-02: nobody's wish is taken for a purpose that ended with the service; the terms say which."""
    for purpose in edition.use.purpose if edition.use else ():
        if not (purpose.on_request if kind == EntryKind.MATERIAL else purpose.personal == "opt_in"):
            continue
        facts = {"purpose": purpose.code, "data": "form", "personal": True, "opt_in": True, "requested": True}
        ended = closings.over(tenant_id=tenant_id, service=edition.service, at=at)
        answer = _ask_use(edition, {**facts, "ended": ended})
        if not answer.values["allowed"]:
            raise Refused(answer.reasons[0]["text"], answer.reasons[0]["clause"], field="at")


def _ask_use(edition: catalog.Edition, facts: dict[str, Any]) -> record.Answer:
    return record.ask({"ask": "use", "service": edition.service, "edition": edition.edition, "facts": facts})


WAYS = {"login": "お客様の画面へのログイン", "report": "機器からの報告"}


def _binds_by_use(service: str) -> bool:
    first = catalog.editions(service)
    return any(one.terms_change and one.terms_change.binds_by_use for one in first)


def _item_of(edition: catalog.Edition, purpose: str) -> str:
    """The confirmation of the form by which somebody wishes this purpose: that of its clause, if it is optional."""
    if edition.use is None or edition.application is None:
        return purpose
    clause = next((one.clause for one in edition.use.purpose if one.code == purpose), None)
    return next((one.id for one in edition.application.confirmation if one.optional and one.clause == clause), purpose)


def _is_optional(service: str, edition: str, item: str) -> bool:
    terms = catalog.edition(service, edition).application
    return any(one.id == item and one.optional for one in terms.confirmation) if terms else False


def _cannot(found: Any, clauses_: Sequence[str]) -> Refused:
    if found is None:
        return Refused("この同意は撤回できません。契約の前提になっている同意は、解約のお手続きをご利用ください。")
    return Refused(
        "契約の前提になっている同意のため、これだけを撤回することはできません。解約のお手続きをご利用ください。",
        "、".join(clauses_),
    )


def _about_earlier(
    kind: EntryKind,
    found: Any,
    earlier: LedgerEntry | None,
    consent: Consent | None,
    person: str,
    text: str,
    channel: str,
    now: datetime,
) -> LedgerEntry:
    if found.at > now:
        raise Refused("もとの同意より前の日時になっています。")
    agreement_id = found.agreement_id
    if agreement_id is None and consent is not None and consent.application_id:
        agreement_id = (
            Agreement.objects.filter(application_id=consent.application_id).values_list("pk", flat=True).first()
        )
    return LedgerEntry.objects.create(
        tenant_id=found.tenant_id,
        agreement_id=agreement_id,
        kind=kind,
        item=found.item,
        service=found.service,
        edition=found.edition,
        sha256=clauses.sha256_of(found.service, found.edition),
        person=person.strip(),
        text=text.strip() or f"「{found.text}」を撤回します。",
        clauses=found.clauses,
        at=now,
        channel=channel,
        earlier=earlier,
        consent=consent,
        recorded_at=now,
        recorded_by=current().label,
    )


def _of_forms(chosen: Chosen, limit: int, **which: int) -> Iterator[Line]:
    found = Consent.objects.select_related("tenant", "application__agreement", "agreement").filter(**which)
    found = _narrowed(found, chosen)
    if chosen.agreement:
        by_number = Q(application__agreement__number=chosen.agreement) | Q(agreement__number=chosen.agreement)
        found = found.filter(by_number)
    rows = list(found.order_by("-at", "-pk")[:limit])
    withdrawn = _withdrawals(consent__in=[row.pk for row in rows])
    for row in rows:
        agreement = row.agreement or getattr(row.application, "agreement", None)
        back = withdrawn.get(row.pk)
        yield Line(
            key=f"{FORM}-{row.pk}",
            at=row.at,
            kind=FORM,
            tenant_id=row.tenant_id,
            tenant=row.tenant.name if row.tenant else "",
            agreement=agreement.number if agreement else "",
            person=row.person,
            text=row.text,
            clauses=row.clauses,
            service=row.service,
            edition=row.edition,
            sha256=clauses.sha256_of(row.service, row.edition),
            channel=row.get_channel_display(),
            mandate=row.mandate,
            withdrawn_at=back.at if back else None,
            withdrawn_by=back.person if back else "",
            withdrawable=back is None and _is_optional(row.service, row.edition, row.item),
            detail=f"申請 {row.application.number}" if row.application else "",
        )


def _of_editions(chosen: Chosen, limit: int, **which: int) -> Iterator[Line]:
    found = EditionConsent.objects.select_related("tenant", "agreement").filter(how=EditionConsent.How.DEEMED, **which)
    if chosen.tenant_id:
        found = found.filter(tenant_id=chosen.tenant_id)
    if chosen.agreement:
        found = found.filter(agreement__number=chosen.agreement)
    if chosen.service:
        found = found.filter(agreement__service=chosen.service)
    if chosen.edition:
        found = found.filter(edition=chosen.edition)
    for row in found.order_by("-accepted_on", "-pk")[:limit]:
        service = row.agreement.service
        yield Line(
            key=f"{DEEMED}-{row.pk}",
            at=datetime.combine(row.accepted_on, time(), JST),
            kind=DEEMED,
            tenant_id=row.tenant_id,
            tenant=row.tenant.name,
            agreement=row.agreement.number,
            person="",
            text=f"{row.accepted_on:%Y/%m/%d}から{row.edition}版によります。",
            clauses=[row.about],
            service=service,
            edition=row.edition,
            sha256=clauses.sha256_of(service, row.edition),
            channel="約款の定め",
        )


def _of_entries(chosen: Chosen, limit: int, **which: int) -> Iterator[Line]:
    found = _narrowed(LedgerEntry.objects.select_related("tenant", "agreement").filter(**which), chosen)
    if chosen.kind:
        found = found.filter(kind=chosen.kind)
    if chosen.agreement:
        found = found.filter(agreement__number=chosen.agreement)
    rows = list(found.order_by("-at", "-pk")[:limit])
    withdrawn = _withdrawals(earlier__in=[row.pk for row in rows])
    for row in rows:
        back = withdrawn.get(row.pk)
        yield Line(
            key=f"entry-{row.pk}",
            at=row.at,
            kind=row.kind,
            tenant_id=row.tenant_id,
            tenant=row.tenant.name,
            agreement=row.agreement.number if row.agreement else "",
            person=row.person,
            text=row.text,
            clauses=row.clauses,
            service=row.service,
            edition=row.edition,
            sha256=row.sha256,
            channel=row.get_channel_display(),
            mandate=row.mandate,
            evidence_id=row.evidence_id,
            recorded_by=row.recorded_by,
            withdrawn_at=back.at if back else None,
            withdrawn_by=back.person if back else "",
            withdrawable=back is None and row.kind in _WITHDRAWABLE,
            corrects=f"{FORM}-{row.consent_id}"
            if row.consent_id
            else f"entry-{row.earlier_id}"
            if row.earlier_id
            else "",
            detail="、".join(filter(None, [row.recipient, "・".join(row.items), row.purpose])),
        )


def _narrowed(found: Any, chosen: Chosen) -> Any:
    exact = {"tenant_id": chosen.tenant_id, "service": chosen.service, "edition": chosen.edition}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    return found.filter(person__icontains=chosen.person) if chosen.person else found


def _withdrawals(**which: Any) -> dict[int, LedgerEntry]:
    found = LedgerEntry.objects.filter(kind=EntryKind.WITHDRAWAL, **which)
    return {row.consent_id or row.earlier_id: row for row in found}
