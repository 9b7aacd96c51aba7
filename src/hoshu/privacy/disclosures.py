"""開示の台帳: what is shown to whom outside, on what ground, each step with its time (RC-PII-04).

A public body: first told to the customer, then asked to keep it secret, then shown (IX-CONF-04, VA-CNF-05, SP-CNF-06).
A subcontractor: only under a contract with equal duties, only what the work needs (VA-CNF-06, SP-CNF-05, VA-REG-14,
VA-PRI-04, RC-PII-03). Anybody else: only what a written consent names, given before (RC-PII-01).
Statistics: nobody recognisable, cells large enough, a purpose of the list, a second person (MM-CND-13).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from hoshu import catalog
from hoshu.accounts import grants, operators, organisations
from hoshu.accounts.models import DataContract
from hoshu.accounts.tenancy import current
from hoshu.contracts.models import Agreement
from hoshu.dates import JST
from hoshu.decisions import record
from hoshu.privacy import Refused, clauses
from hoshu.privacy.models import Disclosure, DisclosureStep, LedgerEntry
from hoshu.privacy.words import Channel, DisclosureKind, EntryKind, StepKind

SMALLEST_CELL = 5
"""P-MM-7 (ours): companies behind a figure that leaves the house."""
IDENTIFYING = frozenset(
    {"company", "name", "address", "phone", "email", "mac", "ip", "serial", "url", "file_name", "customer", "tenant"}
)
"""Fields of detected attacks that point at somebody and never leave (MM-CND-13)."""


@transaction.atomic
def demanded(
    *,
    tenant_id: int,
    body: str,
    law: str,
    items: Sequence[str],
    reason: str,
    demanded_at: datetime,
    now: datetime,
    agreement_id: int | None = None,
) -> Disclosure:
    """A court or public body demands information. Raises Refused without the law or the items."""
    if demanded_at > now:
        raise Refused("求めを受けた日時が未来になっています。", field="demanded_at")
    if not body.strip():
        raise Refused("求めた官公署や裁判所の名前を入力してください。", field="body")
    if not law.strip():
        raise Refused("求めの根拠を入力してください。例: 刑事訴訟法 218条の令状 第12号", field="law")
    return _open(
        kind=DisclosureKind.PUBLIC_BODY,
        tenant_id=tenant_id,
        agreement_id=agreement_id,
        recipient=body,
        ground=law,
        clause=_clause(tenant_id, agreement_id, now, clauses.PUBLIC_BODY),
        items=items,
        reason=reason,
        demanded_at=demanded_at,
        now=now,
    )


@transaction.atomic
def step(*, disclosure_id: int, kind: str, text: str, at: datetime, now: datetime) -> DisclosureStep:
    """The next thing that happened with the demand of a public body.

    Disclosed without having told the customer (or a legal bar that says why not) or without having asked for secrecy:
    recorded all the same, because it happened, and marked as an incident. Raises Refused for what cannot be.
    """
    found = Disclosure.objects.get(pk=disclosure_id)
    kind = StepKind(kind)
    if found.kind != DisclosureKind.PUBLIC_BODY or kind == StepKind.APPROVED:
        raise Refused("この開示には、この段階はありません。")
    done = {one.kind: one for one in found.steps.order_by("id")}
    if StepKind.DISCLOSED in done or StepKind.REFUSED in done:
        raise Refused("この求めへの対応は終わっています。", found.clause)
    if at > now:
        raise Refused("日時が未来になっています。済んだ日時を入力してください。", field="at")
    if found.demanded_at and at < found.demanded_at:
        raise Refused("求めを受けた日時より前になっています。", field="at")
    if kind == StepKind.BARRED and not text.strip():
        raise Refused("通知できない法令上の根拠を入力してください。例: 通信傍受法 30条", found.clause, field="text")
    if kind in (StepKind.TOLD, StepKind.ASKED) and not text.strip():
        raise Refused("だれに、どのように伝えたかを入力してください。", field="text")
    told = any(one in done and done[one].at <= at for one in (StepKind.TOLD, StepKind.BARRED))
    asked = StepKind.ASKED in done and done[StepKind.ASKED].at <= at
    return _step(found, kind, at, text, irregular=kind == StepKind.DISCLOSED and not (told and asked))


@transaction.atomic
def to_subcontractor(
    *,
    tenant_id: int,
    organisation_id: int,
    items: Sequence[str],
    needed: Sequence[str],
    reason: str,
    now: datetime,
    agreement_id: int | None = None,
) -> Disclosure:
    """Show a subcontractor what its work needs. Raises Refused without a contract on that day, naming the clause."""
    agreement = _agreement(agreement_id)
    clause = _clause(tenant_id, agreement_id, now, clauses.SUBCONTRACTOR)
    company = organisations.get(organisation_id)
    if company is None or company.kind != "subcontractor":
        raise Refused("再委託先として登録された会社を選んでください。", clause, field="organisation")
    today = now.astimezone(JST).date()
    contract = _contract(organisation_id, today)
    decision = None
    if agreement is not None and _edition(agreement).disclosure:
        facts: dict[str, Any] = {
            "recipient": "re_subcontractor",
            "recipient_name": company.name,
            "items": list(items),
            "needed": list(needed),
            "at": now.isoformat(),
        }
        if contract is not None:
            facts["agreement"] = {"from": contract.valid_from.isoformat(), "to": contract.valid_until.isoformat()}
        decision = _asked(agreement, facts, now)
    elif contract is None:
        raise Refused(f"{company.name}には、今日有効な情報保護の契約がないため、開示できません。", clause)
    elif over := sorted(set(items) - set(needed)):
        raise Refused(f"業務に必要でない項目は開示できません: {'、'.join(over)}", clause, field="items")
    assert contract is not None
    found = _open(
        kind=DisclosureKind.SUBCONTRACTOR,
        tenant_id=tenant_id,
        agreement_id=agreement_id,
        recipient=company.name,
        organisation_id=organisation_id,
        ground=f"情報保護の契約 {contract.reference}",
        clause=clause,
        items=items,
        reason=reason,
        now=now,
    )
    _step(found, StepKind.DISCLOSED, now, reason, decision=decision)
    return found


@transaction.atomic
def to_third_party(
    *, agreement_id: int, recipient: str, items: Sequence[str], reason: str, now: datetime
) -> Disclosure:
    """Show somebody outside what the customer's own written consent names, given before (RC-PII-01). Raises Refused.

    Where the terms answer the question 開示 they decide; else the newest consent of the ledger must hold every item.
    """
    agreement = _agreement(agreement_id)
    assert agreement is not None
    edition = _edition(agreement)
    consent = consent_for(tenant_id=agreement.tenant_id, recipient=recipient, at=now)
    clause = edition.disclosure.consent.clause if edition.disclosure else clauses.personal_information(edition)
    decision = None
    if edition.disclosure:
        facts: dict[str, Any] = {
            "recipient": "third_party",
            "recipient_name": recipient.strip(),
            "items": list(items),
            "at": now.isoformat(),
        }
        if consent is not None:
            facts["consent"] = {
                "given": consent.recorded_at.isoformat(),
                "recipient": consent.recipient,
                "items": list(consent.items),
                "purpose": consent.purpose,
                "form": "paper" if consent.channel == Channel.PAPER else "electronic",
                **({"until": consent.until.isoformat()} if consent.until else {}),
            }
        decision = _asked(agreement, facts, now)
    elif consent is None or set(items) - set(consent.items):
        raise Refused(
            "この相手と項目についての、お客様の書面による承諾の記録がありません。先に承諾を記録してください。", clause
        )
    assert consent is not None
    found = _open(
        kind=DisclosureKind.THIRD_PARTY,
        tenant_id=agreement.tenant_id,
        agreement_id=agreement_id,
        recipient=recipient,
        ground=f"お客様の承諾（同意の台帳 {consent.pk}）",
        clause=clause,
        items=items,
        reason=reason,
        now=now,
    )
    _step(found, StepKind.DISCLOSED, now, reason, decision=decision)
    return found


def consent_for(*, tenant_id: int, recipient: str, at: datetime) -> LedgerEntry | None:
    """The newest consent to show this recipient something, stored before `at` and not withdrawn by then."""
    withdrawn = LedgerEntry.objects.filter(kind=EntryKind.WITHDRAWAL, earlier=OuterRef("pk"), at__lte=at)
    found = LedgerEntry.objects.filter(
        tenant_id=tenant_id, kind=EntryKind.DISCLOSURE, recipient=recipient.strip(), recorded_at__lt=at
    )
    return found.exclude(Exists(withdrawn)).order_by("-recorded_at", "-pk").first()


# ---- statistics


def suppressed(rows: Sequence[Mapping[str, Any]], *, companies: str = "companies") -> tuple[list[dict[str, Any]], int]:
    """A table as it may leave: without cells of fewer than `SMALLEST_CELL` companies; how many were left out.

    `companies` names the column that counts them. Raises Refused where a column points at somebody.
    """
    columns = {name for row in rows for name in row}
    if named := sorted(columns & IDENTIFYING):
        raise Refused(f"会社や人が分かる項目は外してください: {'、'.join(named)}", field="rows")
    kept = [dict(row) for row in rows if int(row[companies]) >= SMALLEST_CELL]
    return kept, len(rows) - len(kept)


@transaction.atomic
def prepare_statistics(
    *,
    tenant_id: int,
    agreement_id: int,
    recipient: str,
    purpose: str,
    rows: Sequence[Mapping[str, Any]],
    reason: str,
    now: datetime,
) -> Disclosure:
    """MM-CND-13: a table to be released once a second person approves it. The purposes stand in the edition."""
    agreement = _agreement(agreement_id)
    assert agreement is not None
    listing = next((one for one in _edition(agreement).listing if one.id == "statistics_purpose"), None)
    if listing is None:
        raise Refused("この約款は、特定できない形での提供を定めていません。")
    own = _is_operator(recipient)
    allowed = [row[1] for row in listing.rows if (row[0] == "提供者") == own]
    if purpose not in allowed:
        raise Refused(f"提供できる目的は {'、'.join(allowed)} です。", listing.clause, field="purpose")
    kept, _ = suppressed(rows)
    if not kept:
        raise Refused(f"集計対象不足です。{SMALLEST_CELL}社以上をまとめた数字だけを提供できます。", listing.clause)
    content = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    return _open(
        kind=DisclosureKind.ANONYMOUS,
        tenant_id=tenant_id,
        agreement_id=agreement_id,
        recipient=recipient,
        ground=purpose,
        clause=listing.clause,
        items=sorted({name for row in kept for name in row}),
        reason=reason,
        content_sha256=hashlib.sha256(content.encode()).hexdigest(),
        now=now,
    )


@transaction.atomic
def approve_statistics(*, disclosure_id: int, now: datetime) -> DisclosureStep:
    """A second person agrees, and the table leaves. Raises Refused for the one who prepared it."""
    found = Disclosure.objects.get(pk=disclosure_id, kind=DisclosureKind.ANONYMOUS)
    if found.actor == current().label:
        raise Refused("準備した人とは別の人の承認が必要です。", found.clause)
    if found.steps.exists():
        raise Refused("この提供は、すでに承認されています。", found.clause)
    _step(found, StepKind.APPROVED, now, "")
    return _step(found, StepKind.DISCLOSED, now, "")


# ---- reading


def disclosures(*, tenant_id: int | None = None, kind: str = "") -> QuerySet[Disclosure]:
    """The register in sight, the newest first."""
    found = Disclosure.objects.select_related("tenant", "agreement").prefetch_related("steps").order_by("-pk")
    if tenant_id:
        found = found.filter(tenant_id=tenant_id)
    return found.filter(kind=kind) if kind else found


def open_demands() -> QuerySet[Disclosure]:
    """Demands of public bodies that are not answered yet, the oldest first."""
    over = DisclosureStep.objects.filter(disclosure=OuterRef("pk"), kind__in=[StepKind.DISCLOSED, StepKind.REFUSED])
    return disclosures(kind=DisclosureKind.PUBLIC_BODY).exclude(Exists(over)).order_by("demanded_at", "pk")


def chain_of(organisation_id: int, *, on: date) -> list[DataContract]:
    """VA-SUB-01: a contractor and everybody above it, under contract on a day, the lowest first."""
    chain: list[DataContract] = []
    below: int | None = organisation_id
    while below is not None and below not in {one.organisation_id for one in chain}:
        contract = _contract(below, on)
        if contract is None:
            break
        chain.append(contract)
        below = contract.parent_id
    return chain


def require_contractor(*, tenant_id: int, organisation_id: int, now: datetime) -> list[DataContract]:
    """VA-SUB-01, VA-REG-14: the chain of a contractor that gets work. Raises Refused for one without contract."""
    chain = chain_of(organisation_id, on=now.astimezone(JST).date())
    if not chain:
        clause = _clause(tenant_id, None, now, clauses.SUBCONTRACTING)
        raise Refused("この会社には、今日有効な情報保護の契約がないため、作業を任せられません。", clause)
    return chain


def _contract(organisation_id: int, on: date) -> DataContract | None:
    if not grants.contracted(organisation_id, on=on):
        return None
    return (
        DataContract.objects.select_related("organisation", "parent")
        .filter(organisation_id=organisation_id, valid_from__lte=on, valid_until__gte=on)
        .order_by("tier", "-valid_until")
        .first()
    )


def _asked(agreement: Agreement, facts: Mapping[str, Any], now: datetime) -> Any:
    """What the terms say; recorded where they allow all of it, else Refused with their own words."""
    edition = _edition(agreement)
    question = {"ask": "disclosure", "service": edition.service, "edition": edition.edition, "facts": dict(facts)}
    try:
        answer = record.ask(question)
    except record.Refused as refused:
        raise Refused(refused.message, field=refused.field) from refused
    if answer.values["refused"] or answer.values["needs"]:
        reason = answer.reasons[0]
        raise Refused("".join(dict.fromkeys(one["text"] for one in answer.reasons)), reason["clause"], field="items")
    return record.record(answer=answer, act="開示", about=agreement.number, tenant_id=agreement.tenant_id, now=now)


def _open(
    *,
    kind: DisclosureKind,
    tenant_id: int,
    agreement_id: int | None,
    recipient: str,
    ground: str,
    clause: str,
    items: Sequence[str],
    reason: str,
    now: datetime,
    organisation_id: int | None = None,
    demanded_at: datetime | None = None,
    content_sha256: str = "",
) -> Disclosure:
    items = [item.strip() for item in items if item.strip()]
    if not items:
        raise Refused("開示する項目を入力してください。例: 会社名、機器の番号", clause, field="items")
    if not reason.strip():
        raise Refused("開示が必要な理由を入力してください。", clause, field="reason")
    return Disclosure.objects.create(
        tenant_id=tenant_id,
        agreement_id=agreement_id,
        kind=kind,
        recipient=recipient.strip(),
        organisation_id=organisation_id,
        ground=ground.strip(),
        clause=clause,
        items=items,
        reason=reason.strip(),
        demanded_at=demanded_at,
        at=now,
        actor=current().label,
        content_sha256=content_sha256,
    )


def _step(
    found: Disclosure, kind: StepKind, at: datetime, text: str, *, irregular: bool = False, decision: Any = None
) -> DisclosureStep:
    return DisclosureStep.objects.create(
        tenant_id=found.tenant_id,
        disclosure=found,
        kind=kind,
        at=at,
        text=text.strip(),
        irregular=irregular,
        decision=decision,
        actor=current().label,
        actor_id=current().user_id,
    )


def _agreement(agreement_id: int | None) -> Agreement | None:
    return None if agreement_id is None else Agreement.objects.get(pk=agreement_id)


def _edition(agreement: Agreement) -> catalog.Edition:
    return catalog.edition(agreement.service, agreement.edition)


def _clause(tenant_id: int, agreement_id: int | None, now: datetime, words: Sequence[str]) -> str:
    """The clause of the agreement's own terms; without one, of the newest agreement of the customer."""
    agreement = _agreement(agreement_id) or Agreement.objects.filter(tenant_id=tenant_id).order_by("-pk").first()
    return clauses.about(_edition(agreement), *words) if agreement else ""


def _is_operator(recipient: str) -> bool:
    """Is the provider itself meant?"""
    profile = operators.profile()
    return profile is not None and recipient.strip() == profile.name
