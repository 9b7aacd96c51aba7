"""How to call the API, for people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hoshu.accounts import tokens
from hoshu.web.api.decisions import MOST
from hoshu.web.common.views import public


@require_GET
@public
def show(request: HttpRequest) -> HttpResponse:
    """One page: the address, the key, a question and its answer."""
    context = {
        "address": request.build_absolute_uri("decisions"),
        "most": MOST,
        "calls": tokens.CALLS_PER_MINUTE,
    }
    return render(request, "api/guide.html", context)
