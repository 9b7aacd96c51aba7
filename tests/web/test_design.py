"""The design page, the menu around a page, and the pages for what went wrong."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from hoshu.accounts.access import may
from hoshu.web.common import context, errors
from tests.people import EVERYBODY, HAYASHI, MORI, SATO

pytestmark = pytest.mark.django_db


def test_everybody_may_see_the_design_page_and_it_needs_nothing_inline(client: Client) -> None:
    page = client.get(reverse("design")).content.decode()
    for part in ('id="answer"', 'id="timeline"', 'id="list"', 'id="form"', 'id="parts"', 'id="tokens"'):
        assert part in page
    assert "style=" not in page
    assert not re.search(r"<script(?![^>]* src=)", page)
    assert not re.search(r"\son[a-z]+=", page)


def test_the_theme_of_the_cookie_is_in_the_page_and_nothing_else_of_it(client: Client) -> None:
    client.cookies["theme"] = "dark"
    assert '<html lang="ja" data-theme="dark">' in client.get(reverse("design")).content.decode()
    client.cookies["theme"] = '"><script>'
    assert '<html lang="ja">' in client.get(reverse("design")).content.decode()


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person.login)
def test_the_menu_offers_exactly_what_the_role_may_open(world, login, person) -> None:
    page = login(person).get(reverse("design"))
    actor = page.wsgi_request.actor
    for item in page.context["navigation"]:
        opened = page.client.get(item.url)
        assert opened.status_code in (200, 302), item
    menu = context.PORTAL if may(actor, "portal.read") else context.CONSOLE
    assert {item.view for item in page.context["navigation"]} <= {item.view for item in menu}


def test_the_place_one_is_in_is_marked_in_the_menu(world, login) -> None:
    page = login(MORI).get(reverse("entrance:terms"))
    assert [item.view for item in page.context["navigation"] if item.current] == ["entrance:terms"]


@pytest.mark.parametrize("view", ["licences", "articles", "article_new", "products", "numbers"])
def test_stock_models_and_numbers_belong_to_the_licences_in_the_menu(world, login, view) -> None:
    page = login(HAYASHI).get(reverse(f"console:{view}"))
    assert [item.view for item in page.context["navigation"] if item.current] == ["console:licences"]


def test_a_visitor_has_no_menu_no_search_and_no_name(client: Client) -> None:
    page = client.get(reverse("design"))
    assert page.context["navigation"] == ()
    assert page.context["search"] is None
    assert page.context["who"] is None


def test_the_address_of_a_button_says_so_when_it_is_opened(world, login) -> None:
    page = login(MORI).get(reverse("console:application_check", args=["AP0000001"]))
    assert page.status_code == 405
    assert page["Allow"] == "POST"
    assert "ボタンからだけ" in page.content.decode()


def test_the_keys_of_the_menu_are_different_letters() -> None:
    for menu in (context.CONSOLE, context.PORTAL):
        keys = [item.key for item in menu]
        assert len(keys) == len(set(keys))
        assert all(re.fullmatch("[a-z]", key) for key in keys)


def test_a_fault_of_ours_shows_the_number_that_stands_in_the_log(rf, caplog) -> None:
    response = errors.server_error(rf.get("/somewhere"))
    (number,) = re.findall(r"E\d{4}-[0-9A-F]{6}", response.content.decode())
    assert response.status_code == 500
    assert number in caplog.text


@pytest.mark.parametrize("address", ["/no-such-page", "/console/no-such-page"])
def test_a_page_that_is_not_there_says_so_in_japanese(world, login, address: str) -> None:
    page = login(SATO).get(address)
    assert page.status_code == 404
    assert "ページが見つかりません" in page.content.decode()


def test_a_refusal_says_what_happened_what_to_do_and_why(rf, world, login) -> None:
    request = login(MORI).get(reverse("design")).wsgi_request
    page = errors.refused(
        request,
        heading="登録できません",
        happened="この製造番号は登録済みです。",
        todo="番号を確かめてください。",
        clause="第2章 1.(2)④",
        back="/console/",
    ).content.decode()
    for text in ("登録できません", "登録済みです", "確かめてください", "第2章 1.(2)④", 'href="/console/"'):
        assert text in page
