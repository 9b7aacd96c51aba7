"""機器と契約: what a customer has, until when, and the customer's own note on it."""

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from hoshu.accounts import operators
from hoshu.accounts.access import may
from hoshu.contracts import Refused as NotWritten
from hoshu.contracts import agreements, closings, expiry, queries
from hoshu.flows import papers
from hoshu.notifications import Refused
from hoshu.notifications import queries as notifications
from hoshu.web.common import agreement_card, closing_card, files
from hoshu.web.common.bounded import BoundedPaginator
from hoshu.web.common.views import allow
from hoshu.web.portal import ending as portal_ending

ROWS = 50


@require_GET
@allow("portal.read")
def index(request: HttpRequest) -> HttpResponse:
    """Every agreement, what ends next first."""
    text, today = request.GET.get("q", "").strip(), request.now.date()
    found = queries.agreements(text=text).order_by(F("ends_on").asc(nulls_last=True), "id")
    page = BoundedPaginator(found, ROWS).get_page(request.GET.get("page"))
    rows = [(agreement, *agreement_card.state_of(agreement, today)) for agreement in page]
    return render(request, "portal/agreements.html", {"page": page, "rows": rows, "text": text})


@require_GET
@allow("portal.read")
def page(request: HttpRequest, number: str) -> HttpResponse:
    """One agreement: what to quote at the fault desk, the period, the notices, the customer's memo."""
    agreement = get_object_or_404(queries.agreements(), number=number)
    read_only = closings.read_only(agreement, request.now)
    context = agreement_card.shown(agreement, today=request.now.date()) | {
        "notices": notifications.mailbox(about=agreement.number),
        "may_note": may(request.actor, "portal.note"),
        "may_report": may(request.actor, "portal.report"),
        "may_change": may(request.actor, "changes.request"),
        "may_order": may(request.actor, "extensions.order"),
        "data_check": expiry.open_check(agreement),
        "read_only": read_only,
        "ended_service": closing_card.shown(agreement, now=request.now) if read_only else None,
        "desk": operators.profile(),
    }
    context |= portal_ending.shown(request, agreement)
    if context["may_note"]:
        context["memo"] = queries.memo_of(agreement)
    return render(request, "portal/agreement.html", context)


@require_POST
@allow("portal.note")
def memo(request: HttpRequest, number: str) -> HttpResponse:
    """お客様メモ (IX-DOC-03): nobody but the customer reads it."""
    agreement = get_object_or_404(queries.agreements(), number=number)
    try:
        agreements.write_memo(agreement_id=agreement.pk, text=request.POST.get("text", ""), now=request.now)
    except NotWritten as refused:
        messages.error(request, f"{refused.message}（{refused.clause}）")
    else:
        messages.success(request, "メモを保存しました。")
    return redirect("portal:agreement", number)


@require_GET
@allow("portal.read")
def letter(request: HttpRequest, number: str, letter_id: int) -> HttpResponse:
    """The PDF of a notice about one agreement."""
    get_object_or_404(queries.agreements(), number=number)
    if not notifications.mailbox(about=number).filter(letter_id=letter_id).exists():
        raise Http404
    found = notifications.pdf(letter_id=letter_id)
    return HttpResponse(found.content, headers=found.headers)


@require_GET
@allow("portal.read")
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """契約証明書 of one's own agreement, as it was last issued while it is true."""
    agreement = get_object_or_404(queries.agreements(), number=number)
    try:
        issued = papers.certificate(agreement_id=agreement.pk, now=request.now)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("portal:agreement", number)
    found = notifications.pdf(letter_id=issued.pk)
    return HttpResponse(found.content, headers=found.headers)


urlpatterns = [
    path("agreements/", index, name="agreements"),
    path("agreements/<str:number>/", page, name="agreement"),
    path("agreements/<str:number>/memo", memo, name="agreement_memo"),
    path("agreements/<str:number>/certificate.pdf", certificate, name="agreement_certificate"),
    path("agreements/<str:number>/letters/<int:letter_id>", letter, name="agreement_letter"),
    path("files/<int:file_id>/download", files.download, name="file_download"),
]
