"""The customer's side: the form on the web, what became of it, and the agreement."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hoshu.contracts.models import Application, ApplicationFile, Consent, CustomerNote
from hoshu.flows import registration
from hoshu.notifications.models import Message
from tests.contracts.cards import CONFIRMATIONS, at, card, licence, online, open_for_business, router, shipped
from tests.flows.registering import RECEIPT, accepted, checked, known_scans  # noqa: F401  (fixture)
from tests.people import AOBA, HAYASHI, KATO, KONDO, SATO, SHIMIZU, TANAKA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_scans")]

NOW = at("2025-06-03 10:00")
EVERYTHING = CONFIRMATIONS


@pytest.fixture
def customer(acting, login, time_machine):
    """Sato's browser on 3 June 2025."""
    time_machine.move_to(NOW, tick=False)
    with acting(HAYASHI, on=NOW.date()):
        open_for_business()
        licence()
        shipped(router())
    return login(SATO)


@pytest.fixture
def seen(acting):
    """What the database holds now, as Sato sees it."""

    def read(model, **which):
        with acting(SATO, on=NOW.date()):
            return list(model.objects.filter(**which).order_by("id"))

    return read


@pytest.fixture
def draft(customer, seen):
    """A form that was begun."""
    customer.post(url("application_new"), {"service": "ix"})
    return seen(Application)[0]


@pytest.fixture
def agreement(customer, acting, world):
    """What Aoba has."""
    with acting(HAYASHI, on=NOW.date()):
        return accepted(checked(), customer=world.organisations[AOBA].pk)


def url(name, *args):
    return reverse(f"portal:{name}", args=args)


def text(response):
    return response.content.decode()


def typed(**changes):
    return {name: value for name, value in online(**changes).items() if value not in ("", [], False)}


@pytest.mark.req("IX-GEN-04", "IX-PII-01", "IX-PII-02", "IX-PII-03", "IX-PII-05", "IX-REG-11")
def test_before_anything_is_asked_the_terms_and_the_use_of_the_data_are_shown(customer):
    page = text(customer.get(url("application_new"), {"service": "ix"}))
    assert reverse("entrance:edition", args=["ix", "2022-10"]) in page
    assert "第1章、第3章、第4章" in page
    for words in (
        "調査と分析",
        "委託",
        "担当者からご連絡",
        "はじめにお読みください",
        "touroku@example.jp",
    ):
        assert words in page


def test_the_form_begins_with_what_is_known(draft):
    assert draft.entries["entry_date"] == "2025/06/03"
    assert (draft.entries["contact_name"], draft.entries["contact_email"]) == ("佐藤 花子", "sato@example.jp")


@pytest.mark.req("IX-COV-09", "IX-CARD-01", "IX-SN-01", "IX-SN-02", "IX-GEN-09", "IX-SVC-03")
def test_the_form_asks_to_check_what_is_printed_and_helps_with_the_serial(customer, draft):
    customer.post(url("application_save", draft.number), typed() | {"version": draft.version})
    page = text(customer.get(url("application", draft.number)))
    for words in ("５日半日３年保守", "誤りがないか", "show hardware", "専門の知識", "最新の設定のバックアップ"):
        assert words in page
    assert "機種" not in page.split("card-form")[1].split("カードの裏面")[0].split("オプション")[0]


@pytest.mark.req("IX-CARD-12", "IX-GEN-04", "IX-GEN-05")
def test_sending_too_early_names_everything_and_keeps_everything(customer, draft, seen):
    sent = typed(site_address="", start_weekday=[]) | {"version": draft.version, "confirmed": ["read_terms"]}
    answer = customer.post(url("application_send", draft.number), sent)
    page = text(answer)
    assert answer.status_code == 422
    for words in (
        "まだ送信していません",
        "設置場所の住所",
        "第2章 1.(2)③",
        "第4章 4.(1)",
        "残っています",
    ):
        assert words in page
    (kept,) = seen(Application)
    assert (kept.state, kept.entries["body_serial"]) == ("draft", "N1")


@pytest.mark.req("IX-REG-11", "IX-REG-12", "IX-GEN-04")
def test_a_whole_form_is_received_with_its_consents_and_the_copy(customer, draft, seen):
    sent = typed() | {"version": draft.version, "confirmed": EVERYTHING}
    assert customer.post(url("application_send", draft.number), sent).status_code == 302
    (application,) = seen(Application)
    assert (application.state, application.received_at) == ("received", NOW)
    assert {consent.item for consent in seen(Consent)} == set(EVERYTHING)
    assert seen(Message)[0].kind == "registration.received"
    page = text(customer.get(url("application", draft.number)))
    assert "2025年7月3日(木)" in page
    assert customer.get(url("application_copy", draft.number)).content.startswith(b"%PDF")
    assert customer.post(url("application_save", draft.number), typed(body_serial="N9")).status_code == 409


def test_a_copy_that_can_not_be_printed_says_which_character(customer, draft, seen):
    customer.post(url("application_save", draft.number), typed(site_person="田中㋿") | {"version": draft.version})
    page = text(customer.get(url("application_copy", draft.number), follow=True))
    assert "印字できない文字があります: ㋿（U+32FF）" in page
    assert "別の字に直してください" in page
    (kept,) = seen(Application)
    assert kept.entries["site_person"] == "田中㋿"


def test_another_window_is_told_and_nothing_is_lost(customer, draft, seen):
    first = typed(site_person="一つ目") | {"version": draft.version, "shape": ""}
    second = typed(site_person="二つ目") | {"version": draft.version, "shape": ""}
    hx = {"HX-Request": "true"}
    customer.post(url("application_save", draft.number), first, headers=hx)
    assert "別の画面で先に保存" in text(customer.post(url("application_save", draft.number), second, headers=hx))
    page = text(customer.get(url("application_conflict", draft.number)))
    assert "一つ目" in page
    assert "二つ目" in page
    version = seen(Application)[0].version
    customer.post(url("application_conflict", draft.number), {"version": version, "site_person": "mine"})
    assert seen(Application)[0].entries["site_person"] == "二つ目"


@pytest.mark.req("IX-REG-13")
def test_the_proof_may_come_with_the_form_or_after_it(customer, draft, seen):
    sent = {"kind": "receipt", "file": SimpleUploadedFile("r.jpg", RECEIPT), "declared": "no"}
    customer.post(url("application_attach", draft.number), sent)
    customer.post(url("application_send", draft.number), typed() | {"version": draft.version, "confirmed": EVERYTHING})
    sent["file"] = SimpleUploadedFile("r2.jpg", RECEIPT)
    customer.post(url("application_attach", draft.number), sent)
    assert len(seen(ApplicationFile)) == 2
    answer = customer.post(url("application_attach", draft.number), {"kind": "receipt"}, follow=True)
    assert "書類を送れませんでした" in text(answer)


@pytest.mark.req("IX-REG-15")
def test_the_customer_answers_a_question(customer, acting, world, seen):
    with acting(SATO, on=NOW.date()):
        draft = registration.start_online(
            service="ix", tenant_id=world.organisations[AOBA].pk, entries=online(), now=NOW
        )
        registration.submit(application_id=draft.pk, confirmed=EVERYTHING, now=NOW)
    with acting(HAYASHI, on=NOW.date()):
        registration.begin_check(application_id=draft.pk, now=NOW)
        inquiry = registration.ask(application_id=draft.pk, questions=["曜日は？"], by_mail=True, now=NOW)
    assert "お答えいただきたいこと" in text(customer.get(url("home")))
    assert "曜日は？" in text(customer.get(url("application", draft.number)))
    customer.post(url("application_answer", draft.number, inquiry.pk), {"answer": "火曜日です"})
    assert seen(Application)[0].state == "checking"


@pytest.mark.req("IX-CARD-10")
def test_a_reference_never_shows_another_customers_data(customer, draft, acting, world, seen):
    with acting(HAYASHI, on=NOW.date()):
        licence("L002")
        shipped(router("R-2"), "N2")
        checked(card(contact_name="よその 担当"))
    shared = {"share_contact": "on", "share_site": "on", "shared_card_serial": "L001"}
    sent = typed(card_serial="L002", body_serial="N2") | shared | {"version": draft.version, "shape": ""}
    page = text(customer.post(url("application_save", draft.number), sent, headers={"HX-Request": "true"}))
    assert "到着を待っています" in page
    assert "よその" not in page


# ---- whose


def test_a_seller_chooses_for_which_customer_and_only_among_its_own(customer, login, world, seen):
    seller = login(KONDO)
    other = world.tenant(KATO)
    seller.post(url("application_new"), {"service": "ix", "customer": str(other)})
    (draft,) = seen(Application)
    assert draft.tenant_id == world.organisations[AOBA].pk
    assert "contact_name" not in draft.entries
    nobody = login(SHIMIZU)
    assert "申請できるお客様がまだありません" in text(nobody.get(url("application_new"), {"service": "ix"}))


def test_a_foreign_application_is_not_found(draft, agreement, login):
    stranger = login(KATO)
    for name, number in [("application", draft.number), ("agreement", agreement.number)]:
        assert stranger.get(url(name, number)).status_code == 404
    for name in ("application_save", "application_send", "application_attach"):
        assert stranger.post(url(name, draft.number), typed()).status_code == 404
    assert stranger.post(url("agreement_memo", agreement.number), {"text": "x"}).status_code == 404


# ---- home and agreement


def test_the_first_page_says_in_one_sentence_whether_anything_is_to_be_done(customer, agreement):
    page = text(customer.get(url("home")))
    assert "今すぐ対応が必要なことはありません" in page
    assert agreement.number in page


def test_an_ending_is_pointed_out_in_time(agreement, login, time_machine):
    time_machine.move_to(at("2028-02-15 10:00"), tick=False)
    assert '次の満了日は <span class="day">2028年4月30日(日)</span>' in text(login(SATO).get(url("home")))


@pytest.mark.req("IX-COV-08", "IX-REG-07", "IX-REG-14", "IX-GEN-09", "IX-SVC-03", "IX-COV-09")
def test_the_agreement_says_what_to_quote_keep_and_check(customer, agreement, seen):
    page = text(customer.get(url("agreement", agreement.number)))
    for words in ("N1", "03-0000-0100", "2028年4月30日", "保管してください", "誤りがあるとき", "2025年7月3日", "起点"):
        assert words in page
    letter = seen(Message, about=agreement.number)[0].letter_id
    assert customer.get(url("agreement_letter", agreement.number, letter)).content.startswith(b"%PDF")


@pytest.mark.req("IX-CHG-01")
def test_nothing_can_be_changed_any_more_after_the_end(agreement, login, time_machine):
    time_machine.move_to(at("2028-04-30 10:00"), tick=False)
    assert "からの変更に間に合います" in text(login(SATO).get(url("agreement", agreement.number)))
    time_machine.move_to(at("2028-05-01 10:00"), tick=False)
    assert "からの変更に間に合います" not in text(login(SATO).get(url("agreement", agreement.number)))


@pytest.mark.parametrize(
    ("place", "column"), [("home", "お客様"), ("agreements", "お客様"), ("applications", "サービス")]
)
def test_a_seller_reads_whose_each_line_is(agreement, draft, login, world, place, column):
    name = f'<td data-label="{column}">{world.organisations[AOBA].name}<'
    assert name in text(login(KONDO).get(url(place)))
    assert name not in text(login(SATO).get(url(place)))


@pytest.mark.req("IX-DOC-03", "IX-MYN-01")
def test_the_memo_is_the_customers_and_no_personal_number_is_kept(customer, agreement, login, seen):
    customer.post(url("agreement_memo", agreement.number), {"text": "鍵は受付 1234-5678-9018"})
    (note,) = seen(CustomerNote)
    assert note.text == "鍵は受付 ＊＊＊＊-＊＊＊＊-＊＊＊＊"
    assert "鍵は受付" in text(login(TANAKA).get(url("agreement", agreement.number)))
    seller = login(KONDO)
    assert "鍵は受付" not in text(seller.get(url("agreement", agreement.number)))
    clerk = text(login(HAYASHI).get(reverse("console:agreement", args=[agreement.number])))
    assert "鍵は受付" not in clerk


def test_the_list_finds_by_serial(customer, agreement):
    assert agreement.number in text(customer.get(url("agreements"), {"q": "n 1"}))
    assert date(2028, 4, 30) == agreement.ends_on
