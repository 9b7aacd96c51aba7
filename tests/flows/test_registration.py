"""From the card to the completion notice, on the real database."""

from datetime import date

import pytest

from hoshu.contracts import Refused, queries
from hoshu.contracts.models import Agreement, Application, Licence
from hoshu.flows import registration
from hoshu.notifications.models import Message
from tests.contracts.cards import at, card, licence, open_for_business, router, shipped
from tests.files.samples import pdf
from tests.people import HAYASHI

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(acting):
    """Hayashi, the clerk, with one licence and one router that was shipped."""
    with acting(HAYASHI, on=date(2025, 6, 1)):
        open_for_business()
        licence()
        shipped(router())
        yield


def arrived(entries=None, *, received="2025-06-01 10:00", with_scan=True):
    """A card that came by post, typed in and taken for checking."""
    application = registration.take_in(
        service="ix",
        channel="post",
        received_at=at(received),
        files=[("card.pdf", pdf("card"))] if with_scan else [],
        declared_personal_number=False,
        now=at(received),
    )
    registration.save(
        application_id=application.pk, based_on=application.version, entries=entries or card(), now=at(received)
    )
    return registration.begin_check(application_id=application.pk, now=at(received))


def accepted(application, now="2025-06-03 14:20", reasons=None):
    """The clerk accepts."""
    return registration.accept(application_id=application.pk, customer_id=None, reasons=reasons or {}, now=at(now))


@pytest.mark.req("IX-REG-03", "IX-REG-04", "IX-COV-03", "IX-COV-04", "IX-SPEC-01")
def test_sending_the_notice_is_the_acceptance(desk):
    application = arrived()
    agreement = accepted(application)
    assert (agreement.starts_on, agreement.ends_on) == (date(2025, 6, 3), date(2028, 4, 30))
    assert agreement.purchase_basis == "shipped"
    notice = Message.objects.get(about=agreement.number)
    assert notice.to == "hanako@example.jp"
    assert "2028/04/30" in notice.text
    print(notice.text)
