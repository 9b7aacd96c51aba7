"""お客様: organisations, what belongs to them, and who else may see them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hoshu.accounts import Refused, grants, organisations, people
from hoshu.accounts.access import may
from hoshu.cases import queries as cases
from hoshu.contracts import queries as contracts
from hoshu.flows import joining
from hoshu.japan import names, phones
from hoshu.web.common import seller_page
from hoshu.web.common.inputs import DateField, ReadField
from hoshu.web.common.views import allow
from hoshu.web.console.validity import state

ROWS = 50
SHOWN = 10
KINDS = [("customer", "お客様"), ("reseller", "販売店"), ("subcontractor", "再委託先")]


class OrganisationForm(forms.Form):
    """A company; its kind is chosen once."""

    kind = forms.ChoiceField(label="区分", choices=KINDS, widget=forms.RadioSelect)
    name = forms.CharField(label="名称", max_length=120)
    kana = ReadField(label="フリガナ", read=names.furigana, max_length=160, required=False)
    phone = ReadField(label="電話番号", read=phones.read, max_length=40, required=False)

    def __init__(self, *args: Any, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        if not new:
            del self.fields["kind"]


class GrantForm(forms.Form):
    """Which customer this partner sees."""

    tenant = forms.TypedChoiceField(label="お客様", coerce=int)
    valid_from = DateField(label="開始日")
    valid_until = DateField(label="終了日", required=False, help_text="この日まで見えます。空欄なら期限なし。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, prefix="grant", **kwargs)
        places = organisations.search("", kind="customer")
        self.fields["tenant"].choices = [("", "選んでください"), *((place.pk, place.name) for place in places)]


class ContractForm(forms.Form):
    """The contract that binds a subcontractor (IX-PII-02, IX-SUB-01, IX-CONF-05)."""

    reference = forms.CharField(label="契約番号", max_length=80)
    scope = forms.CharField(label="任せる範囲", max_length=200)
    tier = forms.TypedChoiceField(
        label="次数", coerce=int, choices=[(1, "一次"), (2, "二次"), (3, "三次"), (4, "四次")], initial=1
    )
    parent = forms.TypedChoiceField(
        label="上位の再委託先", coerce=int, empty_value=None, required=False, help_text="二次以降のときに選びます。"
    )
    valid_from = DateField(label="開始日")
    valid_until = DateField(label="終了日", help_text="翌日から、この会社の利用者は何も見られません。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, prefix="contract", **kwargs)
        places = organisations.search("", kind="subcontractor")
        self.fields["parent"].choices = [("", "なし"), *((place.pk, place.name) for place in places)]


@require_GET
@allow("customers.read")
def index(request: HttpRequest) -> HttpResponse:
    """Organisations by name, found whatever their spelling."""
    text, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    page = Paginator(organisations.search(text, kind=kind), ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "console/customers/index.html",
        {"page": page, "text": text, "kind": kind, "kinds": KINDS, "may_write": may(request.actor, "customers.write")},
    )


@require_http_methods(["GET", "POST"])
@allow("customers.write")
def new(request: HttpRequest) -> HttpResponse:
    """A company that has no card yet: a partner, or a customer ahead of their first card."""
    form = OrganisationForm(request.POST or None, new=True, initial={"kind": "customer"})
    if request.method == "POST" and form.is_valid():
        place = organisations.create(**form.cleaned_data, now=request.now)
        return redirect("console:customer", place.pk)
    return render(request, "console/customers/form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("customers.write")
def edit(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Correct name, kana, telephone number."""
    place = _organisation(organisation_id)
    present = {"name": place.name, "kana": place.kana, "phone": place.phone}
    form = OrganisationForm(request.POST or None, new=False, initial=present)
    if request.method == "POST" and form.is_valid():
        organisations.change(organisation_id=organisation_id, **form.cleaned_data)
        messages.success(request, "変更を保存しました。")
        return redirect("console:customer", place.pk)
    context = {"form": form, "place": place}
    return render(request, "console/customers/form.html", context, status=422 if form.errors else 200)


@require_GET
@allow("customers.read")
def one(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """One organisation with its agreements, open cases, people and partners."""
    return _page(request, _organisation(organisation_id))


@require_POST
@allow("grants.write")
def grant(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Let this partner see a customer."""
    place = _organisation(organisation_id)
    form = GrantForm(request.POST)
    if form.is_valid():
        entries = form.cleaned_data
        try:
            grants.grant(
                grantee_id=organisation_id,
                tenant_id=entries["tenant"],
                valid_from=entries["valid_from"],
                valid_until=entries["valid_until"],
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return redirect("console:customer", place.pk)
    return _page(request, place, grant_form=form)


@require_POST
@allow("grants.write")
def end_grant(request: HttpRequest, organisation_id: int, grant_id: int) -> HttpResponse:
    """The partner sees this customer until the end of today."""
    place = _organisation(organisation_id)
    if grant_id not in {row.pk for row in grants.grants_to(organisation_id)}:
        raise Http404
    grants.end_grant(grant_id=grant_id, last_day=request.now.date())
    return redirect("console:customer", place.pk)


@require_POST
@allow("applications.decide")
def same(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """A clerk made sure that this entry and a known customer of the same name are one."""
    place = _organisation(organisation_id)
    known = request.POST.get("known", "")
    try:
        kept = joining.same_customer(
            entered_id=place.pk, known_id=int(known) if known.isdecimal() else 0, now=request.now
        )
    except Refused as refused:
        return _page(request, place, not_joined=refused.message)
    messages.success(request, "同じお客様としてまとめました。")
    return redirect("console:customer", kept.pk)


@require_POST
@allow("grants.write")
def record_contract(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Record the contract under which a subcontractor works."""
    place = _organisation(organisation_id)
    form = ContractForm(request.POST)
    if form.is_valid():
        entries = form.cleaned_data
        try:
            grants.record_contract(organisation_id=organisation_id, parent_id=entries.pop("parent"), **entries)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return redirect("console:customer", place.pk)
    return _page(request, place, contract_form=form)


@require_POST
@allow("grants.write")
def put_page(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """MM-SUP-03: the address under which new customers apply through this seller."""
    place = _organisation(organisation_id)
    if (wrong := seller_page.save(request, place.pk)) is not None:
        return _page(request, place, page_form=wrong)
    messages.success(request, "申込ページを保存しました。")
    return redirect("console:customer", place.pk)


def _organisation(organisation_id: int) -> Any:
    place = organisations.get(organisation_id)
    if place is None:
        raise Http404
    return place


def _page(
    request: HttpRequest,
    place: Any,
    *,
    grant_form: GrantForm | None = None,
    contract_form: ContractForm | None = None,
    not_joined: str = "",
    page_form: seller_page.SellerPageForm | None = None,
) -> HttpResponse:
    today = request.now.date()
    context: dict[str, Any] = {
        "place": place,
        "people": people.find(organisation_id=place.pk),
        "may_write": may(request.actor, "customers.write"),
        "may_grant": may(request.actor, "grants.write"),
        "may_see_people": may(request.actor, "people.write"),
        "may_see_history": may(request.actor, "history.read"),
        "may_see_privacy": may(request.actor, "privacy.read"),
    }
    if place.kind == "customer":
        agreements = contracts.agreements().filter(tenant_id=place.pk)
        opened = cases.cases(chosen=cases.Filter(), now=request.now).filter(tenant_id=place.pk)
        every = cases.cases(chosen=cases.Filter(state="all"), now=request.now).filter(tenant_id=place.pk)
        context |= {
            "namesakes": organisations.namesakes(place),
            "may_join": may(request.actor, "applications.decide"),
            "not_joined": not_joined,
            "agreements": agreements[:SHOWN],
            "agreement_count": agreements.count(),
            "cases": cases.lines(opened)[:SHOWN],
            "open_count": opened.count(),
            "case_count": every.count(),
            "seen_by": [
                (row, state(row.valid_from, row.valid_until, today=today)) for row in grants.grants_on(place.pk)
            ],
        }
    else:
        context |= {
            "sees": [(row, state(row.valid_from, row.valid_until, today=today)) for row in grants.grants_to(place.pk)],
            "grant_form": grant_form or GrantForm(initial={"valid_from": today}),
        }
    if place.kind == "reseller":
        context["seller_pages"] = seller_page.shown(place.pk, faulty=page_form)
        if context["may_grant"]:
            context["seller_page_url"] = reverse("console:customer_page", args=[place.pk])
    if place.kind == "subcontractor":
        context |= {
            "contracts": [
                (row, state(row.valid_from, row.valid_until, today=today)) for row in grants.contracts_of(place.pk)
            ],
            "contract_form": contract_form or ContractForm(initial={"valid_from": today}),
            "contracted": grants.contracted(place.pk, on=today),
        }
    status = 422 if grant_form or contract_form or not_joined or page_form else 200
    return render(request, "console/customers/one.html", context, status=status)


urlpatterns = [
    path("customers/", index, name="customers"),
    path("customers/<int:organisation_id>/", one, name="customer"),
    path("customers/<int:organisation_id>/contract", record_contract, name="customer_contract"),
    path("customers/<int:organisation_id>/edit", edit, name="customer_edit"),
    path("customers/<int:organisation_id>/grant", grant, name="customer_grant"),
    path("customers/<int:organisation_id>/grants/<int:grant_id>/end", end_grant, name="customer_end_grant"),
    path("customers/<int:organisation_id>/page", put_page, name="customer_page"),
    path("customers/<int:organisation_id>/same", same, name="customer_same"),
    path("customers/new", new, name="customer_new"),
]
