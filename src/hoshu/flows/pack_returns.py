"""A pack that comes back: the terms say whether its price does, by whom and by when (VA-INT-02, SP-REF-01)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from hoshu import catalog
from hoshu.contracts import Refused, queries, returns
from hoshu.decisions import record


@transaction.atomic
def take_back(
    *,
    card_serial: str,
    returned_on: date,
    purchased_on: date,
    reason: str,
    note: str = "",
    proof_shown: bool,
    now: datetime,
) -> Any:
    """Somebody brings a pack back; what is refused stays on file with its reason too. Raises Refused."""
    licence = queries.licences().get(card_serial=card_serial)
    edition = catalog.edition_on(licence.service, purchased_on)
    if edition.refund is None:
        raise Refused("この約款に、返品の定めはありません。")
    if returned_on > now.date():
        raise Refused("返した日が未来になっています。")
    registered = returns.is_registered(licence)
    facts = {
        "reason": reason,
        "returned": returned_on.isoformat(),
        "pack_purchased": purchased_on.isoformat(),
        "proof": proof_shown,
        "already_registered": registered,
    }
    taken = {*edition.refund.required, *edition.refund.optional}
    question = {
        "ask": "refund",
        "service": licence.service,
        "edition": edition.edition,
        "plan": licence.plan,
        "facts": {name: value for name, value in facts.items() if name in taken},
    }
    try:
        answer = record.ask(question)
    except record.Refused as refused:
        raise Refused(refused.message) from refused
    decision = record.record(answer=answer, act="返品", about=licence.card_serial, tenant_id=None, now=now)
    return returns.take_back(
        licence_id=licence.pk,
        returned_on=returned_on,
        purchased_on=purchased_on,
        reason=reason,
        note=note,
        proof_shown=proof_shown,
        registered=registered,
        decision=decision,
        clause=answer.reasons[0]["clause"],
        now=now,
    )


@transaction.atomic
def decide(*, return_id: int, refund: bool, reason: str, payer: str, now: datetime) -> Any:
    """A person decides what the terms leave open."""
    return returns.decide(return_id=return_id, refund=refund, reason=reason, payer=payer, now=now)


@transaction.atomic
def paid(*, return_id: int, day: date, now: datetime) -> Any:
    """The refund is reported."""
    return returns.paid(return_id=return_id, day=day, today=now.date())
