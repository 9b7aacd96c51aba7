"""What holds for every address: headers, nothing inline, nothing from elsewhere, no form without its token."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.people import AOBA, MORI, SATO, YAMADA
from tests.web.addresses import ROUTES, address, ask, fill

WITHOUT_TOKEN = {"api/v1/decisions"}
"""Called by programs with a key: there is no session that a foreign page could use."""


def values(route, stage):
    filler = fill(route)
    return filler(stage, AOBA) if filler else {}


@pytest.mark.parametrize("route", ROUTES)
def test_a_page_is_closed_to_scripts_frames_and_caches(route, stage, browsers, db):
    for person in (YAMADA, MORI, SATO):
        response, content = ask(browsers[person], "GET", route, values(route, stage))
        headers = response.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert re.search(r"no-store|no-cache", headers.get("Cache-Control", "")) or route.startswith(
            ("api/", "healthz")
        )
        if headers.get("Content-Type", "").startswith("text/html"):
            inline_and_foreign(content.decode())


def inline_and_foreign(page):
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page), "inline style or script"
    for tag in re.findall(r"<script[^>]*>", page):
        assert "src=" in tag, tag
    for tag in re.findall(r"<(?:script|link|img|iframe|form)\b[^>]*>", page):
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', tag), tag


@pytest.mark.parametrize("route", ROUTES)
def test_no_form_without_its_token(route, stage, browsers, db):
    browser, cookies = browsers[YAMADA]
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies.__class__(cookies)
    response = strict.post(address(route, values(route, stage)))
    assert response.status_code == (401 if route in WITHOUT_TOKEN else 403)


def test_a_foreign_host_is_not_believed(client, db):
    """Or it would stand in the links of our mails."""
    assert client.get(reverse("entrance:terms"), headers={"Host": "evil.example.com"}).status_code == 400
