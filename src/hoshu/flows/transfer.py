"""契約者の変更, from the judged request to the agreement of the new customer (IX-ASG-01, SP-ASG-01, VA-MSC-03).

One transaction: the consent in writing is kept, the former agreement ends, the new one goes on, both sides are told.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from hoshu.accounts import organisations
from hoshu.accounts.tenancy import current
from hoshu.cases import queries as cases
from hoshu.contracts import Refused, agreements, changes, queries, transfers
from hoshu.contracts.form import Block
from hoshu.contracts.proposal import TRANSFER, Part, Proposal, part_of
from hoshu.decisions import record
from hoshu.files import store
from hoshu.flows.changes import tell
from hoshu.flows.corrections import question_again
from hoshu.flows.registration_notices import completion_of, day_of, send_notice, send_support_id


def hindrances(request: Any, proposal: Proposal, *, now: datetime) -> list[str]:
    """What is to be finished first, in sentences; empty where the agreement can go over now."""
    since = proposal.effective
    found = []
    if since is None:
        return ["変更日を入力してください。"]
    if since > day_of(now):
        found.append(f"変更日（{since:%Y/%m/%d}）になってから引き継いでください。")
    if any(part.kind != TRANSFER for part in proposal.parts):
        found.append("ほかの変更が含まれています。差し戻して、契約者の変更だけを申請していただいてください。")
    agreement = request.agreement
    found += transfers.hindrances(agreement, but=request, since=since)
    still_open = cases.open_cases_under(agreement_id=agreement.pk, device_id=agreement.device_id).order_by("id")
    if numbers := "、".join(still_open.values_list("number", flat=True)):
        found.append(f"事案 {numbers} が完了していません。先に完了してください。")
    return found


@transaction.atomic
def carry_out(
    *,
    request_id: int,
    contact: Block,
    accepted_by: str,
    consent: tuple[str, bytes],
    declared_personal_number: bool,
    note: str,
    now: datetime,
) -> Any:
    """The customer of an agreement changes. Raises Refused and store.Refused.

    `contact` is the new customer's, with its company and telephone; a customer with both is the one that is meant, else
    it is registered. `consent` is the name and content of the provider's consent in writing. `note` says why, where
    the terms leave it to a person (OR-64).
    """
    changes.hold(request_id=request_id)
    request = queries.change_requests().get(pk=request_id)
    proposal = changes.proposed(request_id=request_id, now=now)
    part = _require(request, proposal, contact, accepted_by, note, now)
    assert proposal.effective is not None
    former = queries.agreements().get(pk=request.agreement_id)
    customer = organisations.find_or_create_customer(name=contact.company, kana="", phone=contact.phone, now=now)
    if customer.pk == former.tenant_id:
        raise Refused("新しい契約者が、今の契約者と同じです。会社名と電話番号を確かめてください。", part.clause)
    name, content = consent
    kept = store.keep(
        tenant_id=former.tenant_id,
        name=name,
        content=content,
        purpose="transfer_consent",
        declared_personal_number=declared_personal_number,
        actor=current(),
        now=now,
    )
    [number] = agreements.next_numbers(1)
    answered = record.ask(question_again(former, on=proposal.effective))
    coverage = record.record(answer=answered, act="契約者の変更", about=number, tenant_id=customer.pk, now=now)
    support_id = proposal.edition.application is not None and proposal.edition.application.support_id
    revision = transfers.pass_on(
        agreement_id=former.pk,
        since=proposal.effective,
        to=transfers.Successor(
            tenant_id=customer.pk,
            contact=contact,
            accepted_by=accepted_by.strip(),
            accepted_on_paper=f"契約者の変更の書面による{proposal.edition.name}の承諾",
            support=agreements.issue_support_id(tenant_id=customer.pk, now=now) if support_id else None,
        ),
        number=number,
        coverage=coverage,
        now=now,
    )
    if part.answer is not None:
        record.record(answer=part.answer, act="契約者の変更", about=former.number, tenant_id=former.tenant_id, now=now)
    told = {
        "number_name": queries.number_name(former),
        "service_number": former.number,
        "new_customer": customer.name,
        "since": proposal.effective,
        "clauses": (part.clause,),
    }
    tell(request, "change.transferred", told, now)
    notice = send_notice(revision.agreement, "registration.completed", completion_of(revision), now)
    agreements.accepted_by(revision_id=revision.pk, notice_id=notice.pk)
    if support_id:
        send_support_id(revision.agreement, added=False, now=now)
    changes.passed_on(request_id=request_id, proposal=proposal, became=number, consent_id=kept.pk, note=note, now=now)
    return revision.agreement


def _require(request: Any, proposal: Proposal, contact: Block, accepted_by: str, note: str, now: datetime) -> Part:
    """What is asked about the customer, where it can be done now. Raises Refused."""
    part = part_of(proposal.parts, TRANSFER)
    if part is None:
        raise Refused("契約者の変更の申請ではありません。")
    if part.allowed is False:
        raise Refused(part.says, part.clause)
    if request.state != request.State.CHECKING:
        raise Refused("先に「確認を始める」を押してください。")
    if part.allowed is None and not note.strip():
        raise Refused("法律による承継は、担当者が判断します。引き継ぐ理由を入力してください。", part.clause)
    if not contact.company.strip() or not accepted_by.strip():
        raise Refused("新しい契約者の会社名と、約款を承諾した方のお名前を入力してください。", part.clause)
    if found := hindrances(request, proposal, now=now):
        raise Refused("".join(found), part.clause)
    return part
