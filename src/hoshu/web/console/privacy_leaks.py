"""漏えい等: incidents with personal information, their clocks, and everybody who is told."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu.accounts import organisations
from hoshu.accounts.access import may
from hoshu.notifications import outbox
from hoshu.privacy import Refused, leaks
from hoshu.privacy.words import LeakCause, LeakStepKind
from hoshu.web.common import csv_file
from hoshu.web.common.inputs import MomentField
from hoshu.web.common.refusing import answered
from hoshu.web.common.views import allow

ROWS = 50
NOTED = [
    (one.value, one.label)
    for one in (LeakStepKind.PRELIMINARY, LeakStepKind.FINAL, LeakStepKind.MEASURE, LeakStepKind.NOTE)
]


class LeakForm(forms.Form):
    """What is known when it is found."""

    found_at = MomentField(label="知った日時")
    how = forms.CharField(label="見つかった経緯", widget=forms.Textarea(attrs={"rows": 2}))
    what = forms.CharField(label="起きたこと", widget=forms.Textarea(attrs={"rows": 3}))
    cause = forms.ChoiceField(label="原因", choices=LeakCause.choices, initial=LeakCause.UNKNOWN)
    items = forms.CharField(label="漏えいした項目", max_length=200, help_text="読点（、）で区切ります。")
    malicious = forms.BooleanField(label="不正の目的のおそれがある", required=False)
    reportable = forms.BooleanField(
        label="個人情報保護委員会への報告の対象",
        required=False,
        help_text="要配慮個人情報、財産的被害のおそれ、不正の目的、1,000人超のどれかのときです（施行規則 7条）。",
    )
    why_reportable = forms.CharField(label="対象とした、またはしない理由", max_length=200)
    customers = forms.TypedMultipleChoiceField(label="対象のお客様", coerce=int, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["customers"].choices = [
            (place.pk, place.name) for place in organisations.search("", kind="customer")
        ]


class NoteForm(forms.Form):
    """A report, a measure, or how it goes on."""

    kind = forms.ChoiceField(label="種類", choices=NOTED)
    at = MomentField(label="日時")
    whom = forms.CharField(label="相手", max_length=120, required=False)
    text = forms.CharField(label="内容", widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)


@require_GET
@allow("privacy.read")
def index(request: HttpRequest) -> HttpResponse:
    """The register, the newest first."""
    page = Paginator(leaks.leaks(), ROWS).get_page(request.GET.get("page"))
    today = request.now.date()
    context = {
        "page": page,
        "rows": [(one, leaks.clocks(one, today=today)) for one in page],
        "may_write": may(request.actor, "privacy.write"),
        "tab": "leaks",
    }
    return render(request, "console/privacy/leaks.html", context)


@require_http_methods(["GET", "POST"])
@allow("privacy.write")
def new(request: HttpRequest) -> HttpResponse:
    """Record what was found."""
    return answered(
        request,
        LeakForm(request.POST or None, initial={"found_at": request.now}),
        lambda said: leaks.found(
            items=said.pop("items").split("、"), tenant_ids=said.pop("customers"), **said, now=request.now
        ),
        goes_to=lambda row: reverse("console:privacy_leak", args=[row.pk]),
        template="console/privacy/form.html",
        context={
            "title": "漏えい等を記録する",
            "button": "記録する",
            "tab": "leaks",
            "back": reverse("console:privacy_leaks"),
        },
    )


@require_http_methods(["GET", "POST"])
@allow("privacy.read")
def one(request: HttpRequest, leak_id: int) -> HttpResponse:
    """One incident: its clocks, who was told, and the next record."""
    found = _get(leak_id)
    allowed = may(request.actor, "privacy.write")
    form = NoteForm((request.POST or None) if allowed else None, initial={"at": request.now})
    return answered(
        request,
        form,
        lambda said: leaks.note(leak_id=leak_id, **said, now=request.now),
        goes_to=lambda row: reverse("console:privacy_leak", args=[leak_id]),
        template="console/privacy/leak.html",
        context={
            "found": found,
            "clocks": leaks.clocks(found, today=request.now.date()),
            "steps": found.steps.order_by("at", "id"),
            "customers": found.customers.select_related("tenant").order_by("id"),
            "persons": leaks.persons(leak_id=leak_id)[:ROWS],
            "person_count": found.persons.count(),
            "untold": found.persons.filter(told_at=None).count(),
            "may_write": allowed and found.closed_at is None,
            "tab": "leaks",
        },
    )


@require_POST
@allow("privacy.write")
def act(request: HttpRequest, leak_id: int, what: str) -> HttpResponse:
    """Collect the persons, write to them, tell a customer, close."""
    _get(leak_id)
    text = request.POST.get("text", "")
    number = request.POST.get("customer", "")
    steps = {
        "persons": lambda: (leaks.collect_persons(leak_id=leak_id), "対象の方を書き出しました。"),
        "write": lambda: (
            leaks.write_to_persons(leak_id=leak_id, text=text, now=request.now),
            "お知らせを送りました。",
        ),
        "tell": lambda: (
            leaks.told_customer(
                leak_id=leak_id,
                tenant_id=int(number) if number.isdecimal() else 0,
                whom=request.POST.get("whom", ""),
                text=text,
                at=request.now,
                now=request.now,
            ),
            "お客様への連絡を記録しました。",
        ),
        "close": lambda: (leaks.close(leak_id=leak_id, text=text, now=request.now), "終結しました。"),
    }
    if what not in steps:
        raise Http404
    try:
        _, said = steps[what]()
    except ObjectDoesNotExist:
        messages.error(request, "対象のお客様を選んでください。")
    except (Refused, outbox.Refused) as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, said)
    return redirect("console:privacy_leak", leak_id)


@require_GET
@allow("privacy.read")
def persons(request: HttpRequest, leak_id: int) -> HttpResponse:
    """Everybody concerned, as a list."""
    _get(leak_id)
    rows = (
        (
            one.tenant.name,
            one.name,
            one.email,
            one.phone,
            one.source,
            f"{one.told_at:%Y-%m-%d %H:%M}" if one.told_at else "",
        )
        for one in leaks.persons(leak_id=leak_id)[: csv_file.MOST_ROWS]
    )
    header = ("お客様", "お名前", "メール", "電話番号", "記録の場所", "通知した日時")
    return csv_file.response(name=f"漏えい等{leak_id} 対象の方.csv", header=header, rows=rows)


def _get(leak_id: int) -> Any:
    try:
        return leaks.leaks().get(pk=leak_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


urlpatterns = [
    path("privacy/leaks/", index, name="privacy_leaks"),
    path("privacy/leaks/new", new, name="privacy_leak_new"),
    path("privacy/leaks/<int:leak_id>/", one, name="privacy_leak"),
    path("privacy/leaks/<int:leak_id>/persons.csv", persons, name="privacy_leak_persons"),
    path("privacy/leaks/<int:leak_id>/<slug:what>", act, name="privacy_leak_act"),
]
