"""Settings that every answer shows: what a browser may load, which hosts we answer to, and the sign of life."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_sign_of_life_needs_no_login(client: Client):
    assert client.get("/healthz").status_code == 204


def test_no_page_may_load_or_run_anything_but_our_own_files(client: Client):
    policy = client.get("/design").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_a_name_that_is_not_ours_is_refused(client: Client):
    """It would stand in the links of our mails."""
    assert client.get("/design", headers={"host": "attacker.example.jp"}).status_code == 400
