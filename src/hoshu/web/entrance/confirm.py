"""お申し込み内容の確認: where the link in the contact's mail leads (MM-FLW-02).

Opening it answers nothing, because mail servers open links too.
"""

from allauth.decorators import rate_limit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from hoshu.accounts import operators
from hoshu.contracts import Refused
from hoshu.flows import confirming
from hoshu.web.common.views import public


@require_http_methods(["GET", "POST"])
@public
@rate_limit(action="code", limit_get=True)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """What was entered and agreed to in the contact's name; then its yes, or its no with a word."""
    refused = ""
    if request.method == "POST":
        try:
            if request.POST.get("act") == "confirm":
                confirming.confirm(key=key, content=request.POST.get("content", ""), now=request.now)
            else:
                confirming.dispute(key=key, text=request.POST.get("text", ""), now=request.now)
        except Refused as error:
            refused = error.message
        else:
            return redirect("entrance:confirm", key)
    found = confirming.shown(key, now=request.now)
    context = {"found": found, "refused": refused, "text": request.POST.get("text", ""), "desk": operators.profile()}
    status = 404 if found is None else 422 if refused else 200
    response = render(request, "entrance/confirm.html", context, status=status)
    # The address answers for the customer: it is in no cache and in no index.
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
