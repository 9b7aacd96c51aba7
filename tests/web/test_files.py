"""The screens of what customers handed over: read where it may be read, decided where it may not."""

from datetime import datetime
from http import HTTPStatus

import pytest
from django.urls import reverse

from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.dates import JST
from hoshu.files import queries, store
from tests.files import samples
from tests.people import AOBA, HAYASHI, ITO, KATO, NISHI, SATO

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=JST)
CARD = samples.pdf("front", "back")


@pytest.fixture
def keep(world):
    def keep(**changed):
        facts = {
            "tenant_id": world.organisations[AOBA].pk,
            "name": "登録カード.pdf",
            "content": CARD,
            "purpose": "card",
            "declared_personal_number": False,
            "now": NOW,
        }
        with act_as(SYSTEM) as actor:
            return store.keep(actor=actor, **facts | changed)

    return keep


def state(file):
    with act_as(SYSTEM):
        return queries.get(file_id=file.pk).state


def url(name, file, *more):
    return reverse(f"console:{name}", args=[file.pk, *more])


def test_a_card_is_shown_page_by_page_and_saved(login, keep):
    file, clerk = keep(), login(HAYASHI)
    page = clerk.get(url("file", file)).content.decode()
    assert url("file_page", file, 1) in page
    assert url("file_page", file, 2) in page
    picture = clerk.get(url("file_page", file, 2))
    assert picture["Content-Type"] == "image/png"
    assert picture["X-Content-Type-Options"] == "nosniff"
    assert clerk.get(url("file_page", file, 3)).status_code == HTTPStatus.NOT_FOUND
    saved = clerk.get(url("file_download", file))
    assert saved.content == CARD
    assert saved["Content-Disposition"].startswith("attachment;")


@pytest.mark.req("IX-MYN-04", "IX-GEN-05")
def test_what_is_held_can_be_decided_but_not_opened(login, keep):
    file, clerk = keep(declared_personal_number=True), login(HAYASHI)
    listed = clerk.get(reverse("console:files")).content.decode()
    assert "隔離中 1件" in listed
    assert "個人番号を含むと連絡を受けた" in listed
    refused = clerk.get(url("file_download", file))
    assert refused.status_code == HTTPStatus.LOCKED
    assert "第4章 9.(3)" in refused.content.decode()
    assert clerk.get(url("file_page", file, 1)).status_code == HTTPStatus.NOT_FOUND
    assert url("file_page", file, 1) not in clerk.get(url("file", file)).content.decode()
    empty = clerk.post(url("file_decide", file, "return"), {"note": ""})
    assert empty.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    clerk.post(url("file_decide", file, "return"), {"note": "書留で返送した"})
    assert state(file) == "returned"
    assert "書留で返送した" in clerk.get(url("file", file)).content.decode()
    again = clerk.post(url("file_decide", file, "destroy"), {"note": "二度目"}, follow=True)
    assert "「返却済」です" in again.content.decode()


@pytest.mark.req("IX-FLT-04")
def test_the_answer_of_the_customer_opens_or_keeps_it(login, keep):
    clerk = login(HAYASHI)
    open_, kept = keep(declared_personal_number=None), keep(declared_personal_number=None)
    assert "選んでください" in clerk.post(url("file_answer", open_), follow=True).content.decode()
    clerk.post(url("file_answer", open_), {"contains": "no"})
    clerk.post(url("file_answer", kept), {"contains": "yes"})
    assert (state(open_), state(kept)) == ("available", "held")


def test_hold_release_destroy(login, keep):
    file, clerk = keep(), login(HAYASHI)
    for act, becomes in (("hold", "held"), ("release", "available"), ("hold", "held"), ("destroy", "destroyed")):
        clerk.post(url("file_decide", file, act), {"note": "確かめた"})
        assert state(file) == becomes
    assert clerk.post(url("file_decide", file, "burn"), {"note": "x"}).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("person", "downloads", "decides"), [(SATO, 200, 403), (ITO, 200, 403), (NISHI, 200, 403), (KATO, 404, 403)]
)
def test_who_reads_and_who_decides(login, keep, person, downloads, decides):
    file, browser = keep(), login(person)
    assert browser.get(url("file_download", file)).status_code == downloads
    assert browser.get(url("file", file)).status_code == decides
    assert browser.post(url("file_decide", file, "hold"), {"note": "x"}).status_code == decides
    assert state(file) == "available"
