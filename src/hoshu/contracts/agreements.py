"""契約: what an accepted application becomes, and how its dates may be corrected afterwards."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from hoshu.accounts.tenancy import as_system
from hoshu.contracts import Refused, consents
from hoshu.contracts.assessment import Purchase
from hoshu.contracts.card import Block, Card
from hoshu.contracts.models import (
    Agreement,
    Application,
    CustomerNote,
    Device,
    DeviceSerial,
    Licence,
    Party,
    Product,
    Revision,
)
from hoshu.decisions.models import Decision
from hoshu.files import personal_numbers
from hoshu.japan.phones import digits


def number_of(application: Application) -> str:
    """サービス手配番号 that this application has or will have: one application becomes one agreement."""
    return "SA" + application.number.removeprefix("AP")


def conclude(
    *,
    application: Application,
    card: Card,
    licence: Licence,
    product: Product,
    purchase: Purchase,
    coverage: Decision,
    support_limit: date | None,
    now: datetime,
) -> Revision:
    """第4章 1.(2), 2.: the agreement with its device, its first revision, its parties. The notice follows."""
    assert application.tenant_id is not None
    device = _device(application, card, product, purchase, now)
    agreement = Agreement.objects.create(
        tenant_id=application.tenant_id,
        number=number_of(application),
        service=application.service,
        edition=application.edition,
        plan=licence.plan,
        licence=licence,
        application=application,
        device=device,
        accepted_at=now,
        purchased_on=purchase.day,
        purchase_basis=purchase.basis,
        support_limit=support_limit,
        coverage=coverage,
        **_period(coverage),
    )
    consents.accepted(agreement=agreement)
    revision = Revision.objects.create(
        tenant_id=application.tenant_id,
        agreement=agreement,
        number=1,
        effective_on=agreement.starts_on,
        start_weekday=card.start_weekday,
        options=[{"code": line.code, "name": line.name, "quantity": line.quantity} for line in card.options],
    )
    for kind, block in _blocks(card):
        Party.objects.create(
            tenant_id=application.tenant_id,
            revision=revision,
            kind=kind,
            phone_digits=digits(block.phone),
            **block.__dict__,
        )
    return revision


def accepted_by(*, revision_id: int, notice_id: int) -> None:
    """IX-REG-04: the notice whose sending is the acceptance of this revision."""
    Revision.objects.filter(pk=revision_id).update(notice_id=notice_id)


def not_notified(*, agreement_id: int) -> None:
    """OR-28: the notice came back, so nothing is accepted until it is sent again."""
    Agreement.objects.filter(pk=agreement_id, state=Agreement.State.ACTIVE).update(state=Agreement.State.UNNOTIFIED)


def notified_again(*, agreement_id: int, email: str, coverage: Decision, now: datetime) -> Agreement:
    """OR-28: accepted with the notice that does not come back; service starts on its day."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    if agreement.state != Agreement.State.UNNOTIFIED:
        raise Refused("お知らせが届いている契約です。送り直しは要りません。")
    revision = agreement.revisions.order_by("-number")[0]
    revision.parties.filter(kind=Party.Kind.CONTACT).update(email=email)
    agreement.state, agreement.accepted_at = Agreement.State.ACTIVE, now
    return _redate(agreement, coverage)


def correct_purchase(*, agreement_id: int, purchase: Purchase, coverage: Decision) -> Agreement:
    """OR-19: proof that came later corrects the dates; what they were stays in the decisions and the history."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    agreement.purchased_on, agreement.purchase_basis = purchase.day, purchase.basis
    Device.objects.filter(pk=agreement.device_id).update(purchased_on=purchase.day)
    return _redate(agreement, coverage)


def shorten(*, agreement_id: int, coverage: Decision, support_limit: date | None) -> Agreement:
    """IX-COV-05: sales of the model ended after the registration."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    agreement.support_limit = support_limit
    return _redate(agreement, coverage)


def write_memo(*, agreement_id: int, text: str, now: datetime) -> bool:
    """お客様メモ (IX-DOC-03), for its own customer. True where a personal number in it was masked (IX-MYN-01)."""
    agreement = Agreement.objects.get(pk=agreement_id)
    CustomerNote.objects.update_or_create(
        agreement=agreement,
        defaults={
            "tenant_id": agreement.tenant_id,
            "text": personal_numbers.masked(text.strip()),
            "updated_at": now,
        },
    )
    return bool(personal_numbers.find(text))


def _device(application: Application, card: Card, product: Product, purchase: Purchase, now: datetime) -> Device:
    """The body: known from an earlier licence of this customer, or new; a former owner's entry ends now."""
    with as_system("who had this body before"):
        held = DeviceSerial.objects.select_for_update().filter(serial=card.serial, valid_until=None).first()
        if held and held.tenant_id != application.tenant_id:
            DeviceSerial.objects.filter(pk=held.pk).update(valid_until=now)
            held = None
    facts = {
        "product": product,
        "purchased_on": purchase.day,
        "owner": card.owner,
        "may_hold_personal_numbers": card.may_hold_personal_numbers,
        "access_controls": list(card.access_controls),
        "declared_on": None if card.may_hold_personal_numbers is None else now.date(),
    }
    if held:
        Device.objects.filter(pk=held.device_id).update(**facts)
        return Device.objects.get(pk=held.device_id)
    device = Device.objects.create(tenant_id=application.tenant_id, serial=card.serial, **facts)
    DeviceSerial.objects.create(
        tenant_id=application.tenant_id,
        device=device,
        serial=card.serial,
        as_written=str(application.entries.get("body_serial", ""))[:80],
        valid_from=now,
    )
    return device


def _blocks(card: Card) -> Sequence[tuple[str, Block]]:
    parties = [(Party.Kind.CONTACT, card.contact), (Party.Kind.SITE, card.site), (Party.Kind.WRITER, card.writer)]
    return [(kind, block) for kind, block in parties if block]


def _period(coverage: Decision) -> dict[str, Any]:
    answer = coverage.answer
    if answer["start"] is None:
        raise Refused("ご利用いただける日が一日も残っていないため、承諾できません。", "第4章 2.")
    return {
        "counted_from": date.fromisoformat(answer["counted_from"]),
        "starts_on": date.fromisoformat(answer["start"]),
        "ends_on": date.fromisoformat(answer["end"]),
        "capped_by": answer["cap"] or "",
    }


def _redate(agreement: Agreement, coverage: Decision) -> Agreement:
    for name, value in _period(coverage).items():
        setattr(agreement, name, value)
    agreement.coverage = coverage
    agreement.save()
    consents.follow(agreement=agreement)
    return agreement
