"""返品: a licence or pack is brought back. The terms say whether the price is too; what they leave open, a person."""

from datetime import date, datetime

from django.db import transaction

from hoshu import catalog
from hoshu.accounts import tenancy
from hoshu.contracts import Refused, queries
from hoshu.contracts.models import Agreement, Application, Licence, LicenceReturn
from hoshu.decisions import record

Outcome = LicenceReturn.Outcome
REASONS = LicenceReturn.Reason.choices
"""Why somebody brings a licence back: code and name."""
_OUTCOMES = {True: Outcome.TAKEN, False: Outcome.DECLINED, None: Outcome.UNDECIDED}
_GONE = {Licence.State.RETURNED, Licence.State.REFUSED, Licence.State.REFUNDED}


@transaction.atomic
def bring_back(
    *,
    licence_id: int,
    bought_on: date,
    returned_on: date,
    reason: str,
    proof_shown: bool,
    note: str = "",
    now: datetime,
) -> LicenceReturn:
    """VA-INT-02, SP-REF-01: record that a licence arrived back, and what the terms say. Raises Refused.

    One that is taken back can never be registered; one that is declined stays on file and in stock; where somebody has
    applied with it already, or the terms are silent, it waits for a person.
    """
    licence = Licence.objects.select_for_update().get(pk=licence_id)
    if licence.state in _GONE:
        raise Refused(f"「{licence.get_state_display()}」のため、返品は受け付けられません。")
    if licence.returns.filter(outcome=Outcome.UNDECIDED).exists():
        raise Refused("前の返品がまだ判断待ちです。先にそちらを決めてください。")
    if returned_on > now.date():
        raise Refused("返品日は今日までの日付を入力してください。")
    applied = Application.objects.filter(licence=licence).exclude(state__in=queries.WITH_APPLICANT).exists()
    answer = _asked(licence, bought_on, returned_on, reason, proof_shown, applied)
    decision = record.record(answer=answer, act="返品", about=licence.card_serial, tenant_id=None, now=now)
    outcome = _OUTCOMES[answer.values["refund"]]
    if applied and outcome == Outcome.TAKEN:
        outcome = Outcome.UNDECIDED
    kept = LicenceReturn.objects.create(
        licence=licence,
        bought_on=bought_on,
        returned_on=returned_on,
        reason=reason,
        note=note.strip(),
        proof_shown=proof_shown,
        outcome=outcome,
        decision=decision,
        recorded_at=now,
        recorded_by=tenancy.current().label,
    )
    if outcome == Outcome.TAKEN:
        _leave_stock(licence)
    return kept


@transaction.atomic
def settle(*, return_id: int, take: bool, reason: str) -> LicenceReturn:
    """What the terms left to a person is decided, with a reason. Raises Refused while an agreement runs with it."""
    kept = LicenceReturn.objects.select_for_update().get(pk=return_id)
    if kept.outcome != Outcome.UNDECIDED:
        raise Refused("この返品はすでに決まっています。")
    if not reason.strip():
        raise Refused("判断の理由を入力してください。")
    licence = Licence.objects.select_for_update().get(pk=kept.licence_id)
    if take and Agreement.objects.filter(licence=licence).exclude(state=Agreement.State.TERMINATED).exists():
        raise Refused("このライセンスの契約が有効です。契約を終えてから、返品を受け付けてください。")
    if take and Application.objects.filter(licence=licence, state__in=queries.WAITING_STATES).exists():
        raise Refused("このライセンスの申請を処理しています。申請を先に決めてください。")
    kept.outcome = Outcome.TAKEN if take else Outcome.DECLINED
    kept.settled_by, kept.settled_because = tenancy.current().label, reason.strip()
    kept.save(update_fields=["outcome", "settled_by", "settled_because"])
    if take:
        _leave_stock(licence)
    return kept


@transaction.atomic
def report_paid(*, return_id: int, paid_on: date, now: datetime) -> LicenceReturn:
    """VA-INT-02: the seller reports that the price was paid back. Raises Refused."""
    kept = LicenceReturn.objects.select_for_update().get(pk=return_id)
    if kept.outcome != Outcome.TAKEN:
        raise Refused("受け付けた返品だけに、返金を記録できます。")
    if not kept.returned_on <= paid_on <= now.date():
        raise Refused("返金日は、返品日から今日までの日付を入力してください。")
    kept.paid_on = paid_on
    kept.save(update_fields=["paid_on"])
    return kept


def _asked(
    licence: Licence, bought_on: date, returned_on: date, reason: str, proof_shown: bool, applied: bool
) -> record.Answer:
    edition = catalog.edition_on(licence.service, bought_on)
    if edition.refund is None:
        raise Refused("このサービスの約款に、返品の定めがありません。")
    facts = {
        "reason": reason,
        "pack_purchased": bought_on.isoformat(),
        "returned": returned_on.isoformat(),
        "proof": proof_shown,
        "already_registered": applied,
    }
    taken = {*edition.refund.required, *edition.refund.optional}
    question = {
        "ask": "refund",
        "service": licence.service,
        "edition": edition.edition,
        "facts": {name: value for name, value in facts.items() if name in taken},
    }
    try:
        return record.ask(question)
    except record.Refused as refused:
        raise Refused(refused.message) from refused


def _leave_stock(licence: Licence) -> None:
    licence.state = Licence.State.RETURNED
    licence.save(update_fields=["state"])
