"""Every request acts as somebody, in one transaction that the database's row-level security knows."""

import math
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

from hoshu import clock
from hoshu.accounts import tokens
from hoshu.accounts.tenancy import NOBODY, act_as, actor_of
from hoshu.files import prose
from hoshu.publishing import current
from hoshu.web.common import errors, formats
from hoshu.web.common.problems import problem

DESK = ("/console/", "/mailbox/", "/design")
"""The addresses whose pages are for the desk; every other page may be read by a customer, a seller or the public."""


class DateMiddleware:
    """Dates as the door writes them: the desk's in short, all others written out (みまもり 7.22, MM-CND-28).

    Around everything that may answer in place of the view, so that a refusal is written like the pages beside it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with formats.written_for(customers=not request.path.startswith(DESK)):
            return self.get_response(request)


class TenancyMiddleware:
    """Sets `request.now` (aware, JST), `request.actor`, and runs the view inside `act_as`.

    An exception in the view rolls everything back; a refusal that must be kept is therefore a normal answer.
    A page belongs to the person of the session; a call under /api/ to the person of its key, whatever the session says.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = clock.now()
        request.actor = NOBODY
        if request.path.startswith(("/static/", "/healthz")):
            return self.get_response(request)
        current.refresh()
        try:
            user = _caller(request) if request.path.startswith("/api/") else request.user
        except tokens.TooFast as limit:
            return _too_fast(limit)
        if user is not None and user.is_authenticated:
            request.actor = actor_of(user, today=request.now.date())
        with act_as(request.actor):
            response = self.get_response(request)
            if response.status_code == 405 and not request.path.startswith("/api/"):
                response = errors.not_allowed(request, response)
        if request.actor.user_id is not None:
            # What somebody saw is in no cache once they left a shared machine.
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class MaskedMiddleware:
    """Says that a 個人番号 was masked in what this request stored, and where (第4章 9.(1), IX-MYN-01)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with prose.noticing() as masked:
            response = self.get_response(request)
        if masked and not request.path.startswith("/api/"):
            where = "、".join(masked)
            messages.warning(
                request,
                f"個人番号とみられる番号を伏せて保存しました（{where}）。個人番号はお預かりできません。",
            )
        return response


def _caller(request: HttpRequest) -> AbstractBaseUser | None:
    """The person behind the key of this call."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        return tokens.authenticate(key=key.strip(), now=request.now)
    except tokens.Unknown:
        return None


def _too_fast(limit: tokens.TooFast) -> HttpResponse:
    seconds = math.ceil(limit.wait.total_seconds())
    response = problem(
        429,
        ja=(
            "呼び出しが多すぎます",
            f"{seconds}秒後にもう一度お試しください。上限は1分間に{tokens.CALLS_PER_MINUTE}回です。",
        ),
        en=("Too many calls", f"Try again in {seconds} s. The limit is {tokens.CALLS_PER_MINUTE} calls a minute."),
    )
    response["Retry-After"] = str(seconds)
    return response
