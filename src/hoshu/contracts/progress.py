"""どこまで進んだか: the milestones of a service, with when each was reached and whose turn it is (MM-FLW-06)."""

from dataclasses import dataclass
from datetime import datetime

from hoshu import catalog
from hoshu.contracts.models import Agreement, Application, Consignment

BY = {"customer": "お客様", "seller": "販売元", "provider": "提供者"}


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


def of_application(application: Application) -> list[Reached]:
    """The way from this application to the use of the service; empty where the edition names no milestones."""
    terms = catalog.edition(application.service, application.edition).application
    if terms is None or not terms.milestone:
        return []
    at = _moments(application)
    over = application.state in (Application.State.REFUSED, Application.State.LAPSED, Application.State.WITHDRAWN)
    found, waiting = [], not over
    for milestone in terms.milestone:
        reached = at.get(milestone.at)
        found.append(Reached(milestone, reached, waiting and reached is None))
        waiting = waiting and reached is not None
    return found


def _moments(application: Application) -> dict[str, datetime | None]:
    agreement = Agreement.objects.filter(application=application).first()
    parcel: Consignment | None = None
    if agreement:
        kinds = [Consignment.Kind.UNIT, Consignment.Kind.GUIDE]
        parcel = agreement.consignments.filter(kind__in=kinds).order_by("kind", "-id").first()
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
