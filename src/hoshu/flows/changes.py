"""From the wish to the change notice: the steps of a change that touch decisions, mail and the customer's own name.

Each step is one transaction. What the rules do not allow raises `Refused` and leaves everything as it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from hoshu import catalog, clock
from hoshu.accounts import organisations
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts import Refused, changes, closings, queries, shared_changes
from hoshu.contracts.form import WEEKDAY_NAMES, Entries, Fault
from hoshu.contracts.proposal import FURTHER, TRANSFER, Part, Proposal, Standing, part_of, propose
from hoshu.dates import said
from hoshu.decisions import record
from hoshu.flows import joining
from hoshu.flows.registration_notices import addressee_of, completion_of, day_of
from hoshu.japan.names import folded
from hoshu.japan.phones import digits
from hoshu.notifications import issuing, outbox

BLANK_LINES = 3
"""Lines of a printed change form for options that are added."""


@dataclass(kw_only=True)
class Together:
    """What became, or would become, of the requests of one form."""

    applied: list[Any] = field(default_factory=list)
    left_out: list[tuple[Any, Refused]] = field(default_factory=list)
    """With why."""
    by_person: bool = False
    """Is something among it that a person decides, and says why?"""


class Incomplete(Refused):
    """A request that cannot be sent yet; everything typed is kept."""

    def __init__(self, message: str, faults: Sequence[Fault], clause: str = "") -> None:
        super().__init__(message, clause)
        self.faults = faults


# ---- asking


@transaction.atomic
def start(*, agreement_id: int, channel: str, asked_by: str, now: datetime, received_on: date | None = None) -> Any:
    """Begin a request: the customer on the web, or the desk for a card or a caller."""
    return changes.start(
        agreement_id=agreement_id, channel=channel, asked_by=asked_by, received_on=received_on, now=now
    )


@transaction.atomic
def save(*, request_id: int, based_on: int, entries: Entries, said: Mapping[str, Any], now: datetime) -> changes.Saved:
    """Keep what was typed so far; see `changes.save`."""
    return changes.save(request_id=request_id, based_on=based_on, entries=entries, said=said, now=now)


@transaction.atomic
def submit(*, request_id: int, partly: bool, now: datetime) -> Any:
    """MM-CHG-01: hand the request in. What nothing of is possible is refused at once, with its clause (IX-CHG-04).

    A form about several agreements (IX-CHGF-04) becomes a request for each that it changes, all at once or none.
    `partly` says that what is possible shall be done although the rest is not (MM-CHG-02). Raises Incomplete, and
    Refused where the records of the agreement are only read any more.
    """
    request = queries.change_requests().get(pk=request_id)
    closings.require_writable(request.agreement, now)
    proposal = changes.proposed(request_id=request_id, now=now)
    reached = shared_changes.others(request, now=now)
    others = [other for other in reached if other.proposal.parts]
    if not proposal.parts:
        clause = proposal.edition.application.clause if proposal.edition.application else ""
        raise Incomplete("変わるところがありません。変える欄を書き直してください。", proposal.blocking, clause)
    if proposal.blocking:
        first = proposal.blocking[0]
        raise Incomplete("まだ提出できません。足りないところを確かめてください。", proposal.blocking, first.clause)
    _require_sound(shared_changes.lost(request, reached), others)
    refused = [part for one in (proposal, *(other.proposal for other in others)) for part in one.refused]
    some = proposal.possible or any(other.proposal.possible for other in others)
    if refused and some and not partly:
        text = "受けられない変更が含まれています。除いて申請するときは、その印を付けてください。"
        asked = [(request.agreement, proposal), *((other.agreement, other.proposal) for other in others)]
        named = [
            _fault(agreement, f"{part.name}: {part.says}", part.clause)
            for agreement, one in asked
            for part in one.refused
        ]
        raise Incomplete(text, named if others else (), refused[0].clause)
    if others:
        changes.split(request_id=request_id, others=[other.request for other in others], now=now)
    for other in others:
        _hand_in(other.request.pk, other.proposal, partly, now)
    return _hand_in(request_id, proposal, partly, now)


def _hand_in(request_id: int, proposal: Proposal, partly: bool, now: datetime) -> Any:
    if not proposal.possible:
        return _refuse(request_id, proposal, now)
    return changes.submit(request_id=request_id, proposal=proposal, partly=partly, now=now)


def _require_sound(lost: Sequence[str], others: Sequence[shared_changes.Other]) -> None:
    """Each further agreement still runs, and what is typed suits what is registered for it. Raises Incomplete."""
    if lost:
        text = f"一緒に変えられない契約に印が付いています（{'、'.join(lost)}）。印を外してください。"
        raise Incomplete(text, ())
    faults = [
        _fault(other.agreement, f"{fault.label}: {fault.message}", fault.clause)
        for other in others
        for fault in other.proposal.blocking
    ]
    if faults:
        text = "ほかの契約で、足りないところがあります。印を外すか、入力を直してください。"
        raise Incomplete(text, faults, faults[0].clause)


def _fault(agreement: Any, message: str, clause: str) -> Fault:
    """Something about one agreement of several, under its number."""
    label = f"契約 {agreement.number}"
    return Fault(field="also", number="", label=label, message=message, clause=clause, example="", kind="wrong")


def _refuse(request_id: int, proposal: Proposal, now: datetime) -> Any:
    reason = "\n".join(f"{part.name}: {part.says}" for part in proposal.refused)
    request = changes.refuse(
        request_id=request_id, reason=reason, clause=proposal.refused[0].clause, proposal=proposal, now=now
    )
    _record(request, proposal.refused, "変更の辞退", now)
    return request


@transaction.atomic
def withdraw(*, request_id: int, reason: str, now: datetime) -> Any:
    """Whoever asked takes the request back."""
    return changes.withdraw(request_id=request_id, reason=reason, now=now)


# ---- deciding


@transaction.atomic
def begin_check(*, request_id: int, now: datetime) -> Any:
    """Somebody at the desk takes it."""
    return changes.begin_check(request_id=request_id, now=now)


@transaction.atomic
def send_back(*, request_id: int, reason: str, now: datetime) -> Any:
    """MM-CHG-01: back to the customer, who is told what to correct."""
    asked = changes.proposed(request_id=request_id, now=now).parts
    if (part := part_of(asked, FURTHER)) is not None:
        raise Refused("機器の追加は差し戻せません。お客様に確かめて、追加するか、お断りしてください。", part.clause)
    request = changes.send_back(request_id=request_id, reason=reason, now=now)
    tell(
        request,
        "registration.inquiry",
        {
            "application_number": request.number,
            "received_on": request.received_on,
            "numbers": ((queries.number_name(request.agreement), request.agreement.number),),
            "questions": tuple(filter(None, map(str.strip, reason.splitlines()))),
        },
        now,
    )
    return request


@transaction.atomic
def refuse(*, request_id: int, reason: str, clause: str, now: datetime) -> Any:
    """OR-44: a person refuses the change, with a reason and its clause; the customer is told."""
    proposal = changes.proposed(request_id=request_id, now=now)
    request = changes.refuse(request_id=request_id, reason=reason, clause=clause, proposal=proposal, now=now)
    _record(request, proposal.parts, "変更の辞退", now)
    tell(
        request,
        "change.refused",
        {
            "request_number": request.number,
            "number_name": queries.number_name(request.agreement),
            "service_number": request.agreement.number,
            "reason": request.reason,
            "clauses": (clause,) if clause else (),
        },
        now,
    )
    return request


@transaction.atomic
def apply(*, request_id: int, note: str, now: datetime) -> Any:
    """IX-CHG-08: the change is done: a revision, the decisions, the notice to the contact as it is then.

    What the terms leave to a person needs `note`, the reason. What they refuse is left out where the customer agreed
    to that; else nothing is done (MM-CHG-02).
    """
    changes.hold(request_id=request_id)
    request = queries.change_requests().get(pk=request_id)
    proposal = applicable(request, changes.proposed(request_id=request_id, now=now), now=now)
    parts = proposal.possible
    if by_person(proposal) and not note.strip():
        raise Refused("担当者が判断する変更が含まれています。反映する理由を入力してください。")
    former = queries.contact_of(request.agreement, day_of(now)).email
    made = changes.apply(request_id=request_id, proposal=proposal, note=note, now=now)
    request.refresh_from_db()
    _record(request, parts, "登録内容の変更", now)
    notice = _send_notice(request, made, parts, former, now)
    changes.notified(revisions=made, notice_id=notice.pk)
    carry_over(now=now, request_id=request_id)
    return request


@transaction.atomic
def apply_together(*, request_id: int, note: str, now: datetime) -> Together:
    """IX-CHGF-04: whatever can be applied of a form about several agreements, in one step.

    Each request is applied as by itself (see `apply`), with a revision and a notice of its own. One that is refused
    stays as it was, and holds none of the others up. Who takes this step has looked at all of them.
    """
    found = Together()
    for request in shared_changes.open_with(queries.change_requests().get(pk=request_id)):
        try:
            with transaction.atomic():
                if request.state == request.State.SUBMITTED:
                    changes.begin_check(request_id=request.pk, now=now)
                found.applied.append(apply(request_id=request.pk, note=note, now=now))
        except (Refused, outbox.Refused) as refused:
            clause = getattr(refused, "clause", "")
            found.left_out.append((request, Refused(refused.message, clause)))
    return found


def together(*, request: Any, now: datetime) -> Together:
    """What `apply_together` would come to: nothing is done. A reason for what a person decides is not looked at."""
    found = Together()
    for other in shared_changes.to_decide(request, now=now):
        try:
            proposal = applicable(other.request, other.proposal, now=now, standing=other.standing)
        except Refused as refused:
            found.left_out.append((other.request, refused))
        else:
            found.applied.append(other.request)
            found.by_person |= by_person(proposal)
    return found


def applicable(request: Any, whole: Proposal, *, now: datetime, standing: Standing | None = None) -> Proposal:
    """What is done of a request: all, or what is possible where the customer agreed to that. Raises Refused."""
    if whole.refused and not request.partly:
        raise Refused(
            "受けられない変更が含まれています。差し戻して、除くかをお客様に確かめてください。", whole.refused[0].clause
        )
    possible = {part.kind for part in whole.possible}
    proposal = propose(request, now=now, only=possible, standing=standing) if whole.refused else whole
    parts = proposal.possible
    if not any(part.lines for part in parts):
        raise Refused("今の登録と同じ内容のため、反映するものがありません。")
    if (part := part_of(parts, TRANSFER)) is not None:
        raise Refused("契約者の変更は「契約者を替える」から反映してください。承諾の書面が要ります。", part.clause)
    if (part := part_of(parts, FURTHER)) is not None:
        raise Refused("機器の追加は「追加する」から手配してください。", part.clause)
    if proposal.blocking:
        raise Refused("".join(fault.message for fault in proposal.blocking), proposal.blocking[0].clause)
    return proposal


def by_person(proposal: Proposal) -> bool:
    """Do the terms leave something of it to a person?"""
    return any(part.allowed is None for part in proposal.possible)


def _record(request: Any, parts: Sequence[Part], act: str, now: datetime) -> None:
    for part in parts:
        if part.answer is not None:
            record.record(
                answer=part.answer, act=act, about=request.agreement.number, tenant_id=request.tenant_id, now=now
            )


def _send_notice(request: Any, made: Sequence[Any], parts: Sequence[Part], former: str, now: datetime) -> Any:
    """登録完了のお知らせ（変更）, to the contact as changed, and to the former one as a safeguard (OR-44)."""
    revision = queries.revisions_of(request.agreement).get(pk=made[0].pk)
    contact = next(party for party in revision.parties.all() if party.kind == "contact")
    cited = [reason["clause"] for part in parts if part.answer for reason in part.answer.reasons]
    context = {
        **completion_of(revision),
        "heading": "",
        "effective_on": revision.effective_on,
        "changes": tuple(
            f"{line.label}: {line.before or 'なし'} → {line.after or 'なし'}" for part in parts for line in part.lines
        ),
        "clauses": tuple(dict.fromkeys([*cited, *(part.clause for part in parts if part.clause)])),
    }
    notice = _put(request, "registration.changed", contact.email, context, now, letter="change")
    if former and former.lower() != contact.email.lower():
        _put(request, "registration.changed", former, context, now)
    return notice


def tell(request: Any, message: str, context: Mapping[str, Any], now: datetime) -> None:
    """Write to the contact of today. Who left no address is called instead: the page shows the request."""
    contact = queries.contact_of(request.agreement, day_of(now))
    if contact.email:
        _put(request, message, contact.email, {"addressee": addressee_of(contact), **context}, now)


def _put(
    request: Any, message: str, to: str, context: Mapping[str, Any], now: datetime, letter: str | None = None
) -> Any:
    sent = outbox.put(
        tenant_id=request.tenant_id,
        message=message,
        to=to,
        context=context,
        letter=letter,
        about=request.agreement.number,
        edition=catalog.edition(request.agreement.service, request.agreement.edition),
        now=now,
    )
    if sent.letter and sent.letter.missing:
        raise Refused(
            f"お知らせに印字できない文字があります: {outbox.described(sent.letter.missing)}。別の字に直してください。"
        )
    return sent


# ---- the day of the change


@transaction.atomic
def carry_over(*, now: datetime, request_id: int | None = None) -> int:
    """On the day of its change the customer's own name, telephone and login follow (MM-CHG-02); how many requests did.

    What has revisions needs no job: a page asks for the revision of its day.
    """
    due = queries.changes_to_carry_over(day_of(now))
    if request_id is not None:
        due = due.filter(pk=request_id)
    done = 0
    for request in due:
        _follow(request, now)
        changes.carried_over(request_id=request.pk, now=now)
        done += 1
    return done


@app.periodic(cron="1 15 * * *")  # UTC
@app.task(name="carry_changes_over")
def carry_changes_over(timestamp: int) -> None:
    """Just after midnight in Japan: what changes today."""
    with act_as(SYSTEM):
        carry_over(now=clock.now())


def _follow(request: Any, now: datetime) -> None:
    before = {party.kind: party for party in request.based_on.parties.all()}.get("contact")
    after = {party.kind: party for party in request.revision.parties.all()}.get("contact")
    customer = organisations.get(request.tenant_id)
    if before is None or after is None or customer is None:
        return
    renamed = before.company != after.company and after.company
    # The number by which the firm is known follows only where it was this contact's.
    moved = before.phone_digits != after.phone_digits and digits(customer.phone) == before.phone_digits
    if renamed or moved:
        organisations.change(
            organisation_id=customer.pk,
            name=after.company if renamed else customer.name,
            kana="" if renamed else customer.kana,
            phone=after.phone if moved else customer.phone,
        )
    # Another name is another person, who gets nobody's login by it.
    if before.email.lower() != after.email.lower() and folded(before.name) == folded(after.name):
        joining.follow_address(organisation_id=customer.pk, former=before.email, email=after.email, now=now)


# ---- the change form


def change_form(*, agreement: Any, now: datetime) -> dict[str, Any]:
    """IX-CHG-06, IX-CHGF-00…05: the change form with what is registered printed, for the letter `change_form`."""
    edition = changes.edition_of(agreement, now)
    revision = queries.revision_on(agreement, day_of(now))
    printed = {
        "service_number": (
            ("サービス手配番号", agreement.number),
            ("サポート満了日", said(agreement.ends_on) if agreement.ends_on else "定めなし"),
            ("版数", str(revision.number)),
        ),
        "registered_options": tuple((line["name"], f"{line['quantity']}個") for line in revision.options)
        or (("登録済みオプション品", "なし"),),
        "start_weekday": (("今の登録", f"{WEEKDAY_NAMES[revision.start_weekday]}曜日"), ("変更後", "　曜日"))
        if revision.start_weekday
        else (("開始基準曜日", "週7日のため変更できません"),),
        "option_lines": tuple(
            [(f"{line['name']}（登録 {line['quantity']}個）", "□ 変更する　変更後の数量:") for line in revision.options]
            + [("追加する品名と数量", "　")] * BLANK_LINES
        ),
        "contacts": tuple(
            (label, "　")
            for label in (
                "ご連絡先のお名前",
                "ご連絡先のメール",
                "設置場所の住所",
                "設置場所のご担当者",
                "ご記入者のお名前",
            )
        ),
    }
    sections = [
        (f"{at.number} {at.label}".strip(), printed.get(at.name, ((at.label, "　"),))) for at in edition.change_field
    ]
    return {
        "reference": agreement.number,
        "sections": tuple(sections),
        "notes": tuple(dict.fromkeys(at.hint for at in edition.change_field)),
    }


def change_form_pdf(*, agreement: Any, now: datetime) -> bytes:
    """The change form as PDF. Raises Refused where the service has none; notifications.Refused."""
    _require_form(agreement, now)
    return issuing.typeset(name="change_form", data=change_form(agreement=agreement, now=now), now=now)


@transaction.atomic
def send_form(*, number: str, to: str, now: datetime) -> Any:
    """IX-CHG-06: mail the change form to who asked for it by the number of a notice. Raises Refused.

    An unknown number is refused with its clause; whoever typed it keeps it.
    """
    agreement = queries.agreements().filter(number=number.strip().upper()).first()
    if agreement is None:
        raise Refused(
            f"「{number.strip()}」のサービス手配番号は見つかりません。最新のお知らせにある番号を確かめてください。",
            changes.form_clause(),
        )
    _require_form(agreement, now)
    contact = queries.contact_of(agreement, day_of(now))
    revision = queries.revision_on(agreement, day_of(now))
    return outbox.put(
        tenant_id=agreement.tenant_id,
        message="change.form",
        to=to.strip() or contact.email,
        context={
            "addressee": addressee_of(contact),
            "service_number": agreement.number,
            "ends_on": agreement.ends_on,
            "revision": revision.number,
            "clauses": (changes.edition_of(agreement, now).change_field[0].clause,),
        },
        letter="change_form",
        letter_data=change_form(agreement=agreement, now=now),
        about=agreement.number,
        edition=catalog.edition(agreement.service, agreement.edition),
        now=now,
    )


def _require_form(agreement: Any, now: datetime) -> None:
    if not changes.edition_of(agreement, now).change_field:
        raise Refused("このサービスに変更カードはありません。画面か窓口で変更を承ります。")
