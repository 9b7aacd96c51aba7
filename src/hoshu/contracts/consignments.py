"""発送 and 貸出機: each step that may be taken with a parcel, and which machine is lent to whom."""

from collections.abc import Sequence
from datetime import date, datetime

from hoshu import catalog
from hoshu.accounts.tenancy import as_system
from hoshu.contracts import Refused, serials
from hoshu.contracts.form import PAYMENT, field_of
from hoshu.contracts.models import Agreement, Application, Consignment, Device, DeviceSerial, LentUnit, Party, Product
from hoshu.contracts.queries import revision_on
from hoshu.dates import JST

Kind = Consignment.Kind


def order(*, agreement_id: int, kind: str, what: str, now: datetime) -> Consignment:
    """Something is to be sent; it stands among the tasks until it has left."""
    agreement = Agreement.objects.get(pk=agreement_id)
    return Consignment.objects.create(
        tenant_id=agreement.tenant_id, agreement=agreement, kind=kind, what=what, ordered_at=now
    )


def ship(*, consignment_id: int, unit_serial: str, carrier: str, tracking_number: str, now: datetime) -> Consignment:
    """It leaves, to the address registered at this moment (MM-CND-30); a lent machine is named (MM-FLW-01 ③)."""
    consignment = _locked(consignment_id)
    if consignment.shipped_at is not None:
        raise Refused("この発送は、すでに記録されています。", _clause(consignment))
    if consignment.kind == Kind.UNIT:
        _require_payment(consignment)
        consignment.unit = _lend(consignment, unit_serial, now)
    consignment.to = _address(consignment, now.astimezone(JST).date())
    consignment.shipped_at, consignment.carrier = now, carrier.strip()
    consignment.tracking_number = tracking_number.strip()
    consignment.save()
    return consignment


def arrived(*, consignment_id: int, missing: Sequence[dict[str, str]], now: datetime) -> Consignment:
    """MM-FLW-01 ④: the customer has it, with what was missing or damaged (MM-FLW-04)."""
    consignment = _locked(consignment_id)
    if consignment.shipped_at is None:
        raise Refused("まだ発送されていません。発送を先に記録してください。", _clause(consignment))
    if consignment.arrived_at is not None:
        raise Refused("受領は、すでに記録されています。", _clause(consignment))
    consignment.arrived_at, consignment.missing = now, list(missing)
    consignment.save(update_fields=["arrived_at", "missing"])
    return consignment


def came_back(*, consignment_id: int, now: datetime) -> Consignment:
    """It was returned undelivered; a new one is ordered once the address is known."""
    consignment = _locked(consignment_id)
    if consignment.shipped_at is None or consignment.arrived_at is not None:
        raise Refused("配送中の発送だけを、返送として記録できます。", _clause(consignment))
    consignment.returned_at = now
    consignment.save(update_fields=["returned_at"])
    if consignment.unit_id is not None:
        # The customer never had it, so nothing of theirs is in it.
        LentUnit.objects.filter(pk=consignment.unit_id, state=LentUnit.State.LENT).update(state=LentUnit.State.STOCK)
        DeviceSerial.objects.filter(serial=consignment.unit.serial, valid_until=None).update(valid_until=now)
        Agreement.objects.filter(pk=consignment.agreement_id, installed_at=None).update(device=None)
    return consignment


def order_again(*, consignment_id: int, now: datetime) -> Consignment:
    """What came back undelivered is to be sent once more. A lent machine that came back is in its parcel still."""
    consignment = _locked(consignment_id)
    if consignment.returned_at is None:
        raise Refused("返送された発送だけを、もう一度手配できます。", _clause(consignment))
    if consignment.agreement.consignments.filter(kind=consignment.kind, shipped_at=None).exists():
        raise Refused("同じ内容の発送が、すでに手配されています。", _clause(consignment))
    return order(agreement_id=consignment.agreement_id, kind=consignment.kind, what=consignment.what, now=now)


def enter_unit(*, product_id: int, serial: str, manufactured_on: date | None) -> LentUnit:
    """MM-CND-09: a machine of the provider that can be lent. Raises Refused."""
    number = serials.normalise(serial)
    if not number:
        raise Refused("製造番号を入力してください。")
    if LentUnit.objects.filter(serial=number).exists():
        raise Refused(f"製造番号 {number} は、すでに登録されています。")
    return LentUnit.objects.create(
        product=Product.objects.get(pk=product_id), serial=number, manufactured_on=manufactured_on
    )


def _require_payment(consignment: Consignment) -> None:
    """MM-FLW-03: a machine waits while the payment that was confirmed is cancelled.

    Who cancels it at the same moment waits, and reads that the machine has left.
    """
    application = Application.objects.select_for_update(of=("self",)).filter(agreement=consignment.agreement_id).first()
    if application is None:
        return
    terms = catalog.edition(application.service, application.edition)
    at = field_of(terms, PAYMENT)
    if at is not None and application.entries.get(at.name) == "open":
        raise Refused("入金の確認が取り消されているため、発送できません。販売店に確かめてください。", at.clause)


def _lend(consignment: Consignment, unit_serial: str, now: datetime) -> LentUnit:
    """MM-TRM-04: only a machine from the stock, in which nothing of another customer is left."""
    number, clause = serials.normalise(unit_serial), _clause(consignment)
    if not number:
        raise Refused("発送する機器の製造番号を入力してください。", clause)
    with as_system("the stock of machines that are lent"):
        unit = LentUnit.objects.select_for_update().filter(serial=number).first()
        if unit is None:
            raise Refused(f"製造番号 {number} は、貸出機の台帳にありません。番号を確かめてください。", clause)
        if unit.state not in (LentUnit.State.STOCK, LentUnit.State.ERASED):
            raise Refused(
                f"製造番号 {number} は「{unit.get_state_display()}」です。消去を済ませた在庫から選んでください。",
                clause,
            )
        if DeviceSerial.objects.filter(serial=number, valid_until=None).exists():
            text = f"製造番号 {number} は、前のお客様の機器として登録されたままです。交換の記録を先に終えてください。"
            raise Refused(text, clause)
        agreement = consignment.agreement
        unit.state, unit.agreement, unit.lent_at = LentUnit.State.LENT, agreement, now
        unit.back_at = unit.erased_at = unit.collect_by = None
        unit.save()
    if agreement.device_id is None:
        device = Device.objects.create(tenant_id=agreement.tenant_id, product=unit.product, serial=number)
        DeviceSerial.objects.create(
            tenant_id=agreement.tenant_id, device=device, serial=number, as_written=unit_serial.strip(), valid_from=now
        )
        agreement.device = device
        agreement.save(update_fields=["device"])
    return unit


def _address(consignment: Consignment, day: date) -> dict[str, str]:
    """Where it goes: the delivery address, else the administrator's, the contact's, of the revision of the day."""
    revision = revision_on(consignment.agreement, day)
    parties = {party.kind: party for party in revision.parties.all()}
    wanted = (Party.Kind.DELIVERY, Party.Kind.CONTACT, Party.Kind.ADMINISTRATOR, Party.Kind.SITE)
    found = next((parties[kind] for kind in wanted if kind in parties and parties[kind].address), None)
    if found is None:
        raise Refused("送り先の住所が登録されていません。住所を確かめて、登録してください。", _clause(consignment))
    names = ("company", "department", "name", "postal_code", "address", "phone")
    return {name: getattr(found, name) for name in names}


def _clause(consignment: Consignment) -> str:
    agreement = consignment.agreement
    terms = catalog.edition(agreement.service, agreement.edition).application
    return terms.clause if terms else ""


def _locked(consignment_id: int) -> Consignment:
    return Consignment.objects.select_for_update().get(pk=consignment_id)
