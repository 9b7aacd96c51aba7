"""登録: the explicit steps of a decision: accept, ask, refuse, declare out of time; and what follows a refusal."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from hoshu.accounts import organisations
from hoshu.contracts import Refused, agreements, applications, queries
from hoshu.contracts.assessment import Assessment, assess
from hoshu.contracts.form import card_referred_to, field_of
from hoshu.flows import registration
from hoshu.flows.registration_notices import preview_completion, refusal_letter, writer_of
from hoshu.japan.phones import digits
from hoshu.notifications import outbox
from hoshu.web.common.answer import Step
from hoshu.web.common.entry_form import drawing
from hoshu.web.common.inputs import DateField
from hoshu.web.common.registration_answer import answer, wrong_fields
from hoshu.web.common.views import allow

NEXT = {"accept": "承諾して登録完了のお知らせを送る", "ask": "ご記入者に照会する", "correct": "カードの欄を直す"}
MANY = 8
"""Customers offered as the possible owner of a card."""


@require_GET
@allow("applications.decide")
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Everything the decision needs on one page: the answer, the notice as it would be sent, each way to go."""
    return _panel(request, _application(number))


@require_POST
@allow("applications.decide")
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Send the completion notice, which is the acceptance."""
    customer = request.POST.get("customer", "")
    reasons = {name.removeprefix("reason:"): text for name, text in request.POST.items() if name.startswith("reason:")}

    def step(application: Any) -> str:
        if application.tenant_id is None and customer != "new" and not customer.isdecimal():
            raise Refused("どのお客様のカードかを選んでください。")
        agreement = registration.accept(
            application_id=application.pk,
            customer_id=int(customer) if customer.isdecimal() else None,
            reasons=reasons,
            now=request.now,
        )
        return f"登録が完了しました。{queries.number_name(agreement)}は {agreement.number} です。"

    return _act(request, number, step, then="application")


@require_POST
@allow("applications.decide")
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the card writer, by mail or on record of a telephone call."""
    questions = [*request.POST.getlist("question"), *request.POST.get("more", "").splitlines()]

    def step(application: Any) -> str:
        by_mail = request.POST.get("by") == "mail"
        registration.ask(application_id=application.pk, questions=questions, by_mail=by_mail, now=request.now)
        return "照会のメールを送りました。" if by_mail else "電話での照会を記録しました。"

    return _act(request, number, step, then="application")


@require_POST
@allow("applications.decide")
def wait(request: HttpRequest, number: str) -> HttpResponse:
    """Wait for the representing card; the application goes on by itself when it arrives."""

    def step(application: Any) -> str:
        registration.wait_for_card(application_id=application.pk, now=request.now)
        return "代表カードの到着を待ちます。届くと自動で確認中に戻ります。"

    return _act(request, number, step, then="application")


@require_POST
@allow("applications.decide")
def resume(request: HttpRequest, number: str) -> HttpResponse:
    """Go on checking without an answer."""

    def step(application: Any) -> str:
        note = request.POST.get("note", "").strip() or "回答を待たずに確認を続けます。"
        registration.resume(application_id=application.pk, note=note, now=request.now)
        return "確認中に戻しました。"

    return _act(request, number, step, then="application")


@require_POST
@allow("applications.enter")
def answered(request: HttpRequest, number: str, inquiry_id: int) -> HttpResponse:
    """Record the writer's answer; fields are corrected on the card itself."""
    try:
        inquiry = queries.inquiry_of(number=number, inquiry_id=inquiry_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing

    def step(application: Any) -> str:
        text = request.POST.get("answer", "")
        registration.answer(inquiry_id=inquiry.pk, text=text, corrections={}, now=request.now)
        return "回答を記録しました。カードの欄を直してください。"

    return _act(request, number, step, then="application", back="application")


@require_POST
@allow("applications.decide")
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    """Refuse with a reason; late, it waits for a second person."""

    def step(application: Any) -> str:
        refusal = registration.refuse(
            application_id=application.pk,
            reason=request.POST.get("reason", ""),
            clause=request.POST.get("clause", ""),
            by_post=request.POST.get("by") == "post",
            now=request.now,
        )
        if refusal.late:
            return "回答期限を過ぎているため、もう一人の承認を待ちます。"
        return "承諾拒絶の通知を出しました。"

    return _act(request, number, step, then="application")


@require_POST
@allow("applications.decide")
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """The second person lets a late refusal go out, or sends it back."""
    refusal = _refusal(number)

    def step(application: Any) -> str:
        if request.POST.get("act") == "withdraw":
            registration.withdraw_refusal(refusal_id=refusal.pk, reason=request.POST.get("reason", ""), now=request.now)
            return "拒絶の起票を取り下げました。"
        registration.approve_refusal(refusal_id=refusal.pk, now=request.now)
        return "承認し、承諾拒絶の通知を出しました。"

    return _act(request, number, step, then="application", back="application")


@require_POST
@allow("applications.decide")
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    """Back to the applicant, who corrects it; nothing entered is lost."""

    def step(application: Any) -> str:
        registration.send_back(application_id=application.pk, reason=request.POST.get("reason", ""), now=request.now)
        return "差し戻し、直していただく内容をお知らせしました。"

    return _act(request, number, step, then="application")


@require_GET
@allow("applications.read")
def letter(request: HttpRequest, number: str) -> HttpResponse:
    """The refusal as the document the customer hands to the seller."""
    try:
        content = refusal_letter(refusal=_refusal(number), now=request.now)
    except outbox.Refused as refused:
        messages.error(request, refused.message)
        return redirect("console:application", number)
    headers = {"Content-Disposition": 'attachment; filename="refusal.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_POST
@allow("applications.decide")
def refund(request: HttpRequest, number: str) -> HttpResponse:
    """The customer or the seller reports that the price was paid back."""
    refusal = _refusal(number)

    def step(application: Any) -> str:
        try:
            day = DateField().clean(request.POST.get("day", ""))
        except forms.ValidationError as error:
            raise Refused(" ".join(error.messages)) from error
        shown = request.POST.get("proof") == "yes"
        registration.report_refund(refusal_id=refusal.pk, day=day, proof_shown=shown, now=request.now)
        return (
            "返金の報告を記録しました。" if shown else "報告を記録しました。購入を証するものを確かめるまで未完了です。"
        )

    return _act(request, number, step, then="application", back="application")


@require_POST
@allow("applications.decide")
def lapse(request: HttpRequest, number: str) -> HttpResponse:
    """Late, therefore not served and without refund (第2章 1.(1))."""

    def step(application: Any) -> str:
        registration.lapse(application_id=application.pk, reason=request.POST.get("reason", ""), now=request.now)
        return "期限超過のため対象外としました。"

    return _act(request, number, step, then="application")


def _application(number: str) -> Any:
    return get_object_or_404(queries.applications(), number=number)


def _refusal(number: str) -> Any:
    try:
        return queries.refusal_of(number=number)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


def _act(
    request: HttpRequest, number: str, step: Callable[[Any], str], *, then: str, back: str = "decide"
) -> HttpResponse:
    """One step; what is refused leaves everything as it was and is said on the page where one came from."""
    application = _application(number)
    try:
        said = step(application)
    except (Refused, outbox.Refused) as refused:
        clause = getattr(refused, "clause", "")
        if back != "decide":
            messages.error(request, f"{refused.message}（{clause}）" if clause else refused.message)
            return redirect("console:application", number)
        return _panel(request, application, refused=refused.message, clause=clause)
    messages.success(request, said)
    return redirect(f"console:{then}", number)


def _panel(request: HttpRequest, application: Any, *, refused: str = "", clause: str = "") -> HttpResponse:
    if application.state not in queries.OPEN_STATES:
        return redirect("console:application", application.number)
    assessment = assess(application, now=request.now)
    terms = assessment.edition.registration
    contact = assessment.form.contact
    company = contact.company or contact.name if contact else ""
    context = {
        "application": application,
        "assessment": assessment,
        "view": answer(
            assessment,
            steps=_steps(assessment, application),
            card_page=reverse("console:application", args=[application.number]),
        ),
        "drawing": drawing(assessment, request),
        "notice": preview_completion(application=application, assessment=assessment, now=request.now),
        "agreement_number": agreements.number_of(application),
        "company": company,
        "customers": _customers(company, contact.phone if contact else "", request.POST.get("customer", "")),
        "may_accept": application.state == "checking" and assessment.proposal == "accept",
        "clearable": [(hold, request.POST.get(f"reason:{hold.code}", "")) for hold in assessment.clearable],
        "writer": writer_of(application, request.now),
        "questions": _questions(assessment),
        "asks_first": assessment.proposal == "ask" and not wrong_fields(assessment),
        "waits_for": card_referred_to(application.entries, assessment.edition) if _waits(assessment) else "",
        "refusal_clause": applications.refusal_clause(application),
        "late_clause": terms.late.clause if terms and terms.late else "",
        "may_send_back": assessment.edition.application.returned is not None,
        "together": [one for one in queries.sent_together(application) if one.pk != application.pk],
        "clauses": sorted({fault.clause for fault in assessment.form.faults} | {h.clause for h in assessment.holds}),
        "is_late_to_answer": application.answer_by and request.now.date() > application.answer_by,
        "refused": refused,
        "clause": clause,
        "given": request.POST,
    }
    return render(request, "console/registration/decide.html", context, status=422 if refused else 200)


def _steps(assessment: Assessment, application: Any) -> list[Step]:
    if application.state != "checking":
        return []
    if assessment.proposal == "accept":
        return [Step(label=NEXT["accept"], form="accept")]
    if assessment.proposal == "ask":
        ask = Step(label=NEXT["ask"], url=f"{reverse('console:application_decide', args=[application.number])}#ask")
        card = reverse("console:application", args=[application.number])
        correct = [Step(label=NEXT["correct"], url=f"{card}#card_{name}") for name in wrong_fields(assessment)[:1]]
        return [*correct, ask]
    return []


def _customers(company: str, phone: str, chosen: str) -> list[tuple[Any, bool]]:
    """Customers of that name; the one that was chosen, or whose telephone number it is too, fits."""
    if not company:
        return []
    found = organisations.search(company, kind="customer")[:MANY]
    return [(one, chosen == str(one.pk) or (not chosen and digits(one.phone) == digits(phone) != "")) for one in found]


def _questions(assessment: Assessment) -> list[str]:
    """A question for each thing that only the writer can clear."""
    asked = [f"{fault.number}{fault.label}: {fault.message}" for fault in assessment.open_fields]
    return asked + [hold.message for hold in assessment.holds if hold.code in {"dates_differ", "purchase_unknown"}]


def _waits(assessment: Assessment) -> bool:
    at = field_of(assessment.edition, "copy.from")
    return at is not None and any(fault.kind == "held" for fault in assessment.form.of(at.name))


urlpatterns = [
    path("applications/<str:number>/decide", decide, name="application_decide"),
    path("applications/<str:number>/accept", accept, name="application_accept"),
    path("applications/<str:number>/ask", ask, name="application_ask"),
    path("applications/<str:number>/wait", wait, name="application_wait"),
    path("applications/<str:number>/resume", resume, name="application_resume"),
    path("applications/<str:number>/inquiries/<int:inquiry_id>", answered, name="application_answered"),
    path("applications/<str:number>/refuse", refuse, name="application_refuse"),
    path("applications/<str:number>/refusal", letter, name="application_refusal"),
    path("applications/<str:number>/refusal/approve", approve, name="application_approve"),
    path("applications/<str:number>/refund", refund, name="application_refund"),
    path("applications/<str:number>/lapse", lapse, name="application_lapse"),
    path("applications/<str:number>/return", send_back, name="application_return"),
]
