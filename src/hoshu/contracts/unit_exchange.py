"""装置の交換: the eight steps by which a lent machine is replaced (8.3, MM-RMA-02, MM-RMA-03).

    ① 連絡 → ② 確認・判断 → ③ 復旧作業 → ④ 送付の連絡 → ⑤ 引取 and ⑥ 受領, in any order → ⑦ 設置 → ⑧ 再開

⑥ is the arrival of the parcel and ⑤ the collection of the old machine, which are recorded there. The judgement before
④ is the one that counts. Contract, dates and cover stay: only the number changes, and from ⑦ on the old one is out.
"""

from dataclasses import dataclass
from datetime import date, datetime

from hoshu import catalog
from hoshu.contracts import Refused, collection, consignments, exchange
from hoshu.contracts.models import Agreement, LentUnit, UnitExchange
from hoshu.dates import JST

Outcome = UnitExchange.Outcome


@dataclass(frozen=True)
class Step:
    """One of the eight, with when it was done."""

    number: str
    label: str
    at: datetime | None


def steps(kept: UnitExchange) -> list[Step]:
    """All eight with their moments, in the order of the terms."""
    fetched = kept.collection.handed_over_at or kept.collection.received_at if kept.collection else None
    return [
        Step("①", "故障連絡", kept.reported_at),
        Step("②", "状態確認・故障判断", kept.judged_at),
        Step("③", "復旧作業", kept.recovery_at),
        Step("④", "代替装置の送付の連絡", kept.dispatched_at),
        Step("⑤", "故障機の引取", fetched),
        Step("⑥", "代替装置の受領", kept.parcel.arrived_at if kept.parcel else None),
        Step("⑦", "設置", kept.installed_at),
        Step("⑧", "利用再開", kept.resumed_at),
    ]


def report(*, serial: str, text: str, now: datetime) -> UnitExchange:
    """① A lent machine is said to have failed, or is to be replaced because of its age (MM-RMA-04)."""
    unit = LentUnit.objects.select_related("agreement").get(serial=serial)
    if unit.state != LentUnit.State.LENT or unit.agreement is None:
        raise Refused(f"製造番号 {serial} は「{unit.get_state_display()}」です。貸出中の機器だけを交換できます。")
    if not text.strip():
        raise Refused("連絡の内容を入力してください。", clause_of(unit.agreement))
    if unit.agreement.unit_exchanges.filter(closed_at=None).exists():
        raise Refused("この契約の交換は、すでに始まっています。", clause_of(unit.agreement))
    return UnitExchange.objects.create(
        tenant_id=unit.agreement.tenant_id,
        agreement=unit.agreement,
        old_serial=unit.serial,
        reported_at=now,
        report=text.strip(),
    )


def judge(*, exchange_id: int, failed: bool, exchange_on: date | None, now: datetime) -> UnitExchange:
    """② What the check showed, with the day that was agreed; said again after ③, the last word counts."""
    kept = _open(exchange_id)
    if kept.dispatched_at is not None:
        raise Refused("代替装置の送付を連絡した後は、判断を変えられません。", clause_of(kept.agreement))
    if failed and exchange_on is not None and exchange_on < now.astimezone(JST).date():
        raise Refused("交換の予定日が過ぎています。これからの日を入力してください。", clause_of(kept.agreement))
    kept.judged_at, kept.failed, kept.exchange_on = now, failed, exchange_on if failed else None
    kept.save()
    return kept


def recover(*, exchange_id: int, text: str, recovered: bool, now: datetime) -> UnitExchange:
    """③ The customer tries to recover it by the manual; where that works, nothing is replaced."""
    kept = _open(exchange_id)
    if kept.judged_at is None:
        raise Refused("状態の確認を先に記録してください。", clause_of(kept.agreement))
    if kept.dispatched_at is not None:
        raise Refused("代替装置の送付は、すでに連絡されています。", clause_of(kept.agreement))
    kept.recovery_at, kept.recovery = now, text.strip()
    if recovered:
        kept.outcome, kept.closed_at = Outcome.RECOVERED, now
    kept.save()
    return kept


def dispatch(*, exchange_id: int, now: datetime) -> UnitExchange:
    """④ The replacement is announced: its parcel is ordered, and the old machine is asked back."""
    kept = _open(exchange_id)
    if kept.failed is not True:
        raise Refused("故障と判断されていないため、代替装置は送れません。", clause_of(kept.agreement))
    if kept.dispatched_at is not None:
        raise Refused("代替装置の送付は、すでに連絡されています。", clause_of(kept.agreement))
    kept.dispatched_at = now
    kept.parcel = consignments.order(agreement_id=kept.agreement_id, kind="unit", what="代替装置", now=now)
    day = kept.exchange_on or now.astimezone(JST).date()
    kept.collection = collection.request_one(agreement_id=kept.agreement_id, serial=kept.old_serial, since=day, now=now)
    kept.save()
    return kept


def install(*, exchange_id: int, at: datetime, now: datetime) -> UnitExchange:
    """⑦ The replacement is in its place: from `at` (aware) on its number stands for the contract (MM-RMA-03)."""
    kept = _open(exchange_id)
    if kept.parcel is None or kept.parcel.arrived_at is None or kept.parcel.unit is None:
        raise Refused("代替装置の受領がまだ記録されていません。受領を先に記録してください。", clause_of(kept.agreement))
    if kept.installed_at is not None:
        raise Refused("設置は、すでに記録されています。", clause_of(kept.agreement))
    if at > now or at < kept.parcel.arrived_at:
        raise Refused("設置の日時は、受領から今までの間にしてください。", clause_of(kept.agreement))
    device = kept.agreement.device
    assert device is not None
    try:
        exchange.follow(device_id=device.pk, removed=device.serial, substitute=kept.parcel.unit.serial, received_at=at)
    except exchange.Blocked as blocked:
        raise Refused(str(blocked), clause_of(kept.agreement)) from blocked
    kept.installed_at, kept.new_serial = at, kept.parcel.unit.serial
    kept.save()
    return kept


def resume(*, exchange_id: int, at: datetime, now: datetime) -> UnitExchange:
    """⑧ The replacement is online; it is over once the old machine is back too."""
    kept = _open(exchange_id)
    if kept.installed_at is None:
        raise Refused("設置がまだ記録されていません。設置を先に記録してください。", clause_of(kept.agreement))
    if at > now or at < kept.installed_at:
        raise Refused("利用再開の日時は、設置から今までの間にしてください。", clause_of(kept.agreement))
    kept.resumed_at = at
    kept.save()
    return _close_when_done(kept, now)


def fetched(*, agreement_id: int, now: datetime) -> None:
    """⑤ may come last: then it closes the exchange."""
    for kept in UnitExchange.objects.select_for_update().filter(agreement_id=agreement_id, closed_at=None):
        _close_when_done(kept, now)


def withdraw(*, exchange_id: int, now: datetime) -> UnitExchange:
    """The customer takes the report back; possible until the replacement is announced."""
    kept = _open(exchange_id)
    if kept.dispatched_at is not None:
        raise Refused("代替装置の送付を連絡した後は、取り下げられません。", clause_of(kept.agreement))
    kept.outcome, kept.closed_at = Outcome.WITHDRAWN, now
    kept.save()
    return kept


def latest(agreement: Agreement) -> UnitExchange | None:
    """The exchange that runs, else the last one."""
    return agreement.unit_exchanges.select_related("parcel", "parcel__unit", "collection").order_by("-id").first()


def _close_when_done(kept: UnitExchange, now: datetime) -> UnitExchange:
    done = {step.number: step.at for step in steps(kept)}
    if done["⑧"] and done["⑤"]:
        kept.outcome, kept.closed_at = Outcome.REPLACED, now
        kept.save()
    return kept


def _open(exchange_id: int) -> UnitExchange:
    kept = (
        UnitExchange.objects.select_for_update(of=("self",))
        .select_related("agreement", "parcel", "parcel__unit", "collection")
        .get(pk=exchange_id)
    )
    if kept.closed_at is not None:
        raise Refused(f"この交換は「{kept.get_outcome_display()}」で終わっています。", clause_of(kept.agreement))
    return kept


def clause_of(agreement: Agreement) -> str:
    """Where the terms describe the exchange: the clause by which only a lent machine is served."""
    edition = catalog.edition(agreement.service, agreement.edition)
    checks = edition.entitlement.check if edition.entitlement else ()
    return next((check.clause for check in checks if check.fact == "serial_registered"), "")
