"""The other four services in the demo's world: what runs, what waits for somebody, what is on its way."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from hoshu import catalog
from hoshu.accounts import grants
from hoshu.accounts.tenancy import SYSTEM, Actor, act_as
from hoshu.cli.demo.world import ARTICLES, OPERATOR, OTHER_MODELS, RESELLER, WORKS, Firm
from hoshu.contracts import consignments, contact_checks, queries, stock
from hoshu.flows import changes, confirming, registration, shipping, works

BOUGHT = 12
"""Days between a purchase and its registration, as a rule."""


@dataclass(frozen=True)
class Place:
    """A customer of the demo and its people, where its own login is not at hand."""

    firm: Firm
    tenant_id: int
    actor: Actor

    def acts(self) -> AbstractContextManager[Actor]:
        """As somebody of this customer."""
        return act_as(replace(self.actor, tenants=frozenset({self.tenant_id}), organisation_id=self.tenant_id))


def load(
    *,
    first: Place,
    second: Place,
    third: Place,
    seller: Actor,
    clerk: Actor,
    now: datetime,
    deliver: Callable[[datetime], None],
) -> None:
    """Every stage of each service, for two customers, and a third where one customer has but one."""
    with act_as(clerk):
        units = _stock(now.date())
    _packs(first, second, clerk, now, deliver)
    _printers(first, second, clerk, now, deliver)
    _watched(first, second, third, seller, clerk, units, now, deliver)
    _changes(first, now, deliver)
    _published(clerk, now)


def confirmations(service: str) -> list[str]:
    """Everything that somebody who applies on the web confirms."""
    terms = catalog.editions(service)[-1].application
    assert terms is not None
    return [one.id for one in terms.confirmation if not one.wanted_with]


def _stock(today: date) -> list[str]:
    """Models, articles, packs and machines to lend; the serials of the latter."""
    models = {
        model.code: stock.enter_product(service=model.service, name=model.name, code=model.code)
        for model in OTHER_MODELS
    }
    for article in ARTICLES:
        kept = stock.enter_article(
            service=article.service,
            sku=article.sku,
            name=article.name,
            plan=article.plan,
            price_yen=article.price_yen,
        )
        for number, age in enumerate(article.ages, start=1):
            stock.enter_licence(
                card_serial=f"{article.prefix}{number:05}",
                article_id=kept.pk,
                seller=RESELLER,
                sold_on=today - timedelta(days=age),
            )
    units = [f"ZU60-{number:04}" for number in range(1, 6)]
    for nth, serial in enumerate(units):
        made = today - timedelta(days=300 + 90 * nth)
        consignments.enter_unit(product_id=models["ZU60"].pk, serial=serial, manufactured_on=made)
    return units


# ---- packs: several machines in one form


def _packs(first: Place, second: Place, clerk: Actor, now: datetime, deliver: Callable[[datetime], None]) -> None:
    video, servers = OTHER_MODELS[0].code, OTHER_MODELS[1].code
    long_ago = now - timedelta(days=200)
    sent = _sent(first, "video", _pack(first, video, ["VP00001", "VP00002"], "VS40", long_ago), long_ago)
    agreements = [_accept(one, clerk, long_ago + timedelta(days=3)) for one in sent]
    with act_as(clerk):
        for parcel in agreements[0].consignments.order_by("id"):
            moment = long_ago + timedelta(days=4)
            shipping.ship(consignment_id=parcel.pk, carrier="架空運輸", tracking_number="0000-1234", now=moment)
    deliver(long_ago + timedelta(days=4))
    lately = now - timedelta(days=3)
    _sent(second, "video", _pack(second, video, ["VP00003"], "VS50", lately), lately)
    _sent(second, "video", _pack(second, video, ["VP00004"], "VS51", lately, waited=45), lately)
    with first.acts():
        entries = _pack(first, video, ["VP00005"], "VS41", now)
        entries |= {"quantity": "2", "machines": [*entries["machines"], {}]}
        registration.start_online(
            service="video",
            tenant_id=first.tenant_id,
            entries=entries,
            confirmed=["personal_information"],
            known_from_login=True,
            now=now - timedelta(hours=2),
        )
    earlier = now - timedelta(days=400)
    for one in _sent(second, "supportpack", _pack(second, servers, ["SP00001"], "SV20", earlier), earlier):
        _accept(one, clerk, earlier + timedelta(days=2))
    deliver(lately)


def _pack(
    place: Place, model: str, packs: Sequence[str], serial: str, sent: datetime, *, waited: int = BOUGHT
) -> dict[str, Any]:
    firm, bought = place.firm, f"{sent - timedelta(days=waited):%Y/%m/%d}"
    return {
        "user_id": "hoshu-pack@customer.example.jp",
        "registrant_organisation": firm.name,
        "registrant_name": firm.person,
        "registrant_phone": "03-0000-5000",
        "quantity": str(len(packs)),
        "administrator_organisation": firm.name,
        "administrator_address": firm.address,
        "administrator_postal_code": firm.postal_code,
        "administrator_name": firm.person,
        "administrator_phone": "03-0000-5000",
        "administrator_email": "hoshu-pack@customer.example.jp",
        "machines": [
            {
                "pack_serial": pack,
                "machine_type": model,
                "serial": f"{serial}{nth:03}",
                "purchased": bought,
                "pack_purchased": bought,
                "owner": "same",
                "site_organisation": firm.name,
                "site_address": firm.address,
                "site_postal_code": firm.postal_code,
                "site_name": firm.person,
                "site_phone": "03-0000-5001",
            }
            for nth, pack in enumerate(packs, start=1)
        ],
    }


# ---- printers: a form that the provider receives and accepts


def _printers(first: Place, second: Place, clerk: Actor, now: datetime, deliver: Callable[[datetime], None]) -> None:
    then = now - timedelta(days=150)
    for one in _sent(first, "remote-care", _printed(first, ["PR000101", "PR000102"]), then):
        with act_as(clerk):
            registration.take_over(application_id=one.pk, now=then + timedelta(hours=4))
        _accept(one, clerk, then + timedelta(days=1))
    _sent(second, "remote-care", _printed(second, ["PR000201"]), now - timedelta(hours=5))
    [returned] = _sent(second, "remote-care", _printed(second, ["PR0002"]), now - timedelta(days=2))
    with act_as(clerk):
        reason = "製造番号が銘板と合いません。銘板の写真で確かめてください。"
        registration.send_back(application_id=returned.pk, reason=reason, now=now - timedelta(days=1))
    deliver(now - timedelta(days=1))


def _printed(place: Place, serials: Sequence[str]) -> dict[str, Any]:
    firm = place.firm
    return {
        "contact_company": firm.name,
        "contact_name": firm.person,
        "contact_email": "hoshu-printer@customer.example.jp",
        "contact_phone": "03-0000-6000",
        "contact_postal_code": firm.postal_code,
        "contact_address": firm.address,
        "services": ["consumables", "fault"],
        "metered_line": "no",
        "machines": [{"model": OTHER_MODELS[2].code, "serial": serial, "connected": "yes"} for serial in serials],
    }


# ---- watching: through a seller, with a machine that is lent


def _watched(
    first: Place,
    second: Place,
    third: Place,
    seller: Actor,
    clerk: Actor,
    units: Sequence[str],
    now: datetime,
    deliver: Callable[[datetime], None],
) -> None:
    then = now - timedelta(days=120)
    with act_as(SYSTEM):
        for place in (second, third):
            grants.grant(grantee_id=seller.organisation_id, tenant_id=place.tenant_id, valid_from=then.date())
    in_use = _through(first, seller, then, paid=then + timedelta(days=2))
    with act_as(seller):
        registration.take_over(application_id=in_use.pk, now=then + timedelta(days=3))
    deliver(then)
    _confirmed(in_use, then + timedelta(days=4))
    agreement = _accept(in_use, clerk, then + timedelta(days=6))
    shipped = then + timedelta(days=8)
    with act_as(clerk):
        [parcel] = agreement.consignments.all()
        shipping.ship(
            consignment_id=parcel.pk, unit_serial=units[0], carrier="架空運輸", tracking_number="0000-5678", now=shipped
        )
        shipping.arrived(consignment_id=parcel.pk, now=shipped + timedelta(days=1))
        for step in (shipping.installed, shipping.set_up):
            at = shipped + timedelta(days=2, minutes=0 if step is shipping.installed else 33)
            step(agreement_id=agreement.pk, at=at, now=at)
    deliver(shipped)
    to_ship = _through(second, seller, now - timedelta(days=9), paid=now - timedelta(days=7))
    with act_as(replace(seller, tenants=frozenset({second.tenant_id}))):
        registration.take_over(application_id=to_ship.pk, now=now - timedelta(days=6))
    deliver(now - timedelta(days=9))
    _confirmed(to_ship, now - timedelta(days=5))
    _accept(to_ship, clerk, now - timedelta(days=2))
    _through(third, seller, now - timedelta(days=1), paid=None)
    deliver(now - timedelta(days=1))


def _through(place: Place, seller: Actor, at: datetime, *, paid: datetime | None) -> Any:
    firm = place.firm
    entries: dict[str, Any] = {
        "customer_kind": "company",
        "contact_company": firm.name,
        "contact_name": firm.person,
        "contact_email": "hoshu-utm@customer.example.jp",
        "contact_phone": "03-0000-7000",
        "contact_postal_code": firm.postal_code,
        "contact_address": firm.address,
        "machines_planned": "30",
        "addressee_1": "keikoku@customer.example.jp",
        "installable_checked_on": f"{at - timedelta(days=3):%Y/%m/%d}",
        "installable_checked_by": firm.person,
        "contract_start": f"{at + timedelta(days=14):%Y/%m/%d}",
        "payment": "open",
    }
    with act_as(replace(seller, tenants=frozenset({place.tenant_id}))):
        draft = registration.start_online(
            service="mimamori",
            tenant_id=place.tenant_id,
            reseller_id=seller.organisation_id,
            entries=entries,
            now=at,
        )
        sent = registration.submit(
            application_id=draft.pk,
            confirmed=confirmations("mimamori"),
            mandate="ご注文のときに、書面でお客様の同意をいただいた",
            now=at,
        )
        if paid is not None:
            stated = {"payment": "confirmed", "payment_confirmed_on": f"{paid:%Y/%m/%d}"}
            sent.refresh_from_db()
            registration.save(
                application_id=sent.pk, based_on=sent.version, entries={**sent.entries, **stated}, now=paid
            )
    return sent


def _confirmed(application: Any, at: datetime) -> None:
    """Its contact opens the link in the mail."""
    with act_as(SYSTEM):
        asked = contact_checks.answers([application])[application.pk].check
        assert asked is not None
        key = contact_checks.issue(message_id=asked.message_id)
    assert key is not None
    found = confirming.shown(key, now=at)
    assert found is not None
    confirming.confirm(key=key, content=found.content, now=at)


# ---- what customers ask for and are told while a service runs


def _changes(place: Place, now: datetime, deliver: Callable[[datetime], None]) -> None:
    """A customer moves a machine in three weeks, and has begun to write down a new telephone number."""
    asked, begun = now - timedelta(days=1), now - timedelta(hours=3)
    with place.acts():
        first, second = queries.agreements().filter(service="video").order_by("id")[:2]
        moves = {"site_postal_code": "980-0000", "site_address": "宮城県仙台市青葉区架空町4-5-6"}
        request = _change(first, place, moves, effective=now + timedelta(days=21), at=asked)
        changes.submit(request_id=request.pk, partly=False, now=asked)
        _change(second, place, {"site_phone": "03-0000-5002"}, effective=now + timedelta(days=30), at=begun)
    deliver(asked)


def _change(agreement: Any, place: Place, entries: dict[str, str], *, effective: datetime, at: datetime) -> Any:
    request = changes.start(agreement_id=agreement.pk, channel="portal", asked_by=place.firm.person, now=at)
    said = {"effective": f"{effective:%Y/%m/%d}"}
    return changes.save(request_id=request.pk, based_on=request.version, entries=entries, said=said, now=at).request


def _published(clerk: Actor, now: datetime) -> None:
    with act_as(clerk):
        for days, (service, title, version, text) in enumerate(WORKS, start=2):
            works.publish(
                content=None,
                filename="",
                service=service,
                title=title,
                version=version,
                right_holder=str(OPERATOR["name"]),
                text=text,
                now=now - timedelta(days=days),
            )


# ---- what they share


def _sent(place: Place, service: str, entries: dict[str, Any], at: datetime) -> list[Any]:
    """The applications that a customer's form became."""
    with place.acts():
        draft = registration.start_online(
            service=service,
            tenant_id=place.tenant_id,
            entries=entries,
            confirmed=confirmations(service),
            now=at,
        )
        first = registration.submit(application_id=draft.pk, confirmed=confirmations(service), now=at)
        return queries.sent_together(first)


def _accept(application: Any, clerk: Actor, at: datetime) -> Any:
    with act_as(clerk):
        registration.begin_check(application_id=application.pk, now=at)
        return registration.accept(application_id=application.pk, customer_id=None, reasons={}, now=at)
