"""The addresses of a postal code, for everybody, and the forms that offer them."""

import pytest
from django.urls import reverse

from hoshu.accounts import operators, organisations
from hoshu.accounts.tenancy import SYSTEM, act_as
from tests.people import AOBA, HAYASHI, MORI, SATO, YAMADA

ADDRESS = "/address"


def body(response):
    return response.content.decode()


@pytest.mark.parametrize("person", [None, SATO, MORI])
def test_everybody_may_ask_what_a_postal_code_stands_for(db, world, client, login, person):
    visitor = login(person) if person else client
    page = body(visitor.get(ADDRESS, {"postal_code": "１００ー０００１"}))
    assert 'type="button"' in page
    assert 'data-address="東京都|千代田区|千代田"' in page


def test_one_of_several_places_is_chosen_and_an_office_is_named(db, client):
    page = body(client.get(ADDRESS, {"postal_code": "4411324"}))
    assert page.count("data-address=") == 3
    assert page.index("井道") < page.index("奥井道") < page.index("内井道")
    office = body(client.get(ADDRESS, {"postal_code": "1008111"}))
    assert 'data-address="東京都|千代田区|千代田1-1"' in office
    assert "（宮内庁）" in office


def test_the_input_of_any_form_may_ask_under_its_own_name(db, client):
    for name in ("postal_code", "contact_postal_code", "operator-postal_code"):
        assert "東京都千代田区千代田" in body(client.get(ADDRESS, {name: "100-0001"}))


def test_an_unknown_code_gets_a_hint(db, client):
    assert "見つかりません。住所を直接入力してください。" in body(client.get(ADDRESS, {"postal_code": "000-0000"}))


@pytest.mark.parametrize("typed", ["", "1", "100-000", "100-00011", "１００", "abc", "😀", "𠮷", "<b>"])
def test_nothing_is_said_while_it_is_typed(db, client, typed):
    response = client.get(ADDRESS, {"postal_code": typed})
    assert (response.status_code, response.content) == (200, b"")
    assert client.get(ADDRESS).content == b""


def test_it_only_answers(db, client):
    assert client.post(ADDRESS).status_code == 405


def offers(page, postal_code, address):
    """Does the page offer, beside these two inputs, the addresses of the one to the other?"""
    assert f'id="{postal_code}"' in page
    assert f'id="{address}"' in page
    assert f'data-fills="{address}" hx-get="{ADDRESS}"' in page
    assert f'from:#{postal_code}" hx-include="#{postal_code}"' in page


def test_the_card_offers_the_addresses_of_contact_and_site(login):
    customer = login(SATO)
    begun = customer.post(reverse("portal:application_new"), {"service": "ix"}, follow=True)
    for block in ("contact", "site"):
        offers(body(begun), f"card_{block}_postal_code", f"card_{block}_address")


def test_the_settings_offer_them_and_keep_numbers_in_one_form(login, world):
    operators.save({"name": "株式会社みなと保守サービス"})
    admin, address = login(YAMADA), reverse("console:settings")
    offers(body(admin.get(address)), "id_postal_code", "id_address")
    entries = {
        "name": "株式会社みなと保守サービス",
        "postal_code": "〒１０５ー００００",
        "registration_number": "Ｔ８７００１１０００５９０１",
        "fault_desk_phone": "０３００００１２３４",
    }
    assert admin.post(address, entries).status_code == 302
    profile = operators.profile()
    assert (profile.postal_code, profile.fault_desk_phone) == ("105-0000", "03-0000-1234")
    assert profile.registration_number == "T8700110005901"


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("postal_code", "105-000", "郵便番号は7けたの数字で入力してください"),
        ("fault_desk_phone", "03-000-1234", "けた数が足りません"),
        ("registration_number", "T870011000590", "12けたです"),
        ("registration_number", "123456789018", "個人番号（マイナンバー）は入力しないでください"),
        ("registration_number", "T8700110005902", "検査数字が合いません"),
    ],
)
def test_a_fault_in_the_settings_is_told_and_nothing_is_lost(login, world, field, typed, told):
    operators.save({"name": "株式会社みなと保守サービス"})
    response = login(YAMADA).post(reverse("console:settings"), {"name": "新しい名前", field: typed})
    assert response.status_code == 422
    assert told in body(response)
    assert f'value="{typed}"' in body(response)
    assert operators.profile().name == "株式会社みなと保守サービス"


def test_the_reading_of_a_customer_is_kept_in_katakana(login, world):
    clerk = login(HAYASHI)
    address = reverse("console:customer_edit", args=[world.organisations[AOBA].pk])
    clerk.post(address, {"name": AOBA, "kana": "ｱｵﾊﾞ しょうじ", "phone": "＋８１ー３ー００００ー０００１"})
    with act_as(SYSTEM):
        changed = organisations.get(world.organisations[AOBA].pk)
    assert (changed.kana, changed.phone) == ("アオバ ショウジ", "03-0000-0001")
    refused = clerk.post(address, {"name": AOBA, "kana": "青葉ショウジ", "phone": "なし"})
    assert refused.status_code == 422
    assert "「青葉」は読みではありません" in body(refused)
    assert "「な」は電話番号に使えません" in body(refused)
    assert 'value="青葉ショウジ"' in body(refused)
