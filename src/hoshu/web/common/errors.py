"""The pages for what went wrong: what happened, what to do, and a number to quote for a fault of ours.

Named in `config.urls` (handler400 … handler500) and in the setting CSRF_FAILURE_VIEW.
"""

import logging
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from hoshu import clock

log = logging.getLogger("hoshu.web")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: an address or body that no page of ours makes. Nothing of the request is trusted, so no context is built."""
    return HttpResponse(render_to_string("common/400.html"), status=400)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form from a page that lay open too long, or from somewhere else."""
    return render(request, "common/expired.html", status=403)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the role does not allow it. The page says which role the person has, not what stands behind the door."""
    return render(request, "common/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: also for an object of another customer, so that nobody learns that it exists."""
    return render(request, "common/404.html", status=404)


def not_allowed(request: HttpRequest, bare: HttpResponse) -> HttpResponse:
    """405: somebody opened the address of a button. Django's own answer is empty; its headers stay."""
    bare.content = render_to_string("common/405.html", request=request)
    return bare


def too_many(request: HttpRequest) -> HttpResponse:
    """429: more logins from one place than people type (asked for by allauth under the name `handler429`)."""
    return render(request, "common/429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a number that stands beside the traceback in the log. No context: what failed may be the database itself."""
    reference = f"E{clock.now():%m%d}-{secrets.token_hex(3).upper()}"
    log.error("%s %s failed; the page showed %s", request.method, request.path, reference, exc_info=True)
    return HttpResponse(render_to_string("common/500.html", {"reference": reference}), status=500)


def refused(request: HttpRequest, *, heading: str, happened: str, todo: str, **more: Any) -> HttpResponse:
    """409: a refusal that is a normal answer and stays recorded. `more`: `clause`, `back` (address), `back_label`."""
    context = {"heading": heading, "happened": happened, "todo": todo, **more}
    return render(request, "common/refused.html", context, status=409)
