"""契約: what was agreed, until when, with whom, and everything that was sent and decided about it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from hoshu.accounts.access import may
from hoshu.cases import queries as cases
from hoshu.contracts import Refused, queries
from hoshu.flows import corrections
from hoshu.flows.registration_notices import numbers_of
from hoshu.notifications import outbox
from hoshu.notifications import queries as notifications
from hoshu.privacy import ledger
from hoshu.web.common import agreement_card, csv_file
from hoshu.web.common.bounded import BoundedPaginator
from hoshu.web.common.inputs import DateField
from hoshu.web.common.views import allow
from hoshu.web.console import case_rows
from hoshu.web.console.registration import AttachForm, attach_file

ROWS = 50
CONSENTS = 30
COLUMNS = ("契約番号", "状態", "お客様", "製造番号", "品名", "ご購入日", "提供開始日", "サポート満了日")
SORTS = {"number": "number", "end": "ends_on", "start": "starts_on"}


@require_GET
@allow("agreements.read")
def index(request: HttpRequest) -> HttpResponse:
    """Agreements by number, serial or company; `?ends_by=` what expires until then."""
    found, wrong = _chosen(request)
    page = BoundedPaginator(found, ROWS).get_page(request.GET.get("page"))
    today = request.now.date()
    return render(
        request,
        "console/agreements/index.html",
        {
            "page": page,
            "rows": [(agreement, *agreement_card.state_of(agreement, today)) for agreement in page],
            "text": request.GET.get("q", ""),
            "ends_by": request.GET.get("ends_by", ""),
            "wrong": wrong,
            "query": request.GET.urlencode(),
        },
    )


@require_GET
@allow("agreements.read")
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, without names of persons."""
    today = request.now.date()
    found, _ = _chosen(request)
    lines = (
        (
            agreement.number,
            agreement_card.state_of(agreement, today)[0],
            agreement.tenant.name,
            agreement.device.serial if agreement.device else "",
            agreement.device.product.name if agreement.device else "",
            agreement.purchased_on,
            agreement.starts_on,
            agreement.ends_on,
        )
        for agreement in found[: csv_file.MOST_ROWS]
    )
    return csv_file.response(name="契約.csv", header=COLUMNS, rows=lines)


@require_GET
@allow("agreements.read")
def page(request: HttpRequest, number: str) -> HttpResponse:
    """One agreement: the period, the present revision, and everything sent, decided and handed in about it."""
    agreement = get_object_or_404(queries.agreements(), number=number)
    context = agreement_card.shown(agreement, today=request.now.date())
    context["customers_before_and_after"] = queries.passed_on(agreement)
    context["takes_calls"] = may(request.actor, "intake.use")
    context["may_see_ending"] = may(request.actor, "endings.read")
    context["enters_changes"] = may(request.actor, "changes.enter")
    context["sells_kits"] = may(request.actor, "extensions.sell")
    if may(request.actor, "applications.read") and agreement.application is not None:
        application = agreement.application
        files = list(queries.history_of(application)["files"])
        context |= {
            "application": application,
            "numbers": numbers_of(application),
            "files": files,
            "proofs": [kept for kept in files if kept.is_proof and kept.date_read],
            "may_correct": may(request.actor, "applications.decide"),
            "attach": AttachForm(),
        }
    if may(request.actor, "privacy.read"):
        context["consents"] = ledger.lines(ledger.Chosen(agreement=agreement.number), limit=CONSENTS)
    if may(request.actor, "messages.read"):
        context["notices"] = notifications.mailbox(about=agreement.number)
    if may(request.actor, "decisions.read"):
        context["decided"] = [(kept, *_dates(kept)) for kept in queries.decisions_about(agreement.number)]
    if may(request.actor, "cases.read"):
        context["open_cases"] = case_rows.toned(cases.open_cases_of(device_id=agreement.device_id))
        context["unmatched"] = cases.unmatched_for(serial=agreement.device.serial) if agreement.device else []
    return render(request, "console/agreements/page.html", context)


@require_POST
@allow("applications.decide")
def send_again(request: HttpRequest, number: str) -> HttpResponse:
    """The notice came back: send it to a corrected address; service starts with this sending."""
    agreement = get_object_or_404(queries.agreements(), number=number)
    email = request.POST.get("email", "").strip()
    try:
        corrections.send_again(agreement_id=agreement.pk, email=email, now=request.now)
    except (Refused, outbox.Refused) as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"{email} に登録完了のお知らせを送りました。")
    return redirect("console:agreement", number)


@require_POST
@allow("applications.decide")
def add_proof(request: HttpRequest, number: str) -> HttpResponse:
    """A document that came after the acceptance, kept with the application it belongs to."""
    agreement = get_object_or_404(queries.agreements(), number=number)
    attach_file(request, agreement.application)
    return redirect("console:agreement", number)


@require_POST
@allow("applications.decide")
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Proof that came later corrects the purchase date, with a reason (OR-19)."""
    agreement = get_object_or_404(queries.agreements(), number=number)
    proof = request.POST.get("proof", "")
    attached = get_object_or_404(agreement.application.files, pk=int(proof) if proof.isdecimal() else 0)
    try:
        corrections.correct_purchase(
            agreement_id=agreement.pk,
            attached_id=attached.pk,
            reason=request.POST.get("reason", ""),
            now=request.now,
        )
    except (Refused, outbox.Refused) as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "購入日を訂正し、訂正のお知らせを送りました。")
    return redirect("console:agreement", number)


def _dates(decision: Any) -> tuple[date | None, date | None]:
    """Start and end as a stored answer on the coverage gave them."""
    if decision.topic != "coverage" or decision.answer["start"] is None:
        return None, None
    end = decision.answer["end"]
    return date.fromisoformat(decision.answer["start"]), date.fromisoformat(end) if end else None


def _chosen(request: HttpRequest) -> tuple[QuerySet, str]:
    """The agreements that the filters ask for, in order; and what is wrong with the date, if anything."""
    try:
        ends_by, wrong = DateField(required=False).clean(request.GET.get("ends_by", "").strip()), ""
    except ValidationError as error:
        ends_by, wrong = None, " ".join(error.messages)
    found = queries.agreements(text=request.GET.get("q", "").strip(), ends_by=ends_by)
    sort = request.GET.get("sort", "")
    if field := SORTS.get(sort.removeprefix("-")):
        found = found.order_by(f"{'-' * sort.startswith('-')}{field}", "id")
    return found, wrong


urlpatterns = [
    path("agreements/", index, name="agreements"),
    path("agreements/export.csv", export, name="agreements_export"),
    path("agreements/<str:number>/", page, name="agreement"),
    path("agreements/<str:number>/notice", send_again, name="agreement_notice"),
    path("agreements/<str:number>/proof", add_proof, name="agreement_proof"),
    path("agreements/<str:number>/purchase", correct, name="agreement_purchase"),
]
