"""発送: what leaves the house for a customer: a lent machine until it is set up, a guide, the labels."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from hoshu import catalog
from hoshu.accounts.tenancy import current
from hoshu.contracts import Refused, agreements, collection, consents, consignments, endings, queries, unit_exchange
from hoshu.contracts.assessment import coverage_question
from hoshu.decisions import record
from hoshu.flows.registration_notices import send_parcel_notice, send_replacement_notice


def order_first(*, agreement_id: int, had_support_id: bool, now: datetime) -> None:
    """What an acceptance makes leave (VA-REG-08, VA-REG-09, MM-FLW-01 ③); a guide only to who has none (VA-REG-06)."""
    agreement = queries.agreements().get(pk=agreement_id)
    terms = _terms(agreement)
    if terms.unit == "lent":
        consignments.order(agreement_id=agreement_id, kind="unit", what="貸出機", now=now)
    if terms.notice_by == "post":
        consignments.order(agreement_id=agreement_id, kind="letter", what=terms.notice_title, now=now)
    if terms.parcel and not had_support_id:
        consignments.order(agreement_id=agreement_id, kind="guide", what=terms.parcel_name, now=now)


@transaction.atomic
def ship(
    *,
    consignment_id: int,
    unit_serial: str = "",
    carrier: str = "",
    tracking_number: str = "",
    now: datetime,
) -> Any:
    """MM-FLW-01 ③: it leaves, to the address that is registered at this moment (MM-CND-30), and the contact is told."""
    consignment = consignments.ship(
        consignment_id=consignment_id,
        unit_serial=unit_serial,
        carrier=carrier,
        tracking_number=tracking_number,
        now=now,
    )
    send_parcel_notice(consignment, now)
    return consignment


@transaction.atomic
def announce_replacement(*, exchange_id: int, now: datetime) -> Any:
    """MM-RMA-02 ④: the replacement is on its way, and whoever runs the service is told; the mail, None without address.

    Raises Refused where it was not judged to have failed.
    """
    kept = unit_exchange.dispatch(exchange_id=exchange_id, now=now)
    return send_replacement_notice(kept, now)


@transaction.atomic
def arrived(*, consignment_id: int, missing: Sequence[dict[str, str]] = (), now: datetime) -> Any:
    """MM-FLW-01 ④, MM-FLW-04: it arrived; what is missing or damaged is sent at once."""
    consignment = consignments.arrived(consignment_id=consignment_id, missing=missing, now=now)
    if missing:
        named = "、".join(f"{one['part']}（{one['state']}）" for one in missing)
        consignments.order(agreement_id=consignment.agreement_id, kind="parts", what=named[:200], now=now)
    return consignment


@transaction.atomic
def came_back(*, consignment_id: int, now: datetime) -> Any:
    """VA-REG-08: it could not be delivered; the address is to be asked for."""
    return consignments.came_back(consignment_id=consignment_id, now=now)


@transaction.atomic
def send_again(*, consignment_id: int, now: datetime) -> Any:
    """The address is known again: the same is sent once more, to the one that is registered then (VA-REG-08)."""
    return consignments.order_again(consignment_id=consignment_id, now=now)


@transaction.atomic
def installed(*, agreement_id: int, at: datetime, confirmed: Sequence[str] | None = None, now: datetime) -> Any:
    """MM-FLW-01 ⑤: the customer has installed the machine that arrived.

    `confirmed` holds the chapters of the manual that whoever records it on the portal agrees to: all of them are
    wanted (MM-ENV-05). None where our own people record what the customer said.
    """
    agreement = queries.agreements().get(pk=agreement_id)
    _require_running(agreement)
    chapters = consents.chapters(agreement)
    if confirmed is not None and chapters:
        lacking = [chapter.text for chapter in chapters if chapter.code not in confirmed]
        if lacking:
            raise Refused(f"取扱説明書の章に同意してください: {'、'.join(lacking)}", chapters[0].clause)
    agreement = agreements.installed(agreement_id=agreement_id, at=at, now=now)
    if confirmed is not None:
        consents.confirm_chapters(agreement=agreement, person=current().name, now=now)
    return agreement


@transaction.atomic
def set_up(*, agreement_id: int, at: datetime, now: datetime) -> Any:
    """MM-FLW-05: the initial setting is done; from this moment information is provided."""
    agreement = queries.agreements().get(pk=agreement_id)
    _require_running(agreement)
    milestone = next((one for one in _terms(agreement).milestone if one.at == "set_up"), None)
    clause = milestone.clause if milestone else ""
    if milestone is None:
        raise Refused("このサービスに、初期設定の手続きはありません。", clause)
    if agreement.initial_set_at is not None:
        raise Refused("初期設定は、すでに記録されています。", clause)
    if agreement.installed_at is None:
        raise Refused("設置がまだ記録されていません。受領、設置の順に記録してください。", clause)
    if at > now:
        raise Refused("初期設定の日時が未来になっています。済んだ日時を入力してください。", clause)
    if at < agreement.installed_at:
        raise Refused("初期設定の日時が、設置より前になっています。日時を確かめてください。", clause)
    question = coverage_question(
        edition=catalog.edition(agreement.service, agreement.edition),
        plan=agreement.plan,
        purchase=None,
        registered=agreement.accepted_at,
        contract_start=agreement.contract_start,
        initial_set=at,
        cancelled=agreement.cancelled_on,
    )
    coverage = record.record(
        answer=record.ask(question), act="初期設定", about=agreement.number, tenant_id=agreement.tenant_id, now=now
    )
    return agreements.set_up(agreement_id=agreement_id, at=at, coverage=coverage)


@transaction.atomic
def handed_over(*, serial: str, now: datetime) -> Any:
    """MM-TRM-05, MM-RMA-02 ⑤: the customer handed the machine over; an exchange that waited for it is done."""
    found = collection.handed_over(serial=serial, now=now)
    unit_exchange.fetched(agreement_id=found.agreement_id, now=now)
    return found


@transaction.atomic
def received_back(*, serial: str, found: str, missing: Sequence[dict[str, str]] = (), now: datetime) -> Any:
    """MM-TRM-04: a lent machine is back in the house."""
    unit = collection.receive(serial=serial, found=found, missing=missing, now=now)
    if unit.agreement_id is not None:
        unit_exchange.fetched(agreement_id=unit.agreement_id, now=now)
    return unit


def _require_running(agreement: Any) -> None:
    if agreement.state in endings.ENDED:
        raise Refused("この契約は終わっています。設置や初期設定は記録できません。", _terms(agreement).clause)


def _terms(agreement: Any) -> catalog.ApplicationTerms:
    terms = catalog.edition(agreement.service, agreement.edition).application
    assert terms is not None
    return terms
