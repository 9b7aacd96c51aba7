"""Registered routers for tests of cases: put into the database directly, as registration would leave them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from hoshu.accounts import operators
from hoshu.accounts.models import User
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.cases import dispatch, queries, work
from hoshu.cases.call import Call
from hoshu.cases.models import Case
from hoshu.cases.words import Backup, StepKind
from hoshu.contracts.models import Agreement, Application, Device, DeviceSerial, Licence, Party, Product, Revision
from hoshu.dates import JST
from hoshu.decisions.models import Decision
from hoshu.flows import service_call
from tests.people import MORI, SATO, World

EDITION = "2022-10"
CALLED = "2025-06-16 08:40"
"""A Monday inside the hours of the router below."""

WHOLE = Call(
    caller_name="田中 一郎",
    caller_email="tanaka@aoba.example.jp",
    reported_as="ｎ1-0001",
    serial_confirmed=True,
    site_address="宮城県仙台市青葉区中央1-2-3",
    site_contact="田中 一郎",
    site_phone="03-0000-1234",
    site_matches=True,
    symptoms=["no_power"],
    evidence={"led": "PWRが消灯"},
    software_version="10.6.20",
    backup=Backup.ON_SITE,
)
"""A call in which nothing is missing."""
_number = count(1)


def moment(text: str) -> datetime:
    """「2025-06-15 03:10」 in Japan."""
    return datetime.fromisoformat(text).replace(tzinfo=JST)


def product() -> Product:
    """The model of all test routers."""
    found, _ = Product.objects.get_or_create(
        code="BE119001",
        defaults={
            "service": "ix",
            "name": "IX2310",
            "exchange_units": ["本体一式", "電源"],
            "equivalents": ["IX2310-S"],
            "software_versions": ["10.6.20", "10.8.21"],
        },
    )
    return found


def register(
    *,
    tenant_id: int,
    by: User,
    serial: str,
    plan: str = "5d-3y",
    start_weekday: str = "mon",
    starts: str = "2025-06-03",
    ends: str = "2028-05-31",
    support_limit: str | None = None,
    weekday_changes: tuple[tuple[str, str], ...] = (),
    contact_email: str = "it@aoba.example.jp",
    phone: str = "03-0000-1234",
    state: str = "active",
) -> int:
    """A registered router of a customer; the id of its device."""
    number = next(_number)
    began = date.fromisoformat(starts)
    accepted = datetime.combine(began, datetime.min.time(), JST) + timedelta(hours=10)
    with act_as(SYSTEM):
        device = Device.objects.create(tenant_id=tenant_id, product=product(), serial=serial, purchased_on=began)
        DeviceSerial.objects.create(tenant_id=tenant_id, device=device, serial=serial, valid_from=accepted)
        licence = Licence.objects.create(
            service="ix", family="IX2000", plan=plan, card_serial=f"CARD{number:05d}", state=Licence.State.USED
        )
        application = Application.objects.create(
            tenant_id=tenant_id,
            number=f"APT{number:06d}",
            service="ix",
            edition=EDITION,
            licence=licence,
            state=Application.State.COMPLETED,
            channel=Application.Channel.POST,
            created_by=by,
            created_at=accepted,
            updated_at=accepted,
        )
        coverage = Decision.objects.create(
            tenant_id=tenant_id,
            at=accepted,
            actor="テスト",
            act="承諾",
            about=application.number,
            topic="coverage",
            service="ix",
            edition=EDITION,
            question={"ask": "coverage"},
            answer={},
            reasons=[],
        )
        agreement = Agreement.objects.create(
            tenant_id=tenant_id,
            number=f"SVT{number:06d}",
            service="ix",
            edition=EDITION,
            plan=plan,
            licence=licence,
            application=application,
            device=device,
            state=state,
            accepted_at=accepted,
            purchased_on=began,
            purchase_basis="receipt",
            counted_from=began,
            starts_on=began,
            ends_on=date.fromisoformat(ends),
            support_limit=date.fromisoformat(support_limit) if support_limit else None,
            coverage=coverage,
        )
        weekdays = [(starts, start_weekday if plan.startswith("5d") else ""), *weekday_changes]
        for position, (since, weekday) in enumerate(weekdays, start=1):
            revision = Revision.objects.create(
                tenant_id=tenant_id,
                agreement=agreement,
                number=position,
                effective_on=date.fromisoformat(since),
                start_weekday=weekday,
            )
            for kind, company in (("contact", "青葉商事株式会社"), ("site", "青葉商事株式会社 仙台支店")):
                Party.objects.create(
                    tenant_id=tenant_id,
                    revision=revision,
                    kind=kind,
                    company=company,
                    name="田中 一郎",
                    email=contact_email if kind == Party.Kind.CONTACT else "",
                    phone=phone,
                    phone_digits=phone.replace("-", ""),
                    postal_code="980-0000",
                    address="宮城県仙台市青葉区中央1-2-3",
                )
    return device.pk


@pytest.fixture
def router(world: World) -> int:
    """A router of Aoba: five days from Monday, covered from 2025-06-03 to 2028-05-31."""
    with act_as(SYSTEM):
        operators.save({"name": "株式会社みなと保守サービス", "fault_desk_phone": "03-0000-0110"})
    return register(tenant_id=world.tenant(SATO), by=world.users[MORI], serial="N10001")


def take(device_id: int | None, at: str = CALLED, **changed: Any) -> Case:
    """A case from the whole call, or from one that differs as said."""
    number = service_call.open_case(call=replace(WHOLE, **changed), device_id=device_id, now=moment(at))
    return queries.get(number=number)


def on_site(device_id: int, *, done: tuple[str, ...] = (StepKind.ARRIVAL, StepKind.MOVED_AWAY), **changed: Any) -> Case:
    """A case whose engineer stands at the rack on Monday 2025-06-16, with the steps `done` ticked a minute apart."""
    case = take(device_id, **changed)
    dispatch.decide(case_id=case.pk, send=True, reason="電源の故障とみられる", now=moment("2025-06-16 08:50"))
    dispatch.plan_visit(
        case_id=case.pk, start=moment("2025-06-16 09:00"), override_reason="", now=moment("2025-06-16 08:51")
    )
    for minute, kind in enumerate(done):
        tick(case, kind, f"2025-06-16 09:{minute:02d}")
    return fresh(case)


def tick(case: Case, kind: str, at: str, **more: Any) -> None:
    """One step done."""
    done = moment(at)
    work.tick(case_id=case.pk, kind=kind, at=done, **{"result": "", "rules_acknowledged": False, **more}, now=done)


def exchange(case: Case, substitute: str = "S-900", at: str = "2025-06-16 09:45", **changed: Any) -> None:
    """The body is exchanged and received."""
    values = {
        "part": "body",
        "unit": "本体一式",
        "removed": "N1-0001",
        "substitute": substitute,
        "received_at": moment(at),
        "received_by": "田中 一郎",
        **changed,
    }
    service_call.record_exchange(number=case.number, **values, now=moment("2025-06-16 09:50"))


def fresh(case: Case) -> Case:
    """The case as it stands in the database now."""
    return queries.get(number=case.number)
