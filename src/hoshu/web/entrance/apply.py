"""販売店の申込ページ: a new customer applies under the address of its seller, with its own login (5.2, MM-SUP-03)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from hoshu import catalog
from hoshu.accounts import Refused, operators, seller_pages
from hoshu.accounts.access import may
from hoshu.accounts.tenancy import act_as, actor_of
from hoshu.contracts import Refused as NotApplied
from hoshu.flows import joining, registration
from hoshu.web.common.seller_page import through
from hoshu.web.common.views import public
from hoshu.web.entrance.register import LoginDataForm, sign_up_allowed

PRODUCT = "product"
"""The field of a form in which the seller's product stands."""


@require_http_methods(["GET", "POST"])
@public
def apply(request: HttpRequest, code: str) -> HttpResponse:
    """Who sells what, and the login with which the form is begun; 404 under a code that no open page has."""
    page = seller_pages.under(code)
    if page is None or page.service not in through():
        clauses = [edition.application.through.clause for edition in through().values() if edition.application.through]
        context = {"desk": operators.profile(), "clauses": clauses}
        return render(request, "entrance/apply_closed.html", context, status=404)
    edition = catalog.edition_on(page.service, request.now.date())
    if request.actor.user_id is not None:
        return _known(request, page, edition)
    form = LoginDataForm(request.POST or None, use_required_attribute=False)
    if request.method == "POST" and form.is_valid():
        if not sign_up_allowed(request):
            messages.error(request, "操作が続いたため、しばらく受け付けません。1時間ほど待ってからお試しください。")
            return render(request, "entrance/apply.html", _shown(page, edition, form), status=429)
        try:
            user = joining.sign_up_through(seller_id=page.organisation_id, now=request.now, **form.cleaned_data)
        except Refused:
            form.add_error("email", "このご利用IDでは登録できません。すでにお持ちのときは、ログインしてください。")
        else:
            login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
            with act_as(actor_of(user, today=request.now.date())):
                return _begin(request, page, user.organisation_id)
    status = 422 if form.errors else 200
    return render(request, "entrance/apply.html", _shown(page, edition, form), status=status)


def _known(request: HttpRequest, page: Any, edition: catalog.Edition) -> HttpResponse:
    """Somebody who is logged in: a customer of this seller goes on, anybody else is told why not."""
    actor = request.actor
    if request.method == "POST" and may(actor, "portal.apply") and not actor.is_seller:
        try:
            return _begin(request, page, actor.organisation_id)
        except NotApplied as refused:
            messages.error(request, f"{refused.message}（{refused.clause}）" if refused.clause else refused.message)
    may_begin = may(actor, "portal.apply") and not actor.is_seller
    return render(request, "entrance/apply.html", _shown(page, edition, None) | {"may_begin": may_begin})


def _begin(request: HttpRequest, page: Any, tenant_id: int) -> HttpResponse:
    draft = registration.start_online(
        service=page.service,
        tenant_id=tenant_id,
        reseller_id=page.organisation_id,
        entries={PRODUCT: page.product_name},
        known_from_login=True,
        now=request.now,
    )
    return redirect("portal:application", draft.number)


def _shown(page: Any, edition: catalog.Edition, form: LoginDataForm | None) -> dict[str, Any]:
    return {"page": page, "edition": edition, "form": form, "desk": operators.profile()}
