"""提供終了の決定: one decision over a model, looked at, proposed, agreed to by a second person; what became of it."""

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
from hoshu.cases import queries as cases
from hoshu.contracts import Refused, discontinuations, endings, queries
from hoshu.flows import discontinuing
from hoshu.terms import PART_NAMES
from hoshu.web.common.inputs import MomentField
from hoshu.web.common.views import allow
from hoshu.web.console import case_rows
from hoshu.web.console.licences import said

ROWS = 50


class DecisionForm(forms.Form):
    """What is decided; nothing may be left open."""

    ground = forms.ChoiceField(
        label="理由",
        widget=forms.RadioSelect,
        error_messages={
            "required": "終える理由を選んでください。理由のない決定はできません。",
            "invalid_choice": "この理由では、まとめて終えられません。一覧から選んでください。",
        },
    )
    scope = forms.ChoiceField(
        label="範囲",
        widget=forms.RadioSelect,
        error_messages={
            "required": "終える範囲を選んでください。範囲のない決定はできません。",
            "invalid_choice": "この範囲は選べません。一覧から選んでください。",
        },
    )
    at = MomentField(label="終える日時")
    evidence = forms.CharField(label="証拠と事実", widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, grounds: list[endings.Ground], **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["ground"].choices = [(one.code, f"{one.label}（{one.clause}）") for one in grounds]
        scopes = discontinuations.scopes(grounds)
        self.fields["scope"].choices = [(scope, _scope_name(scope)) for scope in scopes]
        self.initial.setdefault("scope", scopes[0])


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="取り下げる理由", widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, auto_id="withdraw_%s", **kwargs)


@require_http_methods(["GET", "POST"])
@allow("endings.write")
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Write a decision about a model and look at whom it meets; only then it can be proposed."""
    product = get_object_or_404(queries.products(), code=code)
    form = DecisionForm(request.POST or None, grounds=discontinuations.grounds(product.service, on=request.now.date()))
    context = {"product": product, "form": form, "edition": catalog.editions(product.service)[-1]}
    if request.method == "POST" and form.is_valid():
        try:
            if "propose" in request.POST:
                kept = discontinuing.propose(product_id=product.pk, **form.cleaned_data, now=request.now)
                messages.success(request, "起票しました。もう一人の承認を待っています。")
                return redirect("console:discontinuation", kept.pk)
            decided = discontinuations.checked(product=product, **form.cleaned_data, now=request.now)
        except Refused as refused:
            form.add_error(None, said(refused))
        else:
            found = discontinuations.reach(product=product, part=decided.part, at=decided.at)
            context |= {"decided": decided, "scope": _part_name(decided.part)}
            context |= _reach(found, request.POST.get("page")) | _open_cases(request, found.agreements)
    return render(request, "console/discontinuations/new.html", context, status=422 if form.errors else 200)


@require_GET
@allow("endings.read")
def one(request: HttpRequest, discontinuation_id: int) -> HttpResponse:
    """A decision: whom it would meet while it waits, then what became of each agreement."""
    return _page(request, discontinuation_id)


@require_POST
@allow("endings.approve")
def approve(request: HttpRequest, discontinuation_id: int) -> HttpResponse:
    """The second person agrees to all at once."""
    kept = _kept(discontinuation_id)
    try:
        discontinuing.approve(discontinuation_id=kept.pk, now=request.now)
    except Refused as refused:
        return _page(request, discontinuation_id, refused=refused)
    messages.success(request, "承認しました。契約ごとに終了を記録し、お客様にお知らせを送ります。")
    return redirect("console:discontinuation", kept.pk)


@require_POST
@allow("endings.write")
def withdraw(request: HttpRequest, discontinuation_id: int) -> HttpResponse:
    """It is not followed."""
    kept, form = _kept(discontinuation_id), WithdrawForm(request.POST)
    if form.is_valid():
        try:
            discontinuing.withdraw(discontinuation_id=kept.pk, **form.cleaned_data, now=request.now)
        except Refused as refused:
            return _page(request, discontinuation_id, refused=refused)
        messages.success(request, "取り下げました。")
        return redirect("console:discontinuation", kept.pk)
    return _page(request, discontinuation_id, form=form)


def _kept(discontinuation_id: int) -> Any:
    return get_object_or_404(discontinuations.all_of_them(), pk=discontinuation_id)


def _page(
    request: HttpRequest,
    discontinuation_id: int,
    *,
    form: WithdrawForm | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    kept, page = _kept(discontinuation_id), request.GET.get("page")
    edition = catalog.edition_on(kept.product.service, kept.proposed_at.date())
    context = {
        "kept": kept,
        "edition": edition,
        "ground": next((one for one in endings.grounds(edition) if one.code == kept.ground), None),
        "scope": _part_name(kept.part),
        "form": form or WithdrawForm(),
        "refused": said(refused) if refused else "",
        "may_write": may(request.actor, "endings.write"),
        "may_approve": may(request.actor, "endings.approve"),
        "is_mine": kept.proposed_by_id == request.actor.user_id,
        "may_see_history": may(request.actor, "history.read"),
    }
    if kept.withdrawn_at is None and kept.approved_at is None:
        found = discontinuations.reach(product=kept.product, part=kept.part, at=kept.wished_at)
        context |= _reach(found, page) | _open_cases(request, found.agreements)
    elif kept.withdrawn_at is None:
        context["results"] = Paginator(discontinuations.endings_of(kept), ROWS).get_page(page)
        context |= _open_cases(request, discontinuations.ended_by(kept))
    status = 422 if refused or (form and form.errors) else 200
    return render(request, "console/discontinuations/one.html", context, status=status)


def _reach(found: discontinuations.Reach, page: str | None) -> dict[str, Any]:
    """Whom it meets, page by page, and the first of those it leaves alone."""
    pages = Paginator(found.agreements, ROWS)
    pages.count = found.count
    return {
        "reach": found,
        "page": pages.get_page(page),
        "left_out": found.left_out[:ROWS],
    }


def _open_cases(request: HttpRequest, agreements: Any) -> dict[str, Any]:
    """What is open for the units of these agreements and has to be handled."""
    page = Paginator(cases.open_cases_about(agreements), ROWS).get_page(request.GET.get("cases"))
    lines = cases.lines(page.object_list)
    return {"cases": page, "case_lines": case_rows.html(lines, now=request.now, last="due_for")}


def _part_name(part: str) -> str:
    return f"{PART_NAMES[part]}だけ" if part else "サービスの全体"


def _scope_name(scope: str) -> str:
    return _part_name("" if scope == discontinuations.WHOLE else scope)


urlpatterns = [
    path("products/<str:code>/discontinue", new, name="discontinue"),
    path("discontinuations/<int:discontinuation_id>/", one, name="discontinuation"),
    path("discontinuations/<int:discontinuation_id>/approve", approve, name="discontinuation_approve"),
    path("discontinuations/<int:discontinuation_id>/withdraw", withdraw, name="discontinuation_withdraw"),
]
