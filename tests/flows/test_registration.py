"""From the card to the completion notice, on the real database."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from hoshu.accounts.models import HistoryEntry
from hoshu.contracts import Refused, queries, stock
from hoshu.contracts.assessment import assess
from hoshu.contracts.models import (
    Agreement,
    Application,
    Device,
    DeviceSerial,
    ParkedEntries,
    Party,
    Revision,
)
from hoshu.decisions.models import Decision
from hoshu.flows import registration
from hoshu.flows.registration_notices import preview_completion
from hoshu.notifications.models import Message
from tests.contracts.cards import at, card, licence, router, shipped
from tests.files.samples import picture
from tests.flows.registering import JUNE_1, accepted, arrived, checked, codes, proven, typed
from tests.people import AOBA, KATO, SATO, YAMADA

pytestmark = pytest.mark.django_db


# ---- accepting


@pytest.mark.req("IX-REG-03", "IX-REG-04", "IX-REG-01", "IX-SPEC-01", "IX-COV-04", "IX-GEN-01")
def test_sending_the_notice_is_the_acceptance_with_everything_that_follows_from_it(desk):
    application = checked()
    proven(application, date(2025, 5, 10))
    agreement = accepted(application)

    assert (agreement.counted_from, agreement.starts_on, agreement.ends_on) == (
        date(2025, 5, 10),
        date(2025, 6, 3),
        date(2028, 5, 31),
    )
    assert (agreement.purchase_basis, agreement.edition, agreement.plan) == ("receipt", "2022-10", "5d-3y")
    assert agreement.number == application.number.replace("AP", "SA")
    assert agreement.accepted_at == at("2025-06-03 14:20")

    revision = Revision.objects.get(agreement=agreement)
    assert (revision.number, revision.start_weekday) == (1, "tue")
    assert {party.kind for party in revision.parties.all()} == {"contact", "site", "writer"}
    notice = Message.objects.get(pk=revision.notice_id)
    assert (notice.to, notice.created_at, notice.state) == ("hanako@example.jp", agreement.accepted_at, "waiting")
    assert notice.letter.pdf

    decided = Decision.objects.get(pk=agreement.coverage_id)
    assert (decided.about, decided.act, decided.actor) == (agreement.number, "承諾", desk.label)
    application.refresh_from_db()
    assert (application.state, application.decided_by) == ("completed", desk.label)
    assert application.licence.state == "used"


@pytest.mark.req("IX-CARD-08", "IX-CARD-08R")
def test_numbers_stay_as_typed_on_the_card_and_are_shown_in_one_form_ever_after(desk):
    entries = card(
        contact_phone="＋８１ー３ー００００ー１２３４",
        site_phone="022-000-1234 内線5",
        site_postal_code="〒９８００８１１",
    )
    application = checked(entries)
    agreement = accepted(application)
    parties = {party.kind: party for party in Party.objects.filter(revision__agreement=agreement)}
    assert (parties["contact"].phone, parties["contact"].phone_digits) == ("03-0000-1234", "0300001234")
    assert (parties["site"].phone, parties["site"].phone_digits) == ("022-000-1234 内線5", "0220001234")
    assert parties["site"].postal_code == "980-0811"
    application.refresh_from_db()
    assert {name: application.entries[name] for name in entries} == entries


@pytest.mark.req("IX-REG-03", "IX-REG-07", "IX-REG-14", "IX-GEN-09", "IX-COV-09", "IX-SVC-03")
def test_the_notice_says_all_that_the_customer_has_to_keep_check_and_know(desk):
    text = Message.objects.get(about=accepted(checked()).number).text
    for fact in ("SA0", "2028/04/30", "N1", "５日半日３年保守", "火曜日", "障害受付窓口", "03-0000-0100", "版数: 1"):
        assert fact in text
    for sentence in (
        "誤りがないか",
        "保管してください",
        "製造番号をお伝え",
        "事前に変更を申請",
        "バックアップ",
        "出荷日",
    ):
        assert sentence in text


@pytest.mark.req("IX-REG-13", "IX-COV-03")
def test_without_proof_the_shipment_date_stands_in_and_the_notice_says_so(desk):
    agreement = accepted(checked())
    assert (agreement.purchased_on, agreement.purchase_basis) == (date(2025, 4, 22), "shipped")
    assert agreement.ends_on == date(2028, 4, 30)
    assert "根拠: 出荷日" in Message.objects.get(about=agreement.number).text


@pytest.mark.req("IX-COV-03")
def test_the_handwritten_date_alone_is_never_taken(desk):
    application = checked(card(body_serial="N2"))
    assert "product" in codes(application)
    typed(application, card(body_serial="N2", product="R-2105"), "2025-06-02 10:00")
    application.refresh_from_db()
    assert codes(application) == ["purchase_unknown"]
    with pytest.raises(Refused):
        accepted(application)


@pytest.mark.req("IX-COV-03", "IX-REG-13")
def test_a_proof_whose_date_differs_from_the_card_is_asked_about_and_its_date_proposed(desk):
    application = checked()
    proven(application, date(2025, 5, 12))
    assert codes(application) == ["dates_differ"]
    inquiry = registration.ask(
        application_id=application.pk, questions=["ご購入日はどちらですか。"], by_mail=True, now=at("2025-06-03 09:00")
    )
    registration.answer(
        inquiry_id=inquiry.pk, text="5月12日です。", corrections={"purchased": "2025/5/12"}, now=at("2025-06-05 09:00")
    )
    agreement = accepted(application, "2025-06-06 10:00")
    assert (agreement.purchased_on, agreement.purchase_basis) == (date(2025, 5, 12), "receipt")
    application.refresh_from_db()
    assert application.first_entries["purchased"] == "2025/5/10"


@pytest.mark.req("IX-COV-07")
@pytest.mark.parametrize("bought", ["2025-05-10", "2025-05-30"])
@pytest.mark.parametrize("decided", ["2025-06-03 14:20", "2025-06-29 09:00"])
def test_the_licence_purchase_date_and_the_day_of_registration_never_move_the_end(desk, bought, decided):
    agreement = accepted(checked(card(licence_purchased=bought)), decided)
    assert agreement.ends_on == date(2028, 4, 30)


@pytest.mark.req("IX-COV-01", "IX-REG-10")
def test_the_day_after_the_card_deadline_is_the_origin_where_it_is_earlier(desk):
    licence("L002", card_deadline=date(2025, 2, 28))
    shipped(router("R-2"), "N2", date(2025, 4, 5))
    entries = card(card_serial="L002", body_serial="N2", purchased="2025-04-05")
    agreement = accepted(checked(entries))
    assert (agreement.counted_from, agreement.ends_on) == (date(2025, 3, 1), date(2028, 3, 31))


@pytest.mark.req("IX-REG-10", "IX-COV-01")
def test_a_card_without_a_printed_deadline_in_stock_is_held(desk):
    kept = licence("L002", card_deadline=None)
    application = checked(card(card_serial="L002"))
    assert codes(application) == ["card_deadline"]
    stock.complete_licence(licence_id=kept.pk, card_deadline=date(2026, 1, 31))
    assert accepted(application).licence == kept


@pytest.mark.req("IX-REG-03", "IX-CARD-08")
def test_without_an_address_for_the_notice_nothing_is_accepted(desk):
    application = checked(card(contact_email=""))
    with pytest.raises(Refused, match="メールアドレス"):
        accepted(application)
    assert not Agreement.objects.exists()


@pytest.mark.req("IX-SPEC-01")
def test_paper_without_the_card_itself_is_no_application(desk):
    application = checked(scan=False)
    assert codes(application) == ["no_application"]
    registration.attach(
        application_id=application.pk,
        kind="card",
        name="card.png",
        content=picture("PNG"),
        declared_personal_number=False,
        now=at("2025-06-02 09:00"),
    )
    assert codes(application) == []


@pytest.mark.req("IX-CARD-00")
def test_a_used_card_is_held_with_the_agreement_it_became(desk):
    agreement = accepted(checked())
    shipped(Device.objects.get().product, "N2")
    hold = assess(checked(card(body_serial="N2")), now=at("2025-06-04 10:00")).holds[0]
    assert (hold.code, hold.agreement, hold.clearable) == ("licence_used", agreement.number, False)


@pytest.mark.req("IX-CARD-04", "IX-GEN-06")
def test_a_body_under_a_running_licence_is_held_with_a_link(desk):
    agreement = accepted(checked())
    licence("L002")
    application = checked(card(card_serial="L002"))
    hold = assess(application, now=at("2025-06-04 10:00")).holds[0]
    assert (hold.code, hold.agreement) == ("already_registered", agreement.number)
    with pytest.raises(Refused, match="別の有効な契約"):
        accepted(application, "2025-06-04 10:00")


@pytest.mark.req("IX-GEN-06")
def test_a_body_whose_licence_has_ended_may_get_another_one(desk):
    first = accepted(checked())
    licence("L002", card_deadline=date(2029, 1, 1))
    entries = card(card_serial="L002", entry_date="2028-05-02", licence_purchased="2028-05-01", purchased="2028-05-01")
    application = checked(entries, received="2028-05-02 10:00")
    proven(application, date(2028, 5, 1), now="2028-05-02 11:00")
    second = accepted(application, "2028-05-03 10:00", customer=first.tenant_id)
    assert second.device == first.device
    assert DeviceSerial.objects.filter(serial="N1", valid_until=None).count() == 1


@pytest.mark.req("IX-GEN-06")
def test_the_database_keeps_a_body_from_being_registered_twice(desk):
    kept = DeviceSerial.objects.get(device=accepted(checked()).device)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeviceSerial.objects.create(
            tenant_id=kept.tenant_id, device=kept.device, serial="N1", valid_from=at("2025-06-04 10:00")
        )


@pytest.mark.req("IX-GEN-06")
def test_two_bodies_on_one_card_are_proposed_for_refusal(desk):
    found = assess(checked(card(body_serial="N1、N2")), now=at("2025-06-03 10:00"))
    assert found.proposal == "refuse"
    assert "はじめに" in {reason["clause"] for reason in found.registration.reasons}


@pytest.mark.req("IX-PLAN-02", "IX-CARD-01")
def test_the_plan_comes_from_the_licence_and_a_correction_by_hand_is_decided_with_a_reason(desk):
    application = checked(card(plan_altered=True))
    with pytest.raises(Refused, match="手書きの訂正"):
        accepted(application)
    agreement = accepted(application, reasons={"plan_altered": "電話で印字どおりと伝えました。"})
    assert agreement.plan == "5d-3y"
    assert "電話で印字どおり" in application.events.get(state="completed").note


@pytest.mark.req("IX-COV-05", "IX-COV-02")
def test_the_support_limit_cuts_the_end_and_the_notice_says_so(desk):
    model = router("R-OLD")
    stock.end_product(product_id=model.pk, end_of_sale=date(2022, 9, 30))
    shipped(model, "N3", date(2025, 5, 1))
    licence("L003", plan="5d-5y")
    agreement = accepted(checked(card(card_serial="L003", body_serial="N3", purchased="2025-5-1")))
    assert (agreement.ends_on, agreement.capped_by) == (date(2027, 9, 30), "end_of_sale")
    assert agreement.support_limit == date(2027, 9, 30)
    assert "保守対応期限により短縮" in Message.objects.get(about=agreement.number).text


@pytest.mark.req("IX-COV-04", "IX-COV-07", "IX-REG-09")
def test_where_no_served_day_is_left_nothing_is_accepted_silently(desk):
    shipped(router("R-9"), "N9", date(2021, 3, 15))
    entries = card(body_serial="N9", purchased="2021-03-15", licence_purchased="2024-04-05", entry_date="2024-04-09")
    application = checked(entries, received="2024-04-10 10:00")
    found = assess(application, now=at("2024-04-11 10:00"))
    assert found.nothing_left
    assert "nothing_left" in [hold.code for hold in found.blocking]
    with pytest.raises(Refused, match="一日も残っていません"):
        accepted(application, "2024-04-11 10:00")


@pytest.mark.req("IX-GEN-01")
def test_an_agreement_always_has_its_edition_its_notice_and_its_decision(desk):
    agreement = accepted(checked())
    for name in ("edition", "coverage_id", "application_id"):
        assert getattr(agreement, name)
    assert Agreement._meta.get_field("edition").null is False
    assert Revision.objects.get(agreement=agreement).notice_id


@pytest.mark.req("IX-REG-03")
def test_a_notice_that_cannot_be_printed_undoes_the_acceptance(desk):
    application = checked(card(contact_name="山田 \U00020bb8\U0001f600"))
    with pytest.raises(Refused, match="印字できない文字"):
        accepted(application)
    assert not Agreement.objects.exists()
    assert not Message.objects.exists()


def test_the_preview_is_the_notice_that_will_be_sent(desk):
    application = checked()
    notice = preview_completion(
        application=application, assessment=assess(application, now=at("2025-06-03 14:20")), now=at("2025-06-03 14:20")
    )
    assert notice.text() == Message.objects.get(about=accepted(application).number).text


# ---- whose card it is


@pytest.mark.req("IX-GEN-02")
def test_accepting_makes_a_customer_of_a_new_company_and_gives_it_everything_of_its_card(desk):
    application = checked()
    proven(application, date(2025, 5, 10))
    agreement = accepted(application)
    assert agreement.tenant.name == "みどり製作所株式会社"
    application.refresh_from_db()
    rows = [application, *application.events.all(), *application.files.all(), *application.consents.all()]
    rows += [attached.file for attached in application.files.all()]
    assert {row.tenant_id for row in rows} == {agreement.tenant_id}


def test_a_known_customer_is_chosen_and_its_people_then_see_their_agreement(desk, world, acting):
    aoba = world.organisations[AOBA].pk
    agreement = accepted(checked(), customer=aoba)
    with acting(SATO, on=JUNE_1):
        assert list(queries.agreements()) == [agreement]
        assert Party.objects.count() == 3
    with acting(KATO, on=JUNE_1):
        assert not queries.agreements().exists()
        assert not Application.objects.exists()


@pytest.mark.req("IX-GEN-02", "IX-REG-02")
def test_every_turn_says_who_in_which_role_when_and_why(desk):
    application = checked()
    registration.ask(application_id=application.pk, questions=["曜日は？"], by_mail=False, now=at("2025-06-03 09:00"))
    events = list(application.events.order_by("id"))
    assert [event.state for event in events] == ["draft", "received", "checking", "asking"]
    assert {(event.actor, event.role) for event in events} == {(desk.label, "登録担当")}
    assert events[-1].note == "曜日は？"


# ---- one card for several


@pytest.mark.req("IX-CARD-10")
def test_a_card_waits_for_its_representative_and_goes_on_when_it_arrives(desk):
    licence("L002")
    shipped(router("R-2"), "N2")
    empty = {name: "" for name in card() if name.startswith(("contact_", "site_"))}
    shared = {"share_contact": True, "share_site": True, "shared_card_serial": "L001"}
    waiting = checked(card(card_serial="L002", body_serial="N2", **empty, **shared))
    assert assess(waiting, now=at("2025-06-01 11:00")).proposal == "wait"
    registration.wait_for_card(application_id=waiting.pk, now=at("2025-06-01 11:00"))

    checked(card(), received="2025-06-05 10:00")

    waiting.refresh_from_db()
    assert (waiting.state, waiting.answer_by) == ("checking", date(2025, 7, 1))
    agreement = accepted(waiting, "2025-06-06 10:00")
    contact = Party.objects.get(revision__agreement=agreement, kind="contact")
    assert (contact.email, contact.source_card) == ("hanako@example.jp", "L001")


@pytest.mark.req("IX-CARD-10")
def test_a_representative_that_is_completed_later_wakes_the_waiting_card_too(desk):
    licence("L002")
    shipped(router("R-2"), "N2")
    empty = {name: "" for name in card() if name.startswith(("contact_", "site_"))}
    shared = {"share_contact": True, "share_site": True, "shared_card_serial": "L001"}
    representative = checked(card(contact_name=""))
    waiting = checked(card(card_serial="L002", body_serial="N2", **empty, **shared))
    registration.wait_for_card(application_id=waiting.pk, now=at("2025-06-01 11:00"))
    inquiry = registration.ask(
        application_id=representative.pk, questions=["お名前は？"], by_mail=False, now=at("2025-06-02 09:00")
    )
    waiting.refresh_from_db()
    assert waiting.state == "asking"
    registration.answer(
        inquiry_id=inquiry.pk, text="山田です", corrections={"contact_name": "山田 花子"}, now=at("2025-06-03 09:00")
    )
    waiting.refresh_from_db()
    assert waiting.state == "checking"


@pytest.mark.req("IX-CARD-10")
def test_the_copy_does_not_follow_a_later_change_of_the_representative(desk):
    licence("L002")
    shipped(router("R-2"), "N2")
    representative = checked()
    shared = {"share_contact": True, "share_site": True, "shared_card_serial": "L001"}
    empty = {name: "" for name in card() if name.startswith(("contact_", "site_"))}
    agreement = accepted(checked(card(card_serial="L002", body_serial="N2", **empty, **shared)))
    representative.refresh_from_db()
    typed(representative, card(contact_name="別の 人"), "2025-06-04 10:00")
    assert Party.objects.get(revision__agreement=agreement, kind="contact").name == "山田 花子"


# ---- two at once


@pytest.mark.req("IX-GEN-05")
def test_who_saves_over_a_newer_version_overwrites_nothing_and_loses_nothing(desk, acting):
    application = arrived()
    seen = application.version
    registration.save(
        application_id=application.pk, based_on=seen, entries=card(site_person="先に 保存"), now=at("2025-06-02 10:00")
    )
    with acting(YAMADA, on=JUNE_1):
        second = registration.save(
            application_id=application.pk, based_on=seen, entries=card(site_person="後から"), now=at("2025-06-02 10:01")
        )
        assert second.parked.entries["site_person"] == "後から"
        assert second.application.entries["site_person"] == "先に 保存"
        registration.save(
            application_id=application.pk,
            based_on=second.application.version,
            entries=card(site_person="後から"),
            now=at("2025-06-02 10:02"),
        )
        assert not ParkedEntries.objects.exists()
    application.refresh_from_db()
    assert application.entries["site_person"] == "後から"


def test_the_history_names_who_changed_an_entry(desk):
    application = arrived()
    typed(application, card(site_person="改めた"), "2025-06-02 10:00")
    with transaction.atomic():
        last = HistoryEntry.objects.filter(table="contracts_application", row_id=application.pk).order_by("-id")[0]
    assert last.actor == desk.label
    assert (last.before["entries"]["site_person"], last.after["entries"]["site_person"]) == ("佐藤 一郎", "改めた")
