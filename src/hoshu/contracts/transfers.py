"""契約者の変更: another customer goes on with an agreement (IX-ASG-01, SP-ASG-01, VA-MSC-03).

Nothing changes hands: the agreement of the former customer ends on the day before, and the new one gets an agreement of
its own for the rest of the same period, with a number of its own. So each of them sees its own part and no more.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hoshu import catalog
from hoshu.contracts import consents, endings, extensions, queries
from hoshu.contracts.applications import PAPER
from hoshu.contracts.form import Block
from hoshu.contracts.models import (
    Agreement,
    ChangeRequest,
    Consent,
    Device,
    DeviceSerial,
    Ending,
    ExtensionKit,
    Party,
    Revision,
    SupportId,
)
from hoshu.decisions.models import Decision
from hoshu.japan.phones import digits


@dataclass(frozen=True, kw_only=True)
class Successor:
    """Who goes on with an agreement."""

    tenant_id: int
    contact: Block
    accepted_by: str
    """Who of it accepted the terms."""
    accepted_on_paper: str
    """The sentence under which that was done."""
    support: SupportId | None
    """The number with which its people ask for support, where the service has one."""


def hindrances(agreement: Agreement, *, but: ChangeRequest, since: date) -> list[str]:
    """What is to be finished under the former customer first, in sentences."""
    found = []
    if agreement.state != Agreement.State.ACTIVE:
        found.append(f"契約が「{agreement.get_state_display()}」です。「有効」になってから引き継いでください。")
    if agreement.ends_on is not None and agreement.ends_on < since:
        found.append(f"変更日が、契約の満了日（{agreement.ends_on:%Y/%m/%d}）より後です。")
    changes = agreement.change_requests.filter(state__in=queries.OPEN_CHANGES).exclude(pk=but.pk)
    kits = ExtensionKit.objects.filter(agreement=agreement, state__in=extensions.OPEN)
    for what, numbers in (("変更の申請", changes), ("延長キットの申込", kits)):
        if listed := "、".join(numbers.order_by("id").values_list("number", flat=True)):
            found.append(f"{what} {listed} が終わっていません。先に決めてください。")
    if Ending.objects.filter(agreement=agreement, withdrawn_at=None, carried_out_at=None).exists():
        found.append("契約の終了が予定されています。先に取り下げるか、終えてください。")
    return found


def pass_on(
    *, agreement_id: int, since: date, to: Successor, number: str, coverage: Decision, now: datetime
) -> Revision:
    """The new customer's agreement from `since` on, with its first revision; the former one ends on the day before.

    `coverage` is the answer for the whole period, recorded for the new customer under `number`. The days are those of
    the former agreement: nothing is counted anew. What persons of the former customer wrote stays with it.
    """
    former = Agreement.objects.select_for_update().get(pk=agreement_id)
    before = queries.revision_on(former, since)
    licence, device_number = former.licence, former.device_number
    starts_on, ends_on, part_ends = former.starts_on, former.ends_on, former.part_ends
    _end(former, since)
    agreement = Agreement.objects.create(
        tenant_id=to.tenant_id,
        number=number,
        service=former.service,
        edition=coverage.edition,
        plan=former.plan,
        licence=licence,
        device=_device(former, to, since),
        support=to.support,
        device_number=device_number,
        accepted_at=now,
        transferred_on=since,
        purchased_on=former.purchased_on,
        purchase_basis=former.purchase_basis,
        contract_start=former.contract_start,
        installed_at=former.installed_at,
        initial_set_at=former.initial_set_at,
        counted_from=former.counted_from,
        starts_on=max(starts_on, since) if starts_on else None,
        ends_on=ends_on,
        part_ends=part_ends,
        capped_by=former.capped_by,
        support_limit=former.support_limit,
        coverage=coverage,
    )
    consents.accepted(agreements=[agreement])
    _consent(agreement, to, now)
    return _first_revision(agreement, before, to)


def successor_of(agreement: Agreement) -> Agreement:
    """Whoever has the machine now: the agreement itself, or that of the last customer who went on with it."""
    while agreement.state == Agreement.State.TRANSFERRED:
        became = agreement.change_requests.exclude(became="").values_list("became", flat=True).get()
        agreement = Agreement.objects.get(number=became)
    return agreement


def _end(former: Agreement, since: date) -> None:
    former.state, former.ended_at = Agreement.State.TRANSFERRED, endings.midnight(since)
    former.licence, former.device_number = None, None
    day_before = since - timedelta(days=1)
    if former.starts_on and former.starts_on > day_before:
        former.starts_on = former.ends_on = None
        former.part_ends = {}
    elif former.starts_on:
        former.ends_on = day_before
        last = day_before.isoformat()
        former.part_ends = {part: min(end, last) for part, end in former.part_ends.items()}
    former.save()


def _device(former: Agreement, to: Successor, since: date) -> Device | None:
    """The machine as the new customer's: what happened to it before is not told to it."""
    was = former.device
    if was is None:
        return None
    DeviceSerial.objects.filter(device=was, valid_until=None).update(valid_until=endings.midnight(since))
    device = Device.objects.create(
        tenant_id=to.tenant_id,
        product=was.product,
        serial=was.serial,
        purchased_on=was.purchased_on,
        mounted_cm=was.mounted_cm,
    )
    DeviceSerial.objects.create(
        tenant_id=to.tenant_id,
        device=device,
        serial=was.serial,
        as_written=was.serial,
        valid_from=endings.midnight(since),
    )
    return device


def _consent(agreement: Agreement, to: Successor, now: datetime) -> None:
    """IX-GEN-04: the new customer accepts the terms; for whom, when, under which edition."""
    terms = catalog.edition(agreement.service, agreement.edition).application
    assert terms is not None
    Consent.objects.create(
        tenant_id=to.tenant_id,
        agreement=agreement,
        service=agreement.service,
        edition=agreement.edition,
        person=to.accepted_by,
        at=now,
        channel="other",
        item=PAPER,
        text=to.accepted_on_paper,
        clauses=[terms.clause],
    )


def _first_revision(agreement: Agreement, before: Revision, to: Successor) -> Revision:
    """What is registered of the machine and its hours goes over; whom to tell is the new customer's to say."""
    fields = {at.name: at for at in catalog.edition(agreement.service, agreement.edition).card_field}
    own = {
        name: value
        for name, value in before.content.items()
        if name in fields and not fields[name].is_prose and fields[name].kind not in ("mail", "phone")
    }
    revision = Revision.objects.create(
        tenant_id=to.tenant_id,
        agreement=agreement,
        number=1,
        effective_on=agreement.starts_on or agreement.transferred_on,
        start_weekday=before.start_weekday,
        options=before.options,
        content=own,
    )
    site = next((party for party in before.parties.all() if party.kind == Party.Kind.SITE), None)
    parties: dict[str, dict[str, Any]] = {Party.Kind.CONTACT: to.contact.__dict__}
    if site is not None:  # where the machine stands, not whose people are there
        place = {"postal_code": site.postal_code, "address": site.address}
        parties[Party.Kind.SITE] = {"company": to.contact.company, **place}
    Party.objects.bulk_create(
        Party(
            tenant_id=to.tenant_id,
            revision=revision,
            kind=kind,
            phone_digits=digits(said.get("phone", ""))[:20],
            **said,
        )
        for kind, said in parties.items()
    )
    return revision
