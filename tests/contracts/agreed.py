"""Agreements of the other services, as their registration makes them: all invented."""

from typing import Any

from hoshu import catalog
from hoshu.contracts import consignments, stock
from hoshu.flows import registration, shipping
from tests.contracts.cards import at

ADMINISTRATOR = {
    "customer_kind": "company",
    "contact_company": "青葉商事株式会社",
    "contact_name": "佐藤 花子",
    "contact_email": "sato@example.jp",
    "contact_phone": "03-0000-1234",
    "contact_address": "東京都港区海辺0-0",
    "machines_planned": "20",
    "addressee_1": "alert@example.jp",
    "contract_start": "2025-04-10",
    "payment": "confirmed",
    "payment_confirmed_on": "2025-03-27",
}


def watched(tenant_id: int, *, now: str = "2025-04-01 10:00", **changes: Any) -> Any:
    """An agreement on a lent machine (mimamori), accepted and not shipped yet."""
    items = [one.id for one in catalog.edition("mimamori", "2020-03").application.confirmation]
    application = registration.start_online(
        service="mimamori", tenant_id=tenant_id, entries={**ADMINISTRATOR, **changes}, now=at(now)
    )
    registration.submit(application_id=application.pk, confirmed=items, now=at(now))
    registration.take_over(application_id=application.pk, now=at(now))
    registration.begin_check(application_id=application.pk, now=at(now))
    return registration.accept(application_id=application.pk, customer_id=None, reasons={}, now=at(now))


def lent(agreement: Any, serial: str = "ZA0001") -> Any:
    """The same with a machine at the customer, set up."""
    product = stock.enter_product(service="mimamori", name=f"UTM装置 {serial}", code=f"UTM-{serial}")
    consignments.enter_unit(product_id=product.pk, serial=serial, manufactured_on=None)
    parcel = agreement.consignments.get(kind="unit")
    shipping.ship(consignment_id=parcel.pk, unit_serial=serial, carrier="配送", now=at("2025-04-03 10:00"))
    shipping.arrived(consignment_id=parcel.pk, now=at("2025-04-05 10:00"))
    moment = {"at": at("2025-04-06 10:30"), "now": at("2025-04-06 11:00")}
    shipping.installed(agreement_id=agreement.pk, **moment)
    moment = {"at": at("2025-04-06 11:03"), "now": at("2025-04-06 11:05")}
    return shipping.set_up(agreement_id=agreement.pk, **moment)
