"""返品: an unused pack comes back in time, and what becomes of its price (VA-INT-02, SP-REF-01)."""

from datetime import date, datetime

from hoshu.accounts import tenancy
from hoshu.contracts import Refused
from hoshu.contracts.models import Application, Licence, PackReturn
from hoshu.decisions.models import Decision

_CLOSED = (Licence.State.RETURNED, Licence.State.REFUSED, Licence.State.REFUNDED)


def is_registered(licence: Licence) -> bool:
    """Has its buyer agreed to the terms already, by registering or applying?"""
    applied = Application.objects.filter(licence=licence).exclude(
        state__in=[Application.State.DRAFT, Application.State.WITHDRAWN]
    )
    return licence.state == Licence.State.USED or applied.exists()


def take_back(
    *,
    licence_id: int,
    returned_on: date,
    purchased_on: date,
    reason: str,
    note: str,
    proof_shown: bool,
    registered: bool,
    decision: Decision,
    clause: str,
    now: datetime,
) -> PackReturn:
    """Keep the request with its answer, a refused one too; a pack that is paid back is never registered again."""
    licence = Licence.objects.select_for_update().get(pk=licence_id)
    if licence.state in _CLOSED:
        raise Refused(f"このライセンスは、すでに「{licence.get_state_display()}」です。", clause)
    if licence.returns.filter(refund=None, decided_at=None).exists():
        raise Refused("このライセンスの返品は、すでに判断を待っています。", clause)
    answer = decision.answer
    kept = PackReturn.objects.create(
        licence=licence,
        returned_on=returned_on,
        purchased_on=purchased_on,
        reason=reason,
        note=note.strip(),
        proof_shown=proof_shown,
        registered=registered,
        refund=answer["refund"],
        payer=answer["payer"] or "",
        by=date.fromisoformat(answer["by"]) if answer["by"] else None,
        clause=clause,
        decision=decision,
        recorded_by=tenancy.current().label,
        recorded_at=now,
    )
    if kept.refund:
        _returned(licence)
    return kept


def decide(*, return_id: int, refund: bool, reason: str, payer: str, now: datetime) -> PackReturn:
    """After a registration a person decides, and says why (SP-REF-01)."""
    kept = PackReturn.objects.select_for_update().get(pk=return_id)
    if kept.refund is not None:
        raise Refused("この返品は、すでに判断されています。", kept.clause)
    if not reason.strip():
        raise Refused("判断の理由を入力してください。", kept.clause)
    kept.refund, kept.payer = refund, payer if refund else ""
    kept.decided_by, kept.decided_at, kept.decided_why = tenancy.current().label, now, reason.strip()
    kept.save()
    if refund:
        _returned(Licence.objects.select_for_update().get(pk=kept.licence_id))
    return kept


def paid(*, return_id: int, day: date, today: date) -> PackReturn:
    """Whoever owes it paid the price back."""
    kept = PackReturn.objects.select_for_update().get(pk=return_id)
    if kept.refund is not True:
        raise Refused("返金すると決まった返品だけに、返金の報告を記録できます。", kept.clause)
    if day > today or day < kept.returned_on:
        raise Refused("返金の日は、返品の日から今日までの日にしてください。", kept.clause)
    kept.paid_on = day
    kept.save(update_fields=["paid_on"])
    return kept


def _returned(licence: Licence) -> None:
    if licence.state != Licence.State.USED:
        licence.state = Licence.State.RETURNED
        licence.save(update_fields=["state"])
