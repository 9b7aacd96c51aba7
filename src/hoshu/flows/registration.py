"""From the form to the completion notice: the steps of a registration that touch files, decisions, mail and contracts.

Each step is one transaction. What the rules do not allow raises `Refused` and leaves everything as it was.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from datetime import date, datetime
from typing import Any

from django.db import transaction

from hoshu import catalog
from hoshu.accounts import grants, organisations, people
from hoshu.accounts.tenancy import SYSTEM, act_as, as_system, current
from hoshu.contracts import Refused, agreements, applications, further, queries, serials
from hoshu.contracts import form as forms
from hoshu.contracts.applications import PAPER, Saved, Shared
from hoshu.contracts.assessment import Assessment, answer_by, assess, assess_each
from hoshu.contracts.form import DEFERRED_FOR, PAID_ON, PAYMENT, Block, Entries, Fault, card_referred_to
from hoshu.decisions import record
from hoshu.decisions.record import Answer
from hoshu.files import store
from hoshu.files.personal_numbers import masked
from hoshu.flows import confirming, service_call, shipping
from hoshu.flows.registration_notices import (
    addressee_of,
    card_copy,
    completion_of,
    day_of,
    declined_of,
    lapse_of,
    numbers_of,
    refusal_of,
    send_notice,
    send_support_id,
    still_missing,
    writer_of,
)
from hoshu.notifications import outbox

MANDATE = "mandate"
"""Stands among what is unconfirmed where somebody applies for a customer and does not say by what authority."""


class Incomplete(Refused):
    """A form that cannot be sent yet; everything typed is kept. Each fault says at which machine, counted from 1."""

    def __init__(self, faults: Sequence[tuple[int, Fault]], unconfirmed: Sequence[str], clause: str) -> None:
        super().__init__("まだ送信できません。足りないところを確かめてください。", clause)
        self.faults = faults
        self.unconfirmed = unconfirmed


class HasOne(Refused):
    """A further machine is asked for at the desk (MM-SUP-04); `number` is the agreement to which it would belong."""

    def __init__(self, number: str, clause: str) -> None:
        text = f"すでにご契約（{number}）があります。2台目からの追加は、窓口で承ります。"
        super().__init__(text, clause)
        self.number = number


def _require_first(*, tenant_id: int, service: str, now: datetime) -> None:
    """MM-SUP-04: an application is for the first machine. Raises HasOne."""
    main = further.main_of(tenant_id=tenant_id, service=service, on=day_of(now))
    if main is None:
        return
    terms = further.terms_of(service, main.edition)
    raise HasOne(main.number, terms.clause if terms else "")


# ---- receiving


@transaction.atomic
def start_online(
    *,
    service: str,
    tenant_id: int,
    entries: Entries,
    now: datetime,
    reseller_id: int | None = None,
    confirmed: Sequence[str] = (),
    known_from_login: bool = False,
) -> Any:
    """A customer, or its seller, begins the form on the web (第4章 1.(1), VA-REG-18, MM-SUP-03).

    `confirmed` names what was confirmed before anything personal was typed; `known_from_login` fills in who is logged
    in, and the day; `reseller_id` names the seller through whom it comes. Raises Refused where the service does not
    take applications on the web, or only through a seller who sees this customer.
    """
    edition = catalog.edition_on(service, day_of(now))
    if edition.application is None or "web" not in edition.application.on:
        raise Refused("このサービスは、画面から申請できません。登録受付の窓口へご連絡ください。")
    if (through := edition.application.through) is not None and reseller_id is None:
        raise Refused("このサービスは、販売店を通してお申し込みください。", through.clause)
    if reseller_id is not None and reseller_id not in {one.pk for one in sellers(tenant_id=tenant_id, now=now)}:
        raise Refused("このお客様を担当する販売店を選んでください。", edition.application.clause)
    _require_first(tenant_id=tenant_id, service=service, now=now)
    asked = [one for one in edition.application.confirmation if one.before_entry and one.id not in confirmed]
    if asked:
        raise Refused(f"「{asked[0].text}」に同意いただくまで、入力に進めません。", asked[0].clause)
    application = applications.start(
        service=service,
        edition=edition.edition,
        tenant_id=tenant_id,
        reseller_id=reseller_id,
        entries={**(_known(edition, tenant_id, now) if known_from_login else {}), **entries},
        now=now,
    )
    if confirmed:
        applications.consent(application=application, person=current().name, items=confirmed, now=now)
    return application


def sellers(*, tenant_id: int, now: datetime) -> list[Any]:
    """MM-SUP-03: the sellers through whom a customer may apply today."""
    with as_system("through whom a customer may apply"):
        return grants.sellers_of(tenant_id, on=day_of(now))


def _known(edition: catalog.Edition, tenant_id: int, now: datetime) -> dict[str, Any]:
    """What need not be typed: today, the customer, and who is logged in, as the contact to begin with."""
    tenant, actor = organisations.get(tenant_id), current()
    known: dict[str, Any] = {"entered_on": f"{day_of(now):%Y/%m/%d}"}
    if tenant is not None:
        known |= {"contact.company": tenant.name, "contact.phone": tenant.phone, "administrator.company": tenant.name}
    user = people.get(actor.user_id) if actor.user_id and actor.organisation_id == tenant_id else None
    if user is not None:
        known |= {"contact.name": user.name, "contact.email": user.email, "same.writer": ["contact"]}
    return {at.name: known[at.fills] for at in edition.card_field if known.get(at.fills)}


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
    """A form arrived by post or mail (第2章 1.(5), IX-REG-12). It is kept as it came, and its clock runs.

    VA-REG-01: where only the web counts, a card is no registration; the sender is told where to register.
    """
    day = day_of(received_at)
    terms = catalog.edition_on(service, day)
    edition = terms.edition
    if terms.application is None or "paper" not in terms.application.on:
        clause = terms.application.clause if terms.application else ""
        raise Refused("このサービスは、ウェブからだけ登録できます。届いた方に登録のページをお知らせください。", clause)
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
def share(*, application_id: int, names: Collection[str], based_on: Mapping[int, int], now: datetime) -> Shared:
    """One correction for all machines of a receipt; see `applications.share`."""
    return applications.share(application_id=application_id, names=names, based_on=based_on, now=now)


def submit(*, application_id: int, confirmed: Sequence[str], now: datetime, mandate: str = "") -> Any:
    """The applicant sends the form (第4章 1.(1), VA-REG-28): every field that must be filled and every confirmation.

    Only what somebody else has to clear may be open: an unknown card, a representing card that has not arrived, the
    proof of purchase. `mandate` says by what authority somebody applies for the customer (SP-REG-06). Where new terms
    came into force meanwhile, they are to be confirmed first; nothing typed is lost (RC-PUR-09). Gives the first of
    the applications that were sent together. Raises Incomplete.
    """
    if applications.take_current_terms(application_id=application_id, on=day_of(now), now=now):
        raise Refused("入力の間に約款が新しくなりました。新しい約款を読み、もう一度確認してから送信してください。")
    return _submit(application_id, confirmed, mandate, now)


@transaction.atomic
def _submit(application_id: int, confirmed: Sequence[str], mandate: str, now: datetime) -> Any:
    application = queries.applications().get(pk=application_id)
    _require_first(tenant_id=application.tenant_id, service=application.service, now=now)
    machines = forms.machines(application.entries)
    each = assess_each(application, now=now)
    given = {*confirmed, *queries.consents_of(application).values_list("item", flat=True)}
    wanted = confirmations(each)
    unconfirmed = [item for item, must in wanted.items() if must and item not in given]
    if current().is_seller and not mandate.strip():
        unconfirmed.append(MANDATE)
    terms = applications.terms_of(application)
    faults = [*several(terms, application.entries, machines), *_open_points(each)]
    if faults or unconfirmed:
        clause = terms.application.clause if terms.application else ""
        raise Incomplete(sorted(faults, key=lambda found: found[0]), unconfirmed, clause)
    last = answer_by(service=application.service, edition=application.edition, received_on=day_of(now))
    sent = applications.submit(
        application_id=application_id,
        machines=[
            (found.edition.service, found.edition.edition, machine)
            for found, machine in zip(each, machines, strict=True)
        ],
        answer_by=last,
        now=now,
    )
    for one in sent:
        before = {*queries.consents_of(one).values_list("item", flat=True)}
        known = {confirmation.id for confirmation in applications.terms_of(one).application.confirmation}
        items = [item for item in wanted if item in given and item in known and item not in before]
        applications.consent(application=one, person=current().name, items=items, mandate=mandate.strip(), now=now)
        confirming.ask(application=one, now=now)
    wake_waiting({each[0].form.licence_serial}, now=now)
    if each[0].form.contact:
        _send_receipt(sent, each[0], now)
    return sent[0]


def confirmations(each: Sequence[Assessment]) -> dict[str, bool]:
    """What is confirmed with a form, over all of its machines, and whether it must be."""
    found: dict[str, bool] = {}
    for assessment in each:
        terms = assessment.edition.application
        assert terms is not None
        for one in terms.confirmation:
            if not one.wanted_with or assessment.form.owner:
                found[one.id] = found.get(one.id, False) or not (one.optional or one.wanted_with)
    return found


def _open_points(each: Sequence[Assessment]) -> Iterator[tuple[int, Fault]]:
    """What the applicant has to fill or put right, by machine; what is shared by all is told once."""
    told: set[tuple[str, str]] = set()
    for nth, assessment in enumerate(each, start=1):
        own = forms.machine_fields(assessment.edition)
        for fault in open_points(assessment):
            if fault.field in own:
                yield nth, fault
            elif (fault.field, fault.message) not in told:
                told.add((fault.field, fault.message))
                yield 0, fault


def open_points(assessment: Assessment) -> list[Fault]:
    """What has to be filled or put right before the form about one machine counts as sent."""
    return [*assessment.open_fields, *_refused_by_terms(assessment)]


def _refused_by_terms(assessment: Assessment) -> Iterator[Fault]:
    """VA-INT-04, VA-REG-21: what the terms refuse is not even sent, where the edition says so."""
    terms, found = assessment.edition.application, assessment.registration
    if terms is None or not terms.stops_refused:
        return
    at = forms.field_of(assessment.edition, "device.serial") or assessment.edition.card_field[0]
    if found is not None:
        checks = assessment.edition.registration.check if assessment.edition.registration else ()
        for check in checks:
            if check.flag not in found.values["flags"]:
                continue
            if check.fact == "support_id":  # VA-REG-06
                yield _fault(forms.field_of(assessment.edition, "support_id") or at, check.says, check.clause)
            elif assessment.refused and check.outcome == "refuse":
                yield _fault(at, check.says, check.clause)
    for hold in assessment.blocking:
        if hold.code in ("licence_used", "other_service", "already_registered", "sent_twice"):
            licence = forms.field_of(assessment.edition, "licence.serial")
            yield _fault(licence if licence and hold.code != "already_registered" else at, hold.message, hold.clause)


def several(edition: catalog.Edition, entries: Entries, machines: Sequence[Entries]) -> Iterator[tuple[int, Fault]]:
    """VA-REG-27: as many machines as packs, and none of them twice; 0 is what all of them share."""
    count = forms.field_of(edition, "quantity")
    written = forms.entry_of(entries, edition, "quantity")
    if count and written.isdecimal() and int(written) != len(machines):
        text = f"数量は{written}ですが、入力された機器は{len(machines)}台です。どちらかを合わせてください。"
        yield 0, _fault(count, text, count.clause)
    for fills in ("licence.serial", "device.serial"):
        if (at := forms.field_of(edition, fills)) is None:
            continue
        seen: dict[str, int] = {}
        for nth, machine in enumerate(machines, start=1):
            number = serials.normalise(forms.entry_of(machine, edition, fills))
            if number and number in seen:
                yield nth, _fault(at, f"{seen[number]}台目と同じ{at.label}です。番号を確かめてください。", at.clause)
            seen.setdefault(number, nth)


def _fault(at: catalog.FormField, message: str, clause: str) -> Fault:
    return Fault(
        field=at.name, number=at.number, label=at.label, message=message, clause=clause, example="", kind="wrong"
    )


@transaction.atomic
def take_over(*, application_id: int, now: datetime, reasons: Mapping[str, str] | None = None) -> Any:
    """RC-GEN-06, MM-FLW-01 ②: the sent form is received; from here on the days of the answer run.

    A seller has checked the payment (MM-FLW-03), and gives in `reasons` a sentence for each point that is a person's
    to decide (`Assessment.clearable`): a sole proprietor, another name at the delivery (MM-CND-02, MM-CND-04).
    """
    application = queries.applications().get(pk=application_id)
    assessment, reasons, note = assess(application, now=now), reasons or {}, ""
    terms = assessment.edition.application
    if terms is not None and terms.taken_in_by == "seller":
        for message, clause in stated_by_seller(assessment):
            raise Refused(message, clause)
        found = {hold: reasons.get(hold.code, "").strip() for hold in assessment.clearable}
        undecided = next((hold for hold, reason in found.items() if not reason), None)
        if undecided is not None and current().is_seller:  # a clerk decides at the acceptance
            raise Refused(f"{undecided.message}確かめた内容を入力してください。", undecided.clause)
        note = "\n".join(f"{hold.message} → {reason}" for hold, reason in found.items() if reason)
    last = answer_by(service=application.service, edition=application.edition, received_on=day_of(now))
    return applications.take_in(application_id=application_id, answer_by=last, now=now, note=note)


def stated_by_seller(assessment: Assessment) -> Iterator[tuple[str, str]]:
    """What a seller still has to state before it passes a form on: (what to do, clause)."""
    edition, values = assessment.edition, assessment.form.values
    terms = edition.coverage
    for at in edition.card_field:
        # MM-BIL-02: what only the seller knows and the period counts from, such as the day agreed with the customer.
        if at.by == "seller" and terms and at.fills in terms.required and not values.get(at.fills):
            yield f"{at.label}を入力してください。例: {at.example}", at.clause
    # MM-FLW-03: confirmed on a day that is no later than today, or to follow for a reason.
    fields = {fills: forms.field_of(edition, fills) for fills in (PAYMENT, PAID_ON, DEFERRED_FOR)}
    stated, paid_on, deferred = fields[PAYMENT], fields[PAID_ON], fields[DEFERRED_FOR]
    if stated is None:
        return
    for fault in assessment.open_fields:
        if any(field and field.name == fault.field for field in fields.values()):
            yield fault.message, fault.clause
    payment = values.get(PAYMENT)
    if payment == "confirmed" and paid_on and not values.get(PAID_ON):
        yield f"{paid_on.label}を入力してください。例: {paid_on.example}", paid_on.clause
    if payment == "deferred" and deferred and not values.get(DEFERRED_FOR):
        yield f"{deferred.label}を入力してください。例: 月末締めの請求書払い", deferred.clause
    if payment not in ("confirmed", "deferred"):
        checks = edition.registration.check if edition.registration else ()
        says = next((one.says for one in checks if one.missing == "payment"), f"{stated.label}を選んでください。")
        yield says, stated.clause


@transaction.atomic
def cancel_payment(*, application_id: int, reason: str, now: datetime) -> Any:
    """MM-FLW-03: a confirmed payment does not come after all: the form goes back to the seller, nothing is shipped."""
    return applications.cancel_payment(application_id=application_id, reason=reason, now=now)


@transaction.atomic
def send_back(*, application_id: int, reason: str, now: datetime) -> Any:
    """RC-GEN-08, MM-FLW-01: back to the applicant, who is told what to correct."""
    application = applications.send_back(application_id=application_id, reason=reason, now=now)
    to = writer_of(application, now)
    if to.email:
        outbox.put(
            tenant_id=application.tenant_id,
            message="registration.returned",
            to=to.email,
            context={
                "addressee": addressee_of(to),
                "application_number": application.number,
                "received_on": day_of(application.received_at or application.submitted_at),
                "items": tuple(("申請の内容", line) for line in map(str.strip, reason.splitlines()) if line),
                "clauses": (applications.terms_of(application).application.clause,),
            },
            about=application.number,
            edition=applications.terms_of(application),
            now=now,
        )
    return application


@transaction.atomic
def withdraw(*, application_id: int, reason: str, now: datetime) -> Any:
    """RC-GEN-08: the applicant takes the form back."""
    return applications.withdraw(application_id=application_id, reason=reason, now=now)


# ---- checking and asking


@transaction.atomic
def begin_check(*, application_id: int, now: datetime) -> Any:
    """A clerk takes the card over for checking; for paper, the card itself is recorded as the confirmation."""
    application = applications.begin_check(application_id=application_id, now=now)
    assessment = assess(application, now=now)
    if application.channel != application.Channel.WEB and not queries.consents_of(application).exists():
        writer = assessment.form.writer or assessment.form.contact
        person = writer.name if writer and writer.name else "ご記入者"
        applications.consent(application=application, person=person, items=[PAPER], now=now)
    wake_waiting({assessment.form.licence_serial}, now=now)
    return application


def asked_by(application: Any) -> str:
    """The clause by which the registration centre may ask the writer."""
    edition = applications.terms_of(application)
    at = forms.field_of(edition, "writer.name")
    return at.clause if at else edition.application.clause


@transaction.atomic
def ask(*, application_id: int, questions: Sequence[str], by_mail: bool, now: datetime) -> Any:
    """第2章 1.(2)⑨ (IX-REG-15, IX-PII-03): ask the card writer; by mail, or on record of a telephone call."""
    application = queries.applications().get(pk=application_id)
    questions = [masked(question.strip()) for question in questions if question.strip()]
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
                "numbers": numbers_of(application),
                "questions": tuple(questions),
                "reply_by": application.answer_by,
                "clauses": (asked_by(application),),
            },
            about=application.number,
            edition=applications.terms_of(application),
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
    number = card_referred_to(application.entries, applications.terms_of(application))
    question = f"代表カード {number} の到着を待っています。"
    return ask(application_id=application_id, questions=[question], by_mail=False, now=now)


@transaction.atomic
def answer(*, inquiry_id: int, text: str, corrections: Entries, now: datetime) -> Any:
    """IX-REG-15: the writer answered; corrected fields are taken over, the first entries stay."""
    inquiry = applications.answer(inquiry_id=inquiry_id, text=text, corrections=corrections, now=now)
    edition = applications.terms_of(inquiry.application)
    wake_waiting({serials.normalise(forms.entry_of(inquiry.application.entries, edition, "licence.serial"))}, now=now)
    return inquiry


@transaction.atomic
def resume(*, application_id: int, note: str, now: datetime) -> Any:
    """Go on checking without an answer."""
    return applications.resume(application_id=application_id, note=note, now=now)


def wake_waiting(card_serials: Set[str], *, now: datetime) -> None:
    """IX-CARD-10: cards in 照会中 that only wait for one of these representing cards go on as soon as it is here."""
    if not (card_serials := card_serials - {""}):
        return
    with act_as(SYSTEM):
        for waiting in queries.open_applications(state="asking"):
            edition = applications.terms_of(waiting)
            if (card_serial := card_referred_to(waiting.entries, edition)) not in card_serials:
                continue
            at = forms.field_of(edition, "copy.from")
            if at and assess(waiting, now=now).form.of(at.name):
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
    applications.require_next(application, applications.State.COMPLETED)
    assessment = assess(application, now=now)
    _require_acceptable(assessment, reasons)
    form, edition = assessment.form, assessment.edition
    assert form.contact is not None
    assert assessment.plan is not None
    if application.tenant_id is None:
        customer = customer_id or _new_customer(form.contact, now)
        application = applications.assign_customer(application_id=application_id, tenant_id=customer)
    number = agreements.number_of(application)
    _recorded(assessment.registration, "承諾", application.number, application.tenant_id, now)
    support_id = assessment.support_id
    if support_id is None and edition.application and edition.application.support_id:
        support_id = agreements.issue_support_id(tenant_id=application.tenant_id, now=now)
    revision = agreements.conclude(
        application=application,
        edition=edition,
        plan=assessment.plan.id,
        form=form,
        licence=assessment.licence,
        product=assessment.product,
        purchase=assessment.purchase,
        coverage=_recorded(assessment.coverage, "承諾", number, application.tenant_id, now),
        support_limit=assessment.support_limit,
        support_id=support_id,
        now=now,
    )
    notice = send_notice(revision.agreement, "registration.completed", completion_of(revision), now)
    agreements.accepted_by(revision_id=revision.pk, notice_id=notice.pk)
    decided = [f"{hold.message} → {reasons[hold.code].strip()}" for hold in assessment.clearable]
    applications.complete(application_id=application_id, note="\n".join(decided), now=now)
    shipping.order_first(agreement_id=revision.agreement_id, had_support_id=bool(assessment.support_id), now=now)
    if support_id is not None:
        send_support_id(revision.agreement, added=assessment.support_id is not None, now=now)
    wake_waiting({form.licence_serial}, now=now)
    # Calls about this unit that came before today are owed an answer now (IX-SVC-02).
    if revision.agreement.device_id:
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
        terms = assessment.edition.registration
        clause = terms.late.clause if terms and terms.late else ""
        raise Refused("申請は期限の中に届いています。期限超過を理由に対象外とすることはできません。", clause)
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
            edition=assessment.edition,
            now=now,
        )
    return application


@transaction.atomic
def report_refund(*, refusal_id: int, day: date, proof_shown: bool, now: datetime) -> Any:
    """IX-REG-06: the seller paid the price back."""
    return applications.report_refund(refusal_id=refusal_id, day=day, proof_shown=proof_shown, today=day_of(now))


# ---- along the way


def _require_acceptable(assessment: Assessment, reasons: Mapping[str, str]) -> None:
    open_points = [(fault.message, fault.clause) for fault in assessment.form.faults if fault.blocks]
    open_points += [(hold.message, hold.clause) for hold in assessment.blocking]
    open_points += [
        (hold.message, hold.clause) for hold in assessment.clearable if not reasons.get(hold.code, "").strip()
    ]
    if open_points:
        raise Refused("".join(message for message, _ in open_points), open_points[0][1])
    if assessment.coverage is None:
        raise Refused("提供期間を計算できないため、承諾できません。足りない日付を確かめてください。")
    if not assessment.acceptable:
        terms = assessment.edition.registration
        raise Refused("登録の条件を満たしていないため、承諾できません。", terms.refusal.clause if terms else "")


def _new_customer(contact: Block, now: datetime) -> int:
    name = contact.company or contact.name
    return organisations.find_or_create_customer(name=name, kana="", phone=contact.phone, now=now).pk


def _recorded(answer: Answer | None, act: str, about: str, tenant_id: int | None, now: datetime) -> Any:
    assert answer is not None
    return record.record(answer=answer, act=act, about=about, tenant_id=tenant_id, now=now)


def _send_refusal(refusal: Any, now: datetime) -> None:
    """With the way to the price where one was paid; else that the application is declined (RC-GEN-08, MM-FLW-01)."""
    application, notice = refusal.application, None
    if not refusal.by_post:
        paid = application.licence_id is not None
        notice = outbox.put(
            tenant_id=application.tenant_id,
            message="registration.refused" if paid else "registration.declined",
            to=writer_of(application, now).email,
            context=refusal_of(refusal, now) if paid else declined_of(refusal, now),
            letter="refusal" if paid else None,
            about=application.number,
            edition=applications.terms_of(application),
            now=now,
        )
    applications.send_refusal(refusal_id=refusal.pk, notice_id=notice.pk if notice else None, now=now)


def _send_receipt(sent: Sequence[Any], first: Assessment, now: datetime) -> None:
    """IX-REG-11, VA-REG-04: the time of receipt, and the applicant's copy of exactly what was sent."""
    contact, application = first.form.contact, sent[0]
    assert contact is not None
    numbers = [row for one in sent for row in numbers_of(one)]
    outbox.put(
        tenant_id=application.tenant_id,
        message="registration.received",
        to=contact.email,
        context={
            "addressee": addressee_of(contact),
            "application_number": application.receipt,
            "received_at": application.submitted_at,
            "channel": application.get_channel_display(),
            "numbers": tuple(numbers),
            "missing": still_missing(first),
            "clauses": tuple(dict.fromkeys([first.edition.application.clause, _applied_by(first.edition)])),
        },
        letter="card_copy",
        letter_data=card_copy(application),
        about=application.number,
        edition=first.edition,
        now=now,
    )


def _applied_by(edition: catalog.Edition) -> str:
    return edition.registration.application.clause if edition.registration else ""
