"""貸出機の回収: from the request to the erased machine, back in stock or scrapped (MM-TRM-04, MM-TRM-05).

    回収待ち → 受領 → 消去済 → 在庫 | 廃棄, and 不一致 where another machine came than was lent

The provider arranges the pick-up and the customer hands over, which fulfils both ways in which the terms put it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from hoshu import catalog
from hoshu.accounts import tenancy
from hoshu.accounts.tenancy import as_system
from hoshu.contracts import Refused, serials
from hoshu.contracts.endings import ENDED
from hoshu.contracts.models import Agreement, Collection, DeviceSerial, LentUnit
from hoshu.dates import JST, within_days

State = LentUnit.State
_OUT = (State.LENT, State.COLLECTING, State.MISMATCH, State.BACK)
COLLECT_DAYS = 14
"""MM-TRM-05 (ours): the last day on which a machine should be back, counted from the last day of use."""


def request(*, last_days: Mapping[int, date], now: datetime) -> list[Collection]:
    """MM-TRM-05: the machines that are lent under ended agreements are to come back; asked twice, once.

    `last_days`: agreement → its last day of use.
    """
    lent = LentUnit.objects.select_for_update(of=("self",)).filter(agreement__in=last_days, state=State.LENT)
    found = list(lent.select_related("agreement").order_by("id"))
    due = {agreement_id: within_days(day, COLLECT_DAYS) for agreement_id, day in last_days.items()}
    return [_ask_for(unit.agreement, unit, due[unit.agreement_id], now) for unit in found]


def request_one(*, agreement_id: int, serial: str, since: date, now: datetime) -> Collection:
    """One machine is to come back while the service goes on, because another takes its place (MM-RMA-02 ⑤)."""
    unit = LentUnit.objects.select_for_update().get(serial=serial, agreement_id=agreement_id, state=State.LENT)
    return _ask_for(Agreement.objects.get(pk=agreement_id), unit, within_days(since, COLLECT_DAYS), now)


def agree_pickup(*, serial: str, day: date, now: datetime) -> Collection:
    """A day is agreed on which somebody fetches it."""
    collection = _open(serial)
    if day < now.astimezone(JST).date():
        raise Refused("引き取りの日が過ぎています。これからの日を入力してください。", _clause(collection.unit))
    collection.pickup_on = day
    collection.save(update_fields=["pickup_on"])
    return collection


def handed_over(*, serial: str, now: datetime) -> Collection:
    """The customer handed it to the carrier."""
    collection = _open(serial)
    if collection.handed_over_at is not None:
        raise Refused("引き渡しは、すでに記録されています。", _clause(collection.unit))
    collection.handed_over_at = now
    collection.save(update_fields=["handed_over_at"])
    return collection


def receive(*, serial: str, found: str, missing: Sequence[dict[str, str]] = (), now: datetime) -> LentUnit:
    """Something arrived. Another number than was lent is a state of its own that somebody clears up (MM-TRM-05)."""
    collection, number = _open(serial), serials.normalise(found)
    unit = collection.unit
    if not number:
        raise Refused("届いた機器の製造番号を入力してください。", _clause(unit))
    collection.received_serial, collection.missing = number, list(missing)
    if number != unit.serial:
        unit.state = State.MISMATCH
        unit.save(update_fields=["state"])
    else:
        collection.received_at, unit.state, unit.back_at = now, State.BACK, now
        unit.collect_by = None
        unit.save(update_fields=["state", "back_at", "collect_by"])
        if collection.agreement.state in ENDED:
            # From here on its number is nobody's, until it is lent again; an exchange moves it itself.
            DeviceSerial.objects.filter(serial=unit.serial, valid_until=None).update(valid_until=now)
    collection.save()
    return unit


def erase(*, serial: str, how: str, now: datetime) -> LentUnit:
    """MM-TRM-04: everything that it collected and that was set in it is deleted; how, by whom, when."""
    unit = _unit(serial, State.BACK)
    if not how.strip():
        raise Refused("消去の方法を入力してください。例: 工場出荷時に戻し、ストレージを上書きした。", _clause(unit))
    unit.state, unit.erased_at = State.ERASED, now
    unit.erased_by, unit.erased_how = tenancy.current().label, how.strip()
    unit.save(update_fields=["state", "erased_at", "erased_by", "erased_how"])
    return unit


def to_stock(*, serial: str) -> LentUnit:
    """It may be lent again."""
    unit = _unit(serial, State.ERASED)
    unit.state = State.STOCK
    unit.save(update_fields=["state"])
    return unit


def scrap(*, serial: str, reason: str) -> LentUnit:
    """It is taken out of use, erased like any other before that."""
    unit = _unit(serial, State.ERASED, State.STOCK)
    if not reason.strip():
        raise Refused("廃棄する理由を入力してください。", _clause(unit))
    unit.state, unit.note = State.SCRAPPED, f"{unit.note}\n{reason.strip()}".strip()
    unit.save(update_fields=["state", "note"])
    return unit


def write_note(*, serial: str, text: str) -> LentUnit:
    """A finding about a machine."""
    unit = LentUnit.objects.select_for_update().get(serial=serial)
    unit.note = text.strip()
    unit.save(update_fields=["note"])
    return unit


def units(*, state: str = "", overdue_on: date | None = None, text: str = "") -> QuerySet[LentUnit]:
    """The machines that can be lent, by state; or those that should have been back before a day."""
    found = LentUnit.objects.select_related("product", "agreement", "agreement__tenant").order_by("serial")
    if overdue_on is not None:
        late = found.filter(state__in=[State.COLLECTING, State.MISMATCH], collect_by__lt=overdue_on)
        return late.order_by("collect_by", "id")
    if state:
        found = found.filter(state=state)
    if number := serials.normalise(text):
        found = found.filter(serial__begins=number)
    return found


@dataclass(frozen=True)
class Lending:
    """One machine under one agreement: from when until when, and how it came back (MM-OVR-07)."""

    serial: str
    product: str
    lent_at: datetime | None
    pickup: Collection | None
    """What is asked for or was received; None while it stays with the customer."""

    @property
    def returned_at(self) -> datetime | None:
        return self.pickup.received_at if self.pickup else None

    @property
    def state(self) -> tuple[str, str]:
        """The word and the tone of where it is."""
        if self.pickup is None:
            return "貸出中", "info"
        return ("返却済", "ok") if self.returned_at else ("お返しください", "hold")

    @property
    def condition(self) -> str:
        """What was missing or damaged when it came back."""
        found = self.pickup.missing if self.pickup else []
        return "、".join(f"{one['part']}{one['state']}" for one in found)


def lendings(agreement: Agreement) -> list[Lending]:
    """Every machine that was lent under an agreement, the latest first; what came back undelivered never was.

    A customer, who does not see the stock, reads of its own machines here: the agreement is in its sight.
    """
    back = {kept.unit_id: kept for kept in agreement.collections.order_by("id")}
    sent = agreement.consignments.filter(unit__isnull=False, shipped_at__isnull=False, returned_at=None)
    shipped = dict(sent.order_by("id").values_list("unit_id", "shipped_at"))
    with as_system("the machines that are lent under an agreement"):
        # Those of an agreement that was taken over came without a parcel of ours.
        of_it = Q(pk__in=[*back, *shipped]) | Q(agreement=agreement)
        units = list(LentUnit.objects.select_related("product").filter(of_it))
    found = [
        Lending(unit.serial, unit.product.name, shipped.get(unit.pk, unit.lent_at), back.get(unit.pk))
        for unit in units
        if unit.pk in shipped or unit.pk in back or unit.state in _OUT
    ]
    return sorted(found, key=lambda one: (one.lent_at or agreement.accepted_at, one.serial), reverse=True)


def open_collection(unit: LentUnit) -> Collection | None:
    """What is waited for."""
    return unit.collections.filter(received_at=None).select_related("agreement").first()


def _ask_for(agreement: Agreement, unit: LentUnit, due_on: date, now: datetime) -> Collection:
    unit.state, unit.collect_by = State.COLLECTING, due_on
    unit.save(update_fields=["state", "collect_by"])
    return Collection.objects.create(
        tenant_id=agreement.tenant_id,
        agreement=agreement,
        unit=unit,
        serial=unit.serial,
        requested_at=now,
        due_on=due_on,
    )


def _open(serial: str) -> Collection:
    found = (
        Collection.objects.select_for_update(of=("self",))
        .select_related("agreement", "unit", "unit__agreement")
        .filter(serial=serials.normalise(serial), received_at=None)
        .first()
    )
    if found is None:
        raise Refused(f"製造番号 {serial} は、回収を待っている貸出機ではありません。")
    return found


def _unit(serial: str, *states: LentUnit.State) -> LentUnit:
    unit = LentUnit.objects.select_for_update().get(serial=serial)
    if unit.state not in states:
        wanted = "か".join(f"「{state.label}」" for state in states)
        text = f"製造番号 {serial} は「{unit.get_state_display()}」です。{wanted}の機器にだけ行えます。"
        raise Refused(text, _clause(unit))
    return unit


def _clause(unit: LentUnit) -> str:
    """Where the terms say that nothing of the customer stays in a machine (7.8)."""
    agreement = unit.agreement
    terms = catalog.edition(agreement.service, agreement.edition).erase if agreement else None
    return terms.end_of_use.clause if terms else ""
