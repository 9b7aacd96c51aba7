"""お預かりしている情報と同意: what a customer gave us, what for, how long; who accepted what."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu.accounts import operators
from hoshu.privacy import Refused, disclosures, ledger, queries, register, requests, retention_rules
from hoshu.privacy.words import Channel, RequestKind
from hoshu.web.common.refusing import answered
from hoshu.web.common.views import allow

SHOWN = 200


class RequestForm(forms.Form):
    """What the administrator of the customer asks for; who they are, the login says."""

    kind = forms.ChoiceField(label="お申し出の種類", choices=RequestKind.choices)
    relation = forms.CharField(label="ご本人との関係", max_length=80, initial="会社の管理者")
    name = forms.CharField(label="対象の方のお名前", max_length=80, required=False)
    email = forms.EmailField(label="対象の方のメール", required=False)
    phone = forms.CharField(label="対象の方の電話番号", max_length=40, required=False)
    asked = forms.CharField(label="お申し出の内容", widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)


@require_GET
@allow("privacy.own")
def page(request: HttpRequest) -> HttpResponse:
    """Everything about the customer's own information."""
    tenant = request.actor.organisation_id
    groups = [
        (
            name,
            [
                line
                for line in register.lines(months=retention_rules.months_set(), own=False)
                if line.category.group == code
            ],
        )
        for code, name in register.GROUPS.items()
        if code != "own"
    ]
    context = {
        "groups": groups,
        "purposes": queries.purposes_for(tenant),
        "lines": ledger.lines(ledger.Chosen(tenant_id=tenant), limit=SHOWN),
        "shown": disclosures.disclosures(tenant_id=tenant)[:SHOWN],
        "told": queries.told_of_leaks(tenant)[:SHOWN],
        "requests": queries.requests(tenant_id=tenant)[:SHOWN],
        "operator_profile": operators.profile(),
    }
    return render(request, "portal/privacy.html", context)


@require_POST
@allow("privacy.own")
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take a consent back, where it may be taken back alone."""
    line = ledger.one(key)
    if line is None or line.tenant_id != request.actor.organisation_id:
        raise Http404
    try:
        ledger.withdraw(key=key, person=request.actor.name, reason="", channel=Channel.PORTAL, now=request.now)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "撤回しました。これより前に行ったことは、そのままです。")
    return redirect("portal:privacy")


@require_http_methods(["GET", "POST"])
@allow("privacy.own")
def ask(request: HttpRequest) -> HttpResponse:
    """Ask to see, correct or erase; the login is the identification (IX-PII-04, VA-REG-16)."""
    return answered(
        request,
        RequestForm(request.POST or None),
        lambda said: requests.receive(
            tenant_id=request.actor.organisation_id,
            requester=request.actor.name,
            channel=Channel.PORTAL,
            identified_by="お客様の画面へのログイン",
            **said,
            now=request.now,
        ),
        goes_to=lambda row: reverse("portal:privacy"),
        template="portal/privacy_request.html",
        context={},
    )


urlpatterns = [
    path("privacy/", page, name="privacy"),
    path("privacy/request", ask, name="privacy_request"),
    path("privacy/withdraw/<str:key>", withdraw, name="privacy_withdraw"),
]
