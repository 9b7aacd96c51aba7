"""番号の確認: what is known about a number of a licence, and putting it under suspicion or lifting that."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from hoshu import catalog
from hoshu.accounts.access import may
from hoshu.contracts import Refused, numbers
from hoshu.contracts.form import entry_of
from hoshu.web.common.views import allow


@require_GET
@allow("licences.read")
def look_up(request: HttpRequest) -> HttpResponse:
    """One number, whether it was ever issued or not; without one, the numbers that are under suspicion."""
    return _page(request, request.GET.get("q", "").strip())


@require_POST
@allow("licences.write")
def suspect(request: HttpRequest) -> HttpResponse:
    """Hold every use of a number from now on."""
    number, reason = request.POST.get("number", ""), request.POST.get("reason", "")
    try:
        kept = numbers.suspect(number=number, reason=reason, now=request.now)
    except Refused as refused:
        return _page(request, number.strip(), refused=refused.message, reason=reason)
    messages.success(request, f"{kept.number} を調査中にしました。この番号の申請は、すべて保留になります。")
    return redirect(address(kept.number))


@require_POST
@allow("licences.write")
def lift(request: HttpRequest, suspicion_id: int) -> HttpResponse:
    """Let the number be used again."""
    kept = get_object_or_404(numbers.suspicions(), pk=suspicion_id)
    reason = request.POST.get("reason", "")
    try:
        numbers.lift(suspicion_id=kept.pk, reason=reason, now=request.now)
    except Refused as refused:
        return _page(request, kept.number, refused=refused.message, reason=reason)
    messages.success(request, f"{kept.number} の疑いを解除しました。")
    return redirect(address(kept.number))


def address(number: str) -> str:
    """Where a number is looked up: it may hold whatever somebody wrote, so it is no part of the path."""
    query = QueryDict(mutable=True)
    query["q"] = number
    return f"{reverse('console:numbers')}?{query.urlencode()}"


def shown(known: numbers.Known, *, service: str = "") -> dict[str, Any]:
    """What the pages say about a number: firms by their name, persons never."""
    return {
        "known": known,
        "address": address(known.number),
        "service_name": _service(known.licence.service) if known.licence else "",
        "is_other_service": known.licence is not None and service not in ("", known.licence.service),
        "applications": [(one, _service(one.service), _company(one)) for one in known.applications],
    }


def noteworthy(written: str, application: Any) -> dict[str, Any] | None:
    """The same for the number on an application; None where there is none, or nothing to say about it."""
    if not written:
        return None
    known = numbers.known(written, service=application.service, besides=application)
    found = shown(known, service=application.service)
    return None if known.is_free and not found["is_other_service"] else found


def _service(service: str) -> str:
    return catalog.editions(service)[-1].name


def _company(application: Any) -> str:
    if application.tenant:
        return str(application.tenant.name)
    edition = catalog.edition(application.service, application.edition)
    return entry_of(application.entries, edition, "contact.company")


def _page(request: HttpRequest, text: str, *, refused: str = "", reason: str = "") -> HttpResponse:
    known = numbers.known(text) if text else None
    context = {
        "text": text,
        "number": shown(known) if known and known.number else None,
        "suspected": [(one, address(one.number)) for one in numbers.suspicions(standing=True)],
        "refused": refused,
        "reason": reason,
        "may_write": may(request.actor, "licences.write"),
    }
    return render(request, "console/numbers/index.html", context, status=422 if refused else 200)


urlpatterns = [
    path("numbers/", look_up, name="numbers"),
    path("numbers/suspect", suspect, name="number_suspect"),
    path("numbers/<int:suspicion_id>/lift", lift, name="number_lift"),
]
