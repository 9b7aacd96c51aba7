"""延長と満了: what ends when, and a further year for it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu.accounts.access import may
from hoshu.contracts import Refused, expiry, queries
from hoshu.flows import extensions
from hoshu.web.common import expiry_list
from hoshu.web.common.bounded import BoundedPaginator
from hoshu.web.common.expiry_list import TONES, months_ahead
from hoshu.web.common.inputs import DateField
from hoshu.web.common.views import allow

ROWS = 50
GAPS_SINCE = timedelta(days=366 * 2)
"""Gaps further back than this are past mending."""


class OrderForm(forms.Form):
    """第2章 1.(6) (IX-EXT-04): the number and the last day, as the latest notice says them."""

    stated_number = forms.CharField(label="契約の番号（サービス手配番号）", max_length=40)
    stated_end = DateField(label="サポート満了日")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)


@require_GET
@allow("portal.read")
def index(request: HttpRequest) -> HttpResponse:
    """What ends in the coming year, month by month, the gaps between covers, and the orders."""
    today = request.now.date()
    first, last, chosen = months_ahead(request, today)
    page = BoundedPaginator(expiry.expiring(first=first, last=last), ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "portal/expiring.html",
        {
            "page": page,
            "months": expiry.by_month(first=today, last=today + timedelta(days=366)),
            "chosen": chosen,
            "query": request.GET.urlencode(),
            "gaps": expiry.gaps(since=today - GAPS_SINCE),
            "kits": [(kit, TONES[kit.state]) for kit in queries.kits()[:ROWS]],
            "may_order": may(request.actor, "extensions.order"),
        },
    )


@require_GET
@allow("portal.read")
def export(request: HttpRequest) -> HttpResponse:
    """What ends, as it is chosen, for a spreadsheet."""
    return expiry_list.export(request)


@require_http_methods(["GET", "POST"])
@allow("extensions.order")
def order(request: HttpRequest) -> HttpResponse:
    """Order a further year; the number and the day stand there already where one comes from an agreement."""
    number = request.GET.get("number", "")
    known = queries.agreements().filter(number=number).first() if number else None
    initial = {"stated_number": known.number, "stated_end": known.ends_on} if known else {}
    form = OrderForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            kit = extensions.order(
                tenant_id=request.actor.organisation_id,
                asked_by=request.actor.name,
                now=request.now,
                **form.cleaned_data,
            )
        except Refused as refused:
            form.add_error("stated_number", f"{refused.message}{refused.clause}")
        else:
            return redirect("portal:extension", kit.number)
    return render(request, "portal/extension_new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@allow("portal.read")
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One order, and what happens with it next."""
    return _page(request, _kit(number))


@require_POST
@allow("extensions.order")
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """State the number and the day again."""
    kit, form = _kit(number), OrderForm(request.POST)
    if form.is_valid():
        try:
            extensions.correct(kit_id=kit.pk, now=request.now, **form.cleaned_data)
        except Refused as refused:
            form.add_error("stated_number", refused.message)
        else:
            return redirect("portal:extension", number)
    return _page(request, kit, form)


@require_POST
@allow("extensions.order")
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take the order back."""
    try:
        extensions.withdraw(kit_id=_kit(number).pk, reason="")
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "延長の申込を取り下げました。")
    return redirect("portal:expiring")


def _kit(number: str) -> Any:
    return get_object_or_404(queries.kits(), number=number)


def _page(request: HttpRequest, kit: Any, form: OrderForm | None = None) -> HttpResponse:
    initial = {"stated_number": kit.stated_number, "stated_end": kit.stated_end}
    context = {
        "kit": kit,
        "tone": TONES[kit.state],
        "form": form or OrderForm(initial=initial),
        "may_order": may(request.actor, "extensions.order"),
    }
    return render(request, "portal/extension.html", context, status=422 if form else 200)


urlpatterns = [
    path("expiring/", index, name="expiring"),
    path("expiring/export.csv", export, name="expiring_export"),
    path("extensions/new/", order, name="extension_new"),
    path("extensions/<str:number>/", one, name="extension"),
    path("extensions/<str:number>/correct", correct, name="extension_correct"),
    path("extensions/<str:number>/withdraw", withdraw, name="extension_withdraw"),
]
