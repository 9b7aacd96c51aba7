"""What the messages and letters of a registration say: facts for the registry of messages, read from what is stored."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from hoshu import catalog
from hoshu.accounts import operators
from hoshu.contracts import Refused, agreements, applications, form, queries, unit_exchange
from hoshu.contracts.assessment import Assessment, assess
from hoshu.contracts.form import WEEKDAY_NAMES, Block
from hoshu.dates import JST, said
from hoshu.decisions import record
from hoshu.notifications import issuing, outbox
from hoshu.notifications.messages import Words, compose
from hoshu.notifications.notice import Notice, Sender
from hoshu.terms import PART_NAMES


def preview_completion(*, application: Any, assessment: Assessment, now: datetime) -> Notice | None:
    """The completion notice as it would be sent now; None while something it needs is missing."""
    read, operator, coverage = assessment.form, operators.profile(), assessment.coverage
    if read.contact is None or assessment.plan is None or coverage is None or operator is None:
        return None
    if assessment.nothing_left or (assessment.purchase is None and assessment.edition.application.purchase != "none"):
        return None
    context = _completion(
        edition=assessment.edition,
        number=agreements.number_of(application),
        contact=read.contact,
        product=assessment.product.name if assessment.product else "",
        serial=read.serial,
        plan=assessment.plan,
        start_weekday=read.start_weekday,
        options=[(line.name, line.quantity) for line in read.options],
        further=(),
        labels=(),
        starts_on=record.day(coverage.values["start"]),
        ends_on=record.day(coverage.values["end"]),
        capped=bool(coverage.values.get("cap")),
        purchased_on=assessment.purchase.day if assessment.purchase else None,
        basis=assessment.purchase.basis if assessment.purchase else "",
        revision=1,
        reasons=coverage.reasons,
    )
    return compose("registration.completed", context, Sender.of(operator))


def completion_of(revision: Any) -> dict[str, Any]:
    """What the completion notice says of a stored revision."""
    agreement = revision.agreement
    parties = {party.kind: party for party in revision.parties.all()}
    edition = catalog.edition(agreement.service, agreement.edition)
    return _completion(
        edition=edition,
        number=agreement.number,
        contact=parties["contact"],
        product=agreement.device.product.name if agreement.device else "",
        serial=agreement.device.serial if agreement.device else "",
        plan=edition.plan_of(agreement.plan),
        start_weekday=revision.start_weekday,
        options=[(line["name"], line["quantity"]) for line in revision.options],
        further=further_numbers(agreement, revision, edition),
        labels=labels_of(agreement, edition),
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        capped=bool(agreement.capped_by),
        purchased_on=agreement.purchased_on,
        basis=agreement.purchase_basis,
        revision=revision.number,
        reasons=agreement.coverage.reasons,
    )


def further_numbers(agreement: Any, revision: Any, edition: catalog.Edition) -> tuple[tuple[str, str], ...]:
    """What a customer quotes besides the number of the agreement, and what it chose."""
    rows = []
    if agreement.device_number and edition.application and edition.application.device_number:
        rows.append((edition.application.device_number.name, agreement.device_number))
    if agreement.support:
        rows.append(("サポートID", agreement.support.code))
    services = form.field_of(edition, "services")
    if services and services.name in revision.content:
        rows.append((services.label, form.written(revision.content, services)))
    return tuple(rows)


def labels_of(agreement: Any, edition: catalog.Edition) -> tuple[str, ...]:
    """VA-REG-09, VA-REG-10: the number on the label that comes with the notice, where the service has labels."""
    numbered = edition.application is not None and edition.application.device_number is not None
    return (agreement.device_number,) if numbered and agreement.device_number else ()


def _completion(
    *,
    edition: catalog.Edition,
    number: str,
    contact: Any,
    product: str,
    serial: str,
    plan: catalog.Plan,
    start_weekday: str,
    options: Sequence[tuple[str, int]],
    further: tuple[tuple[str, str], ...],
    labels: tuple[str, ...],
    starts_on: date | None,
    ends_on: date | None,
    capped: bool,
    purchased_on: date | None,
    basis: str,
    revision: int,
    reasons: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    terms = edition.application
    assert terms is not None
    assert edition.registration is not None
    length = (plan.days_name, plan.hours_name, f"{plan.years}年" if plan.years else "")
    details = "・".join(filter(None, length))
    registers_options = form.field_of(edition, "options") is not None
    cited = [edition.registration.application.clause, *(reason["clause"] for reason in reasons)]
    return {
        "addressee": addressee_of(contact),
        "words": words_of(edition),
        "service_number": number,
        "heading": terms.notice_title,
        "product": product,
        "serial": serial,
        "plan": f"{plan.name}（{details}）" if details else plan.name,
        "start_weekday": f"{WEEKDAY_NAMES[start_weekday]}曜日" if start_weekday else "",
        "options": tuple(options) if registers_options else None,
        "more": further,
        "labels": labels,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "shortened_by": "保守対応期限により短縮" if capped else "",
        "purchased_on": purchased_on,
        "purchase_basis": queries.basis_label(basis) if basis else "",
        "revision": revision,
        "asked": terms.notice_steps,
        "remarks": terms.notice_notes,
        "clauses": tuple(dict.fromkeys(cited)),
    }


def words_of(edition: catalog.Edition) -> Words:
    """What the service calls its own things."""
    terms = edition.application
    assert terms is not None
    unit = "貸出機" if terms.unit == "lent" else "機器"
    quoted = terms.device_number.name if terms.device_number else "製造番号"
    return Words(service=edition.name, number=terms.number_name, unit=unit, quoted=quoted)


def refusal_letter(*, refusal: Any, now: datetime) -> bytes:
    """The refusal as the document that the customer hands to the seller. Raises notifications.Refused."""
    return issuing.typeset(name="refusal", data=refusal_of(refusal, now), now=refusal.sent_at or now)


def refusal_of(refusal: Any, now: datetime) -> dict[str, Any]:
    """第4章 1.(3), VA-REG-12: the reason, its clause, and how and by when the price comes back."""
    application = refusal.application
    edition = applications.terms_of(application)
    price = _refund(application, edition, day_of(refusal.sent_at or now))
    return {
        "addressee": addressee_of(writer_of(application, now)),
        "application_number": application.number,
        "received_on": day_of(application.received_at),
        "numbers": numbers_of(application),
        "reason": refusal.reason,
        "words": words_of(edition),
        "refund_by": record.day(price.values["by"]) if price else None,
        "seller": application.licence.seller if application.licence else "",
        "clauses": tuple(dict.fromkeys(filter(None, [refusal.clause, applications.refusal_clause(application)]))),
    }


def declined_of(refusal: Any, now: datetime) -> dict[str, Any]:
    """The same where nobody has paid yet."""
    application = refusal.application
    return {
        "addressee": addressee_of(writer_of(application, now)),
        "application_number": application.number,
        "received_on": day_of(application.received_at),
        "reason": refusal.reason,
        "clauses": (refusal.clause,),
        "words": words_of(applications.terms_of(application)),
    }


def _refund(application: Any, edition: catalog.Edition, refused_on: date) -> record.Answer | None:
    """What the terms say about the price of a refused licence; None where nothing was paid for."""
    if edition.refund is None or application.licence is None:
        return None
    facts = {"reason": "refused_by_operator"}
    if "refused_on" in (*edition.refund.required, *edition.refund.optional):
        facts["refused_on"] = refused_on.isoformat()
    question = {"ask": "refund", "service": edition.service, "edition": edition.edition}
    return record.ask({**question, "plan": application.licence.plan, "facts": facts})


def lapse_of(application: Any, assessment: Assessment, writer: Block) -> dict[str, Any]:
    """The facts of the notice that a late application is not served."""
    assert assessment.registration is not None
    terms = assessment.edition.registration
    assert terms is not None
    assert terms.late is not None
    return {
        "addressee": addressee_of(writer),
        "application_number": application.number,
        "received_on": day_of(application.received_at),
        "apply_by": date.fromisoformat(assessment.registration.values["apply_by"]),
        "numbers": numbers_of(application),
        "reason": application.reason,
        "clauses": (terms.late.clause,),
    }


def numbers_of(application: Any) -> tuple[tuple[str, str], ...]:
    """The numbers by which the applicant knows what was applied for, as they were written."""
    edition = applications.terms_of(application)
    fields = [form.field_of(edition, fills) for fills in ("licence.serial", "device.serial")]
    found = [(at, form.written(application.entries, at)) for at in fields if at]
    return tuple((at.label, text) for at, text in found if text)


def still_missing(assessment: Assessment) -> tuple[str, ...]:
    """IX-REG-13: the proof of purchase may follow; until then the shipment date stands in."""
    proven = assessment.purchase is not None and assessment.purchase.proven
    if proven or assessment.edition.application.purchase != "proven":
        return ()
    return ("購入日を確認できる書類の写しをお送りください。届かないときは、当方の出荷日を購入日とすることがあります。",)


def card_copy(application: Any) -> dict[str, Any]:
    """The form as entered, for the letter `card_copy`: every field that holds something, in the form's order."""
    edition = applications.terms_of(application)
    received = application.received_at or application.submitted_at
    at = received.astimezone(JST) if received else None
    head = (("申請番号", application.number), ("受付日時", f"{at:%Y/%m/%d %H:%M}" if at else "未送信"))
    machines = form.machines(application.entries)
    own = form.machine_fields(edition)
    shared = tuple((at.label, text) for at, text in form.all_written(machines[0], edition) if at.name not in own)
    each = [
        (
            f"{nth}台目" if len(machines) > 1 else "機器",
            tuple((at.label, text) for at, text in form.all_written(machine, edition) if at.name in own),
        )
        for nth, machine in enumerate(machines, start=1)
    ]
    sections = [("受付", head), ("ご記入の内容", shared), *(section for section in each if section[1])]
    return {
        "reference": application.number,
        "sections": tuple(sections),
        "notes": ("内容をお尋ねすることがあります。この控えを保管してください。",),
    }


def card_copy_letter(*, application: Any, now: datetime) -> bytes:
    """The form as entered, as PDF (第2章 1.(3)). Raises notifications.Refused."""
    return issuing.typeset(name="card_copy", data=card_copy(application), now=now)


def writer_of(application: Any, now: datetime) -> Block:
    """Whom to ask (第2章 1.(2)⑨): the writer; the contact where the writer left no address."""
    read = assess(application, now=now).form
    for block in (read.writer, read.contact):
        if block and block.email:
            return block
    edition = applications.terms_of(application)

    def written(part: str) -> str:
        found = (form.entry_of(application.entries, edition, f"{party}.{part}") for party in ("writer", "contact"))
        return next(filter(None, found), "")

    company = form.entry_of(application.entries, edition, "contact.company")
    return Block(name=written("name"), email=written("email"), company=company)


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
    contact = queries.contact_of(agreement, day_of(now))
    letter = "completion" if message == "registration.completed" else "change"
    sent = outbox.put(
        tenant_id=agreement.tenant_id,
        message=message,
        to=contact.email,
        context=context,
        letter=letter,
        about=agreement.number,
        edition=catalog.edition(agreement.service, agreement.edition),
        now=now,
    )
    if sent.letter and sent.letter.missing:
        raise Refused(
            f"お知らせに印字できない文字があります: {outbox.described(sent.letter.missing)}。別の字に直してください。"
        )
    return sent


def send_support_id(agreement: Any, *, added: bool, now: datetime) -> None:
    """VA-REG-05: the support ID, on the day of the acceptance. VA-REG-06: to the administrator what it now covers."""
    parties = {party.kind: party for party in queries.revisions_of(agreement)[0].parties.all()}
    administrators = [parties[kind] for kind in ("administrator", "deputy") if kind in parties]
    reached = [party for party in (*administrators, parties["contact"]) if party.email]
    to = reached[0] if added else parties["contact"]
    covered = queries.agreements().filter(support=agreement.support, state=agreement.State.ACTIVE).order_by("id")
    outbox.put(
        tenant_id=agreement.tenant_id,
        message="agreement.support_id",
        to=to.email,
        context={
            "addressee": addressee_of(to),
            "words": words_of(catalog.edition(agreement.service, agreement.edition)),
            "support_id": agreement.support.code,
            "usable_from": agreement.starts_on or day_of(now),
            "covered": tuple(_line_of(one) for one in covered),
            "administrator": f"{administrators[0].name} 様" if administrators else "",
            "added": added,
            "clauses": _clauses(agreement, "support_id"),
        },
        letter="support_id",
        about=agreement.number,
        edition=catalog.edition(agreement.service, agreement.edition),
        now=now,
    )


def _line_of(agreement: Any) -> str:
    """「DK000123 映像サーバ 4K（2029/01/09 まで）」."""
    number = " ".join(filter(None, [agreement.number, agreement.device_number]))
    product = agreement.device.product.name if agreement.device else ""
    until = f"（{said(agreement.ends_on)} まで）" if agreement.ends_on else ""
    return f"{number} {product}{until}"


def send_parcel_notice(consignment: Any, now: datetime) -> None:
    """VA-REG-08, MM-FLW-01 ③: what is on its way; to whom it goes by mail, as far as an address for it is known."""
    agreement, to = consignment.agreement, consignment.to
    contact = queries.revisions_of(agreement)[0].parties.get(kind="contact")
    unit = f"（製造番号 {consignment.unit.serial}）" if consignment.unit else ""
    outbox.put(
        tenant_id=agreement.tenant_id,
        message="agreement.parcel",
        to=contact.email,
        context={
            "addressee": addressee_of(contact),
            "reference": agreement.number,
            "contents": (f"{consignment.what}{unit}",),
            "sent_on": day_of(consignment.shipped_at),
            "carrier": consignment.carrier or "郵送",
            "tracking_number": consignment.tracking_number,
            "destination": " ".join(filter(None, [to["postal_code"], to["address"], to["company"], to["name"]])),
            "clauses": _clauses(agreement, "parcel"),
        },
        letter="shipment",
        about=agreement.number,
        edition=catalog.edition(agreement.service, agreement.edition),
        now=now,
    )


def send_replacement_notice(exchange: Any, now: datetime) -> Any:
    """MM-RMA-02 ④: what comes, when, and what becomes of the machine that is replaced; None without an address."""
    agreement, edition = exchange.agreement, catalog.edition(exchange.agreement.service, exchange.agreement.edition)
    party = queries.runs_it(agreement)
    if party is None or not party.email:
        return None
    words = words_of(edition)
    return outbox.put(
        tenant_id=agreement.tenant_id,
        message="agreement.replacement",
        to=party.email,
        context={
            "addressee": addressee_of(party),
            "number": agreement.number,
            "unit": (("品名", agreement.device.product.name), (words.serial, exchange.old_serial)),
            "words": words,
            "exchange_on": exchange.exchange_on,
            "collect_by": exchange.collection.due_on,
            "clauses": (unit_exchange.clause_of(agreement),),
        },
        about=agreement.number,
        edition=edition,
        now=now,
    )


def _clauses(agreement: Any, part: str) -> tuple[str, ...]:
    terms = catalog.edition(agreement.service, agreement.edition).application
    assert terms is not None
    told = getattr(terms, part)
    return (told.clause if told else terms.clause,)


def send_correction(agreement: Any, was: Mapping[str, date | None], now: datetime) -> None:
    """OR-19, IX-COV-05: 登録完了のお知らせ（変更） with what became of the dates."""
    changes = [
        f"{label}: {_said(was.get(label))} → {_said(day)}"
        for label, day in dates_of(agreement).items()
        if day != was.get(label)
    ]
    context = {
        **completion_of(queries.revision_on(agreement, day_of(now))),
        "heading": "",
        "effective_on": day_of(now),
        "changes": tuple(changes),
    }
    send_notice(agreement, "registration.changed", context, now)


def dates_of(agreement: Any) -> dict[str, date | None]:
    return {
        "ご購入日": agreement.purchased_on,
        "サービス開始日": agreement.starts_on,
        "サポート満了日": agreement.ends_on,
        **{f"{PART_NAMES[part]}の満了日": record.day(day) for part, day in agreement.part_ends.items()},
    }


def day_of(moment: datetime) -> date:
    return moment.astimezone(JST).date()


def _said(day: date | None) -> str:
    return said(day) if day else "なし"
