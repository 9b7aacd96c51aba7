"""この機器は、いま保守の対象ですか: what somebody without a login learns from a label, and what not."""

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from hoshu.contracts import codes
from hoshu.contracts.models import Agreement
from tests.contracts.cards import at, licence, open_for_business, router, shipped
from tests.flows.registering import accepted, checked, known_scans  # noqa: F401  (fixture)
from tests.people import AOBA, ENDO, HAYASHI, KATO, KONDO, MORI, SATO, SHIMIZU, TANAKA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_scans")]

NOW = at("2025-06-03 14:20")
UNKNOWN = "k7m2p9qx4wv8t3znyh6bda"


@pytest.fixture(autouse=True)
def no_counts():
    """Nobody has opened a page yet."""
    cache.clear()


@pytest.fixture
def agreement(acting, world, time_machine):
    time_machine.move_to(NOW, tick=False)
    with acting(HAYASHI, on=NOW.date()):
        open_for_business()
        licence()
        shipped(router())
        return accepted(checked(), customer=world.organisations[AOBA].pk)


@pytest.fixture
def code(agreement, acting):
    with acting(HAYASHI, on=NOW.date()):
        return codes.codes_of(agreement_ids=[agreement.pk], now=NOW)[agreement.pk]


@pytest.fixture
def put(acting, agreement):
    """Put the agreement into another state or period."""

    def change(**facts):
        with acting(HAYASHI, on=NOW.date()):
            Agreement.objects.filter(pk=agreement.pk).update(**facts)

    return change


def page(code, browser=None):
    return (browser or Client()).get(reverse("entrance:code", args=[code]))


def words(response):
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main)).strip()


def test_before_the_login_it_says_covered_whom_to_call_and_nothing_private(code, agreement):
    response = page(code)
    assert response.status_code == 200
    text, token = response.content.decode(), str(response.context["csrf_token"])
    assert token in text, "the one part of the page that is drawn by lot: any short number may stand in it"
    text = text.replace(token, "")
    assert "この機器は、いま保守サービスの対象です。" in text
    assert "03-0000-0100" in text
    assert f"{reverse('account_login')}?next=/c/{code}/" in text
    for private in (AOBA, "みどり製作所", "山田", agreement.number, "N1", "L001", "R-2105", "宮城県", "hanako"):
        assert private not in text
    assert not re.search(r"20\d\d[/年-]|あと\d", words(response))


EXPIRED = {"starts_on": date(2025, 6, 1), "ends_on": date(2025, 6, 2)}


@pytest.mark.parametrize("changed", [{"state": "terminated"}, {"state": "suspended"}, {"state": "unnotified"}, EXPIRED])
def test_not_covered_is_one_word_for_every_reason(code, put, changed):
    put(**changed)
    response = page(code)
    assert response.status_code == 200
    assert "この機器は、いま保守サービスの対象ではありません。" in response.content.decode()


def test_an_unknown_code_has_the_same_page_without_an_answer(code):
    known, unknown = page(code), page(UNKNOWN)
    assert unknown.status_code == 404
    assert "確認できません" in words(unknown)
    assert "保守サービスの対象" not in words(unknown)

    def shape(response):
        return re.findall(
            r"<(?:main|h1|h2|section|dl|dt|a)\b", re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]
        )

    assert shape(known) == shape(unknown)
    assert {name: value for name, value in known.headers.items() if name != "Content-Length"} == {
        name: value for name, value in unknown.headers.items() if name != "Content-Length"
    }


@pytest.mark.parametrize("guess", ["SA0000001", "1", "N1", "L001", "admin", "-", "_"])
def test_no_number_that_people_know_opens_it(agreement, code, guess):
    assert page(guess).status_code == 404
    assert page(agreement.number).status_code == 404


def test_it_is_kept_out_of_caches_and_search_engines(code):
    headers = page(code).headers
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("person", [SATO, TANAKA, KONDO])
def test_the_owner_goes_on_to_the_agreement(login, code, agreement, person):
    response = page(code, login(person))
    assert response.headers["Location"] == reverse("portal:agreement", args=[agreement.number])


@pytest.mark.parametrize("person", [MORI, HAYASHI, ENDO])
def test_staff_and_who_works_for_the_customer_go_on_to_the_console(login, code, agreement, person):
    response = page(code, login(person))
    assert response.headers["Location"] == reverse("console:agreement", args=[agreement.number])


@pytest.mark.parametrize("person", [KATO, SHIMIZU])
def test_somebody_of_another_company_reads_what_everybody_reads(login, code, person):
    response = page(code, login(person))
    assert response.status_code == 200
    assert "いま保守サービスの対象です" in words(response)
    assert "ログインして" not in words(response)
    assert AOBA not in response.content.decode()


def test_the_way_through_the_login_comes_back_to_the_code(world, code, agreement):
    user = world.users[SATO]
    user.set_password("river cat morning")
    user.save()
    browser = Client()
    answer = browser.post(
        f"{reverse('account_login')}?next=/c/{code}/",
        {"login": SATO.email, "password": "river cat morning", "next": f"/c/{code}/"},
    )
    assert answer.headers["Location"] == f"/c/{code}/"
    assert browser.get(f"/c/{code}/").headers["Location"] == reverse("portal:agreement", args=[agreement.number])


def test_who_guesses_is_stopped(code):
    browser = Client(REMOTE_ADDR="192.0.2.7")
    answers = [browser.get(reverse("entrance:code", args=[UNKNOWN])).status_code for _ in range(61)]
    assert answers == [404] * 60 + [429]
    assert browser.get(reverse("entrance:code", args=[code])).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.8").get(reverse("entrance:code", args=[code])).status_code == 200
