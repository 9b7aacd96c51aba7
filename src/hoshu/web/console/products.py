"""機種: the models of every service, the days that end them, their options, the units that were shipped."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu import catalog
from hoshu.accounts.access import may
from hoshu.contracts import Refused, discontinuations, queries, stock
from hoshu.contracts.form import field_of, printed_options
from hoshu.flows import corrections
from hoshu.terms import PART_NAMES
from hoshu.web.common.inputs import DateField
from hoshu.web.common.operator_form import offered
from hoshu.web.common.views import allow
from hoshu.web.console.licences import said, service_of

ROWS = 50


class ProductForm(forms.Form):
    """A model."""

    name = forms.CharField(label="品名", max_length=80)
    code = forms.CharField(label="品名コード", max_length=40)
    model_code = forms.CharField(label="型番（型名）", max_length=40, required=False, help_text="保証書に記載の型。")
    registers_options = forms.BooleanField(label="オプションを登録する機種（3000番台）", required=False)

    def __init__(self, *args: Any, service: str, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, auto_id="product_%s", **kwargs)
        if printed_options(catalog.editions(service)[-1]) is None:
            del self.fields["registers_options"]


class EndForm(forms.Form):
    """The days that end a model, as far as its service's terms look at them (IX-COV-05, VA-TRM-03, SP-TRM-03)."""

    def __init__(self, *args: Any, service: str, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, auto_id="end_%s", **kwargs)
        edition = catalog.editions(service)[-1]
        for name in queries.dates_read(edition):
            self.fields[name] = DateField(
                label=queries.name_of_date(name), required=False, help_text=_effect(name, edition)
            )


class ShipmentForm(forms.Form):
    """A unit that left the factory (IX-COV-03)."""

    serial = forms.CharField(label="製造番号", max_length=40)
    shipped_on = DateField(label="出荷日")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, auto_id="shipment_%s", **kwargs)


@require_http_methods(["GET", "POST"])
@allow("licences.read")
def index(request: HttpRequest) -> HttpResponse:
    """The models of the service that `?service=` names; a new one below the list."""
    services = offered(catalog.services())
    service = service_of(request, services)
    form = ProductForm(request.POST or None, service=service)
    if request.method == "POST" and may(request.actor, "licences.write") and form.is_valid():
        try:
            product = stock.enter_product(service=service, **form.cleaned_data)
        except Refused as refused:
            form.add_error("code", said(refused))
        else:
            messages.success(request, f"{product.name} を登録しました。")
            return redirect("console:product", product.code)
    edition = catalog.editions(service)[-1]
    dates = queries.dates_read(edition)
    context = {
        "form": form,
        "services": services,
        "service": service,
        "columns": [queries.name_of_date(name) for name in dates],
        "rows": [
            (product, [(queries.name_of_date(name), getattr(product, name)) for name in dates])
            for product in queries.products(service=service)
        ],
        "registers_options": printed_options(edition) is not None,
        "may_write": may(request.actor, "licences.write"),
    }
    return render(request, "console/products/index.html", context, status=422 if form.errors else 200)


@require_GET
@allow("licences.read")
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One model: its end, its options, the units that were shipped."""
    return _page(request, code)


@require_POST
@allow("licences.write")
def end(request: HttpRequest, code: str) -> HttpResponse:
    """Record what ends the model; running agreements are counted anew and their customers told."""
    kept = get_object_or_404(queries.products(), code=code)
    form = EndForm(request.POST, service=kept.service)
    if form.is_valid():
        try:
            changed = corrections.end_product(product_id=kept.pk, now=request.now, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, f"記録しました。満了日が変わった契約: {changed}件")
            return redirect("console:product", code)
    return _page(request, code, end=form)


@require_POST
@allow("licences.write")
def ship(request: HttpRequest, code: str) -> HttpResponse:
    """Record that a unit left the factory."""
    kept, form = get_object_or_404(queries.products(), code=code), ShipmentForm(request.POST)
    if form.is_valid():
        try:
            stock.enter_shipment(product_id=kept.pk, **form.cleaned_data)
        except Refused as refused:
            form.add_error("serial", refused.message)
        else:
            messages.success(request, "出荷を記録しました。")
            return redirect("console:product", code)
    return _page(request, code, shipment=form)


def _effect(name: str, edition: catalog.Edition) -> str:
    """What a day of a model does, in the words of the edition that reads it."""
    for cap in edition.coverage.cap if edition.coverage else ():
        what = f"{PART_NAMES[cap.part]}の保守" if cap.part else "サービス"
        if name == cap.recorded and cap.fact:
            return f"空欄なら、{cap.label}から{cap.years}年。{cap.clause}"
        if name == cap.recorded:
            return f"この日で{what}が終わります。{cap.clause}"
        if name == cap.fact:
            return f"{cap.years}年後に{what}が終わります。{cap.clause}"
    return ""


def _page(
    request: HttpRequest, code: str, *, end: EndForm | None = None, shipment: ShipmentForm | None = None
) -> HttpResponse:
    kept = get_object_or_404(queries.products(), code=code)
    edition = catalog.editions(kept.service)[-1]
    dates = {name: getattr(kept, name) for name in queries.dates_read(edition)}
    forms_shown = [end or EndForm(initial=dates, service=kept.service), shipment or ShipmentForm()]
    serial = field_of(edition, "device.serial")
    context = {
        "product": kept,
        "edition": edition,
        "options": kept.options.order_by("code"),
        "shipments": Paginator(kept.shipments.order_by("-shipped_on", "-id"), ROWS).get_page(request.GET.get("page")),
        "end": forms_shown[0],
        "dates": [(queries.name_of_date(name), day) for name, day in dates.items()],
        "shipment": forms_shown[1],
        "serial_hint": serial.hint if serial else "",
        "may_write": may(request.actor, "licences.write"),
        "may_see_history": may(request.actor, "history.read"),
        "may_end": may(request.actor, "endings.write")
        and bool(discontinuations.grounds(kept.service, on=request.now.date())),
        "discontinuations": discontinuations.all_of_them().filter(product=kept)
        if may(request.actor, "endings.read")
        else [],
    }
    status = 422 if any(form.errors for form in forms_shown) else 200
    return render(request, "console/products/one.html", context, status=status)


urlpatterns = [
    path("products/", index, name="products"),
    path("products/<str:code>/", one, name="product"),
    path("products/<str:code>/end", end, name="product_end"),
    path("products/<str:code>/shipments", ship, name="product_ship"),
]
