"""この機器は、いま保守の対象ですか: where the code on a label or certificate leads.

Whoever stands before the machine learns what its holder may know: covered, not covered, or no such code, and whom to
call. No company, number or date is shown before the login; those whose agreement it is go on to its page.
"""

from allauth.decorators import rate_limit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from hoshu.accounts import operators
from hoshu.accounts.access import may
from hoshu.contracts import codes, queries
from hoshu.web.common.views import public

PAGES = {"portal.read": "portal:agreement", "agreements.read": "console:agreement"}
"""Where those go on who may see the agreement, by what they may do."""


@require_GET
@public
@rate_limit(action="code", limit_get=True)
def show(request: HttpRequest, code: str) -> HttpResponse:
    """The answer in one word; 404 for a code that nobody printed, on the same page."""
    standing = codes.standing(code, on=request.now.date())
    if standing is not None and queries.agreements().filter(number=standing.number).exists():
        for permission, page in PAGES.items():
            if may(request.actor, permission):
                return redirect(page, standing.number)
    answer = "unknown" if standing is None else "covered" if standing.covered else "not_covered"
    response = render(
        request,
        "entrance/code.html",
        {"answer": answer, "desk": operators.profile()},
        status=404 if standing is None else 200,
    )
    # The address is known to whoever holds the machine, and to nobody else.
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
