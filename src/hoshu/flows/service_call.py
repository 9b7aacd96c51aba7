"""From the ringing phone to the closed case: the turns at which a mail leaves, a file comes or a licence moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from hoshu import catalog
from hoshu.accounts.roles import Role
from hoshu.accounts.tenancy import SYSTEM, act_as, current
from hoshu.cases import completion, exclusions, intake, queries, work
from hoshu.cases.call import Call
from hoshu.cases.information import Piece
from hoshu.cases.judgement import Circumstances, Judgement, judge
from hoshu.cases.progress import Blocked, is_suspended, note, unit_of
from hoshu.cases.words import EventKind, ExchangedPart, Outcome, StepKind, Symptom
from hoshu.contracts import exchange, finding
from hoshu.contracts.finding import Cover, Unit
from hoshu.dates import JST, WEEKDAYS
from hoshu.files import store
from hoshu.notifications import outbox
from hoshu.notifications.notice import Addressee
from hoshu.privacy import disclosures

FIRST_SERVICE = "ix"
"""Whose terms answer a call whose unit nobody knows yet."""


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    """An exclusion that shows at the first call already."""

    code: str
    finding: str


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The answer on a call before anything is stored, and what is known about the unit's past."""

    unit: Unit | None
    cover: Cover | None
    judgement: Judgement
    open_cases: Sequence[Any]
    may_recur: Sequence[Any]
    """Finished work whose guarantee may hold for this fault (IX-GUA-01)."""


def preview(*, call: Call, device_id: int | None, now: datetime, exclusion: Exclusion | None = None) -> Preview:
    """Asking is free: what the terms answer on this call right now. Raises finding.NotFound."""
    unit = finding.unit(device_id=device_id) if device_id is not None else None
    cover = unit.cover_on(now.date()) if unit else None
    judgement = judge(
        call=call,
        unit=unit,
        service=cover.service if cover else FIRST_SERVICE,
        received_at=now,
        now=now,
        circumstances=Circumstances(
            causes=[exclusion.code] if exclusion else [],
            suspended=is_suspended(cover.agreement_id if cover else None),
        ),
    )
    return Preview(
        unit=unit,
        cover=cover,
        judgement=judgement,
        open_cases=list(queries.open_cases_of(device_id=unit.device_id)) if unit else [],
        may_recur=list(queries.completed_of(device_id=unit.device_id, failed=call.occurred_on or now.date()))
        if unit
        else [],
    )


@transaction.atomic
def open_case(
    *,
    call: Call,
    device_id: int | None,
    now: datetime,
    tenant_id: int | None = None,
    exclusion: Exclusion | None = None,
) -> str:
    """第3章 2.(1): take the call; its number. Nothing turns a call away (IX-GEN-05, IX-WIN-01).

    The answers are recorded, and the receipt is mailed where there is an address. `tenant_id`: the customer who
    reports through the portal.
    """
    unit = finding.unit(device_id=device_id) if device_id is not None else None
    case, judgement = intake.open_case(call=call, unit=unit, tenant_id=tenant_id, service=FIRST_SERVICE, now=now)
    if exclusion and unit:
        exclusions.tag(
            case_id=case.pk,
            code=exclusion.code,
            as_cause=True,
            finding=exclusion.finding,
            evidence="",
            failed_part="",
            now=now,
        )
        case.refresh_from_db()
    _send_receipt(case, judgement, unit, now)
    return case.number


@transaction.atomic
def registration_completed(*, device_id: int, now: datetime) -> list[str]:
    """IX-SVC-02 (3): calls that came before the registration are matched and judged anew, as of now; their numbers.

    The fault still stands when the registration completes, so cover is judged at that moment.
    """
    unit = finding.unit(device_id=device_id)
    waiting = list(queries.unmatched_for(serial=unit.serial))
    for case in waiting:
        if case.tenant_id in {None, unit.tenant_id}:
            intake.match(case_id=case.pk, unit=unit, now=now, judged_at=now)
    return [case.number for case in waiting]


@transaction.atomic
def match(*, number: str, device_id: int, now: datetime) -> None:
    """The desk found the unit of an unmatched case."""
    case = queries.get(number=number)
    try:
        unit = finding.unit(device_id=device_id)
    except finding.NotFound as missing:
        raise Blocked("この機器は見つかりません。探し直してください。") from missing
    intake.match(case_id=case.pk, unit=unit, now=now)


@transaction.atomic
def take(*, number: str, now: datetime) -> None:
    """Whoever acts takes the case. VA-SUB-01: a contractor does so only under contract, and its chain is noted.

    Raises Blocked with the clause for one without a contract.
    """
    case, actor = queries.get(number=number), current()
    companies: list[str] = []
    if Role.SUBCONTRACTOR in actor.roles and actor.organisation_id is not None and case.tenant_id is not None:
        try:
            # Contractors do not read each other's contracts, nor their own.
            with act_as(SYSTEM):
                chain = disclosures.require_contractor(
                    tenant_id=case.tenant_id, organisation_id=actor.organisation_id, now=now
                )
                companies = [one.organisation.name for one in chain]
        except disclosures.Refused as refused:
            raise Blocked(refused.message, clause=refused.clause) from refused
    intake.assign(case_id=case.pk, user_id=actor.user_id, companies=companies, now=now)


@transaction.atomic
def attach(
    *,
    number: str,
    name: str,
    content: bytes,
    purpose: str,
    declared_personal_number: bool | None,
    file_date: date | None,
    latest_declared_by: str,
    now: datetime,
) -> None:
    """IX-FLT-03-6, IX-FLT-04: a file of the customer; unanswered or declared personal numbers hold it unread."""
    case = queries.get(number=number)
    stored = store.keep(
        tenant_id=case.tenant_id,
        name=name,
        content=content,
        purpose=purpose,
        declared_personal_number=declared_personal_number,
        actor=current(),
        now=now,
    )
    item = intake.attach(case_id=case.pk, file_id=stored.pk, file_date=file_date, now=now)
    if latest_declared_by.strip():
        work.declare_latest(
            case_id=case.pk, file_id=item.pk, person=latest_declared_by, readable=None, finding="", now=now
        )


@transaction.atomic
def record_exchange(
    *,
    number: str,
    part: str,
    unit: str,
    removed: str,
    substitute: str,
    received_at: datetime,
    received_by: str,
    now: datetime,
) -> None:
    """第3章 4.: the exchange record; the licence follows a substituted body, and the contact is told (IX-OWN-03)."""
    case = queries.get(number=number)
    before = unit_of(case)
    record = completion.record_exchange(
        case_id=case.pk,
        part=part,
        unit=unit,
        removed=removed,
        substitute=substitute,
        received_at=received_at,
        received_by=received_by,
        now=now,
    )
    if part != ExchangedPart.BODY or before is None or case.device_id is None:
        return
    try:
        exchange.follow(device_id=case.device_id, removed=removed, substitute=substitute, received_at=received_at)
    except exchange.Blocked as blocked:
        raise Blocked(str(blocked), clause="第3章 4.", field="substitute") from blocked
    cover = before.cover_on(case.received_at.date())
    if not cover.contact or not cover.contact.email:
        return
    _mail(
        case,
        "device.exchanged",
        to=cover.contact.email,
        facts={
            "addressee": _addressee(cover),
            "service_number": cover.number,
            "product": before.product,
            "old_serial": record.removed_serial,
            "new_serial": record.substitute_serial,
            "exchanged_at": received_at,
            "ends_on": cover.ends_on,
            "clauses": ["第3章 4."],
        },
        now=now,
    )


@transaction.atomic
def complete(*, number: str, report: str, at: datetime, now: datetime) -> None:
    """Close the work and send the report of it, which holds no cause (IX-PRE-06)."""
    case = completion.complete(case_id=queries.get(number=number).pk, report=report, at=at, now=now)
    details = queries.details(number=number)
    unit = unit_of(case)
    assert unit is not None, "only a known unit can be worked on"
    cover = unit.cover_on(case.received_at.date())
    to = case.caller_email or (cover.contact.email if cover.contact else "")
    if not to:
        return
    assert case.restoration is not None, "a completed case has its level"
    _mail(
        case,
        "case.completed",
        to=to,
        facts={
            "addressee": _addressee(cover),
            "case_number": case.number,
            "received_at": case.received_at,
            "completed_at": at,
            "product": unit.product,
            "serial": unit.serial,
            "symptom": symptom_of(case),
            "work": [*_work_done(details), case.report],
            "parts": [str(kept) for kept in details.exchanges],
            "left_to_customer": [_LEFT[code] for code in case.restoration.answer["left_to_customer"] if code in _LEFT],
            "recurs_until": case.reperform_until,
            "clauses": [reason["clause"] for reason in case.restoration.reasons],
        },
        now=now,
    )


def symptom_of(case: Any) -> str:
    """③ in words."""
    return "、".join([*(Symptom(code).label for code in case.symptoms), *filter(None, [case.symptom_note])])


def asked_of_customer(pieces: Sequence[Piece]) -> list[str]:
    """第3章 6.(6): what the customer still has to tell, a sentence each for the receipt."""
    return [f"{piece.number} {piece.label}をお知らせください。" for piece in pieces if not piece.complete]


def exclusion_codes(*, service: str, edition: str) -> Mapping[str, str]:
    """Code → 「(5) short name」 of the exclusions of an edition, in their order."""
    return {
        item.code: f"{item.clause.removeprefix('第3章 5.')} {item.short}"
        for item in catalog.edition(service, edition).exclusion
    }


def plan_name(cover: Cover, *, on: date) -> str:
    """The plan in words, with the base weekday that applies: 「５日半日３年保守(火曜日から5日)」."""
    plan = next(kept for kept in catalog.edition(cover.service, cover.edition).plan if kept.id == cover.plan)
    started = [weekday for since, weekday in cover.revisions if since <= on]
    weekday = (started or [cover.revisions[0][1]])[-1]
    return f"{plan.name}({_WEEKDAYS[weekday]}曜日から5日)" if weekday else plan.name


_WEEKDAYS = dict(zip(WEEKDAYS, "月火水木金土日", strict=True))

_LEFT = {
    "install_software": "ソフトウェアの導入をお願いします。",
    "install_config": "コンフィグの読み込みをお願いします。",
}


def _send_receipt(case: Any, judgement: Judgement, unit: Unit | None, now: datetime) -> None:
    to = case.caller_email
    cover = unit.cover_on(now.date()) if unit else None
    if not to and cover and cover.contact:
        to = cover.contact.email
    if not to:
        return
    _mail(
        case,
        "case.opened",
        to=to,
        facts={
            "addressee": _addressee(cover)
            if cover
            else Addressee(organisation=case.caller_company, person=case.caller_name),
            "case_number": case.number,
            "received_at": case.received_at,
            "product": unit.product if unit else "照合中",
            "serial": case.reported_as or (unit.serial if unit else ""),
            "site": case.site_address,
            "symptom": symptom_of(case) or case.told,
            "next_window": judgement.attend_from if judgement.outcome in Outcome.served() else None,
            "answer": judgement.entitlement.reasons[0]["text"],
            "missing": asked_of_customer(judgement.pieces),
            "clauses": [reason["clause"] for reason in judgement.entitlement.reasons],
        },
        now=now,
    )


def _mail(case: Any, message: str, *, to: str, facts: Mapping[str, Any], now: datetime) -> None:
    """A mail that can not be put never stops the call or the work: a colleague sees it in the case and telephones."""
    try:
        outbox.put(
            tenant_id=case.tenant_id,
            message=message,
            to=to,
            context=facts,
            about=case.number,
            edition=catalog.edition(case.agreement.service, case.agreement.edition) if case.agreement else None,
            now=now,
        )
    except outbox.Refused as refused:
        note(case, EventKind.NOTE, f"メールを送れませんでした。{refused.message}", now=now, internal=True)


def _addressee(cover: Cover) -> Addressee:
    contact = cover.contact
    if contact is None:
        return Addressee()
    return Addressee(organisation=contact.company, department=contact.department, person=contact.name)


def _work_done(details: queries.Details) -> list[str]:
    shown = {StepKind.EXCHANGE, StepKind.INSTALL_SOFTWARE, StepKind.INSTALL_CONFIG}
    return [
        f"{step.get_kind_display()} {step.done_at.astimezone(JST):%Y/%m/%d %H:%M}"
        for step in details.steps
        if step.done_at and step.kind in shown
    ]
