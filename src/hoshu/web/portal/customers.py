"""販売店の画面: the customers of a seller, what is to be done for them, what they have, the documents about it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from hoshu import catalog
from hoshu.accounts import Refused, grants, organisations
from hoshu.accounts.tenancy import as_system
from hoshu.contracts import queries
from hoshu.flows import joining
from hoshu.japan import names, phones
from hoshu.notifications import queries as notifications
from hoshu.web.common import agreement_card, seller_page
from hoshu.web.common.bounded import BoundedPaginator
from hoshu.web.common.inputs import ReadField
from hoshu.web.common.views import allow
from hoshu.web.portal.application_rows import application_lines

ROWS, SHOWN, LOOKED_AT = 50, 10, 100
STAGES = [("applying", "手続き中"), ("running", "契約中"), ("ending", "まもなく満了"), ("none", "契約なし")]


class CustomerForm(forms.Form):
    """A customer whom the seller brings."""

    name = forms.CharField(label="会社名・団体名", max_length=120)
    kana = ReadField(label="フリガナ", read=names.furigana, max_length=160, required=False)
    phone = ReadField(label="電話番号", read=phones.read, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)


def overview(request: HttpRequest) -> HttpResponse:
    """A seller's start: what it has to do, what goes on, what ends soon."""
    today = request.now.date()
    lines = application_lines(queries.under_way()[:LOOKED_AT])
    ending = queries.agreements(ends_by=today + queries.ENDS_SOON).filter(queries.runs_on(today))[: SHOWN + 1]
    mine = [line for line in lines if line["standing"].turn == "seller"]
    others = [line for line in lines if line["standing"].turn != "seller"]
    context = {
        "mine": mine[:SHOWN],
        "more_mine": len(mine) > SHOWN,
        "others": others[:SHOWN],
        "more_others": len(others) > SHOWN,
        "ending": [(one, *agreement_card.state_of(one, today)) for one in ending[:SHOWN]],
        "more_ending": len(ending) > SHOWN,
        "seller": _own(request),
        "has_customers": bool(request.actor.tenants),
    }
    return render(request, "portal/seller.html", context)


@require_GET
@allow("portal.sell")
def index(request: HttpRequest) -> HttpResponse:
    """The customers of this seller, found by name or number, narrowed by where they stand."""
    text, stage = request.GET.get("q", "").strip(), request.GET.get("stage", "")
    found = queries.customers(on=request.now.date(), text=text, stage=stage)
    page = BoundedPaginator(found, ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "text": text, "stage": stage, "stages": STAGES, "narrowed": bool(text or stage)}
    return render(request, "portal/customers.html", context)


@require_GET
@allow("portal.sell")
def one(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """One customer: applications, agreements, documents; nothing of faults, and nothing of other sellers."""
    place, today = organisations.get(organisation_id), request.now.date()
    if place is None or place.pk not in request.actor.tenants:
        raise Http404
    found = queries.found_applications().filter(tenant_id=place.pk)[: ROWS + 1]
    agreements = queries.agreements().filter(tenant_id=place.pk)[: ROWS + 1]
    about = [*(kept.number for kept in agreements[:ROWS])]
    letters = notifications.mailbox().filter(tenant_id=place.pk, about__in=about, letter__state="printed")
    context = {
        "place": place,
        "applications": application_lines(found[:ROWS]),
        "more_applications": len(found) > ROWS,
        "agreements": [
            (kept, catalog.edition(kept.service, kept.edition).name, *agreement_card.state_of(kept, today))
            for kept in agreements[:ROWS]
        ],
        "more_agreements": len(agreements) > ROWS,
        "letters": letters[:ROWS],
        "editions": {kept.service: catalog.edition(kept.service, kept.edition) for kept in agreements[:ROWS]}.values(),
        "until": _seen_until(request, place.pk),
    }
    return render(request, "portal/customer.html", context)


@require_http_methods(["GET", "POST"])
@allow("portal.sell")
def new(request: HttpRequest) -> HttpResponse:
    """Bring a customer and go on to its first application (MM-SUP-03, SP-REG-06)."""
    form = CustomerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            place = joining.bring_customer(**form.cleaned_data, now=request.now)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, f"{place.name} を登録しました。続けて申請できます。")
            return redirect(f"{reverse('portal:application_new')}?customer={place.pk}")
    return render(request, "portal/customer_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("portal.sell")
def own_page(request: HttpRequest) -> HttpResponse:
    """MM-SUP-03: the address under which new customers apply themselves, and the seller's name for the product."""
    wrong = seller_page.save(request, request.actor.organisation_id) if request.method == "POST" else None
    if request.method == "POST" and wrong is None:
        messages.success(request, "申込ページを保存しました。")
        return redirect("portal:seller_page")
    context = {
        "seller_pages": seller_page.shown(request.actor.organisation_id, faulty=wrong),
        "seller_page_url": reverse("portal:seller_page"),
    }
    return render(request, "portal/seller_page.html", context, status=422 if wrong else 200)


def _own(request: HttpRequest) -> Any:
    with as_system("the seller's own name"):
        return organisations.get(request.actor.organisation_id)


def _seen_until(request: HttpRequest, tenant_id: int) -> Any:
    """The last day on which this seller sees the customer; None where there is none."""
    today = request.now.date()
    with as_system("until when this customer is seen"):
        given = [row for row in grants.grants_to(request.actor.organisation_id) if row.tenant_id == tenant_id]
    running = [row for row in given if row.valid_until is None or row.valid_until >= today]
    return None if any(row.valid_until is None for row in running) else max(row.valid_until for row in running)


urlpatterns = [
    path("customers/", index, name="customers"),
    path("customers/page/", own_page, name="seller_page"),
    path("customers/new/", new, name="customer_new"),
    path("customers/<int:organisation_id>/", one, name="customer"),
]
