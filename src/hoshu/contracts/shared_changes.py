"""ほかの契約も同じように変える: one form about several agreements of a customer (IX-CHGF-04, IX-CARD-10).

What is typed is copied, never linked: each agreement gets a request of its own under one receipt number, and is
answered, applied and numbered by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from hoshu.contracts import consents, endings, queries
from hoshu.contracts.models import Agreement, ChangeRequest
from hoshu.contracts.proposal import Proposal, Standing, propose
from hoshu.dates import JST

CARRIED = ("contact", "company_name", "phone", "address", "site")
"""The kinds of change that the box at the top of the change card stands for: ご連絡先, 設置場所, ご記入者."""
_SAID = ("effective", "entered", "new_legal_entity", "note")
"""What is said of the change for all of them. A wish is about the one agreement for which it was ticked."""
AT_MOST = 200
"""Further agreements on one form."""
AT_ONCE = 50
"""Requests that are decided in one step: each gets a letter, and whoever decides waits for them."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An agreement that may be changed along, with where its machine stands today."""

    agreement: Agreement
    site: str
    ticked: bool


@dataclass(frozen=True, kw_only=True)
class Other:
    """What the form comes to for one of its agreements. Before it is handed in, the request is not stored yet."""

    request: ChangeRequest
    proposal: Proposal
    standing: Standing

    @property
    def agreement(self) -> Agreement:
        return self.request.agreement


def along_with(agreement: Agreement, *, on: date) -> QuerySet[Agreement]:
    """The customer's other running agreements of the same service, those that follow this one first.

    So a form that begins with the last of a list leads to the next ones, however many there are.
    """
    # "What does this customer hold?" is the index agreement_by_tenant.
    own = queries.agreements().filter(queries.runs_on(on), tenant_id=agreement.tenant_id, service=agreement.service)
    earlier = ExpressionWrapper(Q(pk__lt=agreement.pk), output_field=BooleanField())
    return own.exclude(pk=agreement.pk).exclude(state__in=endings.ENDED).order_by(earlier, "pk")


def known(request: ChangeRequest, numbers: Sequence[str], *, now: datetime) -> list[str]:
    """Those of `numbers` that may be changed along: another customer's agreement is none of them."""
    found = along_with(request.agreement, on=_today(now)).filter(number__in=numbers[:AT_MOST])
    return list(found.values_list("number", flat=True))


def choices(request: ChangeRequest, *, now: datetime) -> tuple[list[Choice], bool]:
    """What may be ticked, at most AT_MOST; and whether there are more. None once the form was sent for several."""
    if request.receipt:
        return [], False
    today = _today(now)
    found = list(along_with(request.agreement, on=today)[: AT_MOST + 1])
    listed = found[:AT_MOST]
    revisions = queries.revisions_of_each(one.pk for one in listed)
    ticked = {*request.said.get("also", ())}
    sites = {
        key: next((party.address for party in queries.in_force(each, today).parties.all() if party.kind == "site"), "")
        for key, each in revisions.items()
    }
    rows = [Choice(agreement=one, site=sites[one.pk], ticked=one.number in ticked) for one in listed]
    return rows, len(found) > len(listed)


def others(request: ChangeRequest, *, now: datetime) -> list[Other]:
    """What the form comes to for each further agreement that is ticked: the same entries over its own content.

    One that is not running any more, or somebody else's, is left out: see `lost`.
    """
    numbers = _ticked(request)
    if not numbers:
        return []
    today = _today(now)
    found = list(along_with(request.agreement, on=today).filter(number__in=numbers))
    standings = _standings(found)
    said = {name: request.said[name] for name in _SAID if name in request.said}
    made = []
    for agreement in found:
        other = ChangeRequest(
            tenant_id=agreement.tenant_id,
            agreement=agreement,
            based_on=queries.in_force(standings[agreement.pk].revisions, today),
            channel=request.channel,
            asked_by=request.asked_by,
            received_on=request.received_on,
            created_by_id=request.created_by_id,
            entries=request.entries,
            said=said,
        )
        standing = standings[agreement.pk]
        proposal = propose(other, now=now, only=CARRIED, standing=standing)
        other.entries = {name: value for name, value in request.entries.items() if proposal.changed(name)}
        made.append(Other(request=other, proposal=proposal, standing=standing))
    return made


def open_with(request: ChangeRequest) -> list[ChangeRequest]:
    """The requests of the form that the desk has to decide, by agreement; at most AT_ONCE.

    In that order whoever decides about several locks them: two forms about the same agreements wait for each other.
    """
    if not request.receipt:
        return []
    found = queries.change_requests().filter(receipt=request.receipt, state__in=queries.OPEN_CHANGES)
    return list(found.order_by("agreement_id", "id")[:AT_ONCE])


def to_decide(request: ChangeRequest, *, now: datetime) -> list[Other]:
    """What each of `open_with` comes to."""
    asked = open_with(request)
    standings = _standings([one.agreement for one in asked])
    return [
        Other(
            request=one,
            proposal=propose(one, now=now, standing=standings[one.agreement_id]),
            standing=standings[one.agreement_id],
        )
        for one in asked
    ]


def lost(request: ChangeRequest, reached: Iterable[Other]) -> list[str]:
    """The numbers that are ticked, but can not be changed along any more."""
    return sorted({*_ticked(request)} - {other.agreement.number for other in reached})


def _standings(agreements: Sequence[Agreement]) -> dict[int, Standing]:
    agreed = consents.editions_of(one.pk for one in agreements)
    revisions = queries.revisions_of_each(one.pk for one in agreements)
    return {one.pk: Standing(consents=agreed.get(one.pk, ()), revisions=revisions[one.pk]) for one in agreements}


def _ticked(request: ChangeRequest) -> Sequence[str]:
    return () if request.receipt else request.said.get("also", ())


def _today(now: datetime) -> date:
    return now.astimezone(JST).date()
