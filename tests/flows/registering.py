"""The steps of the registration stories, as a clerk and a customer take them."""

from datetime import date

import pytest

from hoshu.contracts.assessment import assess
from hoshu.files import media
from hoshu.flows import registration
from tests.contracts.cards import at, card, licence, online, open_for_business, router, shipped
from tests.files.samples import pdf, picture
from tests.people import AOBA, HAYASHI

JUNE_1 = date(2025, 6, 1)


SCAN, RECEIPT = pdf("card"), picture("JPEG")


@pytest.fixture
def known_scans(monkeypatch):
    """The scans of this story are not opened again and again; everything else is."""
    inspect = media.inspect
    known = {SCAN: media.Inspection("application/pdf", 1, False), RECEIPT: media.Inspection("image/jpeg", 1, False)}
    monkeypatch.setattr(media, "inspect", lambda content: known.get(content) or inspect(content))


@pytest.fixture
def shop(acting, known_scans):
    """The operator, one licence and one router that was shipped."""
    with acting(HAYASHI, on=JUNE_1):
        open_for_business()
        licence()
        shipped(router())


@pytest.fixture
def desk(shop, acting):
    """Hayashi, the clerk, works."""
    with acting(HAYASHI, on=JUNE_1) as actor:
        yield actor


def arrived(entries=None, *, received="2025-06-01 10:00", scan=True, channel="post"):
    """A card that came in and was typed in."""
    application = registration.take_in(
        service="ix",
        channel=channel,
        received_at=at(received),
        files=[("card.pdf", SCAN)] if scan else [],
        declared_personal_number=False,
        now=at(received),
    )
    return typed(application, card() if entries is None else entries, received)


def typed(application, entries, now):
    return registration.save(
        application_id=application.pk, based_on=application.version, entries=entries, now=at(now)
    ).application


def checked(entries=None, *, received="2025-06-01 10:00", **how):
    """The same, taken for checking."""
    return registration.begin_check(application_id=arrived(entries, received=received, **how).pk, now=at(received))


def proven(application, day, *, kind="receipt", now="2025-06-02 09:00"):
    """A proof of purchase came along and was read."""
    return registration.attach(
        application_id=application.pk,
        kind=kind,
        name="receipt.jpg",
        content=RECEIPT,
        declared_personal_number=False,
        date_read=day,
        now=at(now),
    )


def accepted(application, now="2025-06-03 14:20", reasons=None, customer=None):
    return registration.accept(application_id=application.pk, customer_id=customer, reasons=reasons or {}, now=at(now))


def another(nth, customer, **entries):
    """A further router under a licence of its own, accepted for a customer."""
    licence(f"L00{nth}")
    shipped(router(f"R-210{nth}x"), serial=f"N{nth}")
    written = card(card_serial=f"L00{nth}", body_serial=f"N{nth}", **entries)
    return accepted(checked(written), customer=customer)


def refused(application, now="2025-06-20 10:00", **how):
    how = {"reason": "対象機器の現物が確認できません。", "clause": "第3章 前文", "by_post": False, **how}
    return registration.refuse(application_id=application.pk, now=at(now), **how)


def codes(application, now="2025-06-03 14:20"):
    """The holds on an application."""
    return [hold.code for hold in assess(application, now=at(now)).holds]


def drafted(world, entries=None, now="2025-06-01 10:00"):
    return registration.start_online(
        service="ix", tenant_id=world.organisations[AOBA].pk, entries=entries or online(), now=at(now)
    )
