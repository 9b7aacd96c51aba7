"""状態: one sentence that says whether anything has to be done, the machines, the open matters, the next date."""

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from hoshu import catalog
from hoshu.accounts.access import may
from hoshu.cases import queries as cases
from hoshu.contracts import queries
from hoshu.flows import works
from hoshu.web.common import agreement_card
from hoshu.web.common.views import allow
from hoshu.web.portal import customers

SHOWN = 6
UNREAD = 3


@require_GET
@allow("portal.read")
def home(request: HttpRequest) -> HttpResponse:
    """What needs me first, then everything else."""
    if request.actor.is_seller:
        return customers.overview(request)
    today = request.now.date()
    kept = list(
        queries.agreements()
        .filter(queries.runs_on(today))
        .order_by(F("ends_on").asc(nulls_last=True), "id")[: SHOWN + 1]
    )
    open_cases = cases.cases(chosen=cases.Filter(), now=request.now)
    waiting = [*queries.drafts(), *queries.open_applications()]
    return render(
        request,
        "portal/home.html",
        {
            "agreements": [(agreement, *agreement_card.state_of(agreement, today)) for agreement in kept[:SHOWN]],
            "more": len(kept) > SHOWN,
            "ends_soon": next((one for one in kept if one.ends_on and one.ends_on <= today + queries.ENDS_SOON), None),
            "applications": [(one, catalog.edition(one.service, one.edition).name) for one in waiting[:SHOWN]],
            "returned": list(queries.change_requests(state="returned")[:SHOWN]),
            "questions": [one for one in waiting if one.state == "asking"],
            "unread": works.in_sight(now=request.now).filter(is_read=False)[:UNREAD],
            "open_cases": list(cases.lines(open_cases)[:SHOWN]),
            "may_apply": may(request.actor, "portal.apply"),
            "may_report": may(request.actor, "portal.report"),
        },
    )


urlpatterns = [path("", home, name="home")]
