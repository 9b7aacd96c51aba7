"""満了と延長: what ends when, the gaps between covers, and the orders of extension kits until the year is given."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu.accounts.access import may
from hoshu.contracts import Refused, expiry, queries
from hoshu.flows import extensions
from hoshu.web.common import csv_file, expiry_list
from hoshu.web.common.bounded import BoundedPaginator
from hoshu.web.common.expiry_list import TONES, months_ahead
from hoshu.web.common.inputs import DateField
from hoshu.web.common.views import allow

ROWS = 50
GAP_COLUMNS = ("契約番号", "前の契約", "お客様", "品名", "製造番号", "開始日", "満了日", "空白日数", "重複日数")
GAPS_SINCE = timedelta(days=366 * 2)
"""Gaps further back than this are past mending."""


class DeskOrderForm(forms.Form):
    """第2章 1.(6) (IX-EXT-04): what somebody states who orders through the desk."""

    stated_number = forms.CharField(label="契約の番号（サービス手配番号）", max_length=40)
    stated_end = DateField(label="サポート満了日")
    asked_by = forms.CharField(label="申し込んだ方", max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)


class SaleForm(forms.Form):
    """The kit that was bought."""

    serial = forms.CharField(label="延長キットのシリアル No.", max_length=40)
    bought_on = DateField(label="購入日")
    price_yen = forms.IntegerField(label="価格（円）", required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)


@require_GET
@allow("agreements.read")
def index(request: HttpRequest) -> HttpResponse:
    """What ends: the coming three months, or a month; by customer or number."""
    today, text = request.now.date(), request.GET.get("q", "").strip()
    first, last, chosen = months_ahead(request, today)
    page = BoundedPaginator(expiry.expiring(first=first, last=last, text=text), ROWS).get_page(request.GET.get("page"))
    sellers = expiry.sellers(list(page))
    return render(
        request,
        "console/expiry/index.html",
        {
            "page": page,
            "rows": [(agreement, sellers[agreement.pk]) for agreement in page],
            "months": expiry.by_month(first=today, last=today + timedelta(days=366)),
            "chosen": chosen,
            "text": text,
            "query": request.GET.urlencode(),
        },
    )


@require_GET
@allow("agreements.read")
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is chosen, without names of persons."""
    return expiry_list.export(request, text=request.GET.get("q", "").strip(), with_sellers=True)


@require_GET
@allow("agreements.read")
def gaps(request: HttpRequest) -> HttpResponse:
    """Covers of one machine that leave a gap or overlap; `?csv=1` the same for a spreadsheet."""
    found = expiry.gaps(since=request.now.date() - GAPS_SINCE)
    if request.GET.get("csv"):
        lines = (
            (
                one.number,
                one.follows,
                one.company,
                one.product,
                one.serial,
                one.starts_on,
                one.ends_on,
                one.gap_days,
                one.overlap_days,
            )
            for one in found
        )
        return csv_file.response(name="空白と重複.csv", header=GAP_COLUMNS, rows=lines)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(request, "console/expiry/gaps.html", {"page": page, "since": request.now.date() - GAPS_SINCE})


@require_GET
@allow("changes.read")
def kits(request: HttpRequest) -> HttpResponse:
    """The orders of extension kits; those that somebody has to act on first."""
    state = request.GET.get("state", "")
    found = queries.kits(state=state) if state else queries.kits()
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "console/extensions/index.html",
        {
            "page": page,
            "rows": [(kit, TONES[kit.state]) for kit in page],
            "state": state,
            "states": [("", "すべて"), ("held", "承認待ち"), ("ordered", "申込済"), ("sold", "購入済（手続き前）")],
            "may_sell": may(request.actor, "extensions.sell"),
        },
    )


@require_http_methods(["GET", "POST"])
@allow("extensions.sell")
def order(request: HttpRequest) -> HttpResponse:
    """Somebody orders through the desk."""
    form = DeskOrderForm(request.POST or None, initial={"stated_number": request.GET.get("number", "")})
    if request.method == "POST" and form.is_valid():
        try:
            kit = extensions.order(tenant_id=None, now=request.now, **form.cleaned_data)
        except Refused as refused:
            form.add_error("stated_number", f"{refused.message}{refused.clause}")
        else:
            return redirect("console:extension", kit.number)
    return render(request, "console/extensions/new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@allow("changes.read")
def kit(request: HttpRequest, number: str) -> HttpResponse:
    """One order and the step that comes next."""
    return _page(request, _kit(number))


@require_POST
@allow("extensions.sell")
def sell(request: HttpRequest, number: str) -> HttpResponse:
    """Record the purchase."""
    kept, form = _kit(number), SaleForm(request.POST)
    if form.is_valid():
        try:
            extensions.sell(kit_id=kept.pk, now=request.now, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, f"{refused.message}{refused.clause}")
        else:
            messages.success(request, "購入を記録しました。続けて、延長の手続きをしてください。")
            return redirect("console:extension", number)
    return _page(request, kept, form=form)


def _act(step: Callable[[HttpRequest, Any], Any], said: str) -> Any:
    @require_POST
    @allow("extensions.sell")
    def view(request: HttpRequest, number: str) -> HttpResponse:
        kept = _kit(number)
        try:
            step(request, kept)
        except Refused as refused:
            return _page(request, kept, refused=refused)
        messages.success(request, said)
        return redirect("console:extension", number)

    return view


approve = _act(
    lambda request, kept: extensions.approve(kit_id=kept.pk, reason=request.POST.get("reason", ""), now=request.now),
    "販売を承認しました。",
)
refuse = _act(
    lambda request, kept: extensions.refuse(kit_id=kept.pk, reason=request.POST.get("reason", ""), clause=kept.clause),
    "販売しないことを記録しました。",
)
apply = _act(
    lambda request, kept: extensions.apply(kit_id=kept.pk, now=request.now),
    "満了日を延ばし、お知らせを送りました。",
)
withdraw = _act(
    lambda request, kept: extensions.withdraw(kit_id=kept.pk, reason=request.POST.get("reason", "")),
    "申込を取り下げました。",
)


def _kit(number: str) -> Any:
    return get_object_or_404(queries.kits(), number=number)


def _page(
    request: HttpRequest, kept: Any, *, form: SaleForm | None = None, refused: Refused | None = None
) -> HttpResponse:
    kept.refresh_from_db()
    context = {
        "kit": kept,
        "tone": TONES[kept.state],
        "form": form or SaleForm(initial={"bought_on": request.now.date()}),
        "may_sell": may(request.actor, "extensions.sell"),
        "refused": refused,
        "given": request.POST,
    }
    return render(request, "console/extensions/one.html", context, status=422 if form or refused else 200)


urlpatterns = [
    path("expiring/", index, name="expiring"),
    path("expiring/export.csv", export, name="expiring_export"),
    path("expiring/gaps/", gaps, name="gaps"),
    path("extensions/", kits, name="extensions"),
    path("extensions/new/", order, name="extension_new"),
    path("extensions/<str:number>/", kit, name="extension"),
    path("extensions/<str:number>/sell", sell, name="extension_sell"),
    path("extensions/<str:number>/approve", approve, name="extension_approve"),
    path("extensions/<str:number>/refuse", refuse, name="extension_refuse"),
    path("extensions/<str:number>/apply", apply, name="extension_apply"),
    path("extensions/<str:number>/withdraw", withdraw, name="extension_withdraw"),
]
