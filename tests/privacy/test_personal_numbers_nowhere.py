"""A personal number that somebody writes anywhere stands nowhere in the database afterwards."""

import pytest
from django.db import connection

from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.cases import dispatch, intake, queries
from hoshu.cases.models import ForceMajeure
from hoshu.cases.progress import note
from hoshu.cases.words import EventKind
from hoshu.contracts import agreements
from hoshu.contracts.models import Agreement
from hoshu.files import prose, store
from hoshu.flows import registration
from hoshu.privacy import disclosures, requests
from tests.cases.units import moment, take
from tests.files.test_personal_numbers import VALID
from tests.flows.registering import arrived
from tests.people import HAYASHI, MORI, SATO

SPACED = "1234-5678-9018"
PLANTED = f"番号は {SPACED} です"
NOON = "2025-06-16 12:00"


def everything():
    """Each row of each table as text, as the runtime login reads it."""
    with act_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                yield table, row


def planted():
    return [table for table, row in everything() if SPACED in row or VALID in row]


@pytest.mark.req("IX-MYN-01", "SP-MYN-01")
def test_a_number_told_in_a_case_is_stored_nowhere(router, acting):
    with acting(MORI):
        case = take(router, told=PLANTED, symptom_note=PLANTED, caller_name=f"田中 {SPACED}", site_contact=PLANTED)
        intake.rule(case_id=case.pk, about="site", serve=True, finding=PLANTED, evidence=PLANTED, now=moment(NOON))
        dispatch.decide(case_id=case.pk, send=True, reason=PLANTED, now=moment(NOON))
        note(queries.get(number=case.number), EventKind.NOTE, PLANTED, now=moment(NOON))
    assert planted() == []
    with acting(MORI):
        assert "＊" in queries.get(number=case.number).told


@pytest.mark.req("IX-MYN-01", "SP-MYN-01")
def test_a_number_in_questions_answers_refusals_and_names_of_files_is_stored_nowhere(desk, acting):
    application = arrived()
    now = moment("2025-06-01 11:00")
    registration.begin_check(application_id=application.pk, now=now)
    inquiry = registration.ask(application_id=application.pk, questions=[PLANTED], by_mail=True, now=now)
    registration.answer(inquiry_id=inquiry.pk, text=PLANTED, corrections={"site_person": PLANTED}, now=now)
    store.keep(
        tenant_id=None,
        name=f"{PLANTED}.txt",
        content=b"log",
        purpose="log",
        declared_personal_number=False,
        actor=desk,
        now=now,
    )
    registration.refuse(application_id=application.pk, reason=PLANTED, clause="", by_post=False, now=now)
    assert planted() == []


@pytest.mark.req("IX-MYN-01")
def test_a_number_in_a_memo_or_a_register_of_ours_is_stored_nowhere(router, world, acting):
    tenant = world.tenant(SATO)
    with acting(SATO):
        agreement = Agreement.objects.get(tenant_id=tenant)
        agreements.write_memo(agreement_id=agreement.pk, text=PLANTED, now=moment(NOON))
    with acting(HAYASHI):
        requests.receive(
            tenant_id=tenant,
            kind="see",
            requester=PLANTED,
            relation=PLANTED,
            channel="phone",
            asked=PLANTED,
            name=PLANTED,
            now=moment(NOON),
        )
        disclosures.demanded(
            tenant_id=tenant,
            body="裁判所",
            law=PLANTED,
            items=["会社名"],
            reason=PLANTED,
            demanded_at=moment(NOON),
            now=moment(NOON),
        )
    assert planted() == []


def test_by_whatever_way_a_row_is_written(router, world):
    """`update` and `bulk_create` pass by `save`; the column itself masks."""
    with act_as(SYSTEM):
        row = ForceMajeure.objects.create(cause=PLANTED, started_at=moment(NOON), recorded_by="試験")
        assert SPACED not in row.cause
        ForceMajeure.objects.filter(pk=row.pk).update(cause=f"更新 {PLANTED}")
        ForceMajeure.objects.bulk_create([ForceMajeure(cause=PLANTED, started_at=moment(NOON), recorded_by="試験")])
    assert planted() == []


@pytest.mark.req("IX-MYN-01")
def test_what_was_masked_is_told_by_the_name_of_its_field(world):
    with act_as(SYSTEM), prose.noticing() as masked:
        ForceMajeure.objects.create(cause="台風", started_at=moment(NOON), recorded_by="試験")
        assert masked == []
        ForceMajeure.objects.create(cause=PLANTED, started_at=moment(NOON), recorded_by="試験")
    assert masked == ["原因"]
