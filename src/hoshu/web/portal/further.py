"""機器の追加: the customer asks the desk for a further machine (MM-SUP-04)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.http import require_http_methods

from hoshu.contracts import form as contents
from hoshu.contracts import queries
from hoshu.web.common import entry_saving, further_form
from hoshu.web.common.views import allow


@require_http_methods(["GET", "POST"])
@allow("changes.request")
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for it; `?from=` names an application for the same service, whose address stands there already."""
    agreement = get_object_or_404(queries.agreements(), number=number)
    return further_form.page(request, agreement, place="portal", initial=_typed(request.GET.get("from", "")))


def _typed(number: str) -> dict[str, Any]:
    application = queries.applications().filter(number=number).first() if number else None
    if application is None:
        return {}
    edition = entry_saving.terms_of(application)
    places = (contents.entry_of(application.entries, edition, f"{one}.address") for one in ("delivery", "contact"))
    return {"machines": 1, "place": next(filter(None, places), ""), "why": f"申請 {number} で申し込んだため"}


urlpatterns = [
    path("agreements/<str:number>/further", ask, name="further"),
]
