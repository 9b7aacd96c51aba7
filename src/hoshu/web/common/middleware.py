"""Every request acts as somebody, in one transaction that the database's row-level security knows."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from hoshu import clock
from hoshu.accounts.tenancy import NOBODY, act_as, actor_of


class TenancyMiddleware:
    """Sets `request.now` (aware, JST), `request.actor`, and runs the view inside `act_as`.

    An exception in the view rolls everything back; a refusal that must be kept is therefore a normal answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = clock.now()
        request.actor = NOBODY
        if request.path.startswith(("/static/", "/healthz")):
            return self.get_response(request)
        if request.user.is_authenticated:
            request.actor = actor_of(request.user, today=request.now.date())
        with act_as(request.actor):
            return self.get_response(request)
