"""障害の連絡: a customer reports a fault of an own unit and follows it; the same intake as the desk's."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods

from hoshu.accounts.access import may
from hoshu.cases import queries
from hoshu.cases.call import Call
from hoshu.cases.progress import judged, unit_of
from hoshu.cases.words import Channel, State
from hoshu.contracts import finding
from hoshu.contracts import queries as contracts
from hoshu.contracts.finding import Unit
from hoshu.files import store, uploads
from hoshu.flows import service_call
from hoshu.web.common import agreement_card
from hoshu.web.common.call_form import WARRANTY, CallForm
from hoshu.web.common.case_answer import answer
from hoshu.web.common.views import allow

LISTED = 50
DONE = (State.COMPLETED, State.CLOSED)


class ReportForm(CallForm):
    """The six pieces in the customer's words; who reports is known from the login."""

    upload = forms.FileField(label="バックアップやログのファイル", required=False)
    purpose = forms.ChoiceField(label="ファイルの種類", choices=queries.FILE_PURPOSES, required=False)
    personal_number = forms.ChoiceField(
        label="ファイルに個人番号(マイナンバー)を含みますか",
        choices=[("no", "含まない"), ("yes", "含む"), ("unknown", "わからない")],
        required=False,
        widget=forms.RadioSelect,
        help_text="含むもの、わからないものは、中を開かずにお預かりし、ご連絡します(第4章 9.(3))。",
    )
    latest = forms.BooleanField(label="このバックアップは最新です", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, codes={}, **kwargs)
        for name in (*_DESK_ONLY, *WARRANTY):
            self.fields.pop(name, None)
        self.fields["symptoms"].required = True
        self.fields["caller_phone"].label = "折り返しの電話番号"
        self.fields["told"].label = "困っていること"
        self.fields["backup"].choices = BACKUP_CHOICES
        self.fields["serial_confirmed"].label = "製造番号が、機器のラベルと同じであることを確かめた"
        if self.unit is None:
            self.fields["reported_as"].required = True


BACKUP_CHOICES = [
    ("file", "下のファイルを送る"),
    ("on_site", "訪問時に渡す"),
    ("none", "ない"),
    ("", "まだわからない"),
]
_DESK_ONLY = ("channel", "caller_name", "caller_company", "caller_email", "exclusion", "exclusion_finding")


@require_GET
@allow("portal.report")
def choose(request: HttpRequest) -> HttpResponse:
    """Which unit failed: the customer's own ones, found while typing."""
    query = request.GET.get("q", "").strip()
    found = finding.units(query=query, limit=LISTED) if query else finding.in_sight(limit=LISTED)
    template = "portal/report_hits.html" if request.htmx else "portal/report.html"
    context = {
        "query": query,
        "found": found,
        "open_cases": list(queries.lines(queries.cases(chosen=queries.Filter(), now=request.now))[:20]),
    }
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@allow("portal.report")
def report(request: HttpRequest, device_id: int | None = None) -> HttpResponse:
    """The form about one unit; what is missing is shown with its effect and never stops the report."""
    unit = _unit(device_id)
    initial = {"reported_as": unit.serial if unit else request.GET.get("said", ""), "site": "same"}
    if request.method == "GET":
        form = ReportForm(unit=unit, on=request.now.date(), initial=initial)
        return _form_page(request, form, unit, device_id)
    form = ReportForm(request.POST, request.FILES, unit=unit, on=request.now.date())
    if form.is_valid():
        try:
            with transaction.atomic():
                number = _open(request, form, device_id)
        except store.Refused as refused:
            form.add_error("upload", str(refused))
        else:
            messages.success(request, f"障害のご連絡を受け付けました。受付番号は {number} です。")
            return redirect("portal:case", number=number)
    return _form_page(request, form, unit, device_id, status=422)


@require_GET
@allow("portal.read")
def case(request: HttpRequest, number: str) -> HttpResponse:
    """What became of a report: symptom, answer, next step, work done. No cause is ever shown (IX-PRE-06)."""
    try:
        details = queries.details(number=number)
    except queries.NotFound as missing:
        raise Http404 from missing
    kept, unit = details.case, unit_of(details.case)
    if request.actor.is_seller and not contracts.agreements().filter(device_id=kept.device_id).exists():
        raise Http404
    cover = unit.cover_on(kept.received_at.date()) if unit else None
    judgement = judged(kept, now=request.now)
    again = kept.reperformance
    view = answer(
        entitlement=judgement.entitlement.values,
        reasons=[*again.reasons, *judgement.entitlement.reasons] if again else judgement.entitlement.reasons,
        service=kept.service,
        edition=judgement.entitlement.edition,
        registered=judgement.registered,
        window=judgement.window.values if judgement.window else None,
        restoration_reasons=judgement.restoration.reasons if judgement.restoration else (),
        ends_on=cover.ends_on if cover else None,
        free_again=bool(again and again.answer["free"]),
        now=request.now,
    )
    context = {
        "case": kept,
        "unit": unit,
        "cover": cover,
        "view": view,
        "symptom": service_call.symptom_of(kept),
        "asked": [] if kept.finished_at else service_call.asked_of_customer(judgement.pieces),
        "requests": [item for item in details.requests if not item.answered_at],
        "steps": details.steps,
        "exchanges": details.exchanges,
        "events": [event for event in details.events if not event.internal],
        "files": () if request.actor.is_seller else details.files,
        "is_done": kept.state in DONE,
        "may_report": may(request.actor, "portal.report"),
    }
    return render(request, "portal/case.html", context)


def _open(request: HttpRequest, form: ReportForm, device_id: int | None) -> str:
    said = form.call()
    user = request.user
    call = Call(
        **{
            **{name: getattr(said, name) for name in Call.__dataclass_fields__},
            "channel": Channel.PORTAL,
            "caller_name": user.name,
            "caller_email": user.email,
        }
    )
    number = service_call.open_case(
        call=call, device_id=device_id, tenant_id=request.actor.organisation_id, now=request.now
    )
    upload = form.cleaned_data["upload"]
    if upload:
        service_call.attach(
            number=number,
            name=upload.name,
            content=uploads.read(upload),
            purpose=form.cleaned_data["purpose"],
            declared_personal_number={"yes": True, "no": False}.get(form.cleaned_data["personal_number"]),
            file_date=form.cleaned_data["backup_date"],
            latest_declared_by=user.name if form.cleaned_data["latest"] else "",
            now=request.now,
        )
    return number


def _form_page(
    request: HttpRequest, form: ReportForm, unit: Unit | None, device_id: int | None, status: int = 200
) -> HttpResponse:
    cover = unit.cover_on(request.now.date()) if unit else None
    said = form.call() if form.is_bound and form.is_valid() else form.initial_call()
    shown = service_call.preview(call=said, device_id=device_id, now=request.now)
    context = {
        "form": form,
        "unit": unit,
        "cover": cover,
        "site": cover.site if cover else None,
        "open_cases": shown.open_cases,
        "drawing": agreement_card.drawing(cover, request.now.date()),
    }
    return render(request, "portal/report_form.html", context, status=status)


def _unit(device_id: int | None) -> Unit | None:
    if device_id is None:
        return None
    try:
        return finding.unit(device_id=device_id)
    except finding.NotFound as missing:
        raise Http404 from missing


urlpatterns = [
    path("cases/<str:number>/", case, name="case"),
    path("report/", choose, name="report"),
    path("report/unknown/", report, name="report_unknown"),
    path("report/<int:device_id>/", report, name="report_unit"),
]
