"""What each view states about itself: who may use it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from hoshu.accounts.access import PERMISSIONS, may

View = Callable[..., HttpResponse]


def allow(permission: str) -> Callable[[View], View]:
    """The view is for the roles that the access matrix names under `permission`; others get 403.

    `view.permission` is what the isolation test reads: a view without it (or `public`) fails there.
    """
    if permission not in PERMISSIONS:
        raise KeyError(f"{permission} does not stand in accounts.access.PERMISSIONS")

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request.actor, permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        checked.permission = permission
        return checked

    return decorate


def public(view: View) -> View:
    """The view is for everybody, logged in or not."""
    view.permission = None
    return login_not_required(view)
