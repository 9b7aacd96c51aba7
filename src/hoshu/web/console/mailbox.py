"""The demo's mailbox: every mail and PDF as those would see it to whom it was sent. Only a demo has one."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from hoshu.accounts.tenancy import as_system
from hoshu.notifications import queries
from hoshu.web.common.views import public

ROWS = 30


def _in_demo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Whoever tries the demo reads everybody's mail; in earnest there is no such address."""

    @wraps(view)
    def checked(request: HttpRequest, **arguments: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        with as_system("the mailbox of the demo"):
            try:
                return view(request, **arguments)
            except ObjectDoesNotExist as missing:
                raise Http404 from missing

    return checked


@require_GET
@public
@_in_demo
def index(request: HttpRequest) -> HttpResponse:
    """All mails, the newest first."""
    text = request.GET.get("q", "").strip()[:80]
    page = Paginator(queries.mailbox(text=text), ROWS).get_page(request.GET.get("page"))
    return render(request, "console/mailbox.html", {"page": page, "text": text})


@require_GET
@public
@_in_demo
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """One mail as it arrives."""
    return render(request, "console/mailbox_message.html", {"message": queries.get(message_id=message_id)})


@require_GET
@public
@_in_demo
def letter(request: HttpRequest, message_id: int) -> HttpResponse:
    """The PDF enclosed in a mail."""
    enclosed = queries.get(message_id=message_id).letter
    if enclosed is None:
        raise Http404
    pdf = queries.pdf(letter_id=enclosed.pk)
    return HttpResponse(pdf.content, headers=pdf.headers)


app_name = "mailbox"
urlpatterns = [
    path("", index, name="index"),
    path("<int:message_id>/", message, name="message"),
    path("<int:message_id>/letter.pdf", letter, name="letter"),
]
