"""申請: the form on the web, in the steps of the service: read, fill in, confirm, send, keep the copy, answer."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu import catalog
from hoshu.accounts import operators, organisations
from hoshu.accounts.access import may
from hoshu.contracts import Refused, contact_checks, progress, queries
from hoshu.contracts import form as contents
from hoshu.contracts.assessment import assess, assess_each
from hoshu.contracts.form import MACHINES
from hoshu.files import store, uploads
from hoshu.flows import registration
from hoshu.flows.registration_notices import card_copy_letter, numbers_of
from hoshu.notifications import outbox
from hoshu.privacy import clauses
from hoshu.web.common import entry_form, entry_saving
from hoshu.web.common.bounded import BoundedPaginator
from hoshu.web.common.entry_form import Page
from hoshu.web.common.operator_form import provided, services
from hoshu.web.common.registration_answer import derivation
from hoshu.web.common.views import allow
from hoshu.web.portal.application_rows import TONES, application_lines

ROWS = 50
CONFIRM = "confirm"
"""The last page of a form of several."""
STAGES = {
    "entering": ("入力中・差戻し", ("draft", "returned")),
    "waiting": ("確認・受領待ち", ("submitted",)),
    "checking": ("確認中", ("received", "checking")),
    "asking": ("照会中", ("asking",)),
    "completed": ("受理・登録完了", ("completed",)),
    "over": ("不受理・取下げ", ("refused", "lapsed", "withdrawn")),
}
"""By what one narrows the list: code → (label, states)."""
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
    text, stage = request.GET.get("q", "").strip(), request.GET.get("stage", "")
    _, states = STAGES.get(stage, ("", ()))
    found = queries.found_applications(text=text, states=states)
    page = BoundedPaginator(found, ROWS).get_page(request.GET.get("page"))
    rows = [
        line | {"numbers": [number for _, number in numbers_of(line["application"])]}
        for line in application_lines(page)
    ]
    context = {
        "page": page,
        "rows": rows,
        "text": text,
        "stage": stage,
        "stages": [(code, label) for code, (label, _) in STAGES.items()],
        "narrowed": bool(text or stage),
    }
    return render(request, "portal/applications.html", context)


@require_http_methods(["GET", "POST"])
@allow("portal.apply")
def new(request: HttpRequest) -> HttpResponse:
    """Before anything is asked: which service, the terms, what the data is used for, and for a seller whose form."""
    service, offered = _service(request), _customers(request)
    chosen = request.POST.get("customer", "") or request.GET.get("customer", "")
    if service is None:
        return render(request, "portal/application_choose.html", {"services": _services(), "chosen": chosen})
    edition = catalog.edition_on(service, request.now.date())
    confirmed = request.POST.getlist("confirmed")
    sellers = _sellers(request, edition)
    seller = request.POST.get("seller", "") or (str(sellers[0].pk) if len(sellers) == 1 else "")
    if request.method == "POST":
        tenant = next((one for one in offered if str(one.pk) == chosen), offered[0] if len(offered) == 1 else None)
        if tenant is None:
            messages.error(request, "どのお客様の申請かを選んでください。")
        elif len(sellers) > 1 and not seller:
            messages.error(request, "どの販売店を通すかを選んでください。")
        else:
            try:
                draft = registration.start_online(
                    service=service,
                    tenant_id=tenant.pk,
                    entries={},
                    known_from_login=True,
                    reseller_id=request.actor.organisation_id if request.actor.is_seller else _number(seller),
                    confirmed=confirmed,
                    now=request.now,
                )
            except registration.HasOne as has_one:
                return _to_desk(request, has_one)
            except Refused as refused:
                messages.error(request, refused.message)
            else:
                return redirect("portal:application", draft.number)
    assert edition.application is not None
    context = {
        "edition": edition,
        "told_notices": edition.notices("application"),
        "customers": offered,
        "chosen": chosen,
        "sellers": sellers,
        "seller": seller,
        "no_seller": edition.application.through is not None and not sellers and not request.actor.is_seller,
        "first": [one for one in edition.application.confirmation if one.before_entry],
        "confirmed": confirmed,
        "purposes": clauses.purposes(edition),
        "operator_profile": operators.profile(),
    }
    return render(request, "portal/application_new.html", context)


def _to_desk(request: HttpRequest, has_one: registration.HasOne, query: str = "") -> HttpResponse:
    """MM-SUP-04: the hint, and for a customer the form that goes to the desk, with what was typed."""
    messages.warning(request, f"{has_one.message}（{has_one.clause}）")
    if may(request.actor, "changes.request"):
        return redirect(reverse("portal:further", args=[has_one.number]) + query)
    return redirect("portal:agreement", has_one.number)


@require_GET
@allow("portal.read")
def page(request: HttpRequest, number: str) -> HttpResponse:
    """A draft to fill in, or what became of an application."""
    application = _application(number)
    if application.state in queries.WITH_APPLICANT:
        found = _pages(application)
        if len(found) == 1:
            return _draft(request, application, found[0])
        open_page = next((one for one in found if _open_on(application, one, request)), None)
        return redirect("portal:application_page", number, open_page.key if open_page else CONFIRM)
    return _sent(request, application)


def _sent(
    request: HttpRequest, application: Any, *, refused: str = "", given: Mapping[str, str] | None = None
) -> HttpResponse:
    """What became of an application that was sent; with what a seller typed where its step was refused."""
    history = queries.history_of(application)
    edition = entry_saving.terms_of(application)
    context = {
        "application": application,
        "edition": edition,
        "tone": TONES[application.state],
        "inquiries": history["inquiries"],
        "files": history["files"],
        "refusal": history["refusals"].filter(withdrawn_at=None, sent_at__isnull=False).first(),
        "entered": [(at.label, text) for at, text in contents.all_written(application.entries, edition)],
        "together": [one for one in queries.sent_together(application) if one.pk != application.pk],
        "milestones": progress.of_application(application),
        "contact": contact_checks.answers([application]).get(application.pk),
        "ask_url": reverse("portal:application_ask_contact", args=[application.number]),
        "may_withdraw": application.state == "submitted" and edition.application.withdrawn is not None,
        "checks": application.state == "submitted" and request.actor.is_seller and _taken_in_by_seller(edition),
        "paid": queries.payment_stands(application) and request.actor.is_seller,
        "refused": refused,
        "given": given or {},
        "proof": ProofForm(),
    }
    if context["checks"]:
        context |= _seller_fields(request, application)
        context["notes"] = [fault for fault in context["assessment"].form.faults if fault.kind == "note"]
        context["decides"] = [
            (hold, (given or {}).get(f"reason:{hold.code}", "")) for hold in context["assessment"].clearable
        ]
    return render(request, "portal/application.html", context, status=422 if refused else 200)


@require_GET
@allow("portal.apply")
def one_page(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """One page of a draft; a later one opens once those before it are complete (VA-REG-18, VA-REG-27)."""
    application = _application(number)
    if application.state not in queries.WITH_APPLICANT:
        return redirect("portal:application", number)
    before: list[Page] = []
    for one in _pages(application):
        if one.key == key:
            break
        before.append(one)
    else:
        if key != CONFIRM:
            raise Http404
    if (first := next((one for one in before if _open_on(application, one, request)), None)) is not None:
        messages.info(request, f"先に「{first.title}」を入力してください。")
        return redirect("portal:application_page", number, first.key)
    if key == CONFIRM:
        return _confirmation(request, application)
    return _draft(request, application, next(one for one in _pages(application) if one.key == key))


@require_POST
@allow("portal.apply")
def save(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what was typed."""
    return entry_saving.save(request, _application(number), _PLACE)


@require_POST
@allow("portal.apply")
def go_on(request: HttpRequest, number: str) -> HttpResponse:
    """Keep the page and go on to the next; what is missing on it is told, with nothing lost."""
    application = _application(number)
    here = entry_saving.page_of(request, application, _PLACE)
    try:
        if entry_saving.keep(request, application, entry_saving.typed(request, application, _PLACE)).parked:
            return redirect("portal:application_conflict", number)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("portal:application", number)
    application.refresh_from_db()
    if request.POST.get("to") == "back":
        return redirect("portal:application_page", number, _beside(application, here, -1))
    if request.POST.get("to") == "add":
        entries = application.entries
        machines = [*(entries.get(MACHINES) or [{}]), {}]
        registration.save(
            application_id=application.pk,
            based_on=application.version,
            entries={**entries, MACHINES: machines},
            now=request.now,
        )
        return redirect("portal:application_page", number, f"{here.key.rpartition('-')[0]}-{len(machines)}")
    if _open_on(application, here, request):
        return _draft(request, application, here, insist=True)
    return redirect("portal:application_page", number, _beside(application, here, 1))


@require_POST
@allow("portal.apply")
def drop_machine(request: HttpRequest, number: str, nth: int) -> HttpResponse:
    """Take a machine out of the form; the quantity follows (VA-REG-20)."""
    application = _application(number)
    machines = list(application.entries.get(MACHINES) or [])
    if not 1 <= nth <= len(machines) or len(machines) == 1:
        raise Http404
    del machines[nth - 1]
    entries = {**application.entries, MACHINES: machines}
    count = contents.field_of(entry_saving.terms_of(application), "quantity")
    if count:
        entries[count.name] = str(len(machines))
    try:
        registration.save(application_id=application.pk, based_on=application.version, entries=entries, now=request.now)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"{nth}台目の機器を取り消しました。")
    return redirect("portal:application", number)


@require_http_methods(["GET", "POST"])
@allow("portal.apply")
def conflict(request: HttpRequest, number: str) -> HttpResponse:
    """The same form in another window, or a colleague."""
    return entry_saving.conflict(request, _application(number), _PLACE)


@require_POST
@allow("portal.apply")
def submit(request: HttpRequest, number: str) -> HttpResponse:
    """Save what stands in the form and send it; what is missing comes back all at once, with nothing lost."""
    application = _application(number)
    confirmed, mandate = request.POST.getlist("confirmed"), request.POST.get("mandate", "").strip()
    try:
        sends_form = "version" in request.POST
        if sends_form:
            entries = entry_saving.typed(request, application, _PLACE)
            if entry_saving.keep(request, application, entries).parked:
                return redirect("portal:application_conflict", number)
        registration.submit(application_id=application.pk, confirmed=confirmed, mandate=mandate, now=request.now)
    except registration.Incomplete as stopped:
        application.refresh_from_db()
        found = _pages(application)
        if found[0].key == "all":
            return _draft(request, application, found[0], stopped=stopped, confirmed=confirmed)
        return _confirmation(request, application, stopped=stopped, confirmed=confirmed)
    except registration.HasOne as has_one:
        return _to_desk(request, has_one, f"?from={number}")
    except (Refused, outbox.Refused) as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "申請を送信しました。控えをメールでお送りします。")
    return redirect("portal:application", number)


@require_POST
@allow("portal.apply")
def ask_contact(request: HttpRequest, number: str) -> HttpResponse:
    """MM-FLW-02: the contact gets another link; the one before is void."""
    return entry_saving.ask_contact(request, _application(number), _PLACE)


@require_POST
@allow("portal.sell")
def forward(request: HttpRequest, number: str) -> HttpResponse:
    """MM-FLW-01 ②: the seller has checked contents and payment and passes the form on, or sends it back."""
    application = _application(number)
    try:
        entries = entry_form.entries_of(
            request.POST,
            _seller_page(application),
            entry_saving.terms_of(application),
            staff=False,
            stored=application.entries,
        )
        if entry_saving.keep(request, application, entries).parked:
            return redirect("portal:application_conflict", number)
        if request.POST.get("act") == "return":
            registration.send_back(
                application_id=application.pk, reason=request.POST.get("reason", ""), now=request.now
            )
            messages.success(request, "差し戻して、お客様にお知らせしました。")
        elif request.POST.get("act") == "forward":
            reasons = {
                name.removeprefix("reason:"): str(text)
                for name, text in request.POST.items()
                if name.startswith("reason:")
            }
            registration.take_over(application_id=application.pk, reasons=reasons, now=request.now)
            messages.success(request, "申請に進めました。受理の結果をお知らせします。")
        else:
            messages.success(request, "保存しました。")
    except Refused as refused:
        return _refused(request, application, refused)
    return redirect("portal:application", number)


@require_POST
@allow("portal.sell")
def cancel_payment(request: HttpRequest, number: str) -> HttpResponse:
    """MM-FLW-03: the payment does not come after all; the form comes back, or its machine waits."""
    application = _application(number)
    try:
        registration.cancel_payment(
            application_id=application.pk, reason=request.POST.get("cancel_reason", ""), now=request.now
        )
    except Refused as refused:
        return _refused(request, application, refused)
    messages.success(request, "入金の確認を取り消しました。機器は発送されません。")
    return redirect("portal:application", number)


def _refused(request: HttpRequest, application: Any, refused: Refused) -> HttpResponse:
    """The page again, with why it was refused and with everything that was typed."""
    application.refresh_from_db()
    said = f"{refused.message}（{refused.clause}）" if refused.clause else refused.message
    given = {name: str(text) for name, text in request.POST.items()}
    return _sent(request, application, refused=said, given=given)


@require_POST
@allow("portal.apply")
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take the form back."""
    application = _application(number)
    try:
        registration.withdraw(
            application_id=application.pk, reason=request.POST.get("withdraw_reason", ""), now=request.now
        )
    except Refused as refused:
        if application.state in queries.WITH_APPLICANT:
            messages.error(request, refused.message)
            return redirect("portal:application", number)
        return _refused(request, application, refused)
    messages.success(request, "申請を取り下げました。")
    return redirect("portal:applications")


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
    """The customer's copy of the form as it was entered (第2章 1.(3), IX-REG-11)."""
    application = _application(number)
    try:
        content = card_copy_letter(application=application, now=request.now)
    except outbox.Refused as refused:
        messages.error(request, refused.message)
        return redirect("portal:application", number)
    headers = {
        "Content-Disposition": f'attachment; filename="{application.number}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _application(number: str) -> Any:
    return get_object_or_404(queries.applications(), number=number)


def _services() -> list[tuple[str, str]]:
    """The services that the operator provides and that take applications on the web; all, before it has said which."""
    online = contents.services_on("web")
    return [(service, name) for service, name in provided() or services() if service in online]


def _service(request: HttpRequest) -> str | None:
    """The service that is applied for; None where it has to be chosen."""
    wanted = request.POST.get("service", "") or request.GET.get("service", "")
    offered = [service for service, _ in _services()]
    if wanted in offered:
        return wanted
    return offered[0] if len(offered) == 1 else None


def _customers(request: HttpRequest) -> list[Any]:
    """Whose forms this person may send: the own organisation's, or those granted to the seller."""
    found = (organisations.get(tenant) for tenant in sorted(request.actor.tenants))
    return [one for one in found if one is not None]


def _sellers(request: HttpRequest, edition: catalog.Edition) -> list[Any]:
    """MM-SUP-03: through whom a customer applies, where the service is applied for through a seller only."""
    if request.actor.is_seller or edition.application is None or edition.application.through is None:
        return []
    return registration.sellers(tenant_id=request.actor.organisation_id, now=request.now)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def _pages(application: Any) -> list[Page]:
    return entry_form.pages(entry_saving.terms_of(application), application.entries)


def _beside(application: Any, here: Page, step: int) -> str:
    """The key of the page after this one, or before it."""
    keys = [*(one.key for one in _pages(application)), CONFIRM]
    return keys[max(keys.index(here.key) + step, 0)]


def _open_on(application: Any, page: Page, request: HttpRequest) -> list[Any]:
    """What is still missing or wrong on a page."""
    assessment = assess(application, entries=page.entries(application.entries), now=request.now)
    names = {at.name for at in page.fields(assessment.edition, staff=False)}
    return [fault for fault in assessment.open_fields if fault.field in names]


def _form(request: HttpRequest, application: Any, entries: Any, page: Page, *, insist: bool = False) -> dict[str, Any]:
    here = page.entries(entries)
    assessment = assess(application, entries=here, now=request.now)
    context = entry_form.context(
        request,
        application=application,
        assessment=assessment,
        entries=here,
        page=page,
        staff=False,
        insist=insist,
    )
    names = {at.name for at in page.fields(assessment.edition, staff=False)}
    open_fields = [fault for fault in assessment.open_fields if page.key == "all" or fault.field in names]
    return context | {"open_fields": open_fields, "derivation": derivation(assessment)}


def _draft(
    request: HttpRequest,
    application: Any,
    page: Page,
    *,
    insist: bool = False,
    stopped: registration.Incomplete | None = None,
    confirmed: Any = (),
) -> HttpResponse:
    context = _form(request, application, application.entries, page, insist=insist or stopped is not None)
    context |= _around(request, application)
    context |= {
        "page": page,
        "stopped": stopped,
        "confirmations": _confirmations(application),
        "unconfirmed": stopped.unconfirmed if stopped else (),
        "confirmed": confirmed,
        "needs_mandate": request.actor.is_seller,
        "mandate": request.POST.get("mandate", ""),
        "proof": ProofForm(),
        "insisted": context["open_fields"] if insist else (),
    }
    template = "portal/application_draft.html" if page.key == "all" else "portal/application_page.html"
    return render(request, template, context, status=422 if stopped or insist else 200)


def _confirmation(
    request: HttpRequest,
    application: Any,
    *,
    stopped: registration.Incomplete | None = None,
    confirmed: Any = (),
) -> HttpResponse:
    """VA-REG-28: everything that will be sent, with what follows from it for each machine."""
    edition = entry_saving.terms_of(application)
    own = contents.machine_fields(edition)
    each = assess_each(application, now=request.now)
    machines = contents.machines(application.entries)
    pages = _pages(application)
    context = _around(request, application) | {
        "application": application,
        "edition": edition,
        "shared": [(at.label, text) for at, text in contents.all_written(machines[0], edition) if at.name not in own],
        "machines": [
            {
                "page": next((one.key for one in pages if one.machine == nth), ""),
                "end": _day(assessment, "end"),
                "hardware_end": _day(assessment, "hardware_end"),
                "days_used": assessment.coverage.values.get("days_used") if assessment.coverage else None,
                "assessment": assessment,
                "entered": [(at.label, text) for at, text in contents.all_written(machine, edition) if at.name in own],
                "drawing": entry_form.drawing(assessment, request),
                "derivation": derivation(assessment),
                "notes": [fault for fault in assessment.form.faults if fault.kind == "note"],
            }
            for nth, (machine, assessment) in enumerate(zip(machines, each, strict=True), start=1)
        ]
        if own
        else [],
        "stopped": stopped,
        "confirmations": _confirmations(application),
        "unconfirmed": stopped.unconfirmed if stopped else (),
        "confirmed": confirmed,
        "needs_mandate": request.actor.is_seller,
        "mandate": request.POST.get("mandate", ""),
        "page": Page(key=CONFIRM, title="確認"),
    }
    return render(request, "portal/application_confirm.html", context, status=422 if stopped else 200)


def _day(assessment: Any, name: str) -> date | None:
    """A day of the period, where it has one."""
    text = assessment.coverage.values.get(name) if assessment.coverage else None
    return date.fromisoformat(text) if text else None


def _around(request: HttpRequest, application: Any) -> dict[str, Any]:
    pages = _pages(application)
    edition = entry_saving.terms_of(application)
    return {
        "edition": edition,
        "purposes": clauses.purposes(edition),
        "pages": [(one, not _open_on(application, one, request)) for one in pages] if len(pages) > 1 else [],
        "files": queries.history_of(application)["files"],
        "parked": queries.parked(application_id=application.pk, user_id=request.actor.user_id),
        "operator_profile": operators.profile(),
    }


def _confirmations(application: Any) -> list[Any]:
    """What is confirmed when the form is sent; not again what was confirmed before it."""
    terms = entry_saving.terms_of(application).application
    given = {*queries.consents_of(application).values_list("item", flat=True)}
    return [one for one in terms.confirmation if one.id not in given and not one.wanted_with]


def _seller_page(application: Any) -> Page:
    """The fields that the seller fills."""
    edition = entry_saving.terms_of(application)
    own = {at.screen for at in edition.card_field if at.by == "seller"}
    return Page(key=entry_form.SELLER, title="", steps=tuple(step for step in edition.form_step if step.id in own))


def _taken_in_by_seller(edition: catalog.Edition) -> bool:
    return edition.application is not None and edition.application.taken_in_by == "seller"


def _seller_fields(request: HttpRequest, application: Any) -> dict[str, Any]:
    return _form(request, application, application.entries, _seller_page(application))


_PLACE = entry_saving.Place(
    page="portal:application",
    conflict_page="portal:application_conflict",
    saved="portal/application_saved.html",
    conflict="portal/application_conflict.html",
    staff=False,
    shown=_form,
)

urlpatterns = [
    path("applications/", index, name="applications"),
    path("applications/new/", new, name="application_new"),
    path("applications/<str:number>/", page, name="application"),
    path("applications/<str:number>/pages/<str:key>/", one_page, name="application_page"),
    path("applications/<str:number>/entries", save, name="application_save"),
    path("applications/<str:number>/next", go_on, name="application_next"),
    path("applications/<str:number>/machines/<int:nth>/drop", drop_machine, name="application_drop"),
    path("applications/<str:number>/conflict", conflict, name="application_conflict"),
    path("applications/<str:number>/send", submit, name="application_send"),
    path("applications/<str:number>/contact", ask_contact, name="application_ask_contact"),
    path("applications/<str:number>/forward", forward, name="application_forward"),
    path("applications/<str:number>/payment/cancel", cancel_payment, name="application_cancel_payment"),
    path("applications/<str:number>/withdraw", withdraw, name="application_withdraw"),
    path("applications/<str:number>/files", attach, name="application_attach"),
    path("applications/<str:number>/inquiries/<int:inquiry_id>", answer, name="application_answer"),
    path("applications/<str:number>/copy.pdf", copy, name="application_copy"),
]
