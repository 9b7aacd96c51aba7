"""どこまで進んだか: where applications stand, what is to be done next and by whom (MM-FLW-06)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Prefetch

from hoshu import catalog
from hoshu.contracts import contact_checks
from hoshu.contracts.applications import terms_of
from hoshu.contracts.form import PAYMENT, entry_of
from hoshu.contracts.models import Agreement, Application, Consignment

State = Application.State
BY = {"customer": "お客様", "seller": "販売店", "provider": "提供者"}


@dataclass(frozen=True)
class Reached:
    """One milestone: when it was reached, and whether it is the next."""

    milestone: catalog.Milestone
    at: datetime | None
    is_next: bool

    @property
    def by(self) -> str:
        """Whose turn it is."""
        return BY[self.milestone.by]


@dataclass(frozen=True)
class Standing:
    """Where an application stands, in words: its state, what is next, and whose turn it is; empty where nobody's."""

    state: str
    next: str = ""
    turn: str = ""
    """`customer`, `seller` or `provider`."""
    contact: contact_checks.Answer | None = None
    """What its contact says about it; None where nobody asks."""

    @property
    def by(self) -> str:
        return BY.get(self.turn, "")


def of_application(application: Application) -> list[Reached]:
    """The way from this application to the use of the service; empty where the edition names no milestones."""
    return _way(application, _agreed([application]).get(application.pk))


def standings(applications: Sequence[Application]) -> Mapping[int, Standing]:
    """Where each of these applications stands, by its id; three queries for all of them."""
    agreed = _agreed([one for one in applications if one.state == State.COMPLETED])
    contacts = contact_checks.answers(applications)
    return {one.pk: _with_contact(_standing(one, agreed.get(one.pk)), contacts.get(one.pk)) for one in applications}


def _with_contact(standing: Standing, contact: contact_checks.Answer | None) -> Standing:
    """A contact that says no, or cannot be reached, comes before everything else (MM-FLW-02)."""
    first = {"disputed": "お客様の「違う」を確かめて直す", "undelivered": "お客様のメールアドレスを確かめる"}
    return replace(standing, contact=contact, next=first.get(contact.state if contact else "", standing.next))


def _standing(application: Application, agreement: Agreement | None) -> Standing:
    state, terms = application.get_state_display(), terms_of(application)
    applicant = "seller" if application.reseller_id and _begun_by_seller(application) else "customer"
    assert terms.application is not None
    match application.state:
        case State.DRAFT:
            return Standing(state, "続きを入力して、送信する", applicant)
        case State.RETURNED:
            return Standing(state, "差戻しの内容を直して、もう一度送信する", applicant)
        case State.SUBMITTED if terms.application.taken_in_by == "seller":
            paid = entry_of(application.entries, terms, PAYMENT) in ("confirmed", "deferred")
            return Standing(state, "申請に進める" if paid else "内容と入金を確かめる", "seller")
        case State.SUBMITTED:
            return Standing(state, "申請を受領する", "provider")
        case State.RECEIVED | State.CHECKING:
            return Standing(state, "内容を確かめて、決める", "provider")
        case State.ASKING:
            return Standing(state, "お尋ねに答える", applicant)
        case State.REFUSED if application.licence_id:
            return Standing(state, "代金を返金する", "seller")
        case State.COMPLETED:
            return _on_the_way(application, agreement)
        case _:
            return Standing(state)


def _on_the_way(application: Application, agreement: Agreement | None) -> Standing:
    """After the acceptance the last milestone says more than the state."""
    way, state = _way(application, agreement), application.get_state_display()
    if not way:
        return Standing(state)
    reached = [one for one in way if one.at is not None]
    if reached and reached[-1].milestone.at not in ("applied", "forwarded", "received", "accepted", "notified"):
        state = f"{reached[-1].milestone.label} 済"
    following = next((one.milestone for one in way if one.is_next), None)
    return Standing(state, following.label, following.by) if following else Standing(state)


def _begun_by_seller(application: Application) -> bool:
    return application.created_by.organisation_id == application.reseller_id


def _way(application: Application, agreement: Agreement | None) -> list[Reached]:
    terms = terms_of(application).application
    if terms is None or not terms.milestone:
        return []
    at = _moments(application, agreement)
    over = application.state in (State.REFUSED, State.LAPSED, State.WITHDRAWN)
    found, waiting = [], not over
    for milestone in terms.milestone:
        reached = at.get(milestone.at)
        found.append(Reached(milestone, reached, waiting and reached is None))
        waiting = waiting and reached is not None
    return found


def _agreed(applications: Iterable[Application]) -> dict[int, Agreement]:
    """What became of these applications, with the parcels that count as milestones."""
    kinds = (Consignment.Kind.UNIT, Consignment.Kind.GUIDE)
    parcels = Prefetch("consignments", Consignment.objects.filter(kind__in=kinds).order_by("kind", "-id"))
    found = Agreement.objects.filter(application__in=list(applications)).prefetch_related(parcels)
    return {one.application_id: one for one in found if one.application_id is not None}


def _moments(application: Application, agreement: Agreement | None) -> dict[str, datetime | None]:
    parcel = next(iter(agreement.consignments.all()), None) if agreement else None
    return {
        "applied": application.submitted_at or application.received_at,
        "forwarded": application.received_at,
        "received": application.received_at,
        "accepted": agreement.accepted_at if agreement else None,
        "notified": agreement.accepted_at if agreement else None,
        "shipped": parcel.shipped_at if parcel else None,
        "arrived": parcel.arrived_at if parcel else None,
        "installed": agreement.installed_at if agreement else None,
        "set_up": agreement.initial_set_at if agreement else None,
        "started": agreement.initial_set_at if agreement else None,
    }
