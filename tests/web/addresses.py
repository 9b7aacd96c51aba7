"""Every address of the URL table, and how to ask it."""

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie

from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from tests.web.stage import MISSING, OBJECTS, QUERIES

CSRF = re.compile(rb'(csrfmiddlewaretoken" value=|X-CSRFToken":)"[^"]*"')


def routes(patterns=None, prefix="") -> Iterator[tuple[str, object]]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback


ROUTES = dict(routes())


def fill(route):
    """What fills the address, from the longest beginning that stands in OBJECTS."""
    if "<" not in route:
        return None
    known = [beginning for beginning in OBJECTS if route.startswith(beginning)]
    assert known, f"Add the object of {route} to OBJECTS in tests/web/stage.py, with one for each customer"
    return OBJECTS[max(known, key=len)]


def address(route, values):
    path = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda match: str(values[match[1]]), route.replace("^", "").replace("$", ""))
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(values[match[1]]), path)


def missing(route, values):
    """The same address with objects that do not exist; words like the name of an action stay."""
    kinds = {name: kind or "str" for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", route)}
    return {
        name: MISSING[kinds[name]] if kinds.get(name) in {"int", "str"} else value for name, value in values.items()
    }


def ask(browser, method, route, values):
    """One request, undone afterwards: the answer and its content without what differs between two addresses."""
    browser, cookies = browser
    browser.cookies = SimpleCookie(cookies)
    with transaction.atomic():
        url, query = address(route, values), QUERIES.get(route, {})
        response = browser.get(url, query) if method == "GET" else browser.post(url)
        content = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    return response, CSRF.sub(b"", content).replace(url.encode(), b"")
