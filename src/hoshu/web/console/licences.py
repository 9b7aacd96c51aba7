"""ライセンス: the stock with what is printed on each card, and the models with their dates, options and shipments."""

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
from hoshu.contracts import Refused, queries, stock
from hoshu.contracts.form import services_with_licence
from hoshu.flows import corrections
from hoshu.web.common.inputs import DateField
from hoshu.web.common.views import allow

ROWS = 50
TONES = {"issued": "info", "used": "ok", "refused": "refused", "refunded": "out", "lapsed": "out"}
STATES = [
    ("", "すべて"),
    ("issued", "カード発行済"),
    ("used", "登録済"),
    ("refused", "承諾拒絶"),
    ("refunded", "返金済"),
    ("lapsed", "対象外"),
]


class LicenceForm(forms.Form):
    """One licence as its card is printed (IX-PLAN-02, IX-REG-10)."""

    card_serial = forms.CharField(label="シリアル No.", max_length=40)
    family = forms.ChoiceField(label="製品区分")
    plan = forms.ChoiceField(label="プラン")
    card_deadline = DateField(label="お手続期限", required=False, help_text="カードに印字した日付。計算はしません。")
    registers_options = forms.BooleanField(label="オプション欄のあるカード（3000番台の機種）", required=False)
    seller = forms.CharField(label="ご購入元", max_length=120, required=False)
    sold_on = DateField(label="販売日", required=False)
    price_yen = forms.IntegerField(label="価格(円)", min_value=0, required=False)

    def __init__(self, *args: Any, service: str, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        edition = catalog.editions(service)[-1]
        self.fields["family"].choices = [(family, family) for family in edition.families]
        self.fields["plan"].choices = [(plan.id, plan.name) for plan in edition.plan]


class ProductForm(forms.Form):
    """A model."""

    name = forms.CharField(label="品名", max_length=80)
    code = forms.CharField(label="品名コード", max_length=40)
    model_code = forms.CharField(label="型番", max_length=40, required=False)
    registers_options = forms.BooleanField(label="オプションを登録する機種（3000番台）", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, auto_id="product_%s", **kwargs)


class EndForm(forms.Form):
    """The end of a model (IX-COV-05)."""

    end_of_sale = DateField(label="新規販売終了日", required=False)
    support_limit = DateField(label="保守対応期限（明示）", required=False, help_text="空欄なら販売終了日から5年。")
    kit_sales_stopped = DateField(label="延長キット販売終了日", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, auto_id="end_%s", **kwargs)


class ShipmentForm(forms.Form):
    """A unit that left the factory (IX-COV-03)."""

    serial = forms.CharField(label="製造番号", max_length=40)
    shipped_on = DateField(label="出荷日")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, auto_id="shipment_%s", **kwargs)


@require_GET
@allow("licences.read")
def index(request: HttpRequest) -> HttpResponse:
    """The stock, the newest first."""
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip()
    page = Paginator(queries.licences(state=state, text=text), ROWS).get_page(request.GET.get("page"))
    plans = {plan.id: plan.name for service in catalog.services() for plan in catalog.editions(service)[-1].plan}
    return render(
        request,
        "console/licences/index.html",
        {
            "page": page,
            "rows": [(licence, TONES[licence.state], plans.get(licence.plan, licence.plan)) for licence in page],
            "state": state,
            "text": text,
            "states": STATES,
            "may_write": may(request.actor, "licences.write"),
        },
    )


@require_http_methods(["GET", "POST"])
@allow("licences.write")
def new(request: HttpRequest) -> HttpResponse:
    """Take a licence into stock."""
    service = _service(request)
    form = LicenceForm(request.POST or None, service=service)
    if request.method == "POST" and form.is_valid():
        try:
            licence = stock.enter_licence(service=service, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, f"{licence.card_serial} を登録しました。")
            return redirect("console:licences")
    return render(request, "console/licences/new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("licences.read")
def one(request: HttpRequest, card_serial: str) -> HttpResponse:
    """One licence; a printed deadline that the stock lacks may be added once."""
    licence = get_object_or_404(queries.licences(), card_serial=card_serial)
    if request.method == "POST" and may(request.actor, "licences.write"):
        try:
            day = DateField(label="お手続期限").clean(request.POST.get("card_deadline", ""))
            stock.complete_licence(licence_id=licence.pk, card_deadline=day)
        except (Refused, forms.ValidationError) as refused:
            messages.error(request, " ".join(getattr(refused, "messages", [str(refused)])))
        else:
            messages.success(request, "お手続期限を記録しました。")
        return redirect("console:licence", card_serial)
    context = {
        "licence": licence,
        "tone": TONES[licence.state],
        "plan": catalog.editions(licence.service)[-1].plan_of(licence.plan),
        "applications": queries.applications().filter(licence=licence).order_by("-id"),
        "agreements": queries.agreements().filter(licence=licence),
        "may_write": may(request.actor, "licences.write"),
    }
    return render(request, "console/licences/one.html", context)


@require_http_methods(["GET", "POST"])
@allow("licences.read")
def products(request: HttpRequest) -> HttpResponse:
    """The models; a new one below the list."""
    form = ProductForm(request.POST or None)
    if request.method == "POST" and may(request.actor, "licences.write") and form.is_valid():
        try:
            product = stock.enter_product(service=_service(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error("code", refused.message)
        else:
            messages.success(request, f"{product.name} を登録しました。")
            return redirect("console:product", product.code)
    context = {"form": form, "products": queries.products(), "may_write": may(request.actor, "licences.write")}
    return render(request, "console/licences/products.html", context, status=422 if form.errors else 200)


@require_GET
@allow("licences.read")
def product(request: HttpRequest, code: str) -> HttpResponse:
    """One model: its end, its options, the units that were shipped."""
    return _product(request, code)


@require_POST
@allow("licences.write")
def end(request: HttpRequest, code: str) -> HttpResponse:
    """Record the end of sales; running agreements are counted anew and their customers told."""
    kept, form = get_object_or_404(queries.products(), code=code), EndForm(request.POST)
    if form.is_valid():
        try:
            changed = corrections.end_product(product_id=kept.pk, now=request.now, **form.cleaned_data)
        except Refused as refused:
            form.add_error("support_limit", refused.message)
        else:
            messages.success(request, f"記録しました。満了日が変わった契約: {changed}件")
            return redirect("console:product", code)
    return _product(request, code, end=form)


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
    return _product(request, code, shipment=form)


def _service(request: HttpRequest) -> str:
    wanted = request.GET.get("service", "")
    return wanted if wanted in services_with_licence() else services_with_licence()[0]


def _product(
    request: HttpRequest, code: str, *, end: EndForm | None = None, shipment: ShipmentForm | None = None
) -> HttpResponse:
    kept = get_object_or_404(queries.products(), code=code)
    dates = {name: getattr(kept, name) for name in ("end_of_sale", "support_limit", "kit_sales_stopped")}
    forms_shown = [end or EndForm(initial=dates), shipment or ShipmentForm()]
    context = {
        "product": kept,
        "options": kept.options.order_by("code"),
        "shipments": Paginator(kept.shipments.order_by("-shipped_on", "-id"), ROWS).get_page(request.GET.get("page")),
        "end": forms_shown[0],
        "shipment": forms_shown[1],
        "may_write": may(request.actor, "licences.write"),
    }
    status = 422 if any(form.errors for form in forms_shown) else 200
    return render(request, "console/licences/product.html", context, status=status)


urlpatterns = [
    path("licences/", index, name="licences"),
    path("licences/new/", new, name="licence_new"),
    path("licences/<str:card_serial>/", one, name="licence"),
    path("products/", products, name="products"),
    path("products/<str:code>/", product, name="product"),
    path("products/<str:code>/end", end, name="product_end"),
    path("products/<str:code>/shipments", ship, name="product_ship"),
]
