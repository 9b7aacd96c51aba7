"""お申し出: requests about personal information, what is held of a person, and its erasure in two steps."""

import json
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu.accounts import operators, organisations
from hoshu.accounts.access import may
from hoshu.privacy import Refused, erasing, queries, requests
from hoshu.privacy.words import Channel, RequestKind
from hoshu.web.common.refusing import answered
from hoshu.web.common.views import allow

ROWS = 50
TONES = {"held": "hold", "open": "info", "done": "ok", "declined": "out"}


class RequestForm(forms.Form):
    """Who asks what about whom."""

    tenant = forms.TypedChoiceField(label="お客様", coerce=int)
    kind = forms.ChoiceField(label="種類", choices=RequestKind.choices)
    requester = forms.CharField(label="お申し出の方", max_length=80)
    relation = forms.CharField(label="ご本人との関係", max_length=80)
    channel = forms.ChoiceField(label="経路", choices=Channel.choices, initial=Channel.PHONE)
    name = forms.CharField(label="対象の方のお名前", max_length=80, required=False)
    email = forms.EmailField(label="対象の方のメール", required=False)
    phone = forms.CharField(label="対象の方の電話番号", max_length=40, required=False)
    asked = forms.CharField(label="お申し出の内容", widget=forms.Textarea(attrs={"rows": 3}))
    identified_by = forms.CharField(
        label="本人確認の方法",
        max_length=200,
        required=False,
        help_text="空欄のあいだは、内容をお見せできません。例: 登録の電話番号へ折り返した",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        places = organisations.search("", kind="customer")
        self.fields["tenant"].choices = [("", "選んでください"), *((place.pk, place.name) for place in places)]


@require_GET
@allow("privacy.read")
def index(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first; `?all=1` everything."""
    everything = request.GET.get("all") == "1"
    page = Paginator(queries.requests(is_open=not everything), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, TONES[one.state]) for one in page],
        "everything": everything,
        "may_write": may(request.actor, "privacy.write"),
        "tab": "requests",
    }
    return render(request, "console/privacy/requests.html", context)


@require_http_methods(["GET", "POST"])
@allow("privacy.write")
def new(request: HttpRequest) -> HttpResponse:
    """Take a request down."""
    return answered(
        request,
        RequestForm(request.POST or None),
        lambda said: requests.receive(tenant_id=said.pop("tenant"), **said, now=request.now),
        goes_to=lambda row: reverse("console:privacy_request", args=[row.pk]),
        template="console/privacy/form.html",
        context={
            "title": "お申し出を受け付ける",
            "button": "受け付ける",
            "tab": "requests",
            "back": reverse("console:privacy_requests"),
        },
    )


@require_GET
@allow("privacy.read")
def one(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request; for an erasure with what would go and what would stay."""
    return _page(request, _get(request_id))


@require_POST
@allow("privacy.write")
def identify(request: HttpRequest, request_id: int) -> HttpResponse:
    """It is certain who asks."""
    return _done(
        request,
        request_id,
        lambda: requests.identify(request_id=request_id, how=request.POST.get("how", ""), now=request.now),
        "本人確認を記録しました。",
    )


@require_POST
@allow("privacy.write")
def answer(request: HttpRequest, request_id: int) -> HttpResponse:
    """Close it with an answer."""
    return _done(
        request,
        request_id,
        lambda: requests.answer(
            request_id=request_id,
            text=request.POST.get("text", ""),
            declined=request.POST.get("declined") == "1",
            now=request.now,
        ),
        "回答を記録しました。",
    )


@require_POST
@allow("privacy.erase")
def erase(request: HttpRequest, request_id: int) -> HttpResponse:
    """The second step of an erasure: exactly what the page showed."""
    return _done(
        request,
        request_id,
        lambda: requests.erase(request_id=request_id, token=request.POST.get("token", ""), now=request.now),
        "消去しました。",
    )


@require_POST
@allow("privacy.write")
def export(request: HttpRequest, request_id: int) -> HttpResponse:
    """Everything held of the person: a page to print, or data (JSON) with `as=json`."""
    found = _get(request_id)
    try:
        data = requests.export(request_id=request_id, now=request.now)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("console:privacy_request", request_id)
    if request.POST.get("as") == "json":
        return HttpResponse(
            json.dumps(data, ensure_ascii=False, indent=1, default=str),
            content_type="application/json; charset=utf-8",
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote('個人情報の開示.json')}"},
        )
    context = {"data": data, "found": found, "profile": operators.profile(), "tab": "requests"}
    return render(request, "console/privacy/export.html", context)


def _get(request_id: int) -> Any:
    try:
        return queries.requests().get(pk=request_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


def _page(request: HttpRequest, found: Any) -> HttpResponse:
    erasable = found.kind in erasing.ERASABLE and found.identified_at is not None and found.erased_at is None
    context = {
        "found": found,
        "tone": TONES[found.state],
        "preview": requests.preview(found, now=request.now) if erasable and found.state == "open" else None,
        "may_write": may(request.actor, "privacy.write"),
        "may_erase": may(request.actor, "privacy.erase"),
        "erased": found.erased.items(),
        "tab": "requests",
    }
    return render(request, "console/privacy/request.html", context)


def _done(request: HttpRequest, request_id: int, step: Any, said: str) -> HttpResponse:
    _get(request_id)
    try:
        step()
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, said)
    return redirect("console:privacy_request", request_id)


urlpatterns = [
    path("privacy/requests/", index, name="privacy_requests"),
    path("privacy/requests/new", new, name="privacy_request_new"),
    path("privacy/requests/<int:request_id>/", one, name="privacy_request"),
    path("privacy/requests/<int:request_id>/identify", identify, name="privacy_identify"),
    path("privacy/requests/<int:request_id>/answer", answer, name="privacy_answer"),
    path("privacy/requests/<int:request_id>/erase", erase, name="privacy_erase"),
    path("privacy/requests/<int:request_id>/export", export, name="privacy_export_person"),
]
