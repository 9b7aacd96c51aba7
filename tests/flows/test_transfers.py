"""契約者の変更: consent in writing first, the rest of the same period, and each customer sees its own part."""

from datetime import date

import pytest

from hoshu.contracts import Refused, codes, finding, queries
from hoshu.contracts.form import Block
from hoshu.contracts.models import ChangeRequest, Consent, Device, DeviceSerial
from hoshu.contracts.proposal import propose
from hoshu.files.models import StoredFile
from hoshu.flows import changes as stories
from hoshu.flows import corrections, service_call, transfer
from hoshu.notifications.models import Message
from tests.cases.units import WHOLE
from tests.contracts.agreed import concluded
from tests.contracts.cards import at
from tests.flows.registering import SCAN, accepted, checked
from tests.flows.test_changes import sent
from tests.people import AOBA, KATO, SATO, WAKABA

pytestmark = pytest.mark.django_db

CONSENTED = {"wishes": ["transfer"], "consent_on": "2025/9/20", "consent_written": "yes", "new_customer": WAKABA}
CONTACT = Block(company=WAKABA, name="加藤 次郎", email="kato@wakaba.example.jp", phone="03-0000-0001")
"""Wakaba is known under this name and number."""


@pytest.fixture
def agreement(desk, world):
    """Aoba's router, registered on 2025-06-03, five days from Tuesday."""
    return accepted(checked(), customer=world.organisations[AOBA].pk)


@pytest.fixture
def asked(agreement):
    """On 2025-09-21 somebody takes the request: from 2025-10-01 on, with consent of 2025-09-20."""
    request = sent(agreement, **CONSENTED)
    return stories.begin_check(request_id=request.pk, now=at("2025-09-21 10:00"))


def passed(request, *, on="2025-10-01 10:00", contact=CONTACT, accepted_by="加藤 次郎", note=""):
    return transfer.carry_out(
        request_id=request.pk,
        contact=contact,
        accepted_by=accepted_by,
        consent=("承諾書.pdf", SCAN),
        declared_personal_number=False,
        note=note,
        now=at(on),
    )


@pytest.mark.req("IX-ASG-01")
def test_the_rest_of_the_period_goes_over_and_is_not_counted_anew(agreement, asked):
    start, end = agreement.starts_on, agreement.ends_on
    new = passed(asked)

    agreement.refresh_from_db()
    asked.refresh_from_db()
    assert (agreement.get_state_display(), agreement.ends_on) == ("承継済", date(2025, 9, 30))
    assert agreement.ended_at == at("2025-10-01 00:00")
    assert (new.starts_on, new.ends_on, new.transferred_on) == (date(2025, 10, 1), end, date(2025, 10, 1))
    assert (new.counted_from, new.plan, new.edition) == (agreement.counted_from, agreement.plan, agreement.edition)
    assert new.coverage.answer["start"] == start.isoformat()
    assert (new.tenant.name, new.number != agreement.number) == (WAKABA, True)
    assert (asked.state, asked.became) == ("applied", new.number)
    assert (asked.consent.purpose, asked.consent.tenant_id) == ("transfer_consent", agreement.tenant_id)


@pytest.mark.req("IX-ASG-01")
def test_both_are_told_and_the_new_customer_accepts_the_terms(agreement, asked):
    new = passed(asked)
    told = {message.kind: message for message in Message.objects.filter(created_at=at("2025-10-01 10:00"))}
    assert told["registration.completed"].to == "kato@wakaba.example.jp"
    assert told["registration.completed"].tenant_id == new.tenant_id
    assert told["change.transferred"].tenant_id == agreement.tenant_id
    assert "若葉工業株式会社様が引き継ぎました" in told["change.transferred"].text
    consent = Consent.objects.get(agreement=new)
    assert (consent.person, consent.tenant_id, consent.edition) == ("加藤 次郎", new.tenant_id, new.edition)
    assert new.edition_consents.get().how == "explicit"


@pytest.mark.req("IX-ASG-01")
def test_the_machine_answers_for_its_new_customer_only(agreement, asked):
    [token] = codes.codes_of(agreement_ids=[agreement.pk], now=at("2025-07-01 10:00")).values()
    serial, licence = agreement.device.serial, agreement.licence
    new = passed(asked)

    assert finding.unit(device_id=new.device_id).company == WAKABA
    assert DeviceSerial.objects.get(serial=serial, valid_until=None).device_id == new.device_id
    assert new.licence == licence
    standing = codes.standing(token, on=date(2025, 10, 2))
    assert (standing.number, standing.covered) == (new.number, True)
    assert not finding.unit(device_id=agreement.device_id).cover_on(date(2025, 10, 1)).runs_on(date(2025, 10, 1))


@pytest.mark.req("IX-ASG-01")
def test_each_customer_sees_its_own_part(agreement, asked, acting):
    new = passed(asked)
    with acting(SATO, on=date(2025, 10, 2)):
        assert list(queries.agreements()) == [agreement]
        assert ChangeRequest.objects.get().became == new.number
        assert StoredFile.objects.filter(purpose="transfer_consent").exists()
    with acting(KATO, on=date(2025, 10, 2)):
        assert list(queries.agreements()) == [new]
        assert not ChangeRequest.objects.exists()
        assert not StoredFile.objects.exists()
        assert [device.pk for device in Device.objects.all()] == [new.device_id]
        names = {party.name for revision in queries.revisions_of(new) for party in revision.parties.all()}
        assert names == {"加藤 次郎", ""}  # the site keeps its address, not the people of Aoba
        assert {message.kind for message in Message.objects.all()} == {"registration.completed"}


@pytest.mark.req("IX-ASG-01")
def test_a_consent_that_is_not_prior_moves_nothing(agreement):
    request = sent(agreement, **{**CONSENTED, "consent_on": "2025/10/5"})
    assert (request.state, request.clause) == ("refused", "第4章 10.")
    with pytest.raises(Refused) as refused:
        passed(request)
    assert refused.value.clause == "第4章 10."
    agreement.refresh_from_db()
    assert (agreement.state, agreement.tenant.name) == ("active", AOBA)


@pytest.mark.req("IX-ASG-01")
def test_a_succession_by_law_is_a_persons_decision(agreement):
    request = sent(agreement, wishes=["transfer"], by_law=True, new_customer=WAKABA)
    stories.begin_check(request_id=request.pk, now=at("2025-09-21 10:00"))
    with pytest.raises(Refused, match="引き継ぐ理由"):
        passed(request)
    assert passed(request, note="合併の登記事項証明書で確認").tenant.name == WAKABA


def hindering(request, moment):
    return transfer.hindrances(request, propose(request, now=at(moment)), now=at(moment))


@pytest.mark.req("IX-ASG-01")
def test_what_is_open_is_finished_first(agreement, asked):
    assert hindering(asked, "2025-09-30 23:59") == ["変更日（2025/10/01）になってから引き継いでください。"]
    number = service_call.open_case(call=WHOLE, device_id=agreement.device_id, now=at("2025-09-30 10:00"))
    other = sent(agreement, {"site_address": "北海道札幌市中央区0-0"})
    found = hindering(asked, "2025-10-01 10:00")
    assert len(found) == 2
    assert other.number in found[0]
    assert number in found[1]
    with pytest.raises(Refused, match=number):
        passed(asked)


def test_the_same_customer_is_nobody_new(agreement, asked):
    aoba = agreement.tenant
    with pytest.raises(Refused, match="今の契約者と同じ"):
        passed(asked, contact=Block(company=aoba.name, name="佐藤 花子", email="sato@example.jp", phone=aoba.phone))
    assert not StoredFile.objects.filter(purpose="transfer_consent").exists()


@pytest.mark.req("IX-ASG-01")
def test_a_later_count_keeps_the_days_before_with_the_former_customer(agreement, asked):
    new = passed(asked)
    corrections.end_product(product_id=new.device.product_id, now=at("2025-11-01 10:00"), end_of_sale=date(2021, 6, 30))
    new.refresh_from_db()
    assert new.starts_on == date(2025, 10, 1)
    assert new.ends_on < date(2028, 1, 1)


@pytest.mark.parametrize(
    ("service", "clause"),
    [
        pytest.param("supportpack", "第12条", marks=pytest.mark.req("SP-ASG-01")),
        pytest.param("video", "第3章 1.13(3)", marks=pytest.mark.req("VA-MSC-03")),
    ],
)
def test_a_pack_goes_over_with_all_its_ends_and_a_support_id_of_its_own(desk, world, service, clause):
    former = concluded(service, world.organisations[AOBA].pk)
    parts, end = former.part_ends, former.ends_on
    request = sent(former, on="2026-01-20 10:00", **{**CONSENTED, "effective": "2026/2/1", "consent_on": "2026/1/5"})
    stories.begin_check(request_id=request.pk, now=at("2026-02-01 10:00"))
    new = passed(request, on="2026-02-01 10:00")

    former.refresh_from_db()
    assert (former.ends_on, new.starts_on, new.ends_on) == (date(2026, 1, 31), date(2026, 2, 1), end)
    assert new.part_ends == parts
    assert set(former.part_ends.values()) <= {"2026-01-31"}
    assert new.support.tenant_id == new.tenant_id
    assert clause in Message.objects.get(kind="change.transferred").text
