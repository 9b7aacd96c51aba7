"""Agreements of the other services, as their registration makes them: all invented."""

from datetime import date
from typing import Any

from hoshu import catalog
from hoshu.accounts import grants
from hoshu.accounts.models import Organisation
from hoshu.accounts.tenancy import SYSTEM, act_as, current
from hoshu.contracts import consents, consignments, stock
from hoshu.contracts.assessment import Purchase, answer_by, coverage_question
from hoshu.contracts.models import Agreement, Application, Device, DeviceSerial, Licence, Party, Revision
from hoshu.decisions import record
from hoshu.flows import registration, shipping
from tests.contracts.cards import at
from tests.people import TSUBASA

ADMINISTRATOR = {
    "customer_kind": "company",
    "contact_company": "青葉商事株式会社",
    "contact_name": "佐藤 花子",
    "contact_email": "sato@example.jp",
    "contact_phone": "03-0000-1234",
    "contact_address": "東京都港区海辺0-0",
    "machines_planned": "20",
    "addressee_1": "alert@example.jp",
    "installable_checked_on": "2025-03-20",
    "installable_checked_by": "佐藤 花子",
    "contract_start": "2025-04-10",
    "payment": "confirmed",
    "payment_confirmed_on": "2025-03-27",
}


def watched(tenant_id: int, *, now: str = "2025-04-01 10:00", **changes: Any) -> Any:
    """An agreement on a lent machine (mimamori), accepted and not shipped yet."""
    items = [one.id for one in catalog.edition("mimamori", "2020-03").application.confirmation]
    with act_as(SYSTEM):
        shop = Organisation.objects.get(name=TSUBASA)
        if not registration.sellers(tenant_id=tenant_id, now=at(now)):
            grants.grant(grantee_id=shop.pk, tenant_id=tenant_id, valid_from=at(now).date())
    application = registration.start_online(
        service="mimamori",
        tenant_id=tenant_id,
        reseller_id=shop.pk,
        entries={**ADMINISTRATOR, **changes},
        now=at(now),
    )
    registration.submit(application_id=application.pk, confirmed=items, now=at(now))
    registration.take_over(application_id=application.pk, now=at(now))
    registration.begin_check(application_id=application.pk, now=at(now))
    by_phone = {"contact_waiting": "電話で本人に確かめた"}
    return registration.accept(application_id=application.pk, customer_id=None, reasons=by_phone, now=at(now))


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


PLANS = {"video": "9x5-5y", "supportpack": "5y", "remote-care": "basic"}


def concluded(
    service: str, tenant_id: int, *, serial: str = "V100", now: str = "2026-01-10 10:00", product: Any = None
) -> Any:
    """An agreement of any service as it stands after its acceptance, with one machine bought by 2025-12-20."""
    edition, moment = catalog.editions(service)[-1], at(now)
    product = product or stock.enter_product(service=service, name=f"装置 {serial}", code=f"P-{serial}")
    device = Device.objects.create(tenant_id=tenant_id, product=product, serial=serial)
    DeviceSerial.objects.create(tenant_id=tenant_id, device=device, serial=serial, valid_from=moment)
    question = coverage_question(
        edition=edition,
        plan=PLANS[service],
        purchase=Purchase(day=min(date(2025, 12, 20), moment.date()), basis="declared"),
        registered=moment,
    )
    decision = record.record(
        answer=record.ask(question), act="承諾", about=f"SA{serial}", tenant_id=tenant_id, now=moment
    )
    answer = decision.answer
    agreement = Agreement.objects.create(
        tenant_id=tenant_id,
        number=f"SA{serial}",
        service=service,
        edition=edition.edition,
        plan=PLANS[service],
        device=device,
        accepted_at=moment,
        counted_from=answer["counted_from"],
        starts_on=answer["start"],
        ends_on=answer["end"],
        part_ends={part: answer[f"{part}_end"] for part in edition.coverage.parts},
        coverage=decision,
    )
    consents.accepted(agreements=[agreement])
    revision = Revision.objects.create(
        tenant_id=tenant_id, agreement=agreement, number=1, effective_on=moment.date(), start_weekday=""
    )
    Party.objects.create(
        tenant_id=tenant_id, revision=revision, kind="contact", name="佐藤 花子", email="sato@example.jp"
    )
    agreement.refresh_from_db()
    return agreement


def applied(service: str, tenant_id: int, *, serial: str = "V100", now: str = "2025-12-15 10:00") -> Any:
    """An application for a pack that a clerk is looking at."""
    edition, moment = catalog.editions(service)[-1], at(now)
    pack = Licence.objects.create(
        service=service, family="", plan=PLANS[service], card_serial=f"PK{serial}", seller="つばさ販売"
    )
    return Application.objects.create(
        tenant_id=tenant_id,
        number=f"AP{serial}",
        receipt=f"AP{serial}",
        service=service,
        edition=edition.edition,
        licence=pack,
        state="checking",
        channel="web",
        submitted_at=moment,
        received_at=moment,
        answer_by=answer_by(service=service, edition=edition.edition, received_on=moment.date()),
        entries={
            "user_id": "sato@example.jp",
            "registrant_organisation": "青葉商事株式会社",
            "registrant_name": "佐藤 花子",
            "registrant_phone": "03-0000-1234",
            "administrator_name": "佐藤 花子",
            "administrator_email": "sato@example.jp",
            "machines": [{"pack_serial": pack.card_serial, "serial": serial}],
        },
        created_by_id=current().user_id,
        created_at=moment,
        updated_at=moment,
    )
