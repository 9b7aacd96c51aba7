"""契約: what an accepted application becomes, and how its dates may be corrected afterwards."""

from datetime import date, datetime
from typing import Any

from django.db import connection

from hoshu import catalog
from hoshu.accounts.tenancy import as_system
from hoshu.contracts import Refused, consents
from hoshu.contracts.assessment import Purchase
from hoshu.contracts.form import Form, entry_of
from hoshu.contracts.models import (
    Agreement,
    Application,
    CustomerNote,
    Device,
    DeviceSerial,
    Licence,
    Party,
    Product,
    Revision,
    SupportId,
)
from hoshu.dates import JST
from hoshu.decisions.models import Decision
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
    consents.accepted(agreement=agreement)
    revision = Revision.objects.create(
        tenant_id=application.tenant_id,
        agreement=agreement,
        number=1,
        effective_on=agreement.starts_on or now.astimezone(JST).date(),
        start_weekday=form.start_weekday,
        options=[{"code": line.code, "name": line.name, "quantity": line.quantity} for line in form.options],
        content=_content(edition, form),
    )
    for kind, block in form.parties.items():
        Party.objects.create(
            tenant_id=application.tenant_id,
            revision=revision,
            kind=kind,
            phone_digits=digits(block.phone)[:20],
            **block.__dict__,
        )
    return revision


def issue_support_id(*, tenant_id: int, now: datetime) -> SupportId:
    """A number with which the customer's people ask for support: the one it has, else a new one (VA-REG-05, -06)."""
    held = SupportId.objects.filter(tenant_id=tenant_id, blocked_at=None).order_by("id").first()
    if held:
        return held
    return SupportId.objects.create(tenant_id=tenant_id, code=f"SID{_next('contracts_support_id'):07d}", issued_at=now)


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
    """お客様メモ (IX-DOC-03), for its own customer."""
    agreement = Agreement.objects.get(pk=agreement_id)
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
    return f"{numbering.letters}{_next('contracts_device_number'):0{numbering.digits}d}"


def _next(sequence: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [sequence])
        return int(cursor.fetchone()[0])


def _period(coverage: Decision, edition: catalog.Edition, plan: str) -> dict[str, Any]:
    answer, terms = coverage.answer, edition.coverage
    if answer["start"] is None and edition.plan_of(plan).years is not None:
        clause = edition.registration.application.clause if edition.registration else ""
        raise Refused("ご利用いただける日が一日も残っていないため、承諾できません。", clause)
    parts = {part: answer[f"{part}_end"] for part in (terms.parts if terms else ()) if answer.get(f"{part}_end")}
    return {
        "counted_from": _day(answer.get("counted_from")),
        "starts_on": _day(answer["start"]),
        "ends_on": _day(answer["end"]),
        "part_ends": parts,
        "capped_by": answer.get("cap") or "",
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _redate(agreement: Agreement, coverage: Decision) -> Agreement:
    edition = catalog.edition(agreement.service, coverage.edition)
    for name, value in _period(coverage, edition, agreement.plan).items():
        setattr(agreement, name, value)
    agreement.coverage = coverage
    agreement.save()
    consents.follow(agreement=agreement)
    return agreement
