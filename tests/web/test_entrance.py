"""How people come in: log in, set up, start where their role works."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from hoshu import clock
from hoshu.accounts import operators, people, setup
from hoshu.accounts.models import User
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.flows import password_reset
from hoshu.notifications.models import Message
from tests.people import ABE, CONTRACT_ENDS, ENDO, HAYASHI, KONDO, MORI, NISHI, SATO, TANAKA, YAMADA

GOOD = "river cat morning"


@pytest.fixture
def mori(world):
    user = world.users[MORI]
    user.set_password(GOOD)
    user.save()
    return user


def enter(browser, email, password):
    return browser.post(reverse("account_login"), {"login": email, "password": password})


# -- log in and out


def test_login_by_address_and_password(mori, client):
    assert enter(client, "MORI@example.jp", GOOD).headers["Location"] == "/"
    assert client.get("/").wsgi_request.user == mori


def test_a_failure_tells_nothing(mori, client):
    known = enter(client, MORI.email, "wrong words for Mori")
    unknown = enter(client, "nobody@example.jp", "wrong words for Mori")
    assert known.status_code == unknown.status_code == 200

    def told(response):
        text = re.sub(r'value="[^"]*"', "", response.content.decode())
        return re.sub(r'"X-CSRFToken":"[^"]*"', "", text)

    assert told(known) == told(unknown)
    assert "メールアドレスかパスワードが違います" in told(known)


def test_a_new_session_at_login_and_none_after_logout(mori, client):
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key
    enter(client, MORI.email, GOOD)
    after = client.cookies["session"].value
    assert after != before
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get("/").wsgi_request.user.is_authenticated
    client.post(reverse("account_logout"))
    assert client.get("/").wsgi_request.user.is_anonymous
    stolen = Client()
    stolen.cookies["session"] = after
    assert stolen.get("/").wsgi_request.user.is_anonymous


def test_the_session_cookie_is_for_this_site_and_not_for_scripts(mori, client):
    enter(client, MORI.email, GOOD)
    cookie = client.cookies["session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"


def test_failures_are_limited_per_person_from_any_place(mori):
    for number in range(5):
        enter(Client(REMOTE_ADDR=f"203.0.113.{number}"), MORI.email, "wrong words for Mori")
    response = enter(Client(REMOTE_ADDR="203.0.113.99"), MORI.email, GOOD)
    assert "しばらく受け付けません" in response.content.decode()
    assert response.wsgi_request.user.is_anonymous


def test_failures_are_limited_per_place_for_any_person(mori, client):
    for number in range(10):
        enter(client, f"person{number}@example.jp", "one password for all")
    assert "しばらく受け付けません" in enter(client, MORI.email, GOOD).content.decode()


def test_the_limit_holds_for_tries_at_the_same_time(transactional_db):
    """Every process counts in the same place: of twelve tries at once no more than five are looked at."""
    with act_as(SYSTEM):
        people.create(email=MORI.email, name=MORI.name, roles=["desk"], now=clock.now(), password=GOOD)

    def guess(number):
        try:
            browser = Client(REMOTE_ADDR=f"203.0.113.{number}")
            return (
                "メールアドレスかパスワードが違います"
                in enter(browser, MORI.email, "wrong words for Mori").content.decode()
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as threads:
        assert 1 <= sum(threads.map(guess, range(12))) <= 5


def test_a_deactivated_person_does_not_get_in(mori, client):
    people.deactivate(user_id=mori.pk, now=clock.now())
    enter(client, MORI.email, GOOD)
    assert client.get("/").wsgi_request.user.is_anonymous


def test_more_logins_than_people_type_are_refused_in_japanese(mori, client):
    """The limit of 30 a minute from one place counts the attempts that succeed as well."""
    for _ in range(30):
        enter(client, MORI.email, GOOD)
        client.logout()
    response = enter(client, MORI.email, GOOD)
    assert response.status_code == 429
    assert "操作の回数が多すぎます" in response.content.decode()


def test_the_way_on_after_login_stays_here(mori, client):
    response = client.post(
        reverse("account_login"), {"login": MORI.email, "password": GOOD, "next": "https://evil.example.com/"}
    )
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reauthenticate"])
def test_pages_of_allauth_that_nobody_needs_are_not_there(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


# -- a new password


@pytest.fixture
def operator(db):
    return operators.save({"name": "株式会社みなと保守サービス"})


def test_a_link_is_sent_by_a_job_and_opens_once(mori, operator, client, settings):
    password_reset.send_link(user_id=mori.pk)
    [message] = mail.outbox
    assert not Message.objects.exists()
    assert message.to == [MORI.email]
    [link] = re.findall(r"https?://\S+/key/\S+", message.body)
    assert link.startswith(settings.BASE_URL)
    page = client.get(link.removeprefix(settings.BASE_URL), follow=True)
    form = page.request["PATH_INFO"]
    weak = client.post(form, {"password1": "password12345678", "password2": "password12345678"})
    assert "漏れたパスワードの一覧" in weak.content.decode()
    client.post(form, {"password1": "two words and a lamp", "password2": "two words and a lamp"})
    assert User.objects.get(pk=mori.pk).check_password("two words and a lamp")
    again = Client().get(link.removeprefix(settings.BASE_URL), follow=True)
    assert "すでに使われたか" in again.content.decode()


def test_somebody_who_never_chose_a_password_gets_a_link_too(login):
    response = login(MORI).get(reverse("account_change_password"), follow=True)
    assert response.redirect_chain[-1][0] == reverse("account_reset_password")


def test_asking_for_a_link_tells_nothing_and_mails_no_stranger(mori, client, monkeypatch):
    asked = []
    monkeypatch.setattr(password_reset, "request_link", lambda *, user_id: asked.append(user_id))
    pages = [
        client.post(reverse("account_reset_password"), {"email": email}, follow=True)
        for email in (MORI.email, "nobody@example.jp")
    ]
    assert asked == [mori.pk]
    assert mail.outbox == []
    assert [page.redirect_chain for page in pages] == [[(reverse("account_reset_password_done"), 302)]] * 2


# -- the first page


@pytest.mark.parametrize(
    ("person", "place"),
    [
        (MORI, "console:today"),
        (HAYASHI, "console:today"),
        (ABE, "console:today"),
        (NISHI, "console:today"),
        (YAMADA, "console:today"),
        (ENDO, "console:today"),
        (SATO, "portal:home"),
        (TANAKA, "portal:home"),
        (KONDO, "portal:home"),
    ],
)
def test_everybody_starts_where_their_role_works(world, login, person, place):
    assert login(person).get("/").headers["Location"] == reverse(place)


@pytest.mark.parametrize("person", [None, MORI, SATO])
def test_the_bare_address_of_the_console_leads_to_the_first_page(world, client, login, person):
    browser = login(person) if person else client
    assert browser.get("/console/").headers["Location"] == "/"


def test_somebody_without_a_role_today_is_told_so(world, login, monkeypatch):
    after = clock.now().replace(year=CONTRACT_ENDS.year + 1)
    browser = login(ENDO)
    monkeypatch.setattr(clock, "now", lambda: after)
    response = browser.get("/")
    assert response.status_code == 403
    assert "今日有効な役割が割り当てられていません" in response.content.decode()


def test_without_a_login_the_login_page(world, client):
    assert client.get("/").headers["Location"] == reverse("account_login")


@pytest.fixture
def demo(world, settings):
    settings.DEMO = True
    operators.save(
        {
            "name": "株式会社みなと保守サービス",
            "demo": {
                "logins": [{"email": MORI.email, "name": MORI.name, "role": "desk"}],
                "serials": [{"serial": "1234567890", "shows": "対象"}],
            },
        }
    )


def test_the_demo_offers_roles_and_serials(demo, client):
    page = client.get("/").content.decode()
    assert "受付担当" in page
    assert "1234567890" in page
    client.post(reverse("entrance:demo_login"), {"email": MORI.email})
    assert client.get("/").wsgi_request.user.email == MORI.email


def test_the_mailbox_of_the_demo_is_one_step_away(demo, login, settings):
    mailbox = f'href="{reverse("mailbox:index")}"'
    assert mailbox in login(SATO).get(reverse("portal:home")).content.decode()
    settings.DEMO = False
    assert mailbox not in login(SATO).get(reverse("portal:home")).content.decode()


def test_the_demo_lets_in_only_whom_it_offers(demo, client):
    assert client.post(reverse("entrance:demo_login"), {"email": YAMADA.email}).status_code == 404
    assert client.get("/").wsgi_request.user.is_anonymous


def test_no_login_in_one_click_outside_of_a_demo(demo, client, settings):
    settings.DEMO = False
    assert client.post(reverse("entrance:demo_login"), {"email": MORI.email}).status_code == 404
    assert client.get("/").wsgi_request.user.is_anonymous


def test_a_login_in_one_click_needs_the_csrf_token(demo):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("entrance:demo_login"), {"email": MORI.email}).status_code == 403


# -- the set-up

FORM = {
    "administrator-name": "港 一子",
    "administrator-email": "admin@example.jp",
    "administrator-password": GOOD,
    "administrator-again": GOOD,
    "operator-name": "株式会社みなと保守サービス",
    "operator-address": "東京都港区架空1-2-3",
    "operator-registration_number": "t8700110005901",
}


@pytest.fixture
def link(db):
    return reverse("entrance:setup", args=[setup.issue_link(now=clock.now())])


def test_before_the_set_up_there_is_only_a_note(db, client):
    response = client.get("/")
    assert response.status_code == 503
    assert "初期設定がまだです" in response.content.decode()


def test_the_set_up_happens_once_and_is_gone_for_ever(link, client):
    assert client.get(link).status_code == 200
    assert "初期設定が終わりました" in client.post(link, FORM).content.decode()
    assert operators.profile().registration_number == "T8700110005901"
    assert enter(client, "admin@example.jp", GOOD).status_code == 302
    for browser in (client, Client()):
        assert browser.get(link).status_code == 404
        assert browser.post(link, FORM).status_code == 404
    assert User.objects.count() == 1


def test_nobody_is_sent_to_a_login_before_there_is_one(link, client):
    assert reverse("account_login") not in client.get(link).content.decode()


def test_a_wrong_or_old_link_is_not_there(link, client, monkeypatch):
    assert client.get(link + "x").status_code == 404
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(link).status_code == 404


def test_no_link_works_once_there_are_people(link, world, client):
    assert client.get(link).status_code == 404
    assert client.post(link, FORM).status_code == 404


@pytest.mark.parametrize(
    ("field", "entry", "told"),
    [
        ("administrator-email", "admin", "メールアドレス"),
        ("administrator-password", "short", "15文字以上"),
        ("administrator-again", "something else", "上のパスワードと違います"),
        ("operator-name", "", "必須"),
        ("operator-registration_number", "T8700110005902", "検査数字が合いません"),
        ("operator-postal_code", "10", "7けた"),
    ],
)
def test_a_wrong_entry_is_told_and_nothing_typed_is_lost(link, client, field, entry, told):
    page = client.post(link, {**FORM, field: entry}).content.decode()
    assert told in page
    assert "港 一子" in page
    assert not User.objects.exists()


def test_a_sole_trader_has_no_corporate_number(link, client):
    client.post(link, {**FORM, "operator-registration_number": "T1234567890123", "operator-sole_trader": "on"})
    assert operators.profile().registration_number == "T1234567890123"


@pytest.mark.req("IX-PII-05")
def test_privacy_officer_is_never_guessed(link, client):
    client.post(link, FORM)
    with act_as(SYSTEM):
        assert operators.profile().privacy_officer == ""
