"""申請: お客様登録カード on the web, in the steps of 第2章 1.: read, fill in, confirm, send, keep the copy, answer."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu import catalog
from hoshu.accounts import operators, organisations, people
from hoshu.contracts import Refused, queries
from hoshu.contracts.assessment import assess
from hoshu.contracts.card import services_with_card, written
from hoshu.contracts.fields import FIELDS
from hoshu.files import store, uploads
from hoshu.flows import registration
from hoshu.flows.registration_notices import card_copy_letter
from hoshu.notifications import letters, outbox
from hoshu.web.common import card_form, card_saving
from hoshu.web.common.registration_answer import derivation
from hoshu.web.common.views import allow

ROWS = 50
TONES = {
    "draft": "info",
    "received": "info",
    "checking": "info",
    "asking": "hold",
    "completed": "ok",
    "refused": "refused",
    "lapsed": "out",
}
PROOFS = [("receipt", "領収書"), ("delivery_note", "納品書"), ("other_proof", "その他の購入日を確認できる書類")]


class ProofForm(forms.Form):
    """第2章 1.(4): a copy of a document that shows when the device was bought."""

    kind = forms.ChoiceField(label="書類の種類", choices=[*PROOFS, ("owner_consent", "所有者の承諾書")])
    file = forms.FileField(label="PDF・JPEG・PNG")
    declared = forms.ChoiceField(
        label="個人番号（マイナンバー）を含みますか",
        choices=[("no", "含みません"), ("yes", "含みます")],
        widget=forms.RadioSelect,
        help_text="含む書類は、お預かりできません。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, auto_id="proof_%s", **kwargs)


@require_GET
@allow("portal.read")
def index(request: HttpRequest) -> HttpResponse:
    """The customer's applications, the newest first, drafts included."""
    page = Paginator(queries.applications().order_by("-id"), ROWS).get_page(request.GET.get("page"))
    rows = [(application, TONES[application.state], application.entries) for application in page]
    return render(request, "portal/applications.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "POST"])
@allow("portal.apply")
def new(request: HttpRequest) -> HttpResponse:
    """Before anything is asked: the terms, what the data is used for, and for a seller whose card it is."""
    customers = _customers(request)
    if request.method == "POST":
        chosen = request.POST.get("customer", "")
        tenant = next(
            (one for one in customers if str(one.pk) == chosen), customers[0] if len(customers) == 1 else None
        )
        if tenant is None:
            messages.error(request, "どのお客様のカードかを選んでください。")
        else:
            draft = registration.start_online(
                service=_service(request), tenant_id=tenant.pk, entries=_known(request, tenant), now=request.now
            )
            return redirect("portal:application", draft.number)
    edition = catalog.edition_on(_service(request), request.now.date())
    context = {"edition": edition, "customers": customers, "operator_profile": operators.profile()}
    return render(request, "portal/application_new.html", context)


@require_GET
@allow("portal.read")
def page(request: HttpRequest, number: str) -> HttpResponse:
    """A draft to fill in, or what became of an application."""
    application = _application(number)
    if application.state == "draft":
        return _draft(request, application)
    history = queries.history_of(application)
    context = {
        "application": application,
        "tone": TONES[application.state],
        "inquiries": history["inquiries"],
        "files": history["files"],
        "refusal": history["refusals"].filter(withdrawn_at=None, sent_at__isnull=False).first(),
        "entered": [(FIELDS[name].label, text) for name in FIELDS if (text := written(application.entries, name))],
        "proof": ProofForm(),
    }
    return render(request, "portal/application.html", context)


@require_POST
@allow("portal.apply")
def save(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what was typed."""
    return card_saving.save(request, _application(number), _PLACE)


@require_http_methods(["GET", "POST"])
@allow("portal.apply")
def conflict(request: HttpRequest, number: str) -> HttpResponse:
    """The same form in another window, or a colleague."""
    return card_saving.conflict(request, _application(number), _PLACE)


@require_POST
@allow("portal.apply")
def submit(request: HttpRequest, number: str) -> HttpResponse:
    """Save what stands in the form and send it; what is missing comes back all at once, with nothing lost."""
    application = _application(number)
    confirmed = request.POST.getlist("confirmed")
    try:
        typed = "version" in request.POST
        if typed and card_saving.keep(request, application, card_form.entries_of(request.POST)).parked:
            return redirect("portal:application_conflict", number)
        registration.submit(application_id=application.pk, confirmed=confirmed, now=request.now)
    except registration.Incomplete as stopped:
        application.refresh_from_db()
        return _draft(request, application, stopped=stopped, confirmed=confirmed)
    except (Refused, outbox.Refused) as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "申請を送信しました。控えをメールでお送りします。")
    return redirect("portal:application", number)


@require_POST
@allow("portal.apply")
def attach(request: HttpRequest, number: str) -> HttpResponse:
    """Add the proof of purchase, also after sending (IX-REG-13)."""
    application, form = _application(number), ProofForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "書類を送れませんでした。種類、ファイル、個人番号の有無を確かめてください。")
        return redirect("portal:application", number)
    given = form.cleaned_data
    try:
        attached = registration.attach(
            application_id=application.pk,
            kind=given["kind"],
            name=given["file"].name,
            content=uploads.read(given["file"]),
            declared_personal_number=given["declared"] == "yes",
            now=request.now,
        )
    except (Refused, store.Refused) as refused:
        messages.error(request, str(refused))
    else:
        if attached.file.state == "held":
            messages.warning(
                request, "個人番号のおそれがあるため、開かずに隔離しました。番号のない写しを送ってください。"
            )
        else:
            messages.success(request, "書類を送りました。")
    return redirect("portal:application", number)


@require_POST
@allow("portal.apply")
def answer(request: HttpRequest, number: str, inquiry_id: int) -> HttpResponse:
    """The card writer answers a question; the registration centre corrects the card."""
    try:
        inquiry = queries.inquiry_of(number=number, inquiry_id=inquiry_id)
        text = request.POST.get("answer", "")
        registration.answer(inquiry_id=inquiry.pk, text=text, corrections={}, now=request.now)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "回答を送りました。")
    return redirect("portal:application", number)


@require_GET
@allow("portal.read")
def copy(request: HttpRequest, number: str) -> HttpResponse:
    """第2章 1.(3) (IX-REG-11): the customer's copy of the card as it was entered."""
    application = _application(number)
    try:
        content = card_copy_letter(application=application, now=request.now)
    except letters.MissingGlyphs as missing:
        messages.error(request, f"印刷できない文字があります: {outbox.described(missing.characters)}")
        return redirect("portal:application", number)
    headers = {
        "Content-Disposition": f'attachment; filename="{application.number}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _application(number: str) -> Any:
    return get_object_or_404(queries.applications(), number=number)


def _service(request: HttpRequest) -> str:
    wanted = request.POST.get("service", "") or request.GET.get("service", "")
    return wanted if wanted in services_with_card() else services_with_card()[0]


def _customers(request: HttpRequest) -> list[Any]:
    """Whose cards this person may send: the own organisation's, or those granted to the seller."""
    found = (organisations.get(tenant) for tenant in sorted(request.actor.tenants))
    return [one for one in found if one is not None]


def _known(request: HttpRequest, tenant: Any) -> dict[str, Any]:
    """What need not be typed: today, and who is logged in, as the contact to begin with."""
    entries = {"entry_date": f"{request.now:%Y/%m/%d}", "contact_company": tenant.name, "contact_phone": tenant.phone}
    user = people.get(request.actor.user_id)
    if user and request.actor.organisation_id == tenant.pk:
        entries |= {"contact_name": user.name, "contact_email": user.email, "same_writer": ["contact"]}
    return {name: value for name, value in entries.items() if value}


def _card(request: HttpRequest, application: Any, entries: Any, *, insist: bool = False) -> dict[str, Any]:
    assessment = assess(application, entries=entries, now=request.now)
    context = card_form.context(request, application=application, assessment=assessment, entries=entries, insist=insist)
    open_fields = [fault for fault in assessment.card.faults if fault.kind in {"missing", "wrong"}]
    return context | {"staff": False, "open_fields": open_fields, "derivation": derivation(assessment)}


def _draft(
    request: HttpRequest, application: Any, *, stopped: registration.Incomplete | None = None, confirmed: Any = ()
) -> HttpResponse:
    context = _card(request, application, application.entries, insist=stopped is not None)
    context |= {
        "stopped": stopped,
        "items": queries.consent_items(registration.CONSENTS),
        "unconfirmed": stopped.unconfirmed if stopped else (),
        "confirmed": confirmed,
        "files": queries.history_of(application)["files"],
        "proof": ProofForm(),
        "parked": queries.parked(application_id=application.pk, user_id=request.actor.user_id),
        "operator_profile": operators.profile(),
    }
    return render(request, "portal/application_draft.html", context, status=422 if stopped else 200)


_PLACE = card_saving.Place(
    page="portal:application",
    conflict_page="portal:application_conflict",
    saved="portal/application_saved.html",
    conflict="portal/application_conflict.html",
    staff=False,
    shown=_card,
)

urlpatterns = [
    path("applications/", index, name="applications"),
    path("applications/new/", new, name="application_new"),
    path("applications/<str:number>/", page, name="application"),
    path("applications/<str:number>/entries", save, name="application_save"),
    path("applications/<str:number>/conflict", conflict, name="application_conflict"),
    path("applications/<str:number>/send", submit, name="application_send"),
    path("applications/<str:number>/files", attach, name="application_attach"),
    path("applications/<str:number>/inquiries/<int:inquiry_id>", answer, name="application_answer"),
    path("applications/<str:number>/copy.pdf", copy, name="application_copy"),
]
