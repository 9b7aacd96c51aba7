"""契約: what an accepted application becomes, and how its dates may be corrected afterwards."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from hoshu import catalog
from hoshu.accounts.tenancy import as_system
from hoshu.contracts import Refused, closings, consents
from hoshu.contracts.assessment import Purchase
from hoshu.contracts.form import Block, Form, entry_of
from hoshu.contracts.models import (
    Agreement,
    Application,
    CustomerNote,
    Device,
    DeviceSerial,
    LentUnit,
    Licence,
    Party,
    Product,
    Revision,
    SupportId,
)
from hoshu.dates import JST
from hoshu.decisions import record
from hoshu.decisions.models import Decision
from hoshu.decisions.record import Answer
from hoshu.japan.phones import digits


def number_of(application: Application) -> str:
    """The number that the agreement of this application has or will have: one application becomes one agreement."""
    return "SA" + application.number.removeprefix("AP")


def conclude(
    *,
    application: Application,
    edition: catalog.Edition,
    plan: str,
    form: Form,
    licence: Licence | None,
    product: Product | None,
    purchase: Purchase | None,
    coverage: Decision,
    support_limit: date | None,
    support_id: SupportId | None,
    now: datetime,
) -> Revision:
    """The agreement with its machine, its first revision, its parties; the notice follows (第4章 1.(2), SP-REG-08).

    A lent machine is not known yet: it is named when it is shipped.
    """
    assert application.tenant_id is not None
    terms = edition.application
    assert terms is not None
    device = _device(application, edition, form, product, purchase, now) if product and form.serial else None
    agreement = Agreement.objects.create(
        tenant_id=application.tenant_id,
        number=number_of(application),
        service=edition.service,
        edition=edition.edition,
        plan=plan,
        licence=licence,
        application=application,
        device=device,
        reseller_id=application.reseller_id or (licence.reseller_id if licence else None),
        support=support_id,
        device_number=_device_number(terms.device_number),
        accepted_at=now,
        purchased_on=purchase.day if purchase else None,
        purchase_basis=purchase.basis if purchase else "",
        contract_start=form.values.get("contract_start"),
        support_limit=support_limit,
        coverage=coverage,
        **_period(coverage, edition, plan),
    )
    consents.accepted(agreements=[agreement])
    revision = Revision.objects.create(
        tenant_id=application.tenant_id,
        agreement=agreement,
        number=1,
        effective_on=agreement.starts_on or now.astimezone(JST).date(),
        start_weekday=form.start_weekday,
        options=[{"code": line.code, "name": line.name, "quantity": line.quantity} for line in form.options],
        content=_content(edition, form),
    )
    Party.objects.bulk_create(_parties(revision, form.parties))
    return revision


@dataclass(frozen=True, kw_only=True)
class TakenOver:
    """An agreement that another system held, running or ended, and what our terms answer about its period."""

    tenant_id: int
    edition: catalog.Edition
    """The one it accepted."""
    plan: str
    product: Product
    serial: str
    """製造番号, normalised."""
    card_serial: str = ""
    """Of its licence or pack, normalised; one that is not in the stock is entered. Empty: it has none."""
    family: str = ""
    card_deadline: date | None = None
    purchase: Purchase | None = None
    accepted_at: datetime
    contract_start: date | None = None
    set_up_at: datetime | None = None
    """When a lent machine was in its place and set up."""
    cancelled_on: date | None = None
    start_weekday: str = ""
    parties: Mapping[str, Block]
    device_number: str = ""
    """Empty: it gets one, where the edition gives one."""
    support_code: str = ""
    """サポートID; empty: the one its customer has."""
    coverage: Answer
    support_limit: date | None = None
    as_before: tuple[date | None, date | None] = (None, None)
    """The first and the last day where those of the other system are to stand, whatever the terms answer."""
    reason: str = ""
    """Why they are to stand."""
    old_number: str = ""

    @property
    def has_support_id(self) -> bool:
        """Does its service give its customers a number for support questions?"""
        return self.edition.application is not None and self.edition.application.support_id is not None


def take_over(*, every: Sequence[TakenOver], now: datetime) -> list[Agreement]:
    """The book of another system becomes ours: each with all that `conclude` makes, in as many statements as for one.

    Nothing is sent: their customers were told when they were accepted. Who calls has made sure that no machine is
    another customer's, no licence used and no number given; where it comes so meanwhile, the database refuses all.
    """
    numbers = next_numbers(len(every))
    devices = _devices(every)
    licences = _used(every)
    supports = _supports(every, now)
    device_numbers = _given_or_next(every)
    decisions = record.record_each(
        answers=[(one.coverage, number, one.tenant_id) for one, number in zip(every, numbers, strict=True)],
        act=TAKEN_OVER,
        now=now,
    )
    agreements = Agreement.objects.bulk_create(
        Agreement(
            tenant_id=one.tenant_id,
            number=number,
            service=one.edition.service,
            edition=one.edition.edition,
            plan=one.plan,
            licence=licences.get(one.card_serial),
            device=devices[one.serial],
            reseller_id=licences[one.card_serial].reseller_id if one.card_serial else None,
            support=supports.get(one.support_code or one.tenant_id) if one.has_support_id else None,
            device_number=device_number,
            accepted_at=one.accepted_at,
            purchased_on=one.purchase.day if one.purchase else None,
            purchase_basis=one.purchase.basis if one.purchase else "",
            contract_start=one.contract_start,
            cancelled_on=one.cancelled_on,
            installed_at=one.set_up_at,
            initial_set_at=one.set_up_at,
            support_limit=one.support_limit,
            coverage=decision,
            **_dates_before(one),
        )
        for one, number, device_number, decision in zip(every, numbers, device_numbers, decisions, strict=True)
    )
    consents.accepted(agreements=agreements)
    revisions = Revision.objects.bulk_create(
        Revision(
            tenant_id=one.tenant_id,
            agreement=agreement,
            number=1,
            effective_on=agreement.starts_on or one.accepted_at.astimezone(JST).date(),
            start_weekday=one.start_weekday,
            content=_kept(one),
        )
        for one, agreement in zip(every, agreements, strict=True)
    )
    Party.objects.bulk_create(
        party for one, revision in zip(every, revisions, strict=True) for party in _parties(revision, one.parties)
    )
    _lent(every, agreements, now)
    return agreements


TAKEN_OVER = "引き継ぎ"
"""What was done, in the decisions, and where in the content of a revision the old number and the reason stand."""


def _devices(every: Sequence[TakenOver]) -> dict[str, Device]:
    """The machines by 製造番号: those known, with the facts of a later registration, and new ones."""
    known = DeviceSerial.objects.filter(serial__among={one.serial for one in every}, valid_until=None)
    found = {body.serial: body.device for body in known.select_related("device")}
    first: dict[str, TakenOver] = {}
    for one in sorted(every, key=lambda one: one.accepted_at):
        if one.serial not in found:
            first.setdefault(one.serial, one)
    new = Device.objects.bulk_create(
        Device(
            tenant_id=one.tenant_id,
            product=one.product,
            serial=serial,
            purchased_on=one.purchase.day if one.purchase else None,
        )
        for serial, one in first.items()
    )
    DeviceSerial.objects.bulk_create(
        DeviceSerial(
            tenant_id=device.tenant_id,
            device=device,
            serial=device.serial,
            as_written=device.serial,
            valid_from=first[device.serial].accepted_at,
        )
        for device in new
    )
    return found | {device.serial: device for device in new}


def _used(every: Sequence[TakenOver]) -> dict[str, Licence]:
    """The licences by シリアル No., entered where they are not in the stock, and used from now on."""
    cards = {one.card_serial: one for one in sorted(every, key=lambda one: one.card_serial) if one.card_serial}
    Licence.objects.bulk_create(
        (
            Licence(
                service=one.edition.service,
                family=one.family,
                plan=one.plan,
                card_serial=serial,
                card_deadline=one.card_deadline,
            )
            for serial, one in cards.items()
        ),
        ignore_conflicts=True,
    )
    kept = Licence.objects.filter(card_serial__among=set(cards))
    kept.update(state=Licence.State.USED)
    return {licence.card_serial: licence for licence in kept}


def _supports(every: Sequence[TakenOver], now: datetime) -> dict[str | int, SupportId]:
    """The numbers for support questions, by themselves and by the customers that need none of their own."""
    codes = {one.support_code: one for one in every if one.support_code}
    SupportId.objects.bulk_create(
        (
            SupportId(tenant_id=one.tenant_id, code=code, issued_at=one.accepted_at)
            for code, one in sorted(codes.items())
        ),
        ignore_conflicts=True,
    )
    tenants = {one.tenant_id for one in every if one.has_support_id}
    held = SupportId.objects.filter(tenant_id__in=tenants, blocked_at=None).order_by("-id")
    found: dict[str | int, SupportId] = {kept.tenant_id: kept for kept in held}
    return found | {kept.code: kept for kept in SupportId.objects.filter(code__among=set(codes))}


def _given_or_next(every: Sequence[TakenOver]) -> list[str | None]:
    """VA-REG-10: the 機器管理番号 of each: its old one, else the next, where its edition numbers machines."""
    found: list[str | None] = [one.device_number or None for one in every]
    lacking: dict[catalog.Numbering, list[int]] = {}
    for place, one in enumerate(every):
        terms = one.edition.application
        if not one.device_number and terms and terms.device_number:
            lacking.setdefault(terms.device_number, []).append(place)
    given = {one.device_number for one in every}
    for numbering, places in lacking.items():
        for place, number in zip(places, _device_numbers(numbering, len(places), but=given), strict=True):
            found[place] = number
    return found


def _dates_before(one: TakenOver) -> dict[str, Any]:
    dates = terms_dates(one.coverage.values, one.edition)
    starts_on, ends_on = one.as_before
    if ends_on:
        dates |= {"ends_on": ends_on, "part_ends": dict.fromkeys(dates["part_ends"], ends_on.isoformat())}
        dates["capped_by"] = ""
    return dates | ({"starts_on": starts_on} if starts_on else {})


def _kept(one: TakenOver) -> dict[str, Any]:
    said = {"旧契約番号": one.old_number, "旧システムのとおりとする理由": one.reason}
    said = {label: text for label, text in said.items() if text}
    return {TAKEN_OVER: said} if said else {}


def _lent(every: Sequence[TakenOver], agreements: Sequence[Agreement], now: datetime) -> None:
    """MM-CND-09: a lent machine that is still in use is one of the provider's."""
    today = now.astimezone(JST).date()
    LentUnit.objects.bulk_create(
        (
            LentUnit(
                product=one.product,
                serial=one.serial,
                state=LentUnit.State.LENT,
                agreement=agreement,
                lent_at=one.accepted_at,
            )
            for one, agreement in zip(every, agreements, strict=True)
            if one.edition.application
            and one.edition.application.unit == "lent"
            and (agreement.ends_on is None or agreement.ends_on >= today)
        ),
        update_conflicts=True,
        unique_fields=["serial"],
        update_fields=["state", "agreement", "lent_at", "collect_by", "back_at", "erased_at"],
    )


def _parties(revision: Revision, parties: Mapping[str, Block]) -> Iterable[Party]:
    for kind, block in parties.items():
        yield Party(
            tenant_id=revision.tenant_id,
            revision=revision,
            kind=kind,
            phone_digits=digits(block.phone)[:20],
            **block.__dict__,
        )


def issue_support_id(*, tenant_id: int, now: datetime) -> SupportId:
    """A number with which the customer's people ask for support: the one it has, else a new one (VA-REG-05, -06)."""
    held = SupportId.objects.filter(tenant_id=tenant_id, blocked_at=None).order_by("id").first()
    if held:
        return held
    with as_system("which numbers were taken over from another system"):
        while SupportId.objects.filter(code=(code := f"SID{_next('contracts_support_id')[0]:07d}")).exists():
            pass
    return SupportId.objects.create(tenant_id=tenant_id, code=code, issued_at=now)


def installed(*, agreement_id: int, at: datetime, now: datetime) -> Agreement:
    """MM-FLW-01 ⑤: the machine is in its place. Raises Refused before it has arrived."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    if agreement.installed_at is not None:
        raise Refused("設置は、すでに記録されています。")
    if at > now:
        raise Refused("設置の日時が未来になっています。済んだ日時を入力してください。")
    if not agreement.consignments.filter(kind="unit", arrived_at__lte=at).exists():
        raise Refused("機器の受領がまだ記録されていません。受領を先に記録してください。")
    agreement.installed_at = at
    agreement.save(update_fields=["installed_at"])
    return agreement


def set_up(*, agreement_id: int, at: datetime, coverage: Decision) -> Agreement:
    """MM-FLW-05: the initial setting is done, so the service begins."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    agreement.initial_set_at = at
    agreement = _redate(agreement, coverage)
    agreement.revisions.filter(number=1).update(effective_on=agreement.starts_on)
    return agreement


def accepted_by(*, revision_id: int, notice_id: int) -> None:
    """IX-REG-04: the notice whose sending is the acceptance of this revision."""
    Revision.objects.filter(pk=revision_id).update(notice_id=notice_id)


def not_notified(*, agreement_id: int) -> None:
    """OR-28: the notice came back, so nothing is accepted until it is sent again."""
    Agreement.objects.filter(pk=agreement_id, state=Agreement.State.ACTIVE).update(state=Agreement.State.UNNOTIFIED)


def notified_again(*, agreement_id: int, email: str, coverage: Decision, now: datetime) -> Agreement:
    """OR-28: accepted with the notice that does not come back; service starts on its day."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    if agreement.state != Agreement.State.UNNOTIFIED:
        raise Refused("お知らせが届いている契約です。送り直しは要りません。")
    revision = agreement.revisions.order_by("-number")[0]
    revision.parties.filter(kind=Party.Kind.CONTACT).update(email=email)
    agreement.state, agreement.accepted_at = Agreement.State.ACTIVE, now
    return _redate(agreement, coverage)


def correct_purchase(*, agreement_id: int, purchase: Purchase, coverage: Decision) -> Agreement:
    """OR-19: proof that came later corrects the dates; what they were stays in the decisions and the history."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    agreement.purchased_on, agreement.purchase_basis = purchase.day, purchase.basis
    Device.objects.filter(pk=agreement.device_id).update(purchased_on=purchase.day)
    return _redate(agreement, coverage)


def shorten(*, agreement_id: int, coverage: Decision, support_limit: date | None) -> Agreement:
    """IX-COV-05: sales of the model ended after the registration."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    agreement.support_limit = support_limit
    return _redate(agreement, coverage)


def extend(*, agreement_id: int, coverage: Decision) -> Agreement:
    """IX-EXT-02: one further year; the days before it stay as they are."""
    return _redate(Agreement.objects.select_for_update().get(pk=agreement_id), coverage)


def write_memo(*, agreement_id: int, text: str, now: datetime) -> None:
    """お客様メモ (IX-DOC-03), for its own customer. Raises Refused where its records are only read any more."""
    agreement = Agreement.objects.get(pk=agreement_id)
    closings.require_writable(agreement, now)
    CustomerNote.objects.update_or_create(
        agreement=agreement,
        defaults={
            "tenant_id": agreement.tenant_id,
            "text": text.strip(),
            "updated_at": now,
        },
    )


def _device(
    application: Application,
    edition: catalog.Edition,
    form: Form,
    product: Product,
    purchase: Purchase | None,
    now: datetime,
) -> Device:
    """The body: known from an earlier licence of this customer, or new; a former owner's entry ends now."""
    with as_system("who had this body before"):
        held = DeviceSerial.objects.select_for_update().filter(serial=form.serial, valid_until=None).first()
        if held and held.tenant_id != application.tenant_id:
            DeviceSerial.objects.filter(pk=held.pk).update(valid_until=now)
            held = None
    facts = {
        "product": product,
        "purchased_on": purchase.day if purchase else None,
        "owner": form.owner,
        "may_hold_personal_numbers": form.may_hold_personal_numbers,
        "access_controls": list(form.access_controls),
        "declared_on": None if form.may_hold_personal_numbers is None else now.date(),
    }
    if held:
        Device.objects.filter(pk=held.device_id).update(**facts)
        return Device.objects.get(pk=held.device_id)
    device = Device.objects.create(tenant_id=application.tenant_id, serial=form.serial, **facts)
    DeviceSerial.objects.create(
        tenant_id=application.tenant_id,
        device=device,
        serial=form.serial,
        as_written=entry_of(application.entries, edition, "device.serial")[:80],
        valid_from=now,
    )
    return device


def _content(edition: catalog.Edition, form: Form) -> dict[str, Any]:
    """What was entered and has no column of its own, by field; days as ISO text."""
    kept: dict[str, Any] = {}
    for at in edition.card_field:
        value = form.values.get(at.fills or at.name)
        if value is not None and (not at.fills or at.fills == "services"):
            kept[at.name] = value.isoformat() if isinstance(value, date) else value
    return kept


def _device_number(numbering: catalog.Numbering | None) -> str | None:
    """VA-REG-10: a number for each accepted machine, never given twice."""
    if numbering is None:
        return None
    return _device_numbers(numbering, 1)[0]


def _device_numbers(numbering: catalog.Numbering, many: int, *, but: Collection[str] = ()) -> list[str]:
    """The next numbers that no machine has yet, as some were taken over from another system."""
    found: list[str] = []
    with as_system("which numbers were taken over from another system"):
        while len(found) < many:
            drawn = _next("contracts_device_number", many - len(found))
            numbers = [f"{numbering.letters}{number:0{numbering.digits}d}" for number in drawn]
            given = {*Agreement.objects.filter(device_number__among=numbers).values_list("device_number", flat=True)}
            found += [number for number in numbers if number not in given and number not in but]
    return found


def next_numbers(many: int) -> list[str]:
    """The numbers of agreements that come of no application of ours."""
    return [f"SA{drawn:07d}" for drawn in _next("contracts_number", many)]


def _next(sequence: str, many: int = 1) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, many])
        return [number for (number,) in cursor.fetchall()]


def _period(coverage: Decision, edition: catalog.Edition, plan: str) -> dict[str, Any]:
    answer = coverage.answer
    if answer["start"] is None and edition.plan_of(plan).years is not None:
        clause = edition.registration.application.clause if edition.registration else ""
        raise Refused("ご利用いただける日が一日も残っていないため、承諾できません。", clause)
    return terms_dates(answer, edition)


def terms_dates(answer: Mapping[str, Any], edition: catalog.Edition) -> dict[str, Any]:
    """The dates of an agreement as the terms answer them."""
    terms = edition.coverage
    parts = {part: answer[f"{part}_end"] for part in (terms.parts if terms else ()) if answer.get(f"{part}_end")}
    return {
        "counted_from": record.day(answer.get("counted_from")),
        "starts_on": record.day(answer["start"]),
        "ends_on": record.day(answer["end"]),
        "part_ends": parts,
        "capped_by": answer.get("cap") or "",
    }


def _redate(agreement: Agreement, coverage: Decision) -> Agreement:
    edition = catalog.edition(agreement.service, coverage.edition)
    for name, value in _period(coverage, edition, agreement.plan).items():
        setattr(agreement, name, value)
    if agreement.transferred_on and agreement.starts_on:  # the days before were another customer's
        agreement.starts_on = max(agreement.starts_on, agreement.transferred_on)
    agreement.coverage = coverage
    agreement.save()
    consents.follow(agreements=[agreement])
    return agreement
