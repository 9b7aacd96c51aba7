"""延長キット: each step from the order of a further year to the day its procedure is done (IX-EXT-01…04).

Whether a kit is sold, and until when it reaches, the terms answer (`extension`, `coverage`).
"""

from datetime import date, datetime
from typing import Any

from hoshu import catalog
from hoshu.accounts import tenancy
from hoshu.contracts import Refused, consents, queries
from hoshu.contracts.changes import next_of
from hoshu.contracts.models import Agreement, ExtensionKit
from hoshu.contracts.serials import normalise
from hoshu.dates import JST
from hoshu.decisions import record
from hoshu.decisions.models import Decision
from hoshu.decisions.record import Answer

State = ExtensionKit.State

_NEXT = {
    State.MISMATCH: {State.WAITING, State.HELD, State.ORDERED, State.REFUSED, State.WITHDRAWN, State.MISMATCH},
    State.WAITING: {State.HELD, State.ORDERED, State.REFUSED, State.WITHDRAWN},
    State.HELD: {State.ORDERED, State.REFUSED, State.WITHDRAWN},
    State.ORDERED: {State.SOLD, State.REFUSED, State.WITHDRAWN},
    State.SOLD: {State.APPLIED, State.WITHDRAWN},
}
"""Which state may follow which. What is applied stays: the year is given."""
OPEN = (State.MISMATCH, State.WAITING, State.HELD, State.ORDERED, State.SOLD)
"""What somebody, or a day, is still to act on."""


def offer(agreement: Agreement, *, on: date) -> Answer | None:
    """What the terms say about a further year bought on a day; None where the service has no kit, or no end."""
    edition = catalog.edition(agreement.service, consents.edition_of(agreement, on))
    if edition.extension is None or agreement.ends_on is None:
        return None
    return asked(
        edition=edition,
        plan=agreement.plan,
        ends_on=agreement.ends_on,
        model={name: getattr(agreement.device.product, name) for name in queries.DATES_OF_MODEL}
        if agreement.device
        else {},
        on=on,
    )


def asked(*, edition: catalog.Edition, plan: str, ends_on: date, model: dict[str, date | None], on: date) -> Answer:
    """The answer to the question `extension`, for an end and the dates of a model."""
    terms = edition.extension
    assert terms is not None
    taken = {*terms.required, *terms.optional}
    facts = {"on": on, "end": ends_on, **model}
    return record.ask(
        {
            "ask": "extension",
            "service": edition.service,
            "edition": edition.edition,
            "plan": plan,
            "facts": {name: day.isoformat() for name, day in facts.items() if name in taken and day is not None},
        }
    )


def order(
    *, tenant_id: int, stated_number: str, stated_end: date | None, asked_by: str, now: datetime
) -> tuple[ExtensionKit, Answer | None]:
    """IX-EXT-04: take an order. What does not fit is kept for correction, what is too early as a reminder.

    The answer is the one that has to be recorded.
    """
    kit = ExtensionKit(
        tenant_id=tenant_id,
        number=f"EK{next_of('contracts_kit_number'):07d}",
        state=State.MISMATCH,
        asked_by=asked_by.strip()[:80],
        ordered_at=now,
    )
    return _stated(kit, stated_number, stated_end, now)


def correct(
    *, kit_id: int, stated_number: str, stated_end: date | None, now: datetime
) -> tuple[ExtensionKit, Answer | None]:
    """The number and the last day are stated again."""
    kit = _locked(kit_id)
    if kit.state != State.MISMATCH:
        raise Refused("この申込の番号と満了日は、すでに確かめてあります。")
    return _stated(kit, stated_number, stated_end, now)


def sale_opened(*, kit_id: int, now: datetime) -> tuple[ExtensionKit, Answer | None]:
    """The day has come on which the kit is sold: a reminder becomes an order (IX-EXT-01)."""
    kit = _locked(kit_id)
    if kit.state != State.WAITING:
        raise Refused("販売開始を待っている申込ではありません。")
    return _judge(kit, now)


def approve(*, kit_id: int, reason: str, now: datetime) -> ExtensionKit:
    """OR-23, IX-EXT-03: the provider decides to sell what is not sold by itself. Raises Refused without a reason."""
    kit = _locked(kit_id)
    if not reason.strip():
        raise Refused("承認する理由を入力してください。")
    if kit.state != State.HELD:
        raise Refused("承認を待っている申込ではありません。")
    kit.approved_by, kit.approved_for = tenancy.current().label, reason.strip()
    return _turn(kit, State.ORDERED)


def refuse(*, kit_id: int, reason: str, clause: str) -> ExtensionKit:
    """The provider decides not to sell it."""
    if not reason.strip():
        raise Refused("販売しない理由を入力してください。")
    kit = _locked(kit_id)
    kit.reason, kit.clause = reason.strip(), clause
    return _turn(kit, State.REFUSED)


def withdraw(*, kit_id: int, reason: str) -> ExtensionKit:
    """Whoever ordered takes the order back."""
    kit = _locked(kit_id)
    kit.reason = reason.strip()
    return _turn(kit, State.WITHDRAWN)


def sell(*, kit_id: int, serial: str, bought_on: date, price_yen: int | None, now: datetime) -> ExtensionKit:
    """IX-EXT-04: the purchase is recorded; the agreement is lengthened by the procedure, not by this."""
    kit = _locked(kit_id)
    if kit.state != State.ORDERED:
        raise Refused(f"「{kit.get_state_display()}」の申込は、購入を記録できません。")
    if bought_on > now.astimezone(JST).date():
        raise Refused("購入日が未来になっています。今日までの日付を入力してください。")
    number = normalise(serial)
    if not number:
        raise Refused("延長キットのシリアル No. を入力してください。")
    if ExtensionKit.objects.filter(serial=number).exclude(pk=kit.pk).exists():
        raise Refused(f"延長キット {number} は、すでに使われています。番号を確かめてください。")
    assert kit.agreement is not None
    answer = offer(kit.agreement, on=bought_on)
    if answer is None or not (answer.values["buyable"] or (answer.values["by_approval"] and kit.approved_by)):
        raise Refused(*_why(answer))
    kit.serial, kit.bought_on, kit.price_yen = number, bought_on, price_yen
    kit.end_before, kit.end_after = kit.agreement.ends_on, date.fromisoformat(answer.values["new_end"])
    return _turn(kit, State.SOLD)


def applied(*, kit_id: int, end_before: date, decision: Decision, now: datetime) -> ExtensionKit:
    """IX-EXT-02: the procedure is done; the agreement has its new end."""
    kit = _locked(kit_id)
    assert kit.agreement is not None
    kit.end_before, kit.end_after = end_before, kit.agreement.ends_on
    kit.decision, kit.applied_at = decision, now
    return _turn(kit, State.APPLIED)


def to_apply(*, kit_id: int) -> ExtensionKit:
    """The kit, locked, where its procedure may be done. Raises Refused."""
    kit = _locked(kit_id)
    if kit.state != State.SOLD:
        raise Refused(f"「{kit.get_state_display()}」の申込は、延長の手続きができません。購入を先に記録してください。")
    return kit


def waiting(*, on: date) -> list[ExtensionKit]:
    """Reminders whose sale has opened."""
    return list(ExtensionKit.objects.filter(state=State.WAITING, opens_on__lte=on).order_by("id"))


def _stated(
    kit: ExtensionKit, stated_number: str, stated_end: date | None, now: datetime
) -> tuple[ExtensionKit, Answer | None]:
    kit.stated_number, kit.stated_end = stated_number.strip()[:40], stated_end
    found = queries.agreements().filter(number=normalise(stated_number)).first()
    kit.agreement = found
    if found is not None and found.ends_on == stated_end and stated_end is not None:
        kit.tenant_id = found.tenant_id
        return _judge(kit, now)
    kit.clause = _stated_clause(found)
    kit.reason = (
        "この番号の契約が見つかりません。最新のお知らせにある番号を入力してください。"
        if found is None
        else "満了日が登録と違います。最新のお知らせにある満了日を入力してください。"
    )
    if found is not None:
        kit.tenant_id = found.tenant_id
    kit.save()
    return kit, None


def _judge(kit: ExtensionKit, now: datetime) -> tuple[ExtensionKit, Answer | None]:
    agreement = kit.agreement
    assert agreement is not None
    under_way = agreement.kits.filter(state__in=OPEN).exclude(pk=kit.pk).first()
    if under_way is not None:
        text = f"手続き中の申込 {under_way.number} があります。その手続きが済んでから申し込んでください。"
        raise Refused(text, _stated_clause(agreement))
    today = now.astimezone(JST).date()
    answer = offer(agreement, on=today)
    if answer is None:
        raise Refused("この契約に延長キットはありません。続けてご利用になるときは、窓口へお尋ねください。")
    kit.reason, kit.clause = _why(answer)
    kit.opens_on, kit.end_before = date.fromisoformat(answer.values["from"]), agreement.ends_on
    promised = answer.values["new_end"]
    kit.end_after = date.fromisoformat(promised) if promised else None
    if answer.values["buyable"]:
        kit.state, kit.reason = State.ORDERED, ""
    elif answer.values["by_approval"]:
        kit.state = State.HELD
    elif promised and kit.opens_on > today:
        kit.state = State.WAITING
    else:
        kit.state = State.REFUSED
    kit.save()
    return kit, answer


def _why(answer: Answer | None) -> tuple[str, str]:
    if answer is None:
        return "この契約に延長キットはありません。", ""
    return answer.reasons[0]["text"], answer.reasons[0]["clause"]


def _stated_clause(agreement: Agreement | None) -> str:
    """The clause by which number and last day are stated; where no agreement is found, of the service with kits."""
    if agreement is not None:
        edition = catalog.edition(agreement.service, agreement.edition)
        found: Any = edition.extension and edition.extension.stated
        return found.clause if found else ""
    rules = (one.extension.stated for one in catalog.every_edition() if one.extension and one.extension.stated)
    return next((rule.clause for rule in rules), "")


def _turn(kit: ExtensionKit, state: State) -> ExtensionKit:
    if state not in _NEXT.get(State(kit.state), set()):
        raise Refused(f"「{kit.get_state_display()}」の申込を「{state.label}」にはできません。")
    kit.state = state
    kit.save()
    return kit


def _locked(kit_id: int) -> ExtensionKit:
    """The order in sight, locked. Raises ExtensionKit.DoesNotExist, for a foreign one as for none."""
    return ExtensionKit.objects.select_for_update().get(pk=kit_id)
