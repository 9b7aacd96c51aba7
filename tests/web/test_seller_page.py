"""A seller's own address: a new customer applies there itself, and lands with that seller."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from hoshu.accounts import people, seller_pages
from hoshu.accounts.models import Grant, Organisation, User
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts.models import Application
from tests.contracts.cards import at, open_for_business
from tests.people import AOBA, HAYASHI, KATO, KONDO, MIDORI, MORI, SATO, SHIMIZU, TSUBASA, YAMADA

pytestmark = pytest.mark.django_db
NOW = at("2025-06-03 10:00")
NEWCOMER = {
    "email": "hanako@midori.example.jp",
    "password": "青い橋 渡る 三月 風の音 紙風船",
    "organisation": "みどり製作所株式会社",
    "name": "山田 花子",
    "phone": "03-0000-1234",
    "secret_question": people.SECRET_QUESTIONS[0],
    "secret_answer": "ポチ",
}


@pytest.fixture(autouse=True)
def day(acting, time_machine):
    time_machine.move_to(NOW, tick=False)
    cache.clear()
    with acting(HAYASHI, on=NOW.date()):
        open_for_business()


@pytest.fixture
def page(world):
    """Tsubasa's page."""
    with act_as(SYSTEM):
        return seller_pages.put(
            organisation_id=world.organisations[TSUBASA].pk,
            service="mimamori",
            product_name="つばさ見守りパック",
            is_open=True,
            now=NOW,
        )


def text(response):
    return response.content.decode()


def address(code):
    return reverse("entrance:apply", args=[code])


@pytest.mark.req("MM-SUP-03")
def test_a_newcomer_applies_under_the_address_of_a_seller(page, world, client, login):
    shown = text(client.get(address(page.code)))
    for words in (TSUBASA, "つばさ見守りパック", "申込内容と入金の確認"):
        assert words in shown
    begun = client.post(address(page.code), NEWCOMER)
    with act_as(SYSTEM):
        firm = Organisation.objects.get(name=NEWCOMER["organisation"])
        draft = Application.objects.get()
        seller = world.organisations[TSUBASA].pk
        assert (draft.tenant_id, draft.reseller_id, draft.service) == (firm.pk, seller, "mimamori")
        assert draft.entries["product"] == "つばさ見守りパック"
        assert draft.entries["contact_email"] == NEWCOMER["email"]
        assert Grant.objects.get(tenant=firm).grantee_id == seller
    assert begun.headers["Location"] == reverse("portal:application", args=[draft.number])
    assert client.get(begun.headers["Location"]).status_code == 200
    assert draft.number in text(login(KONDO).get(reverse("portal:applications")))


@pytest.mark.req("MM-DOC-08")
def test_another_seller_and_another_customer_see_nothing_of_it(page, client, login):
    client.post(address(page.code), NEWCOMER)
    with act_as(SYSTEM):
        number = Application.objects.get().number
    for person in (SHIMIZU, SATO, KATO):
        assert login(person).get(reverse("portal:application", args=[number])).status_code == 404


@pytest.mark.req("MM-SUP-03")
def test_an_unknown_or_closed_code_is_refused_with_the_clause(page, world, client):
    with act_as(SYSTEM):
        seller_pages.put(
            organisation_id=world.organisations[TSUBASA].pk,
            service="mimamori",
            product_name="つばさ見守りパック",
            is_open=False,
            now=NOW,
        )
    for code in (page.code, "nobodys"):
        for refused in (client.get(address(code)), client.post(address(code), NEWCOMER)):
            assert refused.status_code == 404
            assert "販売店を通してお申し込みください（5.2）" in text(refused)
            assert TSUBASA not in text(refused)
    with act_as(SYSTEM):
        assert not Application.objects.exists()
        assert not User.objects.filter(email=NEWCOMER["email"]).exists()


@pytest.mark.req("MM-SUP-03")
def test_what_is_missing_is_told_with_everything_kept(page, client):
    wrong = client.post(address(page.code), NEWCOMER | {"phone": "12"})
    assert wrong.status_code == 422
    assert 'value="みどり製作所株式会社"' in text(wrong)
    with act_as(SYSTEM):
        assert not Application.objects.exists()


def test_a_login_that_somebody_has_is_not_made_again(page, client, world):
    taken = client.post(address(page.code), NEWCOMER | {"email": world.users[SATO].email})
    assert taken.status_code == 422
    assert "ログインしてください" in text(taken)


@pytest.mark.req("MM-SUP-03")
def test_a_customer_of_the_seller_goes_on_and_another_is_told_why_not(page, login, world):
    begun = login(SATO).post(address(page.code))
    with act_as(SYSTEM):
        draft = Application.objects.get()
        assert (draft.tenant_id, draft.reseller_id) == (
            world.organisations[AOBA].pk,
            world.organisations[TSUBASA].pk,
        )
    assert begun.headers["Location"] == reverse("portal:application", args=[draft.number])
    assert "このお客様を担当する販売店" in text(login(KATO).post(address(page.code)))
    for person in (KONDO, MORI):
        assert "このログインでは申し込めません" in text(login(person).post(address(page.code)))
    with act_as(SYSTEM):
        assert Application.objects.count() == 1


@pytest.mark.req("MM-SUP-03")
def test_a_seller_names_its_product_and_reads_its_address(login, world):
    seller, place = login(KONDO), reverse("portal:seller_page")
    entry = {"service": "mimamori", "product_name": "つばさ見守りパック", "is_open": "on"}
    assert seller.post(place, entry | {"product_name": " "}).status_code == 422
    seller.post(place, entry)
    first = seller_pages.of(organisation_id=world.organisations[TSUBASA].pk, service="mimamori")
    assert address(first.code) in text(seller.get(place))
    seller.post(place, entry | {"product_name": "つばさ安心", "is_open": ""})
    again = seller_pages.of(organisation_id=world.organisations[TSUBASA].pk, service="mimamori")
    assert (again.code, again.product_name, again.is_open) == (first.code, "つばさ安心", False)
    assert first.code not in text(login(SHIMIZU).get(place))
    assert seller.post(place, entry | {"service": "ix"}).status_code == 422


@pytest.mark.req("MM-SUP-03")
def test_an_administrator_does_it_for_a_seller_and_nobody_else(page, login, world):
    tsubasa, midori = (world.organisations[name].pk for name in (TSUBASA, MIDORI))
    administrator = login(YAMADA)
    assert address(page.code) in text(administrator.get(reverse("console:customer", args=[tsubasa])))
    entry = {"service": "mimamori", "product_name": "みどりの見守り", "is_open": "on"}
    administrator.post(reverse("console:customer_page", args=[midori]), entry)
    kept = seller_pages.of(organisation_id=midori, service="mimamori")
    assert kept.product_name == "みどりの見守り"
    assert kept.code != page.code
    assert login(MORI).post(reverse("console:customer_page", args=[midori]), entry).status_code == 403
    customer = world.organisations[AOBA].pk
    assert administrator.post(reverse("console:customer_page", args=[customer]), entry).status_code == 422
    for person in (SATO, HAYASHI):
        assert login(person).get(reverse("portal:seller_page")).status_code == 403
