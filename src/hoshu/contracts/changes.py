"""変更の申請: each step that may be taken with a change request, and the revision that it makes (IX-CHG-08, MM-CHG-01).

Every step locks the request, leaves an event, and raises Refused where the state does not allow it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from hoshu import catalog
from hoshu.accounts import tenancy
from hoshu.contracts import Refused, closings, consents, endings, queries
from hoshu.contracts.form import Entries, screened
from hoshu.contracts.models import Agreement, ChangeEvent, ChangeRequest, Party, Revision
from hoshu.contracts.proposal import Proposal, party_parts, propose, registered
from hoshu.dates import JST
from hoshu.files import personal_numbers
from hoshu.japan.phones import digits

State = ChangeRequest.State

_NEXT = {
    State.DRAFT: {State.SUBMITTED, State.WITHDRAWN, State.REFUSED},
    State.SUBMITTED: {State.CHECKING, State.RETURNED, State.WITHDRAWN, State.REFUSED},
    State.CHECKING: {State.APPLIED, State.RETURNED, State.WITHDRAWN, State.REFUSED},
    State.RETURNED: {State.SUBMITTED, State.WITHDRAWN, State.REFUSED},
}
"""MM-CHG-01: which state may follow which. What is applied, withdrawn or refused stays as it is."""
_SAID = (
    "effective",
    "entered",
    "new_legal_entity",
    "wishes",
    "note",
    "new_customer",
    "consent_on",
    "consent_written",
    "by_law",
    "also",
    "further_machines",
    "further_place",
    "further_why",
)
"""What may be said about a change besides its fields."""
LONGEST = 500
"""Characters of what is said freely."""


@dataclass(frozen=True)
class Saved:
    """What became of a save. With `parked`, somebody had saved a newer version: nothing was overwritten."""

    request: ChangeRequest
    masked: list[str]
    parked: bool = False


def start(
    *,
    agreement_id: int,
    channel: str,
    asked_by: str,
    now: datetime,
    received_on: date | None = None,
    goes_on: bool = True,
) -> ChangeRequest:
    """Begin to write down what is to be changed. `received_on`: when a card or call arrived; on the web, when sent.

    A person who has begun one for this agreement goes on with it, unless not `goes_on`. Raises Refused where the
    agreement is over.
    """
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    today = now.astimezone(JST).date()
    closings.require_writable(agreement, now)
    if agreement.state in endings.ENDED or (agreement.ends_on and agreement.ends_on < today):
        raise Refused("この契約は終わっているため、変更を申請できません。")
    if received_on and received_on > today:
        raise Refused("届いた日が未来になっています。届いた日を確かめてください。")
    actor = tenancy.current()
    begun = agreement.change_requests.filter(state=State.DRAFT, channel=channel, created_by_id=actor.user_id).first()
    if goes_on and begun is not None and channel == ChangeRequest.Channel.PORTAL:
        return begun
    return _begin(
        ChangeRequest(
            tenant_id=agreement.tenant_id,
            agreement=agreement,
            based_on=queries.revision_on(agreement, today),
            channel=channel,
            asked_by=asked_by.strip()[:80],
            received_on=received_on,
            created_by_id=actor.user_id,
        ),
        now,
    )


def _begin(request: ChangeRequest, now: datetime) -> ChangeRequest:
    request.number = f"CH{next_of('contracts_change_number'):07d}"
    request.created_at = request.updated_at = now
    request.save()
    _event(request, "", now)
    return request


def split(*, request_id: int, others: Sequence[ChangeRequest], now: datetime) -> list[ChangeRequest]:
    """IX-CHGF-04: what was typed once becomes a request of its own for each further agreement, under one receipt.

    `others` as `shared_changes.others` made them. To be called in the transaction that hands them in.
    """
    first = _locked(request_id)
    first.receipt = first.number
    first.save(update_fields=["receipt"])
    for other in others:
        other.receipt = first.number
        _begin(other, now)
    return list(others)


def save(*, request_id: int, based_on: int, entries: Entries, said: Mapping[str, Any], now: datetime) -> Saved:
    """Keep what was typed into version `based_on`. Over a newer version it is parked beside it, never over it."""
    request = _locked(request_id)
    _require_writer(request)
    closings.require_writable(request.agreement, now)
    edition = edition_of(request.agreement, now)
    kept, masked = screened(entries, edition)
    known = {name: _short(value) for name, value in said.items() if name in _SAID and value not in ("", [], False)}
    for name in ("note", "new_customer", "further_place", "further_why"):
        if personal_numbers.find(str(known.get(name, ""))):
            known[name] = personal_numbers.masked(known[name])
            masked.append("ご連絡事項")
    person = str(tenancy.current().user_id)
    if (kept, known) != (request.entries, request.said):
        if based_on != request.version:
            request.parked = {**request.parked, person: {"entries": kept, "said": known}}
            request.save(update_fields=["parked"])
            return Saved(request, masked, parked=True)
        request.entries, request.said = kept, known
        request.version += 1
    request.parked = {who: typed for who, typed in request.parked.items() if who != person}
    request.updated_at = now
    request.save(update_fields=["entries", "said", "version", "parked", "updated_at"])
    return Saved(request, masked)


def submit(*, request_id: int, proposal: Proposal, partly: bool, now: datetime) -> ChangeRequest:
    """MM-CHG-01: hand in what was proposed; the day it arrives counts for its notice (IX-CHG-01)."""
    request = _locked(request_id)
    _store(request, proposal, now)
    request.partly, request.submitted_at = partly, now
    request.save()
    _turn(request, State.SUBMITTED, "", now)
    return request


def begin_check(*, request_id: int, now: datetime) -> ChangeRequest:
    """Somebody at the desk takes it."""
    request = _locked(request_id)
    _turn(request, State.CHECKING, "", now)
    return request


def hold(*, request_id: int) -> ChangeRequest:
    """The request and its agreement, locked before anybody asks what it comes to. Raises Refused once it is decided.

    Of two people who decide at the same moment, the second waits and reads what was decided; two changes of one
    agreement follow each other, each on what the other left.
    """
    request = _locked(request_id)
    if request.state not in queries.OPEN_CHANGES:
        text = f"この申請は「{request.get_state_display()}」です。画面を開き直して確かめてください。"
        raise Refused(text, request.clause)
    Agreement.objects.select_for_update().get(pk=request.agreement_id)
    return request


def send_back(*, request_id: int, reason: str, now: datetime) -> ChangeRequest:
    """MM-CHG-01: back to who asked, who corrects it. Raises Refused without a reason."""
    return _decide(request_id, State.RETURNED, reason, "", now)


def withdraw(*, request_id: int, reason: str, now: datetime) -> ChangeRequest:
    """Whoever asked takes it back. It raises no revision (OR-44)."""
    request = _locked(request_id)
    _turn(request, State.WITHDRAWN, reason.strip(), now)
    return request


def refuse(
    *, request_id: int, reason: str, clause: str, now: datetime, proposal: Proposal | None = None
) -> ChangeRequest:
    """OR-44: what cannot be changed is refused with its reason and clause; it stays on record, with what was asked."""
    if proposal is not None:
        request = _locked(request_id)
        _store(request, proposal, now)
        request.submitted_at = request.submitted_at or now
        request.save()
    return _decide(request_id, State.REFUSED, reason, clause, now)


def apply(*, request_id: int, proposal: Proposal, note: str, now: datetime) -> list[Revision]:
    """IX-CHG-08: the change becomes a revision, and one more for each that is planned for a later day.

    `proposal` holds only what is to be done. It is in force from the day that was asked for, at the earliest from
    today (IX-CHG-02). The first revision of the answer is the one of that day.
    """
    request = _locked(request_id)
    agreement = Agreement.objects.select_for_update().get(pk=request.agreement_id)
    today = now.astimezone(JST).date()
    day = max(proposal.effective or today, today)
    planned = [
        one for one in queries.revisions_of(agreement).order_by("effective_on", "number") if one.effective_on > day
    ]
    last_of_day = {one.effective_on: one for one in planned}
    made = [_revise(agreement, proposal, proposal.revision, day)]
    # What was planned before for a later day holds this change, too, from that day on.
    made += [_revise(agreement, proposal, one, since) for since, one in sorted(last_of_day.items())]
    request.revision = made[0]
    _applied(request, proposal, note.strip(), now)
    return made


def passed_on(
    *, request_id: int, proposal: Proposal, became: str, consent_id: int, note: str, now: datetime
) -> ChangeRequest:
    """IX-ASG-01: another customer goes on, under the number `became`; the provider's consent in writing is kept."""
    request = _locked(request_id)
    request.became, request.consent_id = became, consent_id
    _applied(request, proposal, note.strip(), now)
    return request


def added(*, request_id: int, proposal: Proposal, first: Revision, numbers: Sequence[str], now: datetime) -> None:
    """MM-SUP-04: further machines were asked for; `numbers` are their agreements, `first` the revision of the first.

    What is registered for the agreement itself stays, so nothing is to be carried over.
    """
    request = _locked(request_id)
    request.revision, request.carried_over_at = first, now
    _applied(request, proposal, f"{'、'.join(numbers)} を追加しました。", now)


def _applied(request: ChangeRequest, proposal: Proposal, note: str, now: datetime) -> None:
    """What was asked for is done; what came of it stands in the request already."""
    _store(request, proposal, now)
    request.decided_at, request.decided_by = now, tenancy.current().label
    request.save()
    _turn(request, State.APPLIED, note, now)


def notified(*, revisions: Sequence[Revision], notice_id: int) -> None:
    """OR-44: the change notice that was sent for these revisions."""
    Revision.objects.filter(pk__in=[one.pk for one in revisions]).update(notice_id=notice_id)


def carried_over(*, request_id: int, now: datetime) -> None:
    """The customer's own name followed the change."""
    ChangeRequest.objects.filter(pk=request_id).update(carried_over_at=now)


def _revise(agreement: Agreement, proposal: Proposal, before: Revision, day: date) -> Revision:
    """A revision with the content of the one before it and the changes of the proposal.

    Where `before` already differs from what the proposal was made for, the later wish stays.
    """
    edition, base = proposal.edition, proposal.registered
    mine = registered(before, edition)
    lines = {line.field for part in proposal.parts for line in part.lines}
    changed = {
        name: value for name, value in proposal.entries.items() if name in lines and mine.get(name) == base.get(name)
    }
    own = {at.name for at in edition.card_field if not at.fills}
    last = Revision.objects.filter(agreement=agreement).order_by("-number").values_list("number", flat=True)[0]
    revision = Revision.objects.create(
        tenant_id=agreement.tenant_id,
        agreement=agreement,
        number=last + 1,
        effective_on=day,
        start_weekday=proposal.weekday if _fills(edition, changed, "start_weekday") else before.start_weekday,
        options=list(proposal.options or ()) if _fills(edition, changed, "options") else before.options,
        content={**before.content, **{name: value for name, value in changed.items() if name in own}},
    )
    parties = {party.kind: party for party in before.parties.all()}
    written = party_parts(changed, edition)
    for kind in dict.fromkeys([*parties, *written]):
        party = parties.get(kind) or Party(tenant_id=agreement.tenant_id, kind=kind)
        for part, text in written.get(kind, {}).items():
            setattr(party, part, text)
        party.pk, party.revision = None, revision
        party._state.adding = True
        party.phone_digits = digits(party.phone)[:20]
        party.save()
    return revision


def _fills(edition: catalog.Edition, changed: Entries, fills: str) -> bool:
    return any(at.fills == fills and at.name in changed for at in edition.card_field)


def _store(request: ChangeRequest, proposal: Proposal, now: datetime) -> None:
    request.lines, request.late = proposal.stored(), proposal.late
    request.effective_on = proposal.effective
    request.received_on = request.received_on or now.astimezone(JST).date()


def _decide(request_id: int, state: State, reason: str, clause: str, now: datetime) -> ChangeRequest:
    if not reason.strip():
        raise Refused("理由を入力してください。")
    request = _locked(request_id)
    request.reason, request.clause = reason.strip(), clause
    if state == State.REFUSED:
        request.decided_at, request.decided_by = now, tenancy.current().label
    request.save()
    _turn(request, state, reason.strip(), now)
    return request


def _turn(request: ChangeRequest, state: State, text: str, now: datetime) -> None:
    if state not in _NEXT.get(State(request.state), set()):
        raise Refused(f"「{request.get_state_display()}」の申請を「{state.label}」にはできません。")
    request.state, request.updated_at = state, now
    request.save(update_fields=["state", "updated_at"])
    _event(request, text, now)


def _event(request: ChangeRequest, text: str, now: datetime) -> None:
    ChangeEvent.objects.create(
        tenant_id=request.tenant_id,
        request=request,
        at=now,
        actor=tenancy.current().label,
        state=request.state,
        note=text,
    )


def _require_writer(request: ChangeRequest) -> None:
    """Until it is sent a request is with who writes it; a card that the desk typed stays with the desk."""
    staff = tenancy.current().is_staff
    open_to = (*queries.CHANGES_WITH_CUSTOMER, *(queries.OPEN_CHANGES if staff else ()))
    if request.state not in open_to:
        raise Refused(f"「{request.get_state_display()}」の申請の内容は変えられません。")
    if (request.channel == ChangeRequest.Channel.PORTAL) == staff:
        raise Refused("この申請の内容は、申し出た方だけが変えられます。")


def edition_of(agreement: Agreement, now: datetime) -> catalog.Edition:
    """The edition that an agreement is under at a moment."""
    return catalog.edition(agreement.service, consents.edition_of(agreement, on=now.astimezone(JST).date()))


def form_clause() -> str:
    """The clause by which a change form is asked for, of the service that has one (IX-CHG-06)."""
    fields = (edition.change_field for edition in catalog.every_edition() if edition.change_field)
    return next((found[0].clause for found in fields), "")


def _short(value: Any) -> Any:
    return value.strip()[:LONGEST] if isinstance(value, str) else value


def next_of(sequence: str) -> int:
    """The next number of a sequence, never given twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [sequence])
        return int(cursor.fetchone()[0])


def _locked(request_id: int) -> ChangeRequest:
    """The request in sight, locked. Raises ChangeRequest.DoesNotExist, for a foreign one as for none."""
    return ChangeRequest.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=request_id)


def proposed(*, request_id: int, now: datetime, **typed: Any) -> Proposal:
    """What a stored request comes to; `typed` as in `proposal.propose`."""
    return propose(ChangeRequest.objects.select_related("agreement__tenant").get(pk=request_id), now=now, **typed)
