"""第3章 2.(1): a call becomes a case at once, whatever is still unknown; what is missing is filled in later."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from hoshu.accounts.tenancy import current
from hoshu.cases.call import Call
from hoshu.cases.judgement import Judgement
from hoshu.cases.models import Case, CaseFile, CooperationRequest, Ruling, Statement
from hoshu.cases.progress import Blocked, judge_again, locked, note, part_of
from hoshu.cases.words import Channel, CooperationKind, EventKind, RulingAbout, StatementKind
from hoshu.contracts.finding import Unit
from hoshu.contracts.serials import normalise
from hoshu.decisions.record import record
from hoshu.files import store

LATER = frozenset(Call.__dataclass_fields__) - {"channel"}
"""What may be filled in after the case was opened."""

_LABELS = {name: str(Case._meta.get_field(name).verbose_name) for name in LATER}


def open_case(
    *, call: Call, unit: Unit | None, tenant_id: int | None, service: str, now: datetime
) -> tuple[Case, Judgement]:
    """IX-FLT-01: store the call with its instant, channel and caller, and give it a number at once.

    No call is turned away: an unknown number gives an unmatched case, one that is not covered is kept with its answer
    (IX-COV-06, IX-GEN-05). `tenant_id` is the customer who reports through the portal; None for a call to the desk.
    """
    cover = unit.cover_on(now.date()) if unit else None
    said = asdict(call)
    case = Case(
        tenant_id=unit.tenant_id if unit else tenant_id,
        device_id=unit.device_id if unit else None,
        agreement_id=cover.agreement_id if cover else None,
        service=cover.service if cover else service,
        edition=cover.edition if cover else "",
        received_at=now,
        opened_by=current().name,
        reported_serial=normalise(call.reported_as),
        **_columns(said),
    )
    case.save()
    case.refresh_from_db(fields=["number"])
    note(case, EventKind.OPENED, f"{Channel(call.channel).label}で受け付けました。", now=now)
    judgement = judge_again(case, now=now)
    for answer, act in ((judgement.window, "対応時間の案内"), (judgement.restoration, "作業範囲の予定")):
        if answer is not None:
            record(answer=answer, act=act, about=case.number, tenant_id=case.tenant_id, now=now)
    return case, judgement


def match(*, case_id: int, unit: Unit, now: datetime, judged_at: datetime | None = None) -> Judgement:
    """IX-FLT-02: the unit of an unmatched case is found; from here on its customer sees the case.

    `judged_at`: the moment at which cover is judged instead of that of the call (IX-SVC-02: registered meanwhile).
    """
    case = locked(case_id)
    if case.device_id is not None:
        raise Blocked("この受付はすでに機器と照合されています。")
    if case.tenant_id not in {None, unit.tenant_id}:
        raise Blocked("別のお客様の機器です。お客様に確かめてから、新しく受け付けてください。")
    cover = unit.cover_on((judged_at or case.received_at).date())
    case.tenant_id, case.device_id, case.agreement_id = unit.tenant_id, unit.device_id, cover.agreement_id
    case.service, case.edition, case.identified = cover.service, cover.edition, True
    if not case.reported_as:
        case.reported_as, case.reported_serial = unit.serial, unit.serial
    # What was decided while nobody knew whose call it is stays staff's own; the customer's begins here.
    case.entitlement = None
    case.save()
    _hand_over(case)
    note(case, EventKind.MATCHED, f"{unit.product} {unit.serial}({cover.number})と照合しました。", now=now)
    return judge_again(case, now=now, at=judged_at)


def fill(*, case_id: int, changes: Mapping[str, Any], now: datetime) -> Judgement:
    """IX-FLT-03: put in what was missing or said differently; the answer is asked anew, nothing earlier is lost."""
    case = locked(case_id)
    if unknown := set(changes) - LATER:
        raise KeyError(sorted(unknown))
    changes = _columns(changes)
    changed = [name for name, value in changes.items() if getattr(case, name) != value]
    for name in changed:
        setattr(case, name, changes[name])
    if "reported_as" in changed:
        case.reported_serial = normalise(case.reported_as)
    case.save()
    if changed:
        labels = "、".join(sorted({_LABELS[name] for name in changed}))
        note(case, EventKind.INFORMATION, f"{labels}を記入しました。", now=now)
    return judge_again(case, now=now)


def rule(*, case_id: int, about: str, serve: bool, finding: str, evidence: str, now: datetime) -> Judgement:
    """IX-CHG-09, IX-PRE-03, OR-46: a person decides where the terms leave it to one, on a finding.

    VA-MSC-06: whoever skips a refusal says who they are and why. Raises Blocked.
    """
    case = locked(case_id)
    if not finding.strip():
        raise Blocked("確認したことを入力してください。例: 移設の届出が9月28日に届いている。", field="finding")
    if current().user_id is None:
        raise Blocked("判断した人がわからないため、記録できません。ログインしてから記録してください。")
    ruling = Ruling.objects.create(
        tenant_id=case.tenant_id,
        case=case,
        about=about,
        serve=serve,
        finding=finding.strip(),
        evidence=evidence.strip(),
        at=now,
        actor=current().name,
    )
    word = "対応します" if serve else "対応しません"
    text = f"{ruling.get_about_display()}について{word}。{ruling.finding}"
    note(case, EventKind.RULING, text, now=now, internal=True)
    return judge_again(case, now=now)


def ask_customer(*, case_id: int, kind: str, content: str, wished_by: datetime | None, now: datetime) -> None:
    """第4章 4.(2), 第3章 6.(7): ask the customer for something (IX-DUT-10, IX-FLT-06); the case waits for it."""
    case = locked(case_id)
    if not content.strip():
        raise Blocked("お願いする内容を入力してください。例: LEDの写真を送ってください。", field="content")
    CooperationRequest.objects.create(
        tenant_id=case.tenant_id,
        case=case,
        kind=kind,
        content=content.strip(),
        asked_at=now,
        asked_by=current().name,
        wished_by=wished_by,
    )
    note(case, EventKind.COOPERATION, f"{CooperationKind(kind).label}をお願いしました。{content.strip()}", now=now)
    judge_again(case, now=now)


def answer_request(*, case_id: int, request_id: int, answer: str, complied: bool, now: datetime) -> None:
    """The customer's answer to a request; where the customer does not comply the case waits (IX-DUT-10)."""
    case = locked(case_id)
    request = part_of(case.requests, request_id)
    request.answered_at, request.answer, request.complied = now, answer.strip(), complied
    request.save(update_fields=["answered_at", "answer", "complied"])
    word = "回答がありました" if complied else "協力を得られませんでした"
    note(case, EventKind.COOPERATION, f"{request.get_kind_display()}: {word}。{request.answer}", now=now)
    judge_again(case, now=now)


def state_of_customer(*, case_id: int, kind: str, text: str, person: str, agreed: bool | None, now: datetime) -> None:
    """IX-PRE-02, IX-DUT-02 … IX-DUT-09: keep what the customer declared, was told or did not do, with the facts."""
    case = locked(case_id)
    if not text.strip():
        raise Blocked("内容を入力してください。事実のない記録は残せません。", field="text")
    Statement.objects.create(
        tenant_id=case.tenant_id,
        case=case,
        kind=kind,
        at=now,
        person=person.strip(),
        text=text.strip(),
        agreed=agreed,
        recorded_by=current().name,
    )
    note(case, EventKind.STATEMENT, f"{StatementKind(kind).label}: {text.strip()}", now=now)


def contact(*, case_id: int, text: str, internal: bool, now: datetime) -> None:
    """IX-PII-03: keep what was talked about with the customer, or a note among colleagues."""
    case = locked(case_id)
    if not text.strip():
        raise Blocked("内容を入力してください。", field="text")
    note(case, EventKind.NOTE if internal else EventKind.CONTACT, text.strip(), now=now, internal=internal)


def assign(*, case_id: int, user_id: int | None, companies: Sequence[str] = (), now: datetime) -> None:
    """Somebody takes the case. `companies`: the chain of contractors that the person works for (VA-SUB-01)."""
    case = locked(case_id)
    case.assignee_id = user_id
    case.save(update_fields=["assignee"])
    name = case.assignee.name if case.assignee_id else "なし"
    firm = f"（{'、'.join(companies)}）" if companies else ""
    note(case, EventKind.NOTE, f"担当: {name}{firm}", now=now, internal=True)


def attach(*, case_id: int, file_id: int, file_date: date | None, now: datetime) -> CaseFile:
    """IX-FLT-03-6: a stored file becomes part of the case."""
    case = locked(case_id)
    item = CaseFile.objects.create(
        tenant_id=case.tenant_id, case=case, file_id=file_id, added_at=now, file_date=file_date
    )
    held = f"(隔離中: {item.file.get_held_for_display()})" if item.file.held_for else ""
    note(
        case,
        EventKind.INFORMATION,
        f"{item.file.get_purpose_display()}「{item.file}」を受け取りました{held}。",
        now=now,
    )
    return item


def _hand_over(case: Case) -> None:
    """The customer is known now: what may be changed and the files become the customer's too."""
    assert case.tenant_id is not None, "a matched case has its customer"
    for item in case.files.filter(tenant=None):
        store.assign(file_id=item.file_id, tenant_id=case.tenant_id)
    for belonging in (case.files, case.requests):
        belonging.filter(tenant=None).update(tenant_id=case.tenant_id)


def _columns(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, as the columns of a case hold it."""
    kept = dict(said)
    if "evidence" in kept:
        kept["evidence"] = {kind: text for kind, text in kept["evidence"].items() if text}
    if "symptoms" in kept:
        kept["symptoms"] = list(kept["symptoms"])
    return kept


def unruled(case: Case) -> list[str]:
    """The subjects on which a person still has to decide (IX-CHG-09, IX-PRE-03)."""
    rulings = set(case.rulings.values_list("about", flat=True))
    open_subjects = [
        (RulingAbout.SITE, case.site_matches is False),
        (RulingAbout.CONDITIONS, bool(case.conditions_breached)),
    ]
    return [subject for subject, is_open in open_subjects if is_open and subject not in rulings]
