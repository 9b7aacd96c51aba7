"""ライセンスとパック: the stock of every service, how one comes in, by whom it was sold, and how one comes back."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu import catalog
from hoshu.accounts import organisations
from hoshu.accounts.access import may
from hoshu.contracts import Refused, numbers, returns, shelf, stock
from hoshu.contracts.form import field_of, printed_deadline, printed_options, services_with_licence
from hoshu.web.common.inputs import DateField
from hoshu.web.common.operator_form import offered
from hoshu.web.common.views import allow
from hoshu.web.console import numbers as numbers_page

ROWS = 50
TONES = {"issued": "info", "used": "ok", "returned": "out", "refused": "refused", "refunded": "out", "lapsed": "out"}
STATES = [
    ("", "すべて"),
    ("issued", "未登録"),
    (shelf.OVERDUE, "期限超過"),
    ("used", "登録済"),
    ("refused", "承諾拒絶"),
    ("refunded", "返金済"),
    ("returned", "返品済"),
    ("lapsed", "対象外"),
]
OUTCOMES = {"taken": "ok", "declined": "refused", "undecided": "hold"}


class SaleForm(forms.Form):
    """By whom a licence was sold, and when."""

    reseller = forms.TypedChoiceField(label="販売店", coerce=int, empty_value=None, required=False)
    seller = forms.CharField(
        label="ご購入元", max_length=120, required=False, help_text="販売店の一覧にない会社。販売店を選べば、空欄で。"
    )
    sold_on = DateField(
        label="販売日", required=False, help_text="登録の期限の目安に使います。登録のときは、申請のご購入日で数えます。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        places = organisations.search("", kind="reseller")
        self.fields["reseller"].choices = [("", "選ばない"), *((place.pk, place.name) for place in places)]


class LicenceForm(SaleForm):
    """One licence or pack, as its service prints the card (IX-PLAN-02, IX-REG-10, VA-REG-21)."""

    card_serial = forms.CharField(max_length=60)
    article = forms.TypedChoiceField(
        label="商品", coerce=int, empty_value=None, required=False, help_text="選ぶと、プランと価格は商品のとおりです。"
    )
    plan = forms.ChoiceField(label="プラン")
    family = forms.ChoiceField(label="製品区分")
    card_deadline = DateField(label="お手続期限", required=False, help_text="カードに印字した日付。計算はしません。")
    registers_options = forms.BooleanField(label="オプション欄のあるカード（3000番台の機種）", required=False)
    price_yen = forms.IntegerField(
        label="価格（円）", min_value=0, max_value=2_000_000_000, required=False, help_text="空欄なら、商品の価格。"
    )
    field_order = ("card_serial", "article", "plan", "family", "card_deadline", "registers_options")

    def __init__(self, *args: Any, service: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        edition = catalog.editions(service)[-1]
        number = field_of(edition, "licence.serial")
        assert number is not None
        self.fields["card_serial"].label = number.label
        self.fields["card_serial"].help_text = f"例: {number.example}"
        sold = shelf.articles(service=service, offered_on=today)
        articles = [(article.pk, f"{article.sku} {article.name}") for article in sold]
        plans = [(plan.id, plan.name) for plan in edition.plan]
        if articles:
            self.fields["article"].choices = [("", "選ばない"), *articles]
            plans = [("", "商品のとおり"), *plans]
            self.fields["plan"].required = self.fields["family"].required = False
        else:
            del self.fields["article"]
            self.fields["price_yen"].help_text = ""
        self.fields["plan"].choices = plans
        self.fields["family"].choices = [(family, family) for family in edition.families]
        if not edition.families:
            del self.fields["family"]
        if printed_deadline(edition) is None:
            del self.fields["card_deadline"]
        if printed_options(edition) is None:
            del self.fields["registers_options"]

    def clean(self) -> dict[str, Any]:
        entries = super().clean() or {}
        if not entries.get("article") and "plan" in entries and not entries["plan"]:
            self.add_error("plan", "プランか商品を選んでください。")
        return entries


class ReturnForm(forms.Form):
    """A licence that was brought back (VA-INT-02, SP-REF-01)."""

    bought_on = DateField(label="ご購入日")
    returned_on = DateField(label="返品日", help_text="届いた日。")
    reason = forms.ChoiceField(label="返品の理由", choices=returns.REASONS, widget=forms.RadioSelect)
    proof_shown = forms.BooleanField(label="領収書など、購入の証明を確かめた", required=False)
    note = forms.CharField(label="お申し出の内容", widget=forms.Textarea(attrs={"rows": 2}), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, auto_id="return_%s", **kwargs)


@require_GET
@allow("licences.read")
def index(request: HttpRequest) -> HttpResponse:
    """The stock, the newest first: of a service, a plan, a seller, in a state; with how many there are of each."""
    today, state = request.now.date(), request.GET.get("state", "")
    chosen, services = _chosen(request), offered(services_with_licence())
    page = Paginator(shelf.licences(chosen=chosen, state=state, today=today), ROWS).get_page(request.GET.get("page"))
    counts = shelf.counts(chosen=chosen, today=today)
    kept = request.GET.copy()
    for name in ("state", "page"):
        kept.pop(name, None)
    last_days = cache(lambda service, sold_on: _counted(service, sold_on, today))
    context = {
        "page": page,
        "rows": [_row(licence, last_days) for licence in page],
        "state": state,
        "states": [(key, label, counts[key]) for key, label in STATES],
        "chosen": chosen,
        "services": services,
        "plans": [
            (plan.id, plan.name) for plan in (catalog.editions(chosen.service)[-1].plan if chosen.service else ())
        ],
        "sellers": shelf.sellers(service=chosen.service),
        "query": kept.urlencode(),
        "may_write": may(request.actor, "licences.write"),
    }
    return render(request, "console/licences/index.html", context)


@require_http_methods(["GET", "POST"])
@allow("licences.write")
def new(request: HttpRequest) -> HttpResponse:
    """Take a licence into stock; `?service=` says of which service, and so what its card holds."""
    services = offered(services_with_licence())
    service = service_of(request, services)
    form = LicenceForm(request.POST or None, service=service, today=request.now.date())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        article, reseller = given.pop("article", None), given.pop("reseller")
        try:
            licence = stock.enter_licence(service=service, article_id=article, reseller_id=reseller, **given)
        except Refused as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, f"{licence.card_serial} を登録しました。")
            return redirect("console:licence", licence.card_serial)
    context = {"form": form, "services": services, "service": service}
    return render(request, "console/licences/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("licences.read")
def one(request: HttpRequest, card_serial: str) -> HttpResponse:
    """One licence; a printed deadline that the stock lacks may be added once."""
    licence = _licence(card_serial)
    if request.method == "POST" and may(request.actor, "licences.write"):
        try:
            day = DateField(label="お手続期限").clean(request.POST.get("card_deadline", ""))
            stock.complete_licence(licence_id=licence.pk, card_deadline=day)
        except (Refused, forms.ValidationError) as refused:
            messages.error(request, " ".join(getattr(refused, "messages", [str(refused)])))
        else:
            messages.success(request, "お手続期限を記録しました。")
        return redirect("console:licence", card_serial)
    return _page(request, licence)


@require_POST
@allow("licences.write")
def sale(request: HttpRequest, card_serial: str) -> HttpResponse:
    """By whom it was sold and when, as the seller reports it."""
    licence, form = _licence(card_serial), SaleForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            stock.record_sale(licence_id=licence.pk, reseller_id=given.pop("reseller"), **given)
        except Refused as refused:
            form.add_error("sold_on", said(refused))
        else:
            messages.success(request, "販売の記録を保存しました。")
            return redirect("console:licence", card_serial)
    return _page(request, licence, sale_form=form)


@require_POST
@allow("licences.write")
def bring_back(request: HttpRequest, card_serial: str) -> HttpResponse:
    """It arrived back: what the terms say about it is recorded, and done where they decide."""
    licence, form = _licence(card_serial), ReturnForm(request.POST)
    if form.is_valid():
        try:
            kept = returns.bring_back(licence_id=licence.pk, now=request.now, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, said(refused))
        else:
            messages.success(request, f"返品を記録しました。{kept.get_outcome_display()}。")
            return redirect("console:licence", card_serial)
    return _page(request, licence, return_form=form)


@require_POST
@allow("licences.write")
def settle(request: HttpRequest, card_serial: str, return_id: int) -> HttpResponse:
    """A person decides what the terms leave open."""

    def step(kept: Any) -> str:
        take = request.POST.get("act") == "take"
        settled = returns.settle(return_id=kept.pk, take=take, reason=request.POST.get("reason", ""))
        return f"{settled.get_outcome_display()}。"

    return _act(request, card_serial, return_id, step)


@require_POST
@allow("licences.write")
def paid(request: HttpRequest, card_serial: str, return_id: int) -> HttpResponse:
    """The price was paid back."""

    def step(kept: Any) -> str:
        day = DateField(label="返金日").clean(request.POST.get("paid_on", ""))
        returns.report_paid(return_id=kept.pk, paid_on=day, now=request.now)
        return "返金の報告を記録しました。"

    return _act(request, card_serial, return_id, step)


def service_of(request: HttpRequest, services: list[tuple[str, str]]) -> str:
    """The service that the address names, else the first one."""
    wanted = request.GET.get("service", "")
    return wanted if wanted in dict(services) else services[0][0]


def said(refused: Refused) -> str:
    """A refusal with its clause."""
    return f"{refused.message}（{refused.clause}）" if refused.clause else refused.message


def _chosen(request: HttpRequest) -> shelf.Chosen:
    service = request.GET.get("service", "")
    article = request.GET.get("article", "")
    if service not in services_with_licence():
        service = ""
    return shelf.Chosen(
        service=service,
        plan=request.GET.get("plan", "") if service else "",
        seller=request.GET.get("seller", ""),
        article_id=int(article) if article.isdecimal() and len(article) < 10 else None,
        text=request.GET.get("q", "").strip(),
    )


def _row(licence: Any, last_days: Callable[[str, date], date | None]) -> dict[str, Any]:
    edition = catalog.editions(licence.service)[-1]
    counted = last_days(licence.service, licence.sold_on) if licence.sold_on else None
    days = [day for day in (licence.card_deadline, counted) if day]
    is_open = licence.state == "issued"
    return {
        "licence": licence,
        "tone": TONES[licence.state],
        "service": edition.name,
        "plan": _plan_name(edition, licence.plan),
        "deadline": min(days, default=None) if is_open and not licence.applied else None,
        "lacks_deadline": is_open and not licence.card_deadline and printed_deadline(edition) is not None,
        "sold_by": licence.reseller.name if licence.reseller else licence.seller,
    }


def _counted(service: str, sold_on: date, today: date) -> date | None:
    found = shelf.time_left(service=service, sold_on=sold_on, today=today)
    return date.fromisoformat(found.values["apply_by"]) if found else None


def _plan_name(edition: catalog.Edition, plan: str) -> str:
    return next((known.name for known in edition.plan if known.id == plan), plan)


def _licence(card_serial: str) -> Any:
    return get_object_or_404(shelf.licences(), card_serial=card_serial)


def _act(request: HttpRequest, card_serial: str, return_id: int, step: Callable[[Any], str]) -> HttpResponse:
    kept = _licence(card_serial).returns.filter(pk=return_id).first()
    if kept is None:
        raise Http404
    try:
        messages.success(request, step(kept))
    except (Refused, forms.ValidationError) as refused:
        text = said(refused) if isinstance(refused, Refused) else " ".join(refused.messages)
        messages.error(request, text)
    return redirect("console:licence", card_serial)


def _page(
    request: HttpRequest, licence: Any, *, sale_form: SaleForm | None = None, return_form: ReturnForm | None = None
) -> HttpResponse:
    edition = catalog.editions(licence.service)[-1]
    number, today = field_of(edition, "licence.serial"), request.now.date()
    present = {"reseller": licence.reseller_id, "seller": licence.seller, "sold_on": licence.sold_on}
    if licence.reseller and licence.reseller.name == licence.seller:
        present["seller"] = ""
    context = {
        "licence": licence,
        "tone": TONES[licence.state],
        "edition": edition,
        "number_label": number.label if number else "番号",
        "plan": _plan_name(edition, licence.plan),
        "prints_deadline": printed_deadline(edition) is not None,
        "prints_options": printed_options(edition) is not None,
        "deadlines": edition.registration.deadline if edition.registration else (),
        "apply_by": _counted(licence.service, licence.sold_on, today) if licence.sold_on else None,
        "known": numbers_page.shown(numbers.known(licence.card_serial, service=licence.service)),
        "returns": [
            (kept, OUTCOMES[kept.outcome], kept.decision.reasons)
            for kept in licence.returns.select_related("decision").order_by("-id")
        ],
        "sale_form": sale_form or SaleForm(initial=present),
        "return_form": return_form or ReturnForm(initial={"bought_on": licence.sold_on, "returned_on": today}),
        "may_return": edition.refund is not None and licence.state not in ("returned", "refused", "refunded"),
        "may_write": may(request.actor, "licences.write"),
        "may_see_history": may(request.actor, "history.read"),
    }
    status = 422 if sale_form or return_form else 200
    return render(request, "console/licences/one.html", context, status=status)


urlpatterns = [
    path("licences/", index, name="licences"),
    path("licences/new/", new, name="licence_new"),
    path("licences/<str:card_serial>/", one, name="licence"),
    path("licences/<str:card_serial>/sale", sale, name="licence_sale"),
    path("licences/<str:card_serial>/returns", bring_back, name="licence_return"),
    path("licences/<str:card_serial>/returns/<int:return_id>", settle, name="licence_settle"),
    path("licences/<str:card_serial>/returns/<int:return_id>/paid", paid, name="licence_paid"),
]
