"""受付: from what the caller says to the answer read out and the case opened."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu.contracts import finding
from hoshu.contracts import queries as contracts
from hoshu.flows import service_call
from hoshu.flows.service_call import Preview
from hoshu.web.common import agreement_card
from hoshu.web.common.call_form import CallForm
from hoshu.web.common.case_answer import answer, wanted
from hoshu.web.common.views import allow
from hoshu.web.console import case_rows


@require_GET
@allow("intake.use")
def search(request: HttpRequest) -> HttpResponse:
    """One field that finds while typing. Enter opens the unit whose 製造番号 was typed, or the only one that fits.

    Among several there is no guess (IX-FLT-02): then Enter leads to the list, with the first line ready to be opened.
    """
    query = request.GET.get("q", "").strip()
    found = finding.units(query=query) if query else None
    if found and not found.hint and not request.htmx:
        meant = [hit for hit in found.hits if hit.by == "製造番号" and hit.is_whole(query)] or found.hits
        if len(meant) == 1:
            return redirect(_address(meant[0], query))
    context = {
        "query": query,
        "found": found,
        "rows": [(hit, _address(hit, query)) for hit in found.hits] if found else [],
    }
    return render(request, "console/intake/hits.html" if request.htmx else "console/intake/search.html", context)


@require_http_methods(["GET", "POST"])
@allow("intake.use")
def call(request: HttpRequest, device_id: int | None = None) -> HttpResponse:
    """The call about one unit, or about one that nobody found: the answer on top, the form under it, one button."""
    if request.method == "POST":
        form = _form(request, device_id)
        if form.is_valid():
            number = service_call.open_case(
                call=form.call(), device_id=device_id, now=request.now, exclusion=form.excluded()
            )
            messages.success(request, f"{number} を受け付けました。")
            return redirect("console:case", number=number)
        return render(request, "console/intake/call.html", _context(request, form, device_id), status=422)
    said = request.GET.get("said", "")
    form = _form(request, device_id, {"reported_as": said, **_known(device_id)})
    return render(request, "console/intake/call.html", _context(request, form, device_id))


@require_POST
@allow("intake.use")
def preview(request: HttpRequest, device_id: int | None = None) -> HttpResponse:
    """The answer as it changes while the form is filled in. Nothing is stored."""
    form = _form(request, device_id)
    return render(request, "console/intake/answer.html", _context(request, form, device_id))


def _form(request: HttpRequest, device_id: int | None, initial: dict[str, Any] | None = None) -> CallForm:
    try:
        unit = finding.unit(device_id=device_id) if device_id is not None else None
    except finding.NotFound as missing:
        raise Http404 from missing
    cover = unit.cover_on(request.now.date()) if unit else None
    codes = service_call.exclusion_codes(service=cover.service, edition=cover.edition) if cover else {}
    data = request.POST if request.method == "POST" else None
    return CallForm(data, unit=unit, on=request.now.date(), codes=codes, initial=initial)


def _known(device_id: int | None) -> dict[str, Any]:
    if device_id is None:
        return {}
    try:
        return {"mounted_cm": finding.unit(device_id=device_id).mounted_cm}
    except finding.NotFound as missing:
        raise Http404 from missing


def _context(request: HttpRequest, form: CallForm, device_id: int | None) -> dict[str, Any]:
    if form.is_bound:
        form.is_valid()
        said = form.call()
    else:
        said = form.initial_call()
    shown: Preview = service_call.preview(
        call=said,
        device_id=device_id,
        now=request.now,
        exclusion=form.excluded() if form.is_bound else None,
    )
    judged = shown.judgement
    entitlement = judged.entitlement
    view = answer(
        entitlement=entitlement.values,
        reasons=entitlement.reasons,
        service=entitlement.question["service"],
        edition=entitlement.edition,
        registered=judged.registered,
        window=judged.window.values if judged.window else None,
        restoration_reasons=judged.restoration.reasons if judged.restoration else (),
        ends_on=shown.cover.ends_on if shown.cover else None,
        pieces=judged.pieces,
        form=form,
        now=request.now,
    )
    return {
        "form": form,
        "unit": shown.unit,
        "cover": shown.cover,
        "plan": service_call.plan_name(shown.cover, on=request.now.date()) if shown.cover else "",
        "site": shown.cover.site if shown.cover else None,
        "open_changes": contracts.open_changes_of([shown.cover.agreement_id]) if shown.cover else [],
        "view": view,
        "wanted": wanted(judged.pieces, outcome=view.outcome, registered=judged.registered),
        "pieces": {f"p{position}": piece for position, piece in enumerate(judged.pieces, start=1)},
        "open_cases": case_rows.toned(shown.open_cases),
        "may_recur": shown.may_recur,
        "drawing": agreement_card.drawing(shown.cover, request.now.date()),
        "action": request.path.removesuffix("answer"),
    }


def _address(hit: finding.Hit, query: str) -> str:
    """The call about this unit; a 製造番号 that was typed is taken along as what the caller said."""
    address = reverse("console:call", args=[hit.device_id])
    said = query if hit.by == "製造番号" and hit.is_whole(query) else ""
    return f"{address}?{urlencode({'said': said})}" if said else address


urlpatterns = [
    path("intake/", search, name="intake"),
    path("intake/unknown/", call, name="call_unknown"),
    path("intake/unknown/answer", preview, name="preview_unknown"),
    path("intake/<int:device_id>/", call, name="call"),
    path("intake/<int:device_id>/answer", preview, name="preview"),
]
