"""公開した資料: what customers read in the portal, and who of them has (VA-PRO-02, RC-IPR-01)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu import catalog
from hoshu.accounts.access import may
from hoshu.contracts import queries
from hoshu.files import store
from hoshu.flows import works as story
from hoshu.publishing import works
from hoshu.web.common.bounded import BoundedPaginator
from hoshu.web.common.operator_form import offered
from hoshu.web.common.views import allow

ROWS = 50
SHOWN = 200


class WorkForm(forms.Form):
    """A work of one service, for all who use it or only for some."""

    title = forms.CharField(label="題名", max_length=200)
    version = forms.CharField(label="版", max_length=40, initial="1.0")
    right_holder = forms.CharField(label="権利者", max_length=120, help_text="著作権などの権利をお持ちの会社や方です。")
    product_code = forms.ChoiceField(label="対象の機種", required=False)
    individual_service = forms.ChoiceField(label="対象の個別サービス", required=False)
    text = forms.CharField(label="本文", required=False, widget=forms.Textarea(attrs={"rows": 8}))
    file = forms.FileField(label="ファイル", required=False)

    def __init__(self, *args: Any, service: str, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        edition = catalog.editions(service)[-1]
        models = [(one.code, one.name) for one in queries.products(service=service)]
        self.fields["product_code"].choices = [("", "すべての機種"), *models]
        self.fields["individual_service"].choices = [
            ("", "すべての個別サービス"),
            *((one.code, one.name) for one in edition.individual_service),
        ]
        if not edition.individual_service:
            del self.fields["individual_service"]


@require_GET
@allow("works.read")
def index(request: HttpRequest) -> HttpResponse:
    """Every work, the newest first."""
    page = BoundedPaginator(works.every(), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, _audience(one)) for one in page],
        "may_publish": may(request.actor, "works.publish") and _services(),
    }
    return render(request, "console/works/index.html", context)


@require_http_methods(["GET", "POST"])
@allow("works.publish")
def new(request: HttpRequest) -> HttpResponse:
    """Publish a work of the service that `?service=` names."""
    services = _services()
    if not services:
        messages.error(request, "資料の定めがある約款のサービスを、取り扱っていません。")
        return redirect("console:works")
    asked = request.GET.get("service", "")
    service = asked if asked in dict(services) else services[0][0]
    form = WorkForm(request.POST or None, request.FILES or None, service=service)
    if request.method == "POST" and form.is_valid():
        said = {"individual_service": "", **form.cleaned_data}
        file = said.pop("file")
        try:
            work = story.publish(
                service=service,
                content=file.read() if file else None,
                filename=file.name if file else "",
                now=request.now,
                **said,
            )
        except works.Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        except store.Refused as refused:
            form.add_error("file", refused.message)
        else:
            messages.success(request, f"「{work.title}」を公開しました。")
            return redirect("console:work", work.pk)
    edition = catalog.editions(service)[-1]
    context = {"form": form, "services": services, "service": service, "notice": edition.works and edition.works.notice}
    return render(request, "console/works/new.html", context, status=422 if form.errors else 200)


@require_GET
@allow("works.read")
def one(request: HttpRequest, work_id: int) -> HttpResponse:
    """One work, and who of the customers read it or took its file."""
    work = get_object_or_404(works.every(), pk=work_id)
    context = {
        "work": work,
        "audience": _audience(work),
        "receipts": works.receipts(work)[:SHOWN],
        "may_publish": may(request.actor, "works.publish"),
    }
    return render(request, "console/works/one.html", context)


@require_POST
@allow("works.publish")
def withdraw(request: HttpRequest, work_id: int) -> HttpResponse:
    """No customer sees it any more."""
    work = get_object_or_404(works.every(), pk=work_id)
    works.withdraw(work_id=work.pk, now=request.now)
    messages.success(request, f"「{work.title}」を取り下げました。")
    return redirect("console:work", work.pk)


def _services() -> list[tuple[str, str]]:
    """The services whose terms know works."""
    return offered([one for one in catalog.services() if catalog.editions(one)[-1].works is not None])


def _audience(work: Any) -> str:
    """For whom it is, in words."""
    edition = catalog.editions(work.service)[-1]
    under = {one.code: one.name for one in edition.individual_service}
    parts = (edition.name, under.get(work.individual_service, work.individual_service), work.product_code)
    return " ".join(filter(None, parts))


urlpatterns = [
    path("works/", index, name="works"),
    path("works/new/", new, name="work_new"),
    path("works/<int:work_id>/", one, name="work"),
    path("works/<int:work_id>/withdraw", withdraw, name="work_withdraw"),
]
