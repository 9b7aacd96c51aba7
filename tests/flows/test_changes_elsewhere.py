"""Changes under the terms of the other services: what each allows, by when, and what it leaves to a person."""

from datetime import date

import pytest

from hoshu.contracts import changes
from hoshu.contracts.models import Agreement
from hoshu.contracts.proposal import propose
from hoshu.flows import changes as stories
from tests.cases.units import register
from tests.contracts.cards import at, open_for_business
from tests.people import AOBA, HAYASHI, MORI

pytestmark = pytest.mark.django_db

EDITIONS = {
    "mimamori": ("2020-03", "standard"),
    "video": ("2021-08", "9x5-3y"),
    "supportpack": ("1", "3y"),
    "remote-care": ("1", "basic"),
}


@pytest.fixture
def under(world, acting):
    """`under("video")` is an agreement of Aoba under that service; the desk works."""
    with acting(HAYASHI):
        open_for_business()

        def agreement(service):
            edition, plan = EDITIONS[service]
            device = register(
                tenant_id=world.organisations[AOBA].pk,
                by=world.users[MORI],
                serial="N1",
                plan="7d-3y",
                ends="2031-05-31",
            )
            found = Agreement.objects.filter(device=device)
            found.update(service=service, edition=edition, plan=plan)
            return found.get()

        yield agreement


def asked(agreement, entries=None, *, on="2026-01-10 10:00", channel="desk", **said):
    request = stories.start(agreement_id=agreement.pk, channel=channel, asked_by="田中", now=at(on))
    return changes.save(request_id=request.pk, based_on=1, entries=entries or {}, said=said, now=at(on)).request


def answers(agreement, entries=None, *, on="2026-01-10 10:00", **said):
    request = asked(agreement, entries, on=on, **said)
    return {part.kind: (part.allowed, part.clause) for part in propose(request, now=at(on)).parts}


@pytest.mark.req("MM-CHG-02", "MM-CHG-01")
def test_what_mimamori_lets_change(under):
    found = answers(
        under("mimamori"),
        {
            "contact_company": "青葉ホールディングス株式会社",
            "contact_name": "新 担当",
            "contact_phone": "03-1111-1111",
            "contact_address": "東京都港区0-0",
            "addressee_1": "alert@example.jp",
        },
    )
    assert found == {
        "company_name": (True, "7.6"),
        "contact": (True, "7.6"),
        "phone": (True, "7.6"),
        "address": (True, "7.6"),
        "addressees": (True, "4.3.1"),
    }


@pytest.mark.req("MM-CHG-02", "MM-CND-03", "MM-CND-08")
@pytest.mark.parametrize(
    ("wish", "clause", "says"),
    [
        ("suspend", "7.7", "続けるか、解約するか"),
        ("customer", "7.2", "新しい利用者が契約"),
        ("transfer", "7.2", "新しい利用者が契約"),
        ("unit", "7.6", "変更できるのは"),
        ("years", "7.6", "変更できるのは"),
    ],
)
def test_what_mimamori_refuses_and_offers_instead(under, wish, clause, says):
    request = asked(under("mimamori"), wishes=[wish])
    sent = stories.submit(request_id=request.pk, partly=False, now=at("2026-01-10 10:00"))
    assert (sent.state, sent.clause) == ("refused", clause)
    assert says in sent.reason


@pytest.mark.req("MM-CHG-02")
def test_a_field_of_the_application_that_may_not_change_is_not_even_kept(under):
    request = asked(under("mimamori"), {"contract_start": "2025-05-10", "machines_planned": "30"})
    assert propose(request, now=at("2026-01-10 10:00")).parts == []


@pytest.mark.req("MM-CND-03")
@pytest.mark.parametrize(("entity", "allowed"), [("no", True), ("yes", False)])
def test_a_new_name_of_another_legal_person_is_a_new_contract(under, entity, allowed):
    found = answers(under("mimamori"), {"contact_company": "別会社株式会社"}, new_legal_entity=entity)
    assert found == {"company_name": (allowed, "7.6" if allowed else "7.2")}


@pytest.mark.req("MM-CHG-01", "MM-CHG-02", "MM-CND-30")
def test_without_a_day_it_holds_from_the_moment_it_is_applied(under):
    agreement = under("mimamori")
    request = asked(agreement, {"contact_email": "shin@example.jp"})
    stories.submit(request_id=request.pk, partly=False, now=at("2026-01-10 10:00"))
    stories.begin_check(request_id=request.pk, now=at("2026-01-11 10:00"))
    done = stories.apply(request_id=request.pk, note="", now=at("2026-01-12 15:00"))
    assert (done.revision.number, done.revision.effective_on, done.late) == (2, date(2026, 1, 12), False)


@pytest.mark.req("VA-SIT-05", "VA-SIT-04")
@pytest.mark.parametrize(
    ("received", "late", "notify_by"), [("2026-03-15", False, "2026-03-17"), ("2026-03-18", True, "2026-03-17")]
)
def test_video_wants_fourteen_days(under, received, late, notify_by):
    agreement = under("video")
    request = asked(agreement, {"site_address": "沖縄県那覇市0-0"}, on=f"{received} 10:00", effective="2026/3/31")
    [part] = propose(request, now=at(f"{received} 10:00")).parts
    assert (part.allowed, part.late, part.notify_by.isoformat(), part.clause) == (True, late, notify_by, "第3章 2.8")
    abroad = answers(agreement, {"site_address": "大韓民国ソウル特別市中区1-1"}, effective="2026/3/31")
    assert abroad == {"site": (False, "第3章 2.8")}


@pytest.mark.req("VA-REG-16")
def test_video_lets_people_correct_what_was_registered_about_them(under):
    agreement = under("video")
    request = asked(agreement, {"administrator_phone": "03-0000-7777"}, effective="2026/2/2")
    [part] = propose(request, now=at("2026-01-10 10:00")).parts
    assert (part.allowed, part.clause, part.late) == (None, "第2章 個人情報", False)
    stories.submit(request_id=request.pk, partly=False, now=at("2026-01-10 10:00"))
    stories.begin_check(request_id=request.pk, now=at("2026-01-11 10:00"))
    done = stories.apply(request_id=request.pk, note="電話で確かめた", now=at("2026-02-02 10:00"))
    parties = {party.kind: party.phone for party in done.revision.parties.all()}
    assert parties["administrator"] == "03-0000-7777"
    assert [event.note for event in done.events.order_by("id")][-1] == "電話で確かめた"


@pytest.mark.req("SP-REG-11", "SP-REG-12")
@pytest.mark.parametrize(
    ("change", "received", "late"),
    [
        ("2026/3/31", "2026-03-01", False),
        ("2026/3/31", "2026-03-02", True),
        ("2026/5/1", "2026-04-01", False),
    ],
)
def test_supportpack_wants_thirty_days_and_takes_what_is_late(under, change, received, late):
    request = asked(under("supportpack"), {"administrator_name": "新 管理者"}, on=f"{received} 10:00", effective=change)
    [part] = propose(request, now=at(f"{received} 10:00")).parts
    assert (part.allowed, part.late, part.clause) == (True, late, "第1条 (5)")
    assert ("登録と実際が違う間" in part.consequence) is late


@pytest.mark.req("SP-REG-11")
def test_options_of_supportpack_are_written_freely(under):
    agreement = under("supportpack")
    agreement.revisions.update(options=[{"code": "M-1", "name": "M-1", "quantity": 1}])
    lines = [
        {"code": "M-1", "checked": True, "quantity": "0"},
        {"code": "M-2", "checked": False, "quantity": "２"},
    ]
    proposal = propose(asked(agreement, {"option_type": lines}, effective="2026/3/31"), now=at("2026-01-10 10:00"))
    assert proposal.options == [{"code": "M-2", "name": "M-2", "quantity": 2}]
    assert [line.after for line in proposal.parts[0].lines] == ["なし", "2個"]


@pytest.mark.req("SP-ASG-01", "VA-MSC-03")
@pytest.mark.parametrize(("service", "clause"), [("supportpack", "第12条"), ("video", "第3章 1.13(3)")])
def test_a_transfer_without_consent_is_refused_and_kept(under, service, clause):
    request = asked(under(service), wishes=["transfer"], effective="2026/2/1", new_customer="若葉工業株式会社")
    sent = stories.submit(request_id=request.pk, partly=False, now=at("2026-01-10 10:00"))
    assert (sent.state, sent.clause) == ("refused", clause)
    assert sent.said["new_customer"] == "若葉工業株式会社"


@pytest.mark.req("RC-GEN-08")
def test_a_change_of_remote_care_is_a_new_form_that_refers_to_the_old_one(under):
    agreement = under("remote-care")
    first = agreement.revisions.get()
    request = asked(agreement, {"contact_phone": "03-0000-7777", "metered_line": "yes"})
    proposal = propose(request, now=at("2026-01-10 10:00"))
    assert {(part.allowed, part.clause) for part in proposal.parts} == {(None, "第3条")}
    stories.submit(request_id=request.pk, partly=False, now=at("2026-01-10 10:00"))
    stories.begin_check(request_id=request.pk, now=at("2026-01-10 11:00"))
    done = stories.apply(request_id=request.pk, note="申込書で確かめた", now=at("2026-01-10 12:00"))
    assert done.based_on_id == first.pk
    first.refresh_from_db()
    assert first.content == {}
    assert done.revision.content == {"metered_line": "yes"}
