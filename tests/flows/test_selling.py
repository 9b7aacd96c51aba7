"""A seller brings its customer, applies for it, checks the payment; and sees its own customers only (MM-FLW, MM-SUP)."""

from datetime import date, timedelta

import pytest

from hoshu import catalog
from hoshu.accounts import Refused as NotAllowed
from hoshu.accounts import grants, organisations
from hoshu.accounts.models import Grant, Organisation
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts import Refused, progress, queries
from hoshu.contracts.models import Agreement, Application, Consent, Consignment, LentUnit
from hoshu.flows import joining, registration, shipping
from hoshu.notifications.models import Message
from tests.contracts.cards import at, open_for_business
from tests.flows.selling import APPLIED, CONFIRMED, applied, forwarded, mimamori, paid
from tests.people import AOBA, HAYASHI, KATO, KONDO, MIDORI, MORI, SATO, SHIMIZU, TSUBASA, WAKABA

pytestmark = pytest.mark.django_db
MARCH_25 = date(2025, 3, 25)


@pytest.fixture(autouse=True)
def operator(acting):
    with acting(HAYASHI, on=MARCH_25):
        open_for_business()


@pytest.fixture
def seller(acting, operator):
    """Kondo, who sells to Aoba, works."""
    with acting(KONDO, on=MARCH_25) as actor:
        yield actor


def state(application):
    application.refresh_from_db()
    return application.state


def test_run(world, seller):
    application = applied(world)
    assert state(application) == "submitted"
    paid(application)
    registration.take_over(application_id=application.pk, now=at("2025-03-28 10:00"))
    assert state(application) == "received"
