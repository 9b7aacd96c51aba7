"""What the messages and letters of a registration say: facts for the registry of messages, read from what is stored."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from hoshu import catalog
from hoshu.accounts import operators
from hoshu.contracts import Refused, agreements, queries
from hoshu.contracts.assessment import Assessment, assess
from hoshu.contracts.card import WEEKDAY_NAMES, Block, shown, written
from hoshu.contracts.fields import FIELDS
from hoshu.dates import JST
from hoshu.notifications import letters, outbox
from hoshu.notifications.messages import compose
from hoshu.notifications.notice import Notice, Sender

ACCEPTED = ("第2章 前文", "第4章 1.(2)", "第4章 2.")


def preview_completion(*, application: Any, assessment: Assessment, now: datetime) -> Notice | None:
    """The completion notice as it would be sent now; None while something it needs is missing."""
    card, operator = assessment.card, operators.profile()
    ready = card.contact and assessment.plan and assessment.product and assessment.purchase and operator
    if not ready or assessment.coverage is None or assessment.nothing_left:
        return None
    dates = assessment.coverage.values
    context = _completion(
        number=agreements.number_of(application),
        contact=card.contact,
        product=assessment.product.name,
        serial=card.serial,
        plan=assessment.plan,
        start_weekday=card.start_weekday,
        options=[(line.name, line.quantity) for line in card.options],
        starts_on=date.fromisoformat(dates["start"]),
        ends_on=date.fromisoformat(dates["end"]),
        capped=bool(dates["cap"]),
        purchased_on=assessment.purchase.day,
        basis=assessment.purchase.basis,
        revision=1,
    )
    return compose("registration.completed", context, Sender.of(operator))


def completion_of(revision: Any) -> dict[str, Any]:
    """What the completion notice says of a stored revision."""
    agreement = revision.agreement
    parties = {party.kind: party for party in revision.parties.all()}
    return _completion(
        number=agreement.number,
        contact=parties["contact"],
        product=agreement.device.product.name,
        serial=agreement.device.serial,
        plan=catalog.edition(agreement.service, agreement.edition).plan_of(agreement.plan),
        start_weekday=revision.start_weekday,
        options=[(line["name"], line["quantity"]) for line in revision.options],
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        capped=bool(agreement.capped_by),
        purchased_on=agreement.purchased_on,
        basis=agreement.purchase_basis,
        revision=revision.number,
    )


def _completion(
    *,
    number: str,
    contact: Any,
    product: str,
    serial: str,
    plan: catalog.Plan,
    start_weekday: str,
    options: Sequence[tuple[str, int]],
    starts_on: date,
    ends_on: date,
    capped: bool,
    purchased_on: date,
    basis: str,
    revision: int,
) -> dict[str, Any]:
    return {
        "addressee": addressee_of(contact),
        "service_number": number,
        "product": product,
        "serial": serial,
        "plan": f"{plan.name}（{plan.days_name}・{plan.hours_name}・{plan.years}年）",
        "start_weekday": f"{WEEKDAY_NAMES[start_weekday]}曜日" if start_weekday else "",
        "options": tuple(options),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "shortened_by": "保守対応期限により短縮" if capped else "",
        "purchased_on": purchased_on,
        "purchase_basis": queries.basis_label(basis),
        "revision": revision,
        "clauses": ACCEPTED,
    }


def refusal_letter(*, refusal: Any, now: datetime) -> bytes:
    """第4章 1.(3): the refusal as the document that the customer hands to the seller. Raises letters.MissingGlyphs."""
    issued_on = day_of(refusal.sent_at or now)
    return letters.render("refusal", refusal_of(refusal, now), sender=_sender(), issued_on=issued_on)


def refusal_of(refusal: Any, now: datetime) -> dict[str, Any]:
    application = refusal.application
    return {
        "addressee": addressee_of(writer_of(application, now)),
        "application_number": application.number,
        "received_on": day_of(application.received_at),
        "card_number": str(application.entries.get("card_serial", "")),
        "serial": str(application.entries.get("body_serial", "")),
        "reason": refusal.reason,
        "seller": application.licence.seller if application.licence else "",
        "clauses": tuple(dict.fromkeys(filter(None, [refusal.clause, "第4章 1.(3)"]))),
    }


def lapse_of(application: Any, assessment: Assessment, writer: Block) -> dict[str, Any]:
    """The facts of the notice that a late application is not served."""
    assert assessment.registration is not None
    return {
        "addressee": addressee_of(writer),
        "application_number": application.number,
        "received_on": day_of(application.received_at),
        "apply_by": date.fromisoformat(assessment.registration.values["apply_by"]),
        "card_number": str(application.entries.get("card_serial", "")),
        "serial": str(application.entries.get("body_serial", "")),
        "reason": application.reason,
        "clauses": ("第2章 1.(1)",),
    }


def still_missing(assessment: Assessment) -> tuple[str, ...]:
    """IX-REG-13: the proof of purchase may follow; until then the shipment date stands in."""
    if assessment.purchase is not None and assessment.purchase.proven:
        return ()
    return ("購入日を確認できる書類の写しをお送りください。届かないときは、当方の出荷日を購入日とすることがあります。",)


def card_copy(application: Any) -> dict[str, Any]:
    """The card as entered, for the letter `card_copy`: every field that holds something, in the card's order."""
    rows = tuple((FIELDS[name].label, text) for name in FIELDS if (text := written(application.entries, name)))
    received = application.received_at.astimezone(JST) if application.received_at else None
    head = (("申請番号", application.number), ("受付日時", f"{received:%Y/%m/%d %H:%M}" if received else "未送信"))
    return {
        "reference": application.number,
        "sections": (("受付", head), ("ご記入の内容", rows)),
        "notes": ("内容をお尋ねすることがあります。この控えを保管してください。",),
    }


def card_copy_letter(*, application: Any, now: datetime) -> bytes:
    """第2章 1.(3): the card as entered, as PDF. Raises letters.MissingGlyphs."""
    return letters.render("card_copy", card_copy(application), sender=_sender(), issued_on=day_of(now))


def _sender() -> Sender:
    operator = operators.profile()
    if operator is None:
        raise Refused("運営者の情報がまだ登録されていません。初期設定を済ませてください。")
    return Sender.of(operator)


def writer_of(application: Any, now: datetime) -> Block:
    """第2章 1.(2)⑨: whom to ask; the contact where the writer left no address."""
    card = assess(application, now=now).card
    for block in (card.writer, card.contact):
        if block and block.email:
            return block
    entries = application.entries
    email = str(entries.get("writer_email") or entries.get("contact_email") or "").strip()
    name = str(entries.get("writer_name") or entries.get("contact_name") or "").strip()
    return Block(name=name, email=email, company=str(entries.get("contact_company", "")).strip())


def addressee_of(party: Any) -> dict[str, str]:
    return {
        "organisation": party.company,
        "department": party.department,
        "person": party.name,
        "postal_code": party.postal_code,
        "address": party.address,
    }


def send_notice(agreement: Any, message: str, context: Mapping[str, Any], now: datetime) -> Any:
    """Put the notice with its letter to the contact. One that cannot be printed undoes the step."""
    contact = queries.revisions_of(agreement)[0].parties.get(kind="contact")
    letter = "completion" if message == "registration.completed" else "change"
    sent = outbox.put(
        tenant_id=agreement.tenant_id,
        message=message,
        to=contact.email,
        context=context,
        letter=letter,
        about=agreement.number,
        now=now,
    )
    if sent.letter and sent.letter.missing:
        raise Refused(
            f"お知らせに印字できない文字があります: {outbox.described(sent.letter.missing)}。別の字に直してください。"
        )
    return sent


def send_correction(agreement: Any, was: Mapping[str, date], now: datetime) -> None:
    """OR-19, IX-COV-05: 登録完了のお知らせ（変更） with what became of the dates."""
    changes = [
        f"{label}: {shown(was[label])} → {shown(day)}"
        for label, day in dates_of(agreement).items()
        if day != was[label]
    ]
    context = {
        **completion_of(queries.revisions_of(agreement)[0]),
        "effective_on": day_of(now),
        "changes": tuple(changes),
    }
    send_notice(agreement, "registration.changed", context, now)


def dates_of(agreement: Any) -> dict[str, date]:
    return {
        "ご購入日": agreement.purchased_on,
        "サービス開始日": agreement.starts_on,
        "サポート満了日": agreement.ends_on,
    }


def day_of(moment: datetime) -> date:
    return moment.astimezone(JST).date()
