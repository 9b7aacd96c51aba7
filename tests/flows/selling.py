"""The steps of an application through a seller, as its people take them."""

from hoshu import catalog
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts import contact_checks
from hoshu.contracts.models import ContactCheck
from hoshu.flows import confirming, registration
from tests.contracts.cards import at
from tests.people import AOBA, TSUBASA

MIMAMORI = catalog.edition("mimamori", "2020-03")
CONFIRMED = [one.id for one in MIMAMORI.application.confirmation if not one.wanted_with]
MANDATE = "2025年3月25日のメールで同意"
APPLIED = {
    "customer_kind": "company",
    "contact_company": "青葉商事株式会社",
    "contact_name": "佐藤 花子",
    "contact_email": "sato@example.jp",
    "contact_phone": "03-0000-0001",
    "contact_address": "東京都千代田区千代田0-0",
    "machines_planned": "40",
    "addressee_1": "sato@example.jp",
    "installable_checked_on": "2025/3/20",
    "installable_checked_by": "佐藤 花子",
}
"""What the customer fills in."""


def mimamori(world, *, now="2025-03-25 10:00", seller=TSUBASA, tenant=None, **changes):
    """A form that was begun through a seller."""
    return registration.start_online(
        service="mimamori",
        tenant_id=tenant or world.organisations[AOBA].pk,
        reseller_id=world.organisations[seller].pk if seller else None,
        entries={**APPLIED, **changes},
        now=at(now),
    )


def applied(world, *, now="2025-03-25 10:00", mandate=MANDATE, **changes):
    """The same, sent: ① 申込済."""
    draft = mimamori(world, now=now, **changes)
    return registration.submit(application_id=draft.pk, confirmed=CONFIRMED, mandate=mandate, now=at(now))


def paid(application, *, now="2025-03-27 10:00", **stated):
    """The seller has looked at the payment."""
    application.refresh_from_db()
    stated = stated or {"payment": "confirmed", "payment_confirmed_on": "2025/3/27"}
    entries = {**application.entries, "contract_start": "2025/4/10", **stated}
    return registration.save(
        application_id=application.pk, based_on=application.version, entries=entries, now=at(now)
    ).application


def forwarded(application, *, now="2025-03-28 10:00", reasons=None):
    """② ポータル申込済."""
    paid(application)
    return registration.take_over(application_id=application.pk, reasons=reasons, now=at(now))


def link_of(application):
    """The key of the link that the contact gets by mail."""
    with act_as(SYSTEM):
        last = ContactCheck.objects.filter(application=application).latest("id")
        return contact_checks.issue(message_id=last.message_id)


def confirmed(application, *, now="2025-03-26 10:00"):
    """The contact opens the link and says that everything is right."""
    key = link_of(application)
    confirming.confirm(key=key, content=confirming.shown(key, now=at(now)).content, now=at(now))


def accepted(application, *, now="2025-04-01 10:00", reasons=None):
    """②' 受理, by a clerk; the contact has confirmed it."""
    confirmed(application, now=now)
    registration.begin_check(application_id=application.pk, now=at(now))
    return registration.accept(application_id=application.pk, customer_id=None, reasons=reasons or {}, now=at(now))
