"""The clerk's screens of a registration."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hoshu.contracts.models import Agreement, Application, ApplicationFile, Licence, ParkedEntries, Product, Refusal
from hoshu.flows import registration
from hoshu.notifications.models import Message
from tests.contracts.cards import at, card, licence, online, open_for_business, router, shipped
from tests.files.samples import pdf, picture
from tests.flows.registering import accepted, checked, known_scans, refused  # noqa: F401  (fixture)
from tests.people import AOBA, HAYASHI, ITO, MORI, SATO, YAMADA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_scans")]

NOW = at("2025-06-03 10:00")


@pytest.fixture
def shop(acting, time_machine):
    """The operator's stock; it is 3 June 2025."""
    time_machine.move_to(NOW, tick=False)
    with acting(HAYASHI, on=NOW.date()):
        open_for_business()
        licence()
        shipped(router())


@pytest.fixture
def clerk(shop, login):
    return login(HAYASHI)


@pytest.fixture
def card_in(shop, acting):
    """A card that is being checked."""
    with acting(HAYASHI, on=NOW.date()):
        return checked()


def url(name, *args):
    return reverse(f"console:{name}", args=args)


def test_smoke(clerk, card_in):
    for name, args in [
        ("applications", ()),
        ("application_new", ()),
        ("application", (card_in.number,)),
        ("application_decide", (card_in.number,)),
        ("licences", ()),
        ("licence_new", ()),
        ("licence", ("L001",)),
        ("products", ()),
        ("product", ("R-2105",)),
        ("agreements", ()),
    ]:
        page = clerk.get(url(name, *args))
        assert page.status_code == 200, name
    done = clerk.post(url("application_accept", card_in.number), {"customer": ""})
    assert done.status_code == 302
    agreement = Agreement.objects.get() if False else None
    page = clerk.get(url("agreements"))
    print(page.content.decode()[-3000:])
