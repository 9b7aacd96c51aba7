"""Time runs, somebody asks, somebody refuses: what may follow what in a registration."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from hoshu.contracts import Refused, queries
from hoshu.contracts.assessment import assess
from hoshu.contracts.models import (
    Application,
    Licence,
    Refusal,
)
from hoshu.flows import registration
from hoshu.flows.registration_notices import refusal_letter
from hoshu.notifications.models import Message
from tests.contracts.cards import at, card, licence
from tests.flows.registering import JUNE_1, accepted, arrived, checked, codes, refused, typed
from tests.people import YAMADA

pytestmark = pytest.mark.django_db


# ---- time


@pytest.mark.req("IX-REG-05", "IX-REG-12", "IX-CAL-01")
@pytest.mark.parametrize(
    ("received", "answer_by"),
    [
        ("2025-06-01 10:00", date(2025, 7, 1)),
        ("2024-01-31 10:00", date(2024, 3, 1)),
        ("2025-12-05 10:00", date(2026, 1, 4)),
        ("2025-09-19 23:58", date(2025, 10, 19)),
    ],
)
def test_the_thirty_days_run_from_the_arrival(desk, received, answer_by):
    assert arrived(received=received, channel="email").answer_by == answer_by


@pytest.mark.req("IX-REG-12")
def test_a_card_typed_in_later_keeps_the_day_of_its_arrival(desk):
    application = registration.take_in(
        service="ix",
        channel="email",
        received_at=at("2025-09-19 23:58"),
        files=[],
        declared_personal_number=False,
        now=at("2025-09-25 09:00"),
    )
    assert application.received_at == at("2025-09-19 23:58")
    assert application.answer_by == date(2025, 10, 19)
    with pytest.raises(Refused, match="未来"):
        arrived(received="2025-06-01 10:00") and registration.take_in(
            service="ix",
            channel="post",
            received_at=at("2025-06-02 10:00"),
            files=[],
            declared_personal_number=False,
            now=at("2025-06-01 10:00"),
        )


@pytest.mark.req("IX-REG-08", "IX-REG-09")
def test_late_is_proposed_for_acceptance_and_needs_a_reason(desk):
    application = checked(card(licence_purchased="2025-05-01"), received="2025-06-01 10:00")
    found = assess(application, now=at("2025-06-03 14:20"))
    assert found.registration.values["apply_by"] == "2025-05-31"
    assert found.late
    assert found.proposal == "accept"
    with pytest.raises(Refused, match="30日を過ぎた"):
        accepted(application)
    assert accepted(application, reasons={"late": "初回のため承諾します。"}).number


@pytest.mark.req("IX-REG-09", "IX-GEN-07")
def test_late_may_end_as_not_served_with_a_reason_and_without_refund(desk):
    application = checked(card(licence_purchased="2025-04-01"))
    with pytest.raises(Refused, match="理由"):
        registration.lapse(application_id=application.pk, reason=" ", now=at("2025-06-03 10:00"))
    registration.lapse(application_id=application.pk, reason="30日を過ぎたため", now=at("2025-06-03 10:00"))
    application.refresh_from_db()
    assert (application.state, application.licence.state) == ("lapsed", "lapsed")
    assert application.entries["body_serial"] == "N1"
    assert not Refusal.objects.exists()


@pytest.mark.req("IX-REG-09")
def test_in_time_cannot_be_called_late(desk):
    application = checked()
    with pytest.raises(Refused, match="期限の中"):
        registration.lapse(application_id=application.pk, reason="遅い", now=at("2025-06-03 10:00"))


@pytest.mark.req("IX-REG-05")
@pytest.mark.parametrize(
    ("now", "seen", "late"),
    [
        ("2025-06-20 10:00", False, False),
        ("2025-06-21 10:00", True, False),
        ("2025-07-01 23:59", True, False),
        ("2025-07-02 00:00", True, True),
        ("2025-09-01 09:00", True, True),
    ],
)
def test_what_nears_its_last_day_is_pointed_out_and_what_is_late_every_day(desk, now, seen, late):
    application = checked()
    tasks = queries.due(now=at(now))
    assert [task.about for task in tasks] == ([application.number] if seen else [])
    if tasks:
        assert (tasks[0].late, tasks[0].due) == (late, date(2025, 7, 1))


# ---- the terms and the screens


@pytest.mark.req("IX-CARD-12")
@pytest.mark.parametrize(
    "name",
    ["entry_date", "start_weekday", "body_serial", "purchased", "contact_name", "contact_email", "site_address"],
)
def test_the_terms_miss_exactly_what_the_form_calls_missing(desk, name):
    found = assess(checked(card(**{name: ""})), now=at("2025-06-03 10:00"))
    missing = [fault.field for fault in found.form.faults if fault.kind == "missing"]
    assert missing == found.registration.values["missing"] == [name]
    assert found.registration.values["outcome"] == "incomplete"


def test_a_stored_decision_repeats_no_name_and_no_address(desk):
    question = str(assess(checked(), now=at("2025-06-03 10:00")).registration.question)
    for words in ("山田", "hanako", "仙台", "03-0000-1234"):
        assert words not in question


# ---- refusing


@pytest.mark.req("IX-REG-05", "IX-REG-06", "IX-GEN-05")
def test_a_refusal_has_a_reason_a_person_a_notice_with_the_refund_path_and_closes_the_licence(desk):
    application = checked()
    with pytest.raises(Refused, match="理由"):
        refused(application, reason="")
    refusal = refused(application)
    refusal.refresh_from_db()
    assert (refusal.proposed_by.name, refusal.late) == ("林 直樹", False)
    notice = Message.objects.get(pk=refusal.notice_id)
    assert notice.to == "hanako@example.jp"
    for words in ("現物が確認", "領収書など", "つばさ販売", "第3章 前文", "第4章 1.(3)"):
        assert words in notice.text
    assert notice.letter.name == "refusal"
    application.refresh_from_db()
    assert (application.state, application.licence.state) == ("refused", "refused")
    again = checked(received="2025-06-25 10:00")
    assert "licence_used" in codes(again, "2025-06-25 10:00")


@pytest.mark.req("IX-REG-05")
def test_a_refusal_after_the_last_day_waits_for_a_second_person(desk, acting):
    application = checked()
    refusal = refused(application, "2025-07-02 10:00")
    assert refusal.late
    assert refusal.sent_at is None
    assert not Message.objects.exists()
    with pytest.raises(Refused, match="別の人"):
        registration.approve_refusal(refusal_id=refusal.pk, now=at("2025-07-02 11:00"))
    with acting(YAMADA, on=JUNE_1):
        registration.approve_refusal(refusal_id=refusal.pk, now=at("2025-07-02 12:00"))
    refusal.refresh_from_db()
    assert (refusal.approved_by.name, refusal.sent_at) == ("山田 太郎", at("2025-07-02 12:00"))
    assert Message.objects.get(about=application.number).kind == "registration.refused"


@pytest.mark.req("IX-REG-05")
def test_the_database_keeps_a_late_refusal_from_leaving_without_the_second_person(desk):
    refusal = refused(checked(), "2025-07-02 10:00")
    with pytest.raises(IntegrityError), transaction.atomic():
        Refusal.objects.filter(pk=refusal.pk).update(sent_at=at("2025-07-02 11:00"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Refusal.objects.filter(pk=refusal.pk).update(approved_by=refusal.proposed_by)


def test_the_second_person_may_disagree_and_the_application_goes_on(desk, acting):
    application = checked()
    refusal = refused(application, "2025-07-02 10:00")
    with acting(YAMADA, on=JUNE_1):
        registration.withdraw_refusal(
            refusal_id=refusal.pk, reason="現物を確認できました。", now=at("2025-07-03 10:00")
        )
    assert accepted(application, "2025-07-03 11:00").number
    assert Refusal.objects.get(pk=refusal.pk).withdrawn_at


@pytest.mark.req("IX-REG-06")
def test_a_refusal_by_post_is_a_letter_to_print(desk):
    application = checked(card(contact_email=""))
    refusal = refused(application, by_post=True)
    assert not Message.objects.exists()
    assert refusal_letter(refusal=refusal, now=at("2025-06-20 10:00")).startswith(b"%PDF")


@pytest.mark.req("IX-REG-06", "IX-GEN-07")
def test_a_refund_is_recorded_only_after_a_refusal_and_complete_only_with_a_proof(desk):
    refusal = refused(checked())
    registration.report_refund(
        refusal_id=refusal.pk, day=date(2025, 7, 5), proof_shown=False, now=at("2025-07-05 10:00")
    )
    assert Licence.objects.get(card_serial="L001").state == "refused"
    registration.report_refund(
        refusal_id=refusal.pk, day=date(2025, 7, 5), proof_shown=True, now=at("2025-07-06 10:00")
    )
    assert Licence.objects.get(card_serial="L001").state == "refunded"
    licence("L002")
    waiting = refused(checked(card(card_serial="L002")), "2025-07-02 10:00")
    with pytest.raises(Refused, match="返金はありません"):
        registration.report_refund(
            refusal_id=waiting.pk, day=date(2025, 7, 2), proof_shown=True, now=at("2025-07-02 10:00")
        )


# ---- states


@pytest.mark.req("IX-REG-02")
@pytest.mark.parametrize("end", ["completed", "refused", "lapsed"])
def test_what_is_decided_stays_decided_and_loses_nothing(desk, end):
    application = checked(card(licence_purchased="2025-05-01"))
    match end:
        case "completed":
            accepted(application, reasons={"late": "承諾"})
        case "refused":
            refused(application)
        case "lapsed":
            registration.lapse(application_id=application.pk, reason="遅延", now=at("2025-06-03 10:00"))
    steps = [
        lambda: registration.begin_check(application_id=application.pk, now=at("2025-06-21 10:00")),
        lambda: registration.ask(
            application_id=application.pk, questions=["?"], by_mail=False, now=at("2025-06-21 10:00")
        ),
        lambda: refused(application, "2025-06-21 10:00"),
        lambda: registration.lapse(application_id=application.pk, reason="x", now=at("2025-06-21 10:00")),
        lambda: accepted(application, "2025-06-21 10:00", reasons={"late": "x"}),
        lambda: typed(Application.objects.get(pk=application.pk), card(body_serial="N9"), "2025-06-21 10:00"),
    ]
    for step in steps:
        with pytest.raises(Refused):
            step()
    application.refresh_from_db()
    assert application.state == end
    assert application.entries["body_serial"] == "N1"


@pytest.mark.req("IX-REG-02")
def test_a_received_card_cannot_be_decided_before_it_is_checked(desk):
    application = arrived()
    with pytest.raises(Refused, match="申請受領"):
        accepted(application)
    with pytest.raises(Refused):
        refused(application)


@pytest.mark.req("IX-REG-02", "IX-REG-15", "IX-PII-03")
def test_asking_keeps_the_clock_and_the_first_words(desk):
    application = checked(card(start_weekday=[]))
    inquiry = registration.ask(
        application_id=application.pk,
        questions=["開始基準曜日をお知らせください。"],
        by_mail=True,
        now=at("2025-06-03 09:00"),
    )
    application.refresh_from_db()
    assert (application.state, application.answer_by) == ("asking", date(2025, 7, 1))
    mail = Message.objects.get(pk=inquiry.message_id)
    assert (mail.to, mail.kind) == ("hanako@example.jp", "registration.inquiry")
    assert "2025/07/01" in mail.text
    registration.answer(
        inquiry_id=inquiry.pk, text="火", corrections={"start_weekday": ["tue"]}, now=at("2025-06-05 09:00")
    )
    application.refresh_from_db()
    inquiry.refresh_from_db()
    assert application.state == "checking"
    assert (inquiry.asked_by, inquiry.changed, inquiry.answered_at) == (
        application.events.first().actor,
        ["start_weekday"],
        at("2025-06-05 09:00"),
    )
    assert application.first_entries["start_weekday"] == []
    assert application.entries["start_weekday"] == ["tue"]
    with pytest.raises(Refused, match="すでに回答"):
        registration.answer(inquiry_id=inquiry.pk, text="水", corrections={}, now=at("2025-06-06 09:00"))
