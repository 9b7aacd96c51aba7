"""登録申請: each step that may be taken with an application, and nothing else (IX-REG-02).

Every step locks the application, leaves an event, and raises Refused where the state does not allow it. No step
deletes anything.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hoshu import catalog
from hoshu.accounts import tenancy
from hoshu.accounts.roles import Role
from hoshu.contracts import Refused, form
from hoshu.contracts.form import DEFERRED_FOR, PAID_ON, PAYMENT, Entries, screened
from hoshu.contracts.models import (
    Application,
    ApplicationEvent,
    ApplicationFile,
    Consent,
    Consignment,
    ContactCheck,
    Inquiry,
    Licence,
    ParkedEntries,
    Refusal,
    state_name,
)
from hoshu.contracts.queries import licence_of_card, of_the_seller
from hoshu.files import store
from hoshu.notifications import outbox

State = Application.State

_NEXT = {
    State.DRAFT: {State.SUBMITTED, State.RECEIVED, State.WITHDRAWN},
    State.SUBMITTED: {State.RECEIVED, State.RETURNED, State.WITHDRAWN},
    State.RETURNED: {State.SUBMITTED, State.RECEIVED, State.WITHDRAWN},
    State.RECEIVED: {State.CHECKING, State.RETURNED, State.SUBMITTED},
    State.CHECKING: {State.ASKING, State.COMPLETED, State.REFUSED, State.LAPSED, State.RETURNED, State.SUBMITTED},
    State.ASKING: {State.CHECKING, State.SUBMITTED},
}
"""第2章, 第4章 1. (ix), RC-GEN-08, MM-FLW-01: which state may follow which. What is completed ends as an agreement.

Back to SUBMITTED, which is the seller's, leads only a payment that was cancelled (`cancel_payment`).
"""

_OPEN = {State.RECEIVED, State.CHECKING, State.ASKING}
_WITH_APPLICANT = {State.DRAFT, State.RETURNED}


@dataclass(frozen=True)
class Saved:
    """What became of a save. With `parked`, somebody had saved a newer version: nothing was overwritten."""

    application: Application
    masked: list[str]
    parked: ParkedEntries | None = None


def start(
    *, service: str, edition: str, tenant_id: int, entries: Entries, now: datetime, reseller_id: int | None = None
) -> Application:
    """A draft of the form on the web, for a customer; `reseller_id` names the seller through whom it comes."""
    return _create(
        service=service,
        edition=edition,
        tenant_id=tenant_id,
        reseller_id=reseller_id,
        channel=Application.Channel.WEB,
        entries=entries,
        now=now,
    )


def arrive(
    *, service: str, edition: str, channel: str, received_at: datetime, answer_by: date | None, now: datetime
) -> Application:
    """A form came by post or mail. Its days run from its arrival, not from its entry (第2章 1.(5))."""
    if received_at > now:
        raise Refused("到着日時が未来になっています。届いた日時を入力してください。")
    application = _create(service=service, edition=edition, tenant_id=None, channel=channel, entries={}, now=now)
    _receive(application, received_at, answer_by, now)
    return application


def not_yet(*, service: str, edition: str, received_at: datetime) -> Application:
    """What an application that arrived then would be, in order to assess it; nothing is stored."""
    return Application(service=service, edition=edition, channel=Application.Channel.WEB, received_at=received_at)


@dataclass(frozen=True, kw_only=True)
class Row:
    """An application as a row of a table says it, judged before."""

    service: str
    edition: str
    entries: Entries
    received_at: datetime
    answer_by: date | None
    tenant_id: int | None
    """None where it is not certain whose it is: the acceptance says so."""
    reseller_id: int | None
    licence_id: int | None
    group: str
    """Rows with one word here are one form: they get one receipt. Empty where a row is a form of its own."""
    confirmed: Sequence[str]
    mandate: str
    """By what authority it was confirmed for the customer (SP-REG-06)."""
    table_key: str
    table_print: str
    note: str


def receive(every: Sequence[Row], *, now: datetime) -> list[Application]:
    """Rows of a table are received, in as many statements as one takes; their words stay as `first_entries`.

    The days of the answer run from when each arrived. Where such a row came in meanwhile, the database refuses all.
    """
    numbers = _next_numbers(len(every))
    receipts: dict[str, str] = {}
    entered = [screened(one.entries, catalog.edition(one.service, one.edition))[0] for one in every]
    made = Application.objects.bulk_create(
        Application(
            tenant_id=one.tenant_id,
            reseller_id=one.reseller_id,
            number=number,
            receipt=receipts.setdefault(one.group, number) if one.group else number,
            service=one.service,
            edition=one.edition,
            licence_id=one.licence_id,
            state=State.RECEIVED,
            channel=Application.Channel.WEB,
            submitted_at=one.received_at,
            received_at=one.received_at,
            answer_by=one.answer_by,
            entries=entries,
            first_entries=entries,
            created_by_id=tenancy.current().user_id,
            created_at=now,
            updated_at=now,
            table_key=one.table_key,
            table_print=one.table_print,
        )
        for one, number, entries in zip(every, numbers, entered, strict=True)
    )
    ApplicationEvent.objects.bulk_create(
        _event_of(application, one.note, now) for application, one in zip(made, every, strict=True)
    )
    Consent.objects.bulk_create(
        given
        for application, one in zip(made, every, strict=True)
        for given in _consents(application, tenancy.current().name, one.confirmed, now, one.mandate)
    )
    return made


def save(*, application_id: int, based_on: int, entries: Entries, now: datetime) -> Saved:
    """Keep what was typed into version `based_on`. Over a newer version it is parked beside it, never over it.

    第4章 9.(1): what looks like a personal number is masked before it is stored; `masked` names the fields. Fields that
    somebody else fills stay as they are.
    """
    application = _locked(application_id)
    _require_writer(application)
    kept, masked = screened(_own_part(application, entries), terms_of(application))
    if kept != application.entries:
        if based_on != application.version:
            return Saved(application, masked, *_park([(application, based_on, kept)], now))
        application.entries = kept
        application.version += 1
        application.updated_at = now
        application.licence = _licence_of(kept, terms_of(application))
        application.save(update_fields=["entries", "version", "updated_at", "licence"])
    _unpark(application)
    return Saved(application, masked)


@dataclass(frozen=True)
class Shared:
    """What became of the other applications of a receipt when one was taken as their model."""

    changed: list[Application]
    overtaken: list[Application]
    """Somebody had saved them meanwhile: what they would hold is parked beside them."""
    closed: list[Application]
    """Decided, or with the applicant: unchanged."""


def share(*, application_id: int, names: Collection[str], based_on: Mapping[int, int], now: datetime) -> Shared:
    """Write what stands in these common fields of one application into the others of its receipt, all at once.

    `based_on` says for each application (id) which version the writer saw. One that is newer keeps what it holds and
    the new values are parked beside it; raises Refused where that is the model itself.
    """
    together = _locked_together(application_id)
    model = together.pop(application_id)
    _require_writer(model)
    if based_on.get(model.pk) != model.version:
        raise Refused("この申請の記入が新しくなりました。内容を確かめて、もう一度反映してください。")
    known = form.common_fields(terms_of(model))
    chosen = [name for name in names if name in known]
    if not chosen:
        raise Refused("反映する欄を選んでください。")
    shared = Shared([], [], [])
    labels: dict[int, list[str]] = {}
    for other in together.values():
        if not _writable().get(State(other.state)):
            shared.closed.append(other)
            continue
        takes = form.common_fields(terms_of(other))
        given = {name: model.entries.get(name) for name in chosen if name in takes}
        labels[other.pk] = [takes[name].label for name in given if given[name] != other.entries.get(name)]
        if not labels[other.pk]:
            continue
        kept = {**other.entries, **given}
        kept = {name: value for name, value in kept.items() if value is not None}
        if based_on.get(other.pk) == other.version:
            other.version, other.updated_at = other.version + 1, now
            shared.changed.append(other)
        else:
            shared.overtaken.append(other)
        other.entries = kept
    Application.objects.bulk_update(shared.changed, ["entries", "version", "updated_at"])
    told = {pk: f"{model.number} に合わせて直しました: {'、'.join(fields)}" for pk, fields in labels.items()}
    ApplicationEvent.objects.bulk_create(_event_of(one, told[one.pk], now) for one in shared.changed)
    _park([(one, based_on.get(one.pk, 0), one.entries) for one in shared.overtaken], now)
    return shared


def submit(
    *, application_id: int, machines: Sequence[tuple[str, str, Entries]], answer_by: date | None, now: datetime
) -> list[Application]:
    """The applicant hands in the form: one application for each of `machines` (service, edition, entries), one receipt.

    It arrives at this moment, and the applicant's words stay; where the provider or a seller takes forms in, it waits
    for them. Whoever sells and sends it for the customer stands in it from now on (SP-REG-06).
    """
    first, actor = _locked(application_id), tenancy.current()
    if first.state not in _WITH_APPLICANT:
        raise Refused("この申請はすでに送信されています。")
    sent = [first]
    for nth, (service, edition, entries) in enumerate(machines):
        if nth:
            sent.append(_further(first, now))
        one = sent[nth]
        one.service, one.edition, one.entries, one.submitted_at = service, edition, dict(entries), now
        if not one.first_entries:
            one.first_entries = one.entries
        if actor.is_seller and one.reseller_id is None:
            one.reseller_id = actor.organisation_id
        one.licence = _licence_of(one.entries, terms_of(one))
        one.save()
        if _taken_in_by(one) == "arrival":
            _receive(one, now, answer_by, now)
        else:
            _turn(one, State.SUBMITTED, "", now)
    return sent


def take_current_terms(*, application_id: int, on: date, now: datetime) -> bool:
    """RC-PUR-09: a draft goes on under the terms that are in force now; did they change while it was typed?"""
    application = Application.objects.get(pk=application_id)
    edition = catalog.edition_on(application.service, on).edition
    if application.state not in _WITH_APPLICANT or application.edition == edition:
        return False
    application.edition = edition
    application.save(update_fields=["edition"])
    _event(application, f"約款の{edition}版が適用されたため、もう一度の確認を求めました。", now)
    return True


def take_in(*, application_id: int, answer_by: date | None, now: datetime, note: str = "") -> Application:
    """RC-GEN-08, MM-FLW-01 ②: the provider receives the sent form, or the seller who checked it passes it on.

    `note` keeps what the seller decided about it, with its reasons (MM-CND-02, MM-CND-04).
    """
    application = _locked(application_id)
    actor, by = tenancy.current(), _taken_in_by(application)
    if by == "seller" and not (actor.is_seller or actor.is_staff):
        raise Refused("販売店が内容と入金を確かめてから、申請に進みます。", _clause(application))
    if by == "provider" and not actor.is_staff:
        raise Refused("受領は、担当者が行います。", _clause(application))
    _receive(application, now, answer_by, now, note)
    return application


def cancel_payment(*, application_id: int, reason: str, now: datetime) -> Application:
    """MM-FLW-03: a payment that was confirmed, or allowed to follow, does not come after all.

    Before the acceptance the form goes back to the seller's step ②: it confirms again, or withdraws the form. After it
    the machine waits (`consignments.ship`). Raises Refused once the machine has left.
    """
    application = _locked(application_id)
    actor, at = tenancy.current(), form.field_of(terms_of(application), PAYMENT)
    if at is None:
        raise Refused("このサービスには、入金を確かめる手続きがありません。", _clause(application))
    if not (actor.is_seller or actor.is_staff):
        raise Refused("入金の確認の取消は、販売店が行います。", at.clause)
    if not reason.strip():
        raise Refused("入金の確認を取り消す理由を入力してください。例: 振込の組戻し", at.clause)
    if application.state not in {State.SUBMITTED, State.COMPLETED, *_OPEN}:
        raise Refused(f"「{application.get_state_display()}」の申請の入金は、取り消せません。", at.clause)
    if application.entries.get(at.name) in (None, "", "open"):
        raise Refused("入金は、まだ確認されていません。", at.clause)
    left = Consignment.objects.filter(
        agreement__application=application, kind=Consignment.Kind.UNIT, shipped_at__isnull=False
    )
    if left.exists():
        raise Refused("機器をすでに発送しています。解約の手続きをしてください。", at.clause)
    stated = {each.name for each in terms_of(application).card_field if each.fills in (PAYMENT, PAID_ON, DEFERRED_FOR)}
    kept = {name: value for name, value in application.entries.items() if name not in stated}
    application.entries = {**kept, at.name: "open"}
    application.version += 1
    application.updated_at = now
    application.save(update_fields=["entries", "version", "updated_at"])
    text = f"入金の確認を取り消しました。{reason.strip()}"
    if application.state in _OPEN:
        application.received_at = application.answer_by = None
        application.save(update_fields=["received_at", "answer_by"])
        _turn(application, State.SUBMITTED, text, now)
    else:
        _event(application, text, now)
    return application


def send_back(*, application_id: int, reason: str, now: datetime) -> Application:
    """RC-GEN-08, MM-FLW-01: back to the applicant with what has to be corrected; everything entered stays."""
    application = _locked(application_id)
    rule = _application_terms(application).returned
    if rule is None:
        raise Refused("この申請は差し戻せません。内容は照会してください。", _clause(application))
    if not reason.strip():
        raise Refused("差し戻す理由と直してほしい項目を入力してください。", rule.clause)
    _turn(application, State.RETURNED, reason.strip(), now)
    application.reason = reason.strip()
    application.save(update_fields=["reason"])
    return application


def withdraw(*, application_id: int, reason: str, now: datetime) -> Application:
    """RC-GEN-08: the applicant takes the form back, as long as nobody has received it.

    A seller who withdraws a form that was sent says why: its customer reads it (MM-FLW-03).
    """
    application = _locked(application_id)
    rule = _application_terms(application).withdrawn
    if rule is None and application.state != State.DRAFT:
        raise Refused("送信した申請は取り下げられません。登録受付の窓口へご連絡ください。", _clause(application))
    if rule is not None and application.state != State.DRAFT and tenancy.current().is_seller and not reason.strip():
        raise Refused("取り下げる理由を入力してください。例: 入金がなく、お客様も取下げを希望", rule.clause)
    _turn(application, State.WITHDRAWN, reason.strip(), now)
    application.reason = reason.strip()
    application.save(update_fields=["reason"])
    return application


def begin_check(*, application_id: int, now: datetime) -> Application:
    """A clerk takes the card; what is typed so far counts as what the card says and stays."""
    application = _locked(application_id)
    if application.state != State.RECEIVED:
        raise _illegal(application, State.CHECKING)
    if not application.first_entries:
        application.first_entries = application.entries
        application.save(update_fields=["first_entries"])
    _turn(application, State.CHECKING, "", now)
    return application


def ask(*, application_id: int, question: str, message_id: int | None, now: datetime) -> Inquiry:
    """第2章 1.(2)⑨ (IX-REG-15): ask the card writer. The clock of the answer keeps running."""
    if not question.strip():
        raise Refused("照会の内容を入力してください。")
    application = _locked(application_id)
    if application.state != State.ASKING:
        _turn(application, State.ASKING, question.strip(), now)
    return Inquiry.objects.create(
        tenant_id=application.tenant_id,
        application=application,
        asked_at=now,
        asked_by=tenancy.current().label,
        question=question.strip(),
        message_id=message_id,
    )


def answer(*, inquiry_id: int, text: str, corrections: Entries, now: datetime) -> Inquiry:
    """IX-REG-15: the answer and the fields it corrects. The first words of the card stay in `first_entries`."""
    inquiry = Inquiry.objects.select_for_update().get(pk=inquiry_id)
    application = _locked(inquiry.application_id)
    if inquiry.answered_at is not None:
        raise Refused("この照会はすでに回答を受けています。")
    if not text.strip():
        raise Refused("回答の内容を入力してください。")
    kept, _ = screened(corrections, terms_of(application))
    inquiry.answer, inquiry.answered_at = text.strip(), now
    inquiry.changed = [name for name in kept if kept[name] != application.entries.get(name)]
    inquiry.save(update_fields=["answer", "answered_at", "changed"])
    if inquiry.changed:
        save(
            application_id=application.pk,
            based_on=application.version,
            entries={**application.entries, **kept},
            now=now,
        )
        application.refresh_from_db()
    if application.state == State.ASKING and not application.inquiries.filter(answered_at=None).exists():
        _turn(application, State.CHECKING, "照会の回答を受けました。", now)
    return inquiry


def resume(*, application_id: int, note: str, now: datetime) -> Application:
    """Go on without an answer, for instance because the clock runs out or the awaited card arrived."""
    application = _locked(application_id)
    _turn(application, State.CHECKING, note, now)
    return application


def attach(*, application_id: int, file_id: int, kind: str) -> ApplicationFile:
    """A file that came with the application (IX-REG-12, IX-REG-13)."""
    application = _locked(application_id)
    return ApplicationFile.objects.create(
        tenant_id=application.tenant_id, application=application, file_id=file_id, kind=kind
    )


def read_proof(*, attached_id: int, day: date, today: date) -> ApplicationFile:
    """第2章 1.(4) (IX-REG-13): the purchase date somebody read from the document, and who."""
    if day > today:
        raise Refused("書類の日付が未来になっています。書類を見直してください。")
    attached = ApplicationFile.objects.select_for_update().get(pk=attached_id, kind__in=ApplicationFile.PROOFS)
    attached.date_read, attached.read_by = day, tenancy.current().label
    attached.save(update_fields=["date_read", "read_by"])
    return attached


PAPER = "card"
"""The confirmation that stands for all others where the form came on paper."""
CONTACT = "contact"
"""The contact confirmed by the mailed link that the form is right (MM-FLW-02)."""


def consent(*, application: Application, person: str, items: Sequence[str], now: datetime, mandate: str = "") -> None:
    """IX-GEN-04, MM-DOC-09: who confirmed what, under which edition; one row an item, with its words and clauses.

    `mandate` says by what authority somebody confirmed for the customer (SP-REG-06).
    """
    Consent.objects.bulk_create(_consents(application, person, items, now, mandate))


def _consents(
    application: Application, person: str, items: Sequence[str], now: datetime, mandate: str
) -> Iterator[Consent]:
    terms = _application_terms(application)
    known = {one.id: (one.text, [one.clause, *one.also]) for one in terms.confirmation}
    known[PAPER] = (f"{terms.paper_name}の記入と送付による確認", [terms.clause])
    if terms.contact_confirms is not None:
        known[CONTACT] = ("申請の内容が正しいことを、メールのリンクから確認しました", [terms.contact_confirms.clause])
    for item in items:
        yield Consent(
            tenant_id=application.tenant_id,
            application=application,
            service=application.service,
            edition=application.edition,
            person=person,
            at=now,
            channel=application.channel,
            item=item,
            text=known[item][0],
            clauses=known[item][1],
            mandate=mandate,
        )


def assign_customer(*, application_id: int, tenant_id: int) -> Application:
    """It is now known whose card this is: everything that belongs to it becomes that customer's."""
    application = _locked(application_id)
    if application.tenant_id == tenant_id:
        return application
    if application.tenant_id is not None:
        raise Refused("この申請のお客様はすでに決まっています。")
    application.tenant_id = tenant_id
    application.save(update_fields=["tenant"])
    for related in (ApplicationEvent, ParkedEntries, ApplicationFile, Inquiry, ContactCheck, Refusal, Consent):
        related.objects.filter(application=application).update(tenant_id=tenant_id)
    for attached in application.files.select_related("file").filter(file__tenant=None):
        store.assign(file_id=attached.file_id, tenant_id=tenant_id)
    outbox.assign(about=application.number, tenant_id=tenant_id)
    return application


def hand_over(*, from_id: int, to_id: int) -> None:
    """Two entries of one customer turned out to be the same: what was applied for under one becomes the other's."""
    for kept in (
        Application,
        ApplicationEvent,
        ParkedEntries,
        ApplicationFile,
        Inquiry,
        ContactCheck,
        Refusal,
        Consent,
    ):
        kept.objects.filter(tenant_id=from_id).update(tenant_id=to_id)
    store.hand_over(from_id=from_id, to_id=to_id)
    outbox.hand_over(from_id=from_id, to_id=to_id)


def require_next(application: Application, state: State) -> None:
    """Refuse at once what may not become `state`: of two people who decide, the second reads that it is decided."""
    if state not in _NEXT.get(State(application.state), set()):
        raise _illegal(application, state)


def complete(*, application_id: int, note: str, now: datetime) -> Application:
    """第4章 1.(2): the completion notice is sent. Its licence is used."""
    return _decide(application_id, State.COMPLETED, note, Licence.State.USED, now)


def lapse(*, application_id: int, reason: str, now: datetime) -> Application:
    """第2章 1.(1) (IX-REG-09): late, and therefore not served; the price is not returned."""
    if not reason.strip():
        raise Refused("対象外とする理由を入力してください。")
    return _decide(application_id, State.LAPSED, reason.strip(), Licence.State.LAPSED, now)


def propose_refusal(*, application_id: int, reason: str, clause: str, by_post: bool, now: datetime) -> Refusal:
    """第4章 1.(3) (IX-REG-05): a named person refuses with a reason; after the last day a second one must agree."""
    application = _locked(application_id)
    if not reason.strip():
        clause = refusal_clause(application)
        raise Refused("承諾を拒む理由を入力してください。理由のない拒絶はできません。", clause)
    if application.state != State.CHECKING:
        raise _illegal(application, State.REFUSED)
    if Refusal.objects.filter(application=application, withdrawn_at=None).exists():
        raise Refused("この申請の拒絶はすでに起票されています。")
    return Refusal.objects.create(
        tenant_id=application.tenant_id,
        application=application,
        reason=reason.strip(),
        clause=clause or refusal_clause(application),
        by_post=by_post,
        proposed_by_id=tenancy.current().user_id,
        proposed_at=now,
        late=application.answer_by is not None and now.date() > application.answer_by,
    )


def withdraw_refusal(*, refusal_id: int, reason: str, now: datetime) -> Refusal:
    """The second person does not agree, with a reason; the proposal stays in the records."""
    if not reason.strip():
        raise Refused("取り下げる理由を入力してください。")
    refusal = Refusal.objects.select_for_update().get(pk=refusal_id, sent_at=None)
    refusal.withdrawn_at = now
    refusal.save(update_fields=["withdrawn_at"])
    _event(_locked(refusal.application_id), f"承諾拒絶の起票を取り下げました。{reason.strip()}", now)
    return refusal


def approve_refusal(*, refusal_id: int) -> Refusal:
    """IX-REG-05 (ours): the second person agrees to a late refusal."""
    refusal = Refusal.objects.select_for_update().get(pk=refusal_id)
    user_id = tenancy.current().user_id
    if user_id is None or user_id == refusal.proposed_by_id:
        raise Refused("期限を過ぎた拒絶には、起票した人とは別の人の承認が必要です。", refusal.clause)
    refusal.approved_by_id = user_id
    refusal.save(update_fields=["approved_by"])
    return refusal


def send_refusal(*, refusal_id: int, notice_id: int | None, now: datetime) -> Application:
    """The refusal notice leaves, by post where it is no message.

    From here on the licence cannot be registered, because its price goes back.
    """
    refusal = Refusal.objects.select_for_update().get(pk=refusal_id)
    refusal.notice_id, refusal.sent_at = notice_id, now
    refusal.save(update_fields=["notice", "sent_at"])
    return _decide(refusal.application_id, State.REFUSED, refusal.reason, Licence.State.REFUSED, now)


def report_refund(*, refusal_id: int, day: date, proof_shown: bool, today: date) -> Refusal:
    """第4章 1.(3) (IX-REG-06): the customer or the seller reports the refund; without a proof it stays incomplete."""
    if day > today:
        raise Refused("返金の日付が未来になっています。")
    refusal = Refusal.objects.select_for_update().select_related("application").get(pk=refusal_id)
    if refusal.sent_at is None:
        raise Refused("承諾拒絶の通知がないため、返金はありません。", refusal.clause)
    refusal.refund_reported_on, refusal.refund_proof = day, proof_shown
    refusal.save(update_fields=["refund_reported_on", "refund_proof"])
    if proof_shown:
        Licence.objects.filter(pk=refusal.application.licence_id).update(state=Licence.State.REFUNDED)
    return refusal


def note(*, application_id: int, text: str, now: datetime) -> None:
    """Something that happened without a change of state, for the history of the application."""
    _event(_locked(application_id), text, now)


def terms_of(application: Application) -> catalog.Edition:
    """The edition under which somebody applies."""
    return catalog.edition(application.service, application.edition)


def refusal_clause(application: Application) -> str:
    """By which clause the provider may refuse; empty where the terms do not say it."""
    terms = terms_of(application).registration
    return terms.refusal.clause if terms else ""


def _application_terms(application: Application) -> catalog.ApplicationTerms:
    terms = terms_of(application).application
    assert terms is not None
    return terms


def _clause(application: Application) -> str:
    return _application_terms(application).clause


def _taken_in_by(application: Application) -> str:
    return _application_terms(application).taken_in_by


def _create(
    *,
    service: str,
    edition: str,
    tenant_id: int | None,
    channel: str,
    entries: Entries,
    now: datetime,
    reseller_id: int | None = None,
) -> Application:
    terms = catalog.edition(service, edition)
    kept, _ = screened(entries, terms)
    [number] = _next_numbers(1)
    application = Application.objects.create(
        tenant_id=tenant_id,
        reseller_id=reseller_id,
        number=number,
        receipt=number,
        service=service,
        edition=edition,
        channel=channel,
        entries=kept,
        licence=_licence_of(kept, terms),
        created_by_id=tenancy.current().user_id,
        created_at=now,
        updated_at=now,
    )
    _event(application, "", now)
    return application


def _further(first: Application, now: datetime) -> Application:
    """One more machine of the same form: an application of its own from now on."""
    [number] = _next_numbers(1)
    further = Application.objects.create(
        tenant_id=first.tenant_id,
        reseller_id=first.reseller_id,
        number=number,
        receipt=first.receipt,
        service=first.service,
        edition=first.edition,
        channel=first.channel,
        created_by_id=first.created_by_id,
        created_at=first.created_at,
        updated_at=now,
    )
    _event(further, f"受付番号 {first.receipt} の申請から分かれました。", now)
    return further


def _next_numbers(many: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('contracts_number') FROM generate_series(1, %s)", [many])
        return [f"AP{number:07d}" for (number,) in cursor.fetchall()]


def _licence_of(entries: Entries, terms: catalog.Edition) -> Licence | None:
    return licence_of_card(form.entry_of(entries, terms, "licence.serial"))


def _own_part(application: Application, entries: Entries) -> Entries:
    """What the actor may fill of `entries`; the fields of others as they stand."""
    actor = tenancy.current()
    allowed = {"applicant", "seller", "provider"} if actor.is_staff else {"applicant"}
    if actor.is_seller:
        allowed = {"applicant", "seller"}
    foreign = {at.name for at in terms_of(application).card_field if at.by not in allowed}
    kept = {name: value for name, value in application.entries.items() if name in foreign}
    return {name: value for name, value in entries.items() if name not in foreign} | kept


def _receive(
    application: Application, received_at: datetime, answer_by: date | None, now: datetime, note: str = ""
) -> None:
    application.received_at, application.answer_by = received_at, answer_by
    application.save(update_fields=["received_at", "answer_by"])
    _turn(application, State.RECEIVED, note, now)


def _decide(application_id: int, state: State, reason: str, licence_state: str, now: datetime) -> Application:
    application = _locked(application_id)
    _turn(application, state, reason, now)
    application.decided_at, application.decided_by, application.reason = now, tenancy.current().label, reason
    application.save(update_fields=["decided_at", "decided_by", "reason"])
    if application.licence_id:
        Licence.objects.filter(pk=application.licence_id).update(state=licence_state)
    return application


def _turn(application: Application, state: State, text: str, now: datetime) -> None:
    require_next(application, state)
    application.state, application.updated_at = state, now
    application.save(update_fields=["state", "updated_at"])
    _event(application, text, now)


def _illegal(application: Application, state: State) -> Refused:
    named = state_name(application.service, application.edition, state)
    if application.state == state:
        return Refused(f"この申請は、すでに「{named}」です。", _clause(application))
    return Refused(f"「{application.get_state_display()}」の申請を「{named}」にはできません。", _clause(application))


def _event(application: Application, text: str, now: datetime) -> None:
    _event_of(application, text, now).save()


def _event_of(application: Application, text: str, now: datetime) -> ApplicationEvent:
    actor = tenancy.current()
    return ApplicationEvent(
        tenant_id=application.tenant_id,
        application=application,
        at=now,
        actor=actor.label,
        role="、".join(role.label for role in Role if role in actor.roles),
        state=application.state,
        note=text,
    )


def _writable() -> dict[State, bool]:
    """Until it is sent a form is the applicant's; then the seller's who checks it; then the registration centre's."""
    actor = tenancy.current()
    return {
        **dict.fromkeys(_WITH_APPLICANT, not actor.is_staff),
        State.SUBMITTED: actor.is_seller or actor.is_staff,
        **dict.fromkeys(_OPEN, actor.is_staff),
    }


def _require_writer(application: Application) -> None:
    may = _writable()
    if application.state not in may:
        raise Refused(f"「{application.get_state_display()}」の申請の記入は変えられません。")
    if not may[State(application.state)]:
        raise Refused("この申請の記入は、今は変えられません。")


def _park(typed: Iterable[tuple[Application, int, Entries]], now: datetime) -> list[ParkedEntries]:
    """Keep beside each application what this person typed into an older version of it."""
    return ParkedEntries.objects.bulk_create(
        [
            ParkedEntries(
                tenant_id=application.tenant_id,
                application=application,
                user_id=tenancy.current().user_id,
                based_on=based_on,
                entries=dict(entries),
                at=now,
            )
            for application, based_on, entries in typed
        ],
        update_conflicts=True,
        unique_fields=["application", "user"],
        update_fields=["based_on", "entries", "at"],
    )


def _unpark(application: Application) -> None:
    ParkedEntries.objects.filter(application=application, user_id=tenancy.current().user_id).delete()


def _locked(application_id: int) -> Application:
    """The application in sight, locked. Raises Application.DoesNotExist, for a foreign one as for none."""
    return of_the_seller(Application.objects.select_for_update()).get(pk=application_id)


def _locked_together(application_id: int) -> dict[int, Application]:
    """All applications of its receipt in sight, locked in their order, by id. Raises Application.DoesNotExist."""
    receipt = of_the_seller(Application.objects.all()).values_list("receipt", flat=True).get(pk=application_id)
    found = of_the_seller(Application.objects.select_for_update()).filter(receipt=receipt).order_by("id")
    return {one.pk: one for one in found}
