"""The page of an agreement of every service, for its staff and its customer."""

import pytest
from django.urls import reverse

from tests.contracts.agreed import concluded, lent, watched
from tests.contracts.cards import at, open_for_business
from tests.people import AOBA, HAYASHI, KONDO, MORI, SATO

pytestmark = pytest.mark.django_db

NOW = at("2026-01-12 10:00")


@pytest.fixture(params=["video", "supportpack", "remote-care", "mimamori"])
def agreement(request, acting, world, time_machine):
    time_machine.move_to(NOW, tick=False)
    with acting(HAYASHI, on=NOW.date()):
        open_for_business()
        tenant = world.organisations[AOBA].pk
        kept = lent(watched(tenant)) if request.param == "mimamori" else concluded(request.param, tenant)
        return kept.number, kept.device.serial, kept.device.product.name, kept.device_id


@pytest.mark.parametrize(
    ("person", "view"),
    [(HAYASHI, "console:agreement"), (SATO, "portal:agreement"), (KONDO, "portal:agreement")],
)
def test_the_page_says_what_is_agreed(agreement, login, person, view):
    page = login(person).get(reverse(view, args=[agreement[0]]))
    assert page.status_code == 200
    for words in agreement[:3]:
        assert words in page.content.decode()


@pytest.mark.parametrize(("person", "view"), [(MORI, "console:call"), (SATO, "portal:report_unit")])
def test_a_fault_of_it_can_be_told(agreement, login, person, view):
    page = login(person).get(reverse(view, args=[agreement[3]]))
    assert page.status_code == 200
    assert 'height=""' not in page.content.decode()
