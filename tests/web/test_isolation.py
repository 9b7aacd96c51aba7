"""Every address × every person × an object of their own, of somebody else, of nobody (generated from the URL table).

Who may use a view stands once, in `accounts.access.PERMISSIONS`; the view names its line by `@allow`. What somebody
does not see answers exactly like what does not exist, and no page holds a word of a customer out of sight.
"""

from contextlib import nullcontext
from http import HTTPStatus
from unittest.mock import patch

import pytest
from django.template.backends.django import Template

from hoshu.accounts.access import PERMISSIONS, may
from tests.people import AOBA, HAYASHI, MORI, SATO, WAKABA
from tests.web.addresses import ROUTES, address, ask, fill, missing
from tests.web.stage import MARKS, NOT_THERE

OF_ALLAUTH = {
    "account/inactive/": "public",
    "account/login/": "public",
    "account/logout/": "public",
    "account/password/change/": "logged in",
    "account/password/set/": "logged in",
    "account/password/reset/": "public",
    "account/password/reset/done/": "public",
    "account/password/reset/key/done/": "public",
    "account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "public",
}
"""Views that are not ours, and for whom they are."""

INSIDE_VIEWS = {"cases.internal"}
"""Permissions that show or hide a part of a page and open no view of their own."""

DONE = {200, 204, 302, 303, 400, 409, 422, 423}
"""A view did its work, or said in its own words why it can not."""
ALSO = {
    # A correction names the proof it rests on; this one comes without.
    "console/agreements/<str:number>/purchase": {404},
    # Only a refusal after its last day waits for a second person.
    "console/applications/<str:number>/refusal/approve": {404},
    # A picture of nothing.
    "console/terms/timeline.svg": {404},
    # Only a letter that could not be printed is printed again.
    "console/messages/<int:message_id>/reprint": {404},
}
"""Further answers to people who may use a view."""


@pytest.mark.parametrize("route", ROUTES)
def test_every_view_says_for_whom_it_is(route):
    assert route in OF_ALLAUTH or hasattr(ROUTES[route], "permission"), (
        f"Put @allow(…) or @public from hoshu.web.common.views on the view of {route}"
    )


def test_no_permission_is_left_over():
    used = {getattr(view, "permission", None) for view in ROUTES.values()}
    assert set(PERMISSIONS) - used == INSIDE_VIEWS


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_gets_what_is_not_for_them(route, stage, browsers, actors, db):
    filler, permission = fill(route), getattr(ROUTES[route], "permission", None)
    methods, drawn = {"GET", "POST"}, False
    for person, browser in browsers.items():
        actor = actors[person]
        allowed = permission is None or may(actor, permission)
        unseen = [mark for name, mark in MARKS.items() if not sees(actor, stage, name)]
        for owner in MARKS if filler and allowed and not actor.sees_all else [AOBA]:
            values = filler(stage, owner) if filler else {}
            for method in sorted(methods):
                # A POST without data gives back the page that GET draws for each of them. Where nothing is hidden from
                # people, there is no word to look for: drawn once more for the first of them, not for all.
                repeated = method == "POST" and allowed and not unseen
                with undrawn() if repeated and drawn else nullcontext():
                    response, content = ask(browser, method, route, values)
                drawn = drawn or repeated
                told = (
                    f"{person.role if person else 'nobody'} {method} {address(route, values)} → {response.status_code}"
                )
                if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
                    methods.discard(method)
                    continue
                for mark in unseen:
                    assert mark.encode() not in content, told
                if any(route.startswith(beginning) for beginning in NOT_THERE):
                    assert response.status_code == HTTPStatus.NOT_FOUND, told
                elif permission is None:
                    assert response.status_code < 500, told
                elif route.startswith("api/"):
                    assert response.status_code == HTTPStatus.UNAUTHORIZED, told  # a session is no key
                elif person is None:
                    assert response.headers["Location"].startswith("/account/login/"), told
                elif not allowed:
                    assert response.status_code == HTTPStatus.FORBIDDEN, told
                elif filler and not sees(actor, stage, owner) and filler(stage, AOBA) != filler(stage, WAKABA):
                    nothing, empty = ask(browser, method, route, missing(route, values))
                    assert response.status_code == nothing.status_code == HTTPStatus.NOT_FOUND, told
                    assert content == empty, told
                else:
                    assert response.status_code in DONE | ALSO.get(route, set()), told
    assert methods, f"{route} answers neither GET nor POST"


def undrawn():
    """Views do their work, and their pages stay empty."""
    return patch.object(Template, "render", return_value="")


def sees(actor, stage, name):
    """Is this customer in the actor's sight?"""
    return actor.sees_all or stage.things[name].organisation in actor.tenants


def test_the_marks_would_be_noticed(stage, browsers, db):
    """The search for foreign words means something: customers and staff do read them on their own pages."""
    readers = {SATO: ["portal/agreements/<str:number>/", "portal/cases/<str:number>/"]}
    readers[MORI] = ["console/customers/<int:organisation_id>/", "console/cases/<str:number>/"]
    readers[HAYASHI] = ["console/applications/<str:number>/"]
    for person, pages in readers.items():
        for route in pages:
            _, content = ask(browsers[person], "GET", route, fill(route)(stage, AOBA))
            assert MARKS[AOBA].encode() in content, route
