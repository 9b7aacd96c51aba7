"""変更の申請: the customer changes what is registered, sees what it means before it is sent, and what became of it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu.accounts.access import may
from hoshu.contracts import Refused, expiry, queries
from hoshu.flows import changes
from hoshu.notifications import Refused as NotPrinted
from hoshu.web.common import change_form
from hoshu.web.common.views import allow

ROWS = 50
PLACE = change_form.Place(page="portal:change", conflict_page="portal:change_conflict", staff=False)


@require_GET
@allow("portal.read")
def index(request: HttpRequest) -> HttpResponse:
    """The customer's change requests, the newest first, drafts included."""
    page = Paginator(queries.change_requests(), ROWS).get_page(request.GET.get("page"))
    rows = [(one, change_form.TONES[one.state]) for one in page]
    return render(request, "portal/changes.html", {"page": page, "rows": rows})


@require_POST
@allow("changes.request")
def start(request: HttpRequest, number: str) -> HttpResponse:
    """Begin a request for an agreement, or go on with the one that was begun."""
    agreement = get_object_or_404(queries.agreements(), number=number)
    try:
        begun = changes.start(agreement_id=agreement.pk, channel="portal", asked_by=request.actor.name, now=request.now)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("portal:agreement", number)
    return redirect("portal:change", begun.number)


@require_GET
@allow("portal.read")
def page(request: HttpRequest, number: str) -> HttpResponse:
    """A request to fill in, or what became of it."""
    kept = _request(number)
    if kept.state in queries.CHANGES_WITH_CUSTOMER and may(request.actor, "changes.request") and _is_ours(kept):
        return render(request, "portal/change.html", change_form.shown(request, kept, PLACE))
    return render(request, "portal/change_sent.html", _sent(request, kept))


@require_POST
@allow("changes.request")
def save(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what was typed."""
    return change_form.save(request, _request(number), PLACE)


@require_http_methods(["GET", "POST"])
@allow("changes.request")
def conflict(request: HttpRequest, number: str) -> HttpResponse:
    """The same request in another window."""
    return change_form.conflict(request, _request(number), PLACE)


@require_POST
@allow("changes.request")
def submit(request: HttpRequest, number: str) -> HttpResponse:
    """Save what stands in the form and send it; what is missing comes back all at once, with nothing lost."""
    kept = _request(number)
    try:
        if "version" in request.POST and change_form.keep(request, kept).parked:
            return redirect("portal:change_conflict", number)
        sent = changes.submit(request_id=kept.pk, partly="partly" in request.POST, now=request.now)
    except changes.Incomplete as stopped:
        context = change_form.shown(request, _request(number), PLACE, stopped=stopped)
        return render(request, "portal/change.html", context, status=422)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("portal:change", number)
    if sent.state == "refused":
        messages.warning(request, "この変更はお受けできません。理由と条項を確かめてください。")
    else:
        several = f"ほかの契約の申請も一緒に受け付けました（受付番号 {sent.receipt}）。" if sent.receipt else ""
        messages.success(request, f"変更の申請を提出しました。{several}済みましたら、お知らせを送ります。")
    return redirect("portal:change", number)


@require_POST
@allow("changes.request")
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take the request back."""
    try:
        changes.withdraw(request_id=_request(number).pk, reason=request.POST.get("reason", ""), now=request.now)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "変更の申請を取り下げました。")
    return redirect("portal:changes")


@require_GET
@allow("portal.read")
def form_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """IX-CHG-06: the change form with what is registered, to be filled in on paper."""
    agreement = get_object_or_404(queries.agreements(), number=number)
    try:
        content = changes.change_form_pdf(agreement=agreement, now=request.now)
    except (Refused, NotPrinted) as refused:
        messages.error(request, refused.message)
        return redirect("portal:agreement", number)
    name = {"Content-Disposition": f'attachment; filename="{agreement.number}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=name)


@require_POST
@allow("changes.request")
def confirm_data(request: HttpRequest, number: str) -> HttpResponse:
    """MM-CND-29: the customer says that what is registered still holds, or goes on to change it."""
    agreement = get_object_or_404(queries.agreements(), number=number)
    unchanged = request.POST.get("answer") != "changed"
    try:
        expiry.answer_check(agreement_id=agreement.pk, unchanged=unchanged, by=request.actor.label, now=request.now)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("portal:agreement", number)
    if not unchanged:
        return start(request, number)
    messages.success(request, "ご確認ありがとうございました。")
    return redirect("portal:agreement", number)


def _request(number: str) -> Any:
    return get_object_or_404(queries.change_requests(), number=number)


def _is_ours(kept: Any) -> bool:
    """Was it begun here, and not typed by the desk from a card?"""
    return kept.channel == kept.Channel.PORTAL


def _sent(request: HttpRequest, kept: Any) -> dict[str, Any]:
    open_states = (*queries.CHANGES_WITH_CUSTOMER, "submitted")
    return {
        "change": kept,
        "agreement": kept.agreement,
        "tone": change_form.TONES[kept.state],
        "events": kept.events.order_by("id"),
        "sent_with": change_form.sent_with(kept),
        "place": PLACE,
        "may_withdraw": kept.state in open_states and may(request.actor, "changes.request"),
        "asks_years": any(part["kind"] == "years" and part["allowed"] is False for part in kept.lines),
    }


urlpatterns = [
    path("changes/", index, name="changes"),
    path("changes/<str:number>/", page, name="change"),
    path("changes/<str:number>/save", save, name="change_save"),
    path("changes/<str:number>/conflict", conflict, name="change_conflict"),
    path("changes/<str:number>/submit", submit, name="change_submit"),
    path("changes/<str:number>/withdraw", withdraw, name="change_withdraw"),
    path("agreements/<str:number>/change", start, name="change_start"),
    path("agreements/<str:number>/change-form.pdf", form_pdf, name="change_form"),
    path("agreements/<str:number>/data-check", confirm_data, name="data_check"),
]
