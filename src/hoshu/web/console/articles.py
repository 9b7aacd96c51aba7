"""商品: what sellers order by its number, and the plan it gives a right to; how much of it is left."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods

from hoshu import catalog
from hoshu.accounts.access import may
from hoshu.contracts import Refused, shelf, stock
from hoshu.contracts.form import printed_options, services_with_licence
from hoshu.web.common.inputs import DateField
from hoshu.web.common.operator_form import offered
from hoshu.web.common.views import allow
from hoshu.web.console.licences import said, service_of

ENDED, SOLD = ("販売終了", "out"), ("販売中", "ok")


class ChangeForm(forms.Form):
    """What may change about an article."""

    name = forms.CharField(label="商品名", max_length=120)
    price_yen = forms.IntegerField(
        label="価格（円）",
        min_value=0,
        max_value=2_000_000_000,
        required=False,
        help_text="ご請求の金額のまま。約款に消費税の定めはなく、税の計算はしません。",
    )
    supported_os = forms.CharField(
        label="対応OS", max_length=120, required=False, help_text="登録の画面で、お客様に確かめていただきます。"
    )
    sold_until = DateField(label="販売終了日", required=False, help_text="最後の販売日。翌日から選べなくなります。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)


class ArticleForm(ChangeForm):
    """A new article; number and plan stay as they are entered."""

    sku = forms.CharField(label="商品番号", max_length=40, help_text="発注に使う番号。例: NH-VA-5")
    plan = forms.ChoiceField(label="プラン")
    family = forms.ChoiceField(label="製品区分")
    registers_options = forms.BooleanField(label="オプション欄のあるカード（3000番台の機種）", required=False)
    field_order = ("sku", "name", "plan", "family")

    def __init__(self, *args: Any, service: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        edition = catalog.editions(service)[-1]
        self.fields["plan"].choices = [(plan.id, plan.name) for plan in edition.plan]
        self.fields["family"].choices = [(family, family) for family in edition.families]
        if not edition.families:
            del self.fields["family"]
        if printed_options(edition) is None:
            del self.fields["registers_options"]


@require_GET
@allow("licences.read")
def index(request: HttpRequest) -> HttpResponse:
    """The articles of every service, or of one."""
    services, service = offered(services_with_licence()), request.GET.get("service", "")
    context = {
        "rows": [_row(article, request) for article in shelf.articles(service=service)],
        "services": services,
        "service": service if service in dict(services) else "",
        "may_write": may(request.actor, "licences.write"),
    }
    return render(request, "console/articles/index.html", context)


@require_http_methods(["GET", "POST"])
@allow("licences.write")
def new(request: HttpRequest) -> HttpResponse:
    """Enter an article of the service that `?service=` names."""
    services = offered(services_with_licence())
    service = service_of(request, services)
    form = ArticleForm(request.POST or None, service=service)
    if request.method == "POST" and form.is_valid():
        try:
            article = stock.enter_article(service=service, **form.cleaned_data)
        except Refused as refused:
            form.add_error("sku", said(refused))
        else:
            messages.success(request, f"{article.sku} を登録しました。")
            return redirect("console:article", article.pk)
    context = {"form": form, "services": services, "service": service}
    return render(request, "console/articles/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("licences.read")
def one(request: HttpRequest, article_id: int) -> HttpResponse:
    """One article: what it gives a right to, what is left; its name, price and last day of sale may change."""
    article = get_object_or_404(shelf.articles(), pk=article_id)
    may_write = may(request.actor, "licences.write")
    names = ("name", "price_yen", "supported_os", "sold_until")
    form = ChangeForm(request.POST or None, initial={name: getattr(article, name) for name in names})
    if request.method == "POST" and may_write and form.is_valid():
        stock.change_article(article_id=article.pk, **form.cleaned_data)
        messages.success(request, "変更を保存しました。")
        return redirect("console:article", article.pk)
    context = _row(article, request) | {
        "form": form,
        "may_write": may_write,
        "may_see_history": may(request.actor, "history.read"),
    }
    return render(request, "console/articles/one.html", context, status=422 if form.errors else 200)


def _row(article: Any, request: HttpRequest) -> dict[str, Any]:
    edition = catalog.editions(article.service)[-1]
    plan = next((plan for plan in edition.plan if plan.id == article.plan), None)
    ended = article.sold_until is not None and article.sold_until < request.now.date()
    return {
        "article": article,
        "service_name": edition.name,
        "plan": plan,
        "plan_name": plan.name if plan else article.plan,
        "state": ENDED if ended else SOLD,
    }


urlpatterns = [
    path("articles/", index, name="articles"),
    path("articles/new/", new, name="article_new"),
    path("articles/<int:article_id>/", one, name="article"),
]
