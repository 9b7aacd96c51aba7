"""What a service is and where it stands: its promise, its editions, its words, usual questions, its desk.

One public page for each service, all of it from the edition in force (MM-OVR-01, MM-DOC-03, MM-DOC-06, MM-SUP-02).
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hoshu import catalog
from hoshu.accounts import operators
from hoshu.accounts.access import may
from hoshu.catalog import Edition, ServiceWindow
from hoshu.publishing import told
from hoshu.web.common.views import public
from hoshu.web.entrance.terms import window_shown


@require_GET
@public
def page(request: HttpRequest, service: str) -> HttpResponse:
    """One service; the edition in force decides what it says."""
    if service not in catalog.services():
        raise Http404
    today = request.now.date()
    current = catalog.edition_on(service, today)
    known = catalog.editions(service)
    context: dict[str, Any] = {
        "edition": current,
        "coming": [one for one in known if one.in_force > today and one is not current],
        "earlier": [one for one in reversed(known) if one.in_force <= today and one is not current],
        "notices": current.notices("service"),
        "may_tell": may(request.actor, "services.tell"),
    }
    if current.desk_scope is not None:
        context |= {
            "desk": told.desk(service),
            "hours": [window_shown(current, window) for window in _desk_windows(current)],
            "answered": [one.label for one in current.desk_scope.subject if one.in_scope],
            "not_answered": [one.label for one in current.desk_scope.subject if not one.in_scope],
        }
    else:
        context["operator_desk"] = operators.profile()
    return render(request, "entrance/service.html", context)


def _desk_windows(edition: Edition) -> list[ServiceWindow]:
    """When the part answers that is meant where nobody names one."""
    if edition.window is None:
        return []
    meant = {plan.windows.get(edition.window.default_part) for plan in edition.plan}
    return [window for window in edition.window_hours if window.id in meant]
