"""From the card to the completion notice: the steps of a registration that touch files, decisions, mail and contracts.

Each step is one transaction. What the rules do not allow raises `Refused` and leaves everything as it was.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from hoshu import catalog
from hoshu.accounts import organisations
from hoshu.accounts.tenancy import SYSTEM, act_as, current
from hoshu.contracts import Refused, agreements, applications, queries, serials
from hoshu.contracts.applications import Saved
from hoshu.contracts.assessment import Assessment, answer_by, assess
from hoshu.contracts.card import Block, Fault, card_referred_to
from hoshu.contracts.fields import Entries
from hoshu.decisions import record
from hoshu.decisions.record import Answer
from hoshu.files import store
from hoshu.flows import service_call
from hoshu.flows.registration_notices import (
    addressee_of,
    card_copy,
    completion_of,
    day_of,
    lapse_of,
    refusal_of,
    send_notice,
    still_missing,
    writer_of,
)
from hoshu.notifications import outbox

CONSENTS: Mapping[str, Sequence[str]] = {
    "read_terms": ("第2章 1.(1)", "第4章 1.(1)"),
    "specification": ("第2章 1.(1)", "第3章 1.(7)"),
    "conditions": ("第2章 1.(1)", "第4章 4.(1)"),
    "antisocial": ("第4章 11.(1)",),
    "export": ("第4章 15.",),
    "personal_information": ("第2章 個人情報",),
}
"""IX-GEN-04, IX-ASF-01, IX-PII-01: what the applicant confirms on the web, one by one, with its clauses."""

ON_PAPER = {"card": ["第2章 1.(1)", "第4章 1.(1)"]}
"""For a card on paper the card itself is the confirmation."""


class Incomplete(Refused):
    """A form that cannot be sent yet; everything typed is kept."""

    def __init__(self, faults: Sequence[Fault], unconfirmed: Sequence[str]) -> None:
        super().__init__("まだ送信できません。足りないところを確かめてください。", "第2章 1.(2)")
        self.faults = faults
        self.unconfirmed = unconfirmed


# ---- receiving


@transaction.atomic
def start_online(*, service: str, tenant_id: int, entries: Entries, now: datetime) -> Any:
    """第4章 1.(1) (IX-REG-12): a customer, or its seller, begins the form on the web."""
    edition = catalog.edition_on(service, day_of(now)).edition
    return applications.start(service=service, edition=edition, tenant_id=tenant_id, entries=entries, now=now)


@transaction.atomic
def take_in(
    *,
    service: str,
    channel: str,
    received_at: datetime,
    files: Sequence[tuple[str, bytes]],
    declared_personal_number: bool | None,
    now: datetime,
) -> Any:
    """第2章 1.(5) (IX-REG-12): a card arrived by post or mail. It is kept as it came, and its clock runs."""
    day = day_of(received_at)
    edition = catalog.edition_on(service, day).edition
    application = applications.arrive(
        service=service,
        edition=edition,
        channel=channel,
        received_at=received_at,
        answer_by=answer_by(service=service, edition=edition, received_on=day),
        now=now,
    )
    for name, content in files:
        attach(
            application_id=application.pk,
            kind="card",
            name=name,
            content=content,
            declared_personal_number=declared_personal_number,
            now=now,
        )
    return application


@transaction.atomic
def attach(
    *,
    application_id: int,
    kind: str,
    name: str,
    content: bytes,
    declared_personal_number: bool | None,
    now: datetime,
    date_read: date | None = None,
) -> Any:
    """Keep a file with an application. Raises files.store.Refused where it cannot be taken.

    `date_read` is the purchase date that a person read from a proof (IX-REG-13).
    """
    application = queries.applications().get(pk=application_id)
    purpose = {"card": "card", "owner_consent": "owner_consent", "other": "other"}.get(kind, "proof")
    file = store.keep(
        tenant_id=application.tenant_id,
        name=name,
        content=content,
        purpose=purpose,
        declared_personal_number=declared_personal_number,
        actor=current(),
        now=now,
    )
    attached = applications.attach(application_id=application_id, file_id=file.pk, kind=kind)
    if date_read:
        attached = applications.read_proof(attached_id=attached.pk, day=date_read, today=day_of(now))
    return attached


def read_proof(*, attached_id: int, day: date, now: datetime) -> Any:
    """第2章 1.(4): a person read the purchase date from the document."""
    return applications.read_proof(attached_id=attached_id, day=day, today=day_of(now))


@transaction.atomic
def save(*, application_id: int, based_on: int, entries: Entries, now: datetime) -> Saved:
    """Keep what was typed so far; see `applications.save`."""
    return applications.save(application_id=application_id, based_on=based_on, entries=entries, now=now)


@transaction.atomic
def submit(*, application_id: int, confirmed: Sequence[str], now: datetime) -> Any:
    """第4章 1.(1): the customer sends the form. It needs every framed field and every confirmation (IX-CARD-12).

    Only what somebody else has to clear may be open: an unknown card, a representing card that has not arrived, the
    proof of purchase. Raises Incomplete.
    """
    application = queries.applications().get(pk=application_id)
    assessment = assess(application, now=now)
    faults = [fault for fault in assessment.card.faults if fault.kind in {"missing", "wrong"}]
    unconfirmed = [item for item in CONSENTS if item not in confirmed]
    if faults or unconfirmed:
        raise Incomplete(faults, unconfirmed)
    last = answer_by(service=application.service, edition=application.edition, received_on=day_of(now))
    application = applications.submit(application_id=application_id, answer_by=last, now=now)
    items = {item: list(clauses) for item, clauses in CONSENTS.items()}
    if assessment.card.owner:
        items["owner"] = ["第3章 前文"]
    applications.consent(application=application, person=current().name, items=items, now=now)
    _wake_waiting(assessment.card.card_serial, now)
    if assessment.card.contact:
        _send_receipt(application, assessment, now)
    return application


# ---- checking and asking


@transaction.atomic
def begin_check(*, application_id: int, now: datetime) -> Any:
    """A clerk takes the card over for checking; for paper, the card itself is recorded as the confirmation."""
    application = applications.begin_check(application_id=application_id, now=now)
    assessment = assess(application, now=now)
    if application.channel != application.Channel.WEB and not queries.consents_of(application).exists():
        writer = assessment.card.writer
        person = writer.name if writer else "カードのご記入者"
        applications.consent(application=application, person=person, items=ON_PAPER, now=now)
    _wake_waiting(assessment.card.card_serial, now)
    return application


@transaction.atomic
def ask(*, application_id: int, questions: Sequence[str], by_mail: bool, now: datetime) -> Any:
    """第2章 1.(2)⑨ (IX-REG-15, IX-PII-03): ask the card writer; by mail, or on record of a telephone call."""
    application = queries.applications().get(pk=application_id)
    questions = [question.strip() for question in questions if question.strip()]
    message = None
    if by_mail:
        to = writer_of(application, now)
        message = outbox.put(
            tenant_id=application.tenant_id,
            message="registration.inquiry",
            to=to.email,
            context={
                "addressee": addressee_of(to),
                "application_number": application.number,
                "received_on": day_of(application.received_at),
                "card_number": str(application.entries.get("card_serial", "")),
                "questions": tuple(questions),
                "reply_by": application.answer_by,
                "clauses": ("第2章 1.(2)⑨",),
            },
            about=application.number,
            now=now,
        )
    return applications.ask(
        application_id=application_id,
        question="\n".join(questions),
        message_id=message.pk if message else None,
        now=now,
    )


def wait_for_card(*, application_id: int, now: datetime) -> Any:
    """IX-CARD-10: the representing card has not arrived; the card waits in 照会中 and goes on by itself."""
    application = queries.applications().get(pk=application_id)
    question = f"代表カード {card_referred_to(application.entries)} の到着を待っています。"
    return ask(application_id=application_id, questions=[question], by_mail=False, now=now)


@transaction.atomic
def answer(*, inquiry_id: int, text: str, corrections: Entries, now: datetime) -> Any:
    """IX-REG-15: the writer answered; corrected fields are taken over, the first entries stay."""
    inquiry = applications.answer(inquiry_id=inquiry_id, text=text, corrections=corrections, now=now)
    _wake_waiting(serials.normalise(str(inquiry.application.entries.get("card_serial", ""))), now)
    return inquiry


@transaction.atomic
def resume(*, application_id: int, note: str, now: datetime) -> Any:
    """Go on checking without an answer."""
    return applications.resume(application_id=application_id, note=note, now=now)


def _wake_waiting(card_serial: str, now: datetime) -> None:
    """IX-CARD-10: cards in 照会中 that only wait for this representing card go on as soon as it is here."""
    if not card_serial:
        return
    with act_as(SYSTEM):
        for waiting in queries.open_applications(state="asking"):
            if card_referred_to(waiting.entries) != card_serial:
                continue
            if any(fault.field == "shared_card_serial" for fault in assess(waiting, now=now).card.faults):
                continue
            for inquiry in queries.history_of(waiting)["inquiries"].filter(answered_at=None, message=None):
                note = f"代表カード {card_serial} が届きました。"
                applications.answer(inquiry_id=inquiry.pk, text=note, corrections={}, now=now)


# ---- deciding


@transaction.atomic
def accept(*, application_id: int, customer_id: int | None, reasons: Mapping[str, str], now: datetime) -> Any:
    """第4章 1.(2) (IX-REG-03, IX-REG-04): accept by sending the completion notice, all in one transaction.

    `customer_id` says whose card it is where that is not known yet; None makes a customer of the contact's company.
    `reasons` holds a sentence for each hold that a person may decide (`Assessment.clearable`).
    """
    application = queries.applications().select_for_update(of=("self",)).get(pk=application_id)
    assessment = assess(application, now=now)
    _require_acceptable(assessment, reasons)
    card = assessment.card
    assert card.contact is not None
    assert assessment.licence is not None
    assert assessment.product is not None
    assert assessment.purchase is not None
    if application.tenant_id is None:
        customer = customer_id or _new_customer(card.contact, now)
        application = applications.assign_customer(application_id=application_id, tenant_id=customer)
    number = agreements.number_of(application)
    _recorded(assessment.registration, "承諾", application.number, application.tenant_id, now)
    revision = agreements.conclude(
        application=application,
        card=card,
        licence=assessment.licence,
        product=assessment.product,
        purchase=assessment.purchase,
        coverage=_recorded(assessment.coverage, "承諾", number, application.tenant_id, now),
        support_limit=assessment.support_limit,
        now=now,
    )
    notice = send_notice(revision.agreement, "registration.completed", completion_of(revision), now)
    agreements.accepted_by(revision_id=revision.pk, notice_id=notice.pk)
    decided = [f"{hold.message} → {reasons[hold.code].strip()}" for hold in assessment.clearable]
    applications.complete(application_id=application_id, note="\n".join(decided), now=now)
    _wake_waiting(card.card_serial, now)
    # Calls about this unit that came before today are owed an answer now (IX-SVC-02).
    service_call.registration_completed(device_id=revision.agreement.device_id, now=now)
    return revision.agreement


@transaction.atomic
def refuse(*, application_id: int, reason: str, clause: str, by_post: bool, now: datetime) -> Any:
    """第4章 1.(3) (IX-REG-05): refuse with a reason. In time the notice leaves at once; late it needs a second person.

    `by_post`: the letter is printed and posted, because the card names no address for mail.
    """
    refusal = applications.propose_refusal(
        application_id=application_id, reason=reason, clause=clause, by_post=by_post, now=now
    )
    if not refusal.late:
        _send_refusal(refusal, now)
    return refusal


@transaction.atomic
def approve_refusal(*, refusal_id: int, now: datetime) -> Any:
    """IX-REG-05 (ours): a second person lets the late refusal go out."""
    refusal = applications.approve_refusal(refusal_id=refusal_id)
    _send_refusal(refusal, now)
    return refusal


@transaction.atomic
def withdraw_refusal(*, refusal_id: int, reason: str, now: datetime) -> Any:
    """The second person does not agree."""
    return applications.withdraw_refusal(refusal_id=refusal_id, reason=reason, now=now)


@transaction.atomic
def lapse(*, application_id: int, reason: str, now: datetime) -> Any:
    """第2章 1.(1) (IX-REG-09): late, therefore not served; no refund, since lateness is the only ground (OR-34)."""
    application = queries.applications().get(pk=application_id)
    assessment = assess(application, now=now)
    if not assessment.late:
        raise Refused("申請は30日以内に届いています。期限超過を理由に対象外とすることはできません。", "第2章 1.(1)")
    _recorded(assessment.registration, "対象外", application.number, application.tenant_id, now)
    application = applications.lapse(application_id=application_id, reason=reason, now=now)
    writer = writer_of(application, now)
    if writer.email:
        outbox.put(
            tenant_id=application.tenant_id,
            message="registration.lapsed",
            to=writer.email,
            context=lapse_of(application, assessment, writer),
            about=application.number,
            now=now,
        )
    return application


@transaction.atomic
def report_refund(*, refusal_id: int, day: date, proof_shown: bool, now: datetime) -> Any:
    """IX-REG-06: the seller paid the price back."""
    return applications.report_refund(refusal_id=refusal_id, day=day, proof_shown=proof_shown, today=day_of(now))


# ---- along the way


def _require_acceptable(assessment: Assessment, reasons: Mapping[str, str]) -> None:
    open_points = [(fault.message, fault.clause) for fault in assessment.card.faults if fault.blocks]
    open_points += [(hold.message, hold.clause) for hold in assessment.blocking]
    open_points += [
        (hold.message, hold.clause) for hold in assessment.clearable if not reasons.get(hold.code, "").strip()
    ]
    if open_points:
        raise Refused("".join(message for message, _ in open_points), open_points[0][1])
    if assessment.registration is None or assessment.registration.values["outcome"] not in {"accept", "accept_late"}:
        raise Refused("登録の条件を満たしていないため、承諾できません。", "第4章 1.(3)")


def _new_customer(contact: Block, now: datetime) -> int:
    name = contact.company or contact.name
    return organisations.find_or_create_customer(name=name, kana="", phone=contact.phone, now=now).pk


def _recorded(answer: Answer | None, act: str, about: str, tenant_id: int | None, now: datetime) -> Any:
    assert answer is not None
    return record.record(answer=answer, act=act, about=about, tenant_id=tenant_id, now=now)


def _send_refusal(refusal: Any, now: datetime) -> None:
    application, notice = refusal.application, None
    if not refusal.by_post:
        notice = outbox.put(
            tenant_id=application.tenant_id,
            message="registration.refused",
            to=writer_of(application, now).email,
            context=refusal_of(refusal, now),
            letter="refusal",
            about=application.number,
            now=now,
        )
    applications.send_refusal(refusal_id=refusal.pk, notice_id=notice.pk if notice else None, now=now)


def _send_receipt(application: Any, assessment: Assessment, now: datetime) -> None:
    """IX-REG-11: the time of receipt, and the applicant's copy of exactly what was sent."""
    contact = assessment.card.contact
    assert contact is not None
    outbox.put(
        tenant_id=application.tenant_id,
        message="registration.received",
        to=contact.email,
        context={
            "addressee": addressee_of(contact),
            "application_number": application.number,
            "received_at": application.received_at,
            "channel": application.get_channel_display(),
            "card_number": assessment.card.card_serial,
            "serial": assessment.card.serial,
            "missing": still_missing(assessment),
            "clauses": ("第2章 1.(3)", "第4章 1.(1)"),
        },
        letter="card_copy",
        letter_data=card_copy(application),
        about=application.number,
        now=now,
    )
