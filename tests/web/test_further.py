"""The pages on which a further machine is asked for and added (MM-SUP-04)."""

from datetime import date

import pytest
from django.urls import reverse

from hoshu.contracts.models import ChangeRequest
from tests.contracts.agreed import concluded, lent, watched
from tests.contracts.cards import at, open_for_business
from tests.flows.selling import CONFIRMED, mimamori
from tests.people import AOBA, HAYASHI, KATO, KONDO, MORI, SATO, SHIMIZU, TANAKA

pytestmark = pytest.mark.django_db
SAID = {"machines": "1", "place": "東京都港区海辺0-1", "why": "つなぐ機器が100台を超えるため"}


@pytest.fixture
def main(acting, world, time_machine):
    """Aoba's machine, on 1 July 2025."""
    time_machine.move_to(at("2025-07-01 10:00"), tick=False)
    with acting(HAYASHI, on=date(2025, 7, 1)):
        open_for_business()
        return lent(watched(world.organisations[AOBA].pk))


def page(client, name, *args):
    return client.get(reverse(name, args=args)).content.decode()


@pytest.mark.req("MM-SUP-04")
def test_from_the_customers_page_to_the_desk_and_back(main, login):
    customer = login(SATO)
    assert reverse("portal:further", args=[main.number]) in page(customer, "portal:agreement", main.number)
    sent = customer.post(reverse("portal:further", args=[main.number]), SAID, follow=True).content.decode()
    assert "内容を確かめています" in sent
    assert SAID["place"] in sent
    desk = login(MORI)
    [number] = page(desk, "console:changes").split("/console/changes/CH")[1:2]
    number = f"CH{number[:7]}"
    assert "確認を始める" in page(desk, "console:change", number)
    desk.post(reverse("console:change_check", args=[number]))
    shown = page(desk, "console:change", number)
    assert "追加する</button>" in shown
    assert "差し戻す" not in shown
    added = desk.post(reverse("console:change_add", args=[number]), follow=True).content.decode()
    assert "機器を追加しました" in added
    assert "追加分" in page(customer, "portal:agreements")
    assert "に属する" in page(customer, "portal:agreements")
    assert "機器の追加が済みました" in page(customer, "portal:change", number)
    assert "追加分" in page(desk, "console:agreement", main.number)
    assert "追加分" in page(desk, "console:agreements")
    assert AOBA in page(login(HAYASHI), "console:consignments")


@pytest.mark.req("MM-SUP-04")
def test_what_is_typed_stays_where_something_is_missing(main, login):
    for client, place in ((login(SATO), "portal"), (login(MORI), "console")):
        wrong = {**SAID, "machines": "二", "why": "", "asked_by": "佐藤"}
        answer = client.post(reverse(f"{place}:further", args=[main.number]), wrong)
        assert answer.status_code == 422
        assert SAID["place"] in answer.content.decode()
        assert "二" in answer.content.decode()


@pytest.mark.req("MM-SUP-04")
def test_the_desk_writes_down_who_called(main, login, acting):
    login(MORI).post(reverse("console:further", args=[main.number]), {**SAID, "asked_by": "佐藤 花子"})
    with acting(MORI, on=date(2025, 7, 1)):
        kept = ChangeRequest.objects.get()
        assert (kept.channel, kept.asked_by, kept.state) == ("desk", "佐藤 花子", "submitted")


@pytest.mark.req("MM-SUP-04")
def test_who_applies_again_is_led_to_the_desk(main, login):
    customer = login(SATO)
    answer = customer.post(reverse("portal:application_new"), {"service": "mimamori"}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("portal:further", args=[main.number])
    assert "2台目からの追加は、窓口で承ります" in answer.content.decode()
    assert "5.2" in answer.content.decode()


@pytest.mark.req("MM-SUP-04")
def test_only_a_lent_machine_of_a_service_that_says_so_is_added(main, login, acting, world):
    with acting(HAYASHI, on=date(2025, 7, 1)):
        other = concluded("video", world.organisations[AOBA].pk, now="2025-06-01 10:00")
    customer = login(SATO)
    assert "further" not in page(customer, "portal:agreement", other.number)
    refused = customer.post(reverse("portal:further", args=[other.number]), SAID)
    assert refused.status_code == 422
    assert "機器の追加の手続きはありません" in refused.content.decode()


@pytest.mark.req("MM-SUP-04", "MM-ACC-03")
@pytest.mark.parametrize(
    ("person", "status"), [(KATO, 404), (TANAKA, 403), (KONDO, 403), (SHIMIZU, 403)], ids=lambda one: str(one)
)
def test_only_the_customers_administrator_asks_on_the_portal(main, login, person, status):
    assert login(person).post(reverse("portal:further", args=[main.number]), SAID).status_code == status


@pytest.mark.req("MM-SUP-04")
def test_the_desk_is_not_told_that_the_fee_stays(main, login):
    login(SATO).post(reverse("portal:further", args=[main.number]), SAID)
    desk = login(MORI)
    number = "CH" + page(desk, "console:changes").split("/console/changes/CH")[1][:7]
    assert "この申請では変わりません" not in page(desk, "console:change", number)
    assert "保険の限度額は、主たる契約と合わせて1つです" not in page(desk, "console:change", number)
    desk.post(reverse("console:change_check", args=[number]))
    assert "保険の限度額は、主たる契約と合わせて1つです" in page(desk, "console:change", number)


@pytest.mark.req("MM-SUP-04")
def test_what_was_typed_into_an_application_goes_along_to_the_desk(login, acting, world, time_machine):
    time_machine.move_to(at("2025-07-01 10:00"), tick=False)
    with acting(HAYASHI, on=date(2025, 7, 1)):
        open_for_business()
        draft = mimamori(world, contact_address="東京都港区海辺0-7")
        main = lent(watched(world.organisations[AOBA].pk))
    customer = login(SATO)
    answer = customer.post(
        reverse("portal:application_send", args=[draft.number]), {"confirmed": CONFIRMED}, follow=True
    )
    assert answer.redirect_chain[-1][0] == f"{reverse('portal:further', args=[main.number])}?from={draft.number}"
    assert "東京都港区海辺0-7" in answer.content.decode()
    assert f"申請 {draft.number} で申し込んだため" in answer.content.decode()
    assert reverse("portal:application", args=[draft.number]) in page(customer, "portal:applications")
