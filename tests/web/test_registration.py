"""The clerk's screens of a registration, with a real request."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hoshu.contracts import stock
from hoshu.contracts.models import Agreement, Application, ApplicationFile, Licence, ParkedEntries, Product, Refusal
from hoshu.flows import corrections, registration
from hoshu.notifications.models import Message
from tests.contracts.cards import FAMILY, at, card, licence, open_for_business, router, shipped
from tests.contracts.forms import confirmations, machine, model, pack, packed
from tests.flows.registering import RECEIPT, SCAN, accepted, checked, known_scans, proven  # noqa: F401  (fixture)
from tests.people import AOBA, HAYASHI, ITO, MORI, NISHI, SATO, YAMADA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_scans")]

NOW = at("2025-06-03 10:00")


@pytest.fixture
def clerk(acting, login, time_machine):
    """Hayashi's browser on 3 June 2025, with one licence and one router in stock."""
    time_machine.move_to(NOW, tick=False)
    with acting(HAYASHI, on=NOW.date()):
        open_for_business()
        licence()
        shipped(router())
    return login(HAYASHI)


@pytest.fixture
def received(clerk, acting):
    """A card that is being checked."""
    with acting(HAYASHI, on=NOW.date()):
        return checked()


@pytest.fixture
def stored(acting):
    """What the database holds now, as the clerk sees it."""

    def read(model, **which):
        with acting(HAYASHI, on=NOW.date()):
            return list(model.objects.filter(**which).order_by("id"))

    return read


def url(name, *args):
    return reverse(f"console:{name}", args=args)


def text(response):
    return response.content.decode()


def typed(**changes):
    """The card as the form posts it."""
    entries = card(**changes)
    return {name: value for name, value in entries.items() if value not in ("", [], False)}


def upload(name="card.pdf", content=SCAN):
    return SimpleUploadedFile(name, content)


# ---- the list, and taking cards in


def test_the_list_shows_what_waits_the_most_urgent_first(clerk, received):
    page = text(clerk.get(url("applications")))
    assert received.number in page
    assert "2025/07/01(火)" in page
    assert "あと28日" in page
    assert received.number not in text(clerk.get(url("applications"), {"state": "completed"}))
    assert received.number in text(clerk.get(url("applications"), {"q": "l001"}))


def test_an_empty_list_says_how_to_begin(clerk):
    assert "届いたカードを受領すると" in text(clerk.get(url("applications")))


def test_every_list_exports(clerk, received):
    assert received.number in text(clerk.get(url("applications_export")))
    clerk.post(url("application_accept", received.number), {"customer": "new"})
    assert "SA" in text(clerk.get(url("agreements_export")))


@pytest.mark.req("IX-REG-12")
def test_many_files_are_many_cards_each_with_its_arrival(clerk, stored):
    files = [upload("a.pdf"), upload("b.pdf")]
    sent = {"service": "ix", "channel": "email", "received_at": "2025-06-02T23:58", "declared": "no", "cards": files}
    assert clerk.post(url("application_new"), sent).url == url("applications")
    applications = stored(Application)
    assert [one.received_at for one in applications] == [at("2025-06-02 23:58")] * 2
    assert [one.answer_by for one in applications] == [date(2025, 7, 2)] * 2
    assert len(stored(ApplicationFile)) == 2


def test_two_sides_of_one_card_stay_together(clerk, stored):
    files = [upload("front.pdf"), upload("back.jpg", RECEIPT)]
    sent = {"service": "ix", "channel": "post", "received_at": "2025-06-03T09:00", "declared": "no", "cards": files}
    answer = clerk.post(url("application_new"), sent | {"together": "on"})
    (application,) = stored(Application)
    assert answer.url == url("application", application.number)
    assert len(stored(ApplicationFile)) == 2


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"cards": upload("card.pdf", b"%PDF-1.4 broken")}, "開け"),
        ({"cards": upload("card.pdf", b"hello")}, "PDF・JPEG・PNG"),
        ({"received_at": "2025-06-04T09:00"}, "未来"),
        ({"declared": ""}, "個人番号が含まれるか"),
        ({"channel": ""}, "選んでください"),
    ],
)
def test_what_cannot_be_taken_is_told_and_nothing_is_half_taken(clerk, stored, changes, says):
    sent = {"service": "ix", "channel": "post", "received_at": "2025-06-03T09:00", "declared": "no", "cards": upload()}
    answer = clerk.post(url("application_new"), sent | changes)
    assert answer.status_code == 422
    assert says in text(answer)
    assert stored(Application) == []


def test_a_card_too_large_is_refused_before_it_is_read(clerk):
    length = str(200 * 1024 * 1024)
    answer = clerk.post(url("application_new"), data=b"x", content_type="multipart/form-data", CONTENT_LENGTH=length)
    assert answer.status_code == 413


# ---- typing beside the scan


@pytest.mark.req("IX-COV-08")
def test_the_page_shows_scan_form_and_period_together(clerk, received, stored):
    page = text(clerk.get(url("application", received.number)))
    (scan,) = stored(ApplicationFile)
    assert url("file_page", scan.file_id, 1) in page
    assert page.index("①") < page.index("②") < page.index("③") < page.index("④") < page.index("⑦") < page.index("⑨")
    assert "2028/04/30" in page
    assert "起点" in page


@pytest.mark.req("IX-SN-01", "IX-SN-02", "IX-CARD-04")
def test_the_help_for_the_serial_stands_with_its_warning(clerk, received):
    page = text(clerk.get(url("application", received.number)))
    assert "保証書、または本体底面のラベル" in page
    assert page.index("show hardware") < page.index("専門の知識") < page.index("show hardware") + 200


@pytest.mark.req("IX-COV-08", "IX-GEN-05")
def test_saving_answers_with_all_faults_the_period_and_the_next_version(clerk, received):
    sent = typed(purchased="2025/2/30", site_address="Singapore") | {"version": received.version, "shape": ""}
    page = text(clerk.post(url("application_save", received.number), sent, headers={"HX-Request": "true"}))
    assert "暦にない日付" in page
    assert "第3章 1.(1)" in page
    assert f'name="version" value="{received.version + 1}"' in page
    assert 'id="judgement"' in page


def test_the_weekday_appears_with_the_plan_of_the_typed_card(clerk, received, acting):
    with acting(HAYASHI, on=NOW.date()):
        licence("L007", plan="7d-5y")
    sent = typed(card_serial="L007") | {"version": received.version, "shape": "5d-3y:0:R-2105"}
    page = text(clerk.post(url("application_save", received.number), sent, headers={"HX-Request": "true"}))
    assert "週7日のカードでは選びません" in page
    assert "2030/04/30" in page


@pytest.mark.req("IX-GEN-05")
def test_the_second_of_two_clerks_is_told_and_chooses_field_by_field(clerk, received, login, stored):
    both = {"version": received.version, "shape": ""}
    hx = {"HX-Request": "true"}
    clerk.post(url("application_save", received.number), typed(site_person="先の人") | both, headers=hx)
    other = login(YAMADA)
    told = other.post(url("application_save", received.number), typed(site_person="後の人") | both, headers=hx)
    assert "先にこのカードを保存しました" in text(told)
    (application,) = stored(Application)
    assert application.entries["site_person"] == "先の人"

    page = text(other.get(url("conflict", received.number)))
    assert "先の人" in page
    assert "後の人" in page
    other.post(url("conflict", received.number), {"version": application.version, "site_person": "mine"})
    (application,) = stored(Application)
    assert application.entries["site_person"] == "後の人"
    assert stored(ParkedEntries) == []


@pytest.mark.req("IX-MYN-01")
def test_a_personal_number_is_masked_and_the_clerk_is_told(clerk, received, stored):
    sent = typed(site_person="佐藤 1234-5678-9018") | {"version": received.version, "shape": ""}
    page = text(clerk.post(url("application_save", received.number), sent, headers={"HX-Request": "true"}))
    assert "設置場所のご担当者" in page
    assert "個人番号はお預かりできません" in page
    assert "9018" not in str(stored(Application)[0].entries)


def test_without_scripts_the_form_saves_too(clerk, received, stored):
    sent = typed(site_person="改めた") | {"version": received.version}
    assert clerk.post(url("application_save", received.number), sent).status_code == 302
    assert stored(Application)[0].entries["site_person"] == "改めた"


def test_options_are_ticked_with_their_quantity(clerk, acting, stored):
    with acting(HAYASHI, on=NOW.date()):
        model = router("R-3110", registers_options=True)
        stock.enter_option(code="OP-1", name="増設ポート", product_ids=[model.pk])
        shipped(model, "N3")
        licence("L003", registers_options=True)
        application = checked(card(card_serial="L003", body_serial="N3"))
    sent = typed(card_serial="L003", body_serial="N3") | {"version": application.version}
    sent |= {"option": ["OP-1"], "quantity:OP-1": "２", "option_other": "X-9", "quantity_other": "1"}
    clerk.post(url("application_save", application.number), sent)
    page = text(clerk.get(url("application", application.number)))
    assert "「X-9」は対象のオプションでないため" in page
    clerk.post(url("application_accept", application.number), {"customer": "new"})
    (agreement,) = stored(Agreement)
    assert "増設ポート×2" in stored(Message, about=agreement.number)[0].text


@pytest.mark.req("IX-REG-13")
def test_a_proof_is_added_with_its_date(clerk, received, stored):
    sent = {"kind": "receipt", "file": upload("receipt.jpg", RECEIPT), "declared": "no", "date_read": "R7.5.10"}
    clerk.post(url("application_attach", received.number), sent)
    (proof,) = stored(ApplicationFile, kind="receipt")
    assert (proof.date_read, proof.read_by[:4]) == (date(2025, 5, 10), "林 直樹")
    clerk.post(url("application_proof", received.number, proof.pk), {"date_read": "2025/5/9"})
    assert stored(ApplicationFile, kind="receipt")[0].date_read == date(2025, 5, 9)
    page = clerk.post(url("application_proof", received.number, proof.pk), {"date_read": "2025/2/30"}, follow=True)
    assert "暦にない" in text(page)


def test_a_proof_that_is_no_document_stays_out(clerk, received, stored):
    sent = {"kind": "receipt", "file": upload("receipt.pdf", b"no pdf"), "declared": "no"}
    answer = clerk.post(url("application_attach", received.number), sent)
    assert answer.status_code == 422
    assert stored(ApplicationFile, kind="receipt") == []


# ---- deciding


@pytest.mark.req("IX-REG-03", "IX-REG-04")
def test_the_decision_shows_the_number_to_be_and_the_notice_before_anything_is_sent(clerk, received, stored):
    page = text(clerk.get(url("application_decide", received.number)))
    assert received.number.replace("AP", "SA") in page
    assert "登録が完了しました。サポート満了日は2028/04/30" in page
    assert "承諾して登録完了のお知らせを送る" in page
    assert stored(Message) == []


def test_a_wrong_field_is_put_right_before_anything_is_accepted(clerk, acting):
    with acting(HAYASHI, on=NOW.date()):
        number = checked(card(site_address="架空町1-2-3")).number
    page = text(clerk.get(url("application", number)))
    assert "要訂正" in page
    assert "先に、誤りのある欄を直してください。" in page
    panel = text(clerk.get(url("application_decide", number)))
    assert f'href="{url("application", number)}#card_site_address">カードの欄を直す</a>' in panel
    assert "⑧ 設置場所の住所: 都道府県から入力してください。" in panel
    assert "送るお知らせ" not in panel  # nothing can be accepted yet


def test_an_empty_field_is_asked_about(clerk, acting):
    with acting(HAYASHI, on=NOW.date()):
        number = checked(card(contact_email="")).number
    assert "要照会" in text(clerk.get(url("application", number)))
    assert "カードの欄を直す" not in text(clerk.get(url("application_decide", number)))


def test_a_card_without_customer_needs_an_explicit_choice(clerk, received, stored):
    answer = clerk.post(url("application_accept", received.number), {})
    assert answer.status_code == 422
    assert "どのお客様のカードか" in text(answer)
    assert clerk.post(url("application_accept", received.number), {"customer": "new"}).status_code == 302
    assert stored(Application)[0].state == "completed"


def test_what_stands_in_the_way_is_said_on_the_page_with_what_was_typed(clerk, acting, stored):
    with acting(HAYASHI, on=NOW.date()):
        late = checked(card(licence_purchased="2025-05-01"))
    sent = {"customer": "new", "reason:late": " "}
    answer = clerk.post(url("application_accept", late.number), sent)
    assert "30日を過ぎた" in text(answer)
    assert stored(Agreement) == []
    clerk.post(url("application_accept", late.number), sent | {"reason:late": "初回のため"})
    assert len(stored(Agreement)) == 1


@pytest.mark.req("IX-REG-15")
def test_asking_sends_a_mail_and_the_answer_is_recorded(clerk, acting, stored):
    with acting(HAYASHI, on=NOW.date()):
        application = checked(card(start_weekday=[]))
    page = text(clerk.get(url("application_decide", application.number)))
    assert "③開始基準曜日" in page
    clerk.post(url("application_ask", application.number), {"question": ["曜日は？"], "by": "mail", "more": ""})
    assert "曜日は？" in stored(Message)[0].text
    (inquiry,) = stored(type(application.inquiries.model()))
    clerk.post(url("application_answered", application.number, inquiry.pk), {"answer": "火"})
    assert stored(Application)[0].state == "checking"


@pytest.mark.req("IX-REG-05", "IX-REG-06")
def test_a_refusal_is_explicit_named_and_leads_to_the_refund(clerk, received, stored):
    sent = {"reason": "", "clause": "第3章 前文", "by": "mail"}
    assert "理由" in text(clerk.post(url("application_refuse", received.number), sent))
    clerk.post(url("application_refuse", received.number), sent | {"reason": "現物を確認できません。"})
    (refusal,) = stored(Refusal)
    assert refusal.sent_at == NOW
    assert clerk.get(url("application_refusal", received.number))["Content-Type"] == "application/pdf"
    clerk.post(url("application_refund", received.number), {"day": "2025/6/3", "proof": "yes"})
    assert stored(Licence)[0].state == "refunded"


def test_a_refusal_letter_that_can_not_be_printed_says_which_character(clerk, received):
    sent = {"reason": "㋿を確認できません。", "clause": "第3章 前文", "by": "mail"}
    clerk.post(url("application_refuse", received.number), sent)
    page = text(clerk.get(url("application_refusal", received.number), follow=True))
    assert "印字できない文字があります: ㋿（U+32FF）" in page
    assert "別の字に直してください" in page


@pytest.mark.req("IX-REG-05")
def test_a_late_refusal_waits_for_another_clerk(clerk, received, login, time_machine, stored):
    time_machine.move_to(at("2025-07-02 10:00"), tick=False)
    clerk = login(HAYASHI)
    clerk.post(url("application_refuse", received.number), {"reason": "理由", "clause": "第3章 前文", "by": "mail"})
    assert stored(Message) == []
    clerk.post(url("application_approve", received.number), {"act": "approve"})
    assert stored(Message) == []
    login(YAMADA).post(url("application_approve", received.number), {"act": "approve"})
    assert stored(Message)[0].kind == "registration.refused"


@pytest.mark.req("IX-REG-09")
def test_out_of_time_is_explicit_and_told_to_the_customer(clerk, acting, stored):
    with acting(HAYASHI, on=NOW.date()):
        late = checked(card(licence_purchased="2025-04-01"))
    clerk.post(url("application_lapse", late.number), {"reason": "申請が遅れたため"})
    assert stored(Application)[0].state == "lapsed"
    (notice,) = stored(Message)
    assert notice.kind == "registration.lapsed"
    for words in ("2025/05/01", "返金はありません", "第2章 1.(1)", "申請が遅れたため"):
        assert words in notice.text


def test_a_decided_application_cannot_be_decided_again(clerk, received):
    clerk.post(url("application_accept", received.number), {"customer": "new"})
    assert clerk.get(url("application_decide", received.number)).status_code == 302
    assert "登録完了" in text(clerk.get(url("application", received.number)))


# ---- the agreement


@pytest.mark.req("IX-COV-08", "IX-GEN-09", "IX-REG-07", "IX-REG-14")
def test_the_agreement_shows_period_contents_notices_decisions_and_files(clerk, received, stored):
    clerk.post(url("application_accept", received.number), {"customer": "new"})
    (agreement,) = stored(Agreement)
    page = text(clerk.get(url("agreement", agreement.number)))
    for words in (
        "2028/04/30",
        "出荷日",
        "N1",
        "火曜日",
        "山田 花子",
        "登録完了のお知らせ",
        "2025/07/03",
        "起点",
    ):
        assert words in page
    assert "(利用者" not in page
    assert agreement.number in text(clerk.get(url("agreements"), {"q": "n1"}))
    assert "暦にない" in text(clerk.get(url("agreements"), {"ends_by": "2025/2/30"}))


@pytest.mark.parametrize("typed_name", ["みどり製作所", "ミドリ 製作所", "㈱みどり"])
def test_a_customer_is_found_however_the_name_is_typed(clerk, received, stored, typed_name):
    clerk.post(url("application_accept", received.number), {"customer": "new"})
    (agreement,) = stored(Agreement)
    assert agreement.number in text(clerk.get(url("agreements"), {"q": typed_name}))
    assert received.number in text(clerk.get(url("applications"), {"q": typed_name}))
    assert agreement.number not in text(clerk.get(url("agreements"), {"q": "株式会社"}))


def test_an_agreement_that_has_ended_is_not_called_late(clerk, received, login, time_machine):
    clerk.post(url("application_accept", received.number), {"customer": "new"})
    time_machine.move_to(at("2028-05-20 10:00"), tick=False)
    page = text(login(HAYASHI).get(url("agreements")))
    assert "20日前に終了" in page
    assert "超過" not in page


@pytest.mark.req("IX-REG-03")
def test_a_bounced_notice_is_sent_again_from_the_agreement(clerk, received, acting, stored):
    clerk.post(url("application_accept", received.number), {"customer": "new"})
    with acting(HAYASHI, on=NOW.date()):
        Message.objects.update(state="bounced")
    corrections.settle_notices(now=NOW)
    (agreement,) = stored(Agreement)
    assert "届いていません" in text(clerk.get(url("agreement", agreement.number)))
    clerk.post(url("agreement_notice", agreement.number), {"email": "no address"})
    assert stored(Agreement)[0].state == "unnotified"
    clerk.post(url("agreement_notice", agreement.number), {"email": "yamada@example.jp"})
    assert stored(Agreement)[0].state == "active"


@pytest.mark.req("IX-COV-03")
def test_a_late_proof_corrects_the_agreement(clerk, received, stored):
    clerk.post(url("application_accept", received.number), {"customer": "new"})
    (agreement,) = stored(Agreement)
    sent = {"kind": "receipt", "file": upload("r.jpg", RECEIPT), "declared": "no", "date_read": "2025/5/10"}
    clerk.post(url("agreement_proof", agreement.number), sent)
    (proof,) = stored(ApplicationFile, kind="receipt")
    clerk.post(url("agreement_purchase", agreement.number), {"proof": proof.pk, "reason": "領収書が届いたため"})
    assert stored(Agreement)[0].ends_on == date(2028, 5, 31)


# ---- the stock


@pytest.mark.req("IX-CARD-00", "IX-PLAN-01")
def test_a_licence_is_taken_into_stock_as_printed(clerk, stored):
    sent = {
        "card_serial": "l-900",
        "plan": "7d-4y",
        "family": FAMILY,
        "card_deadline": "R8.12.31",
    }
    clerk.post(url("licence_new"), sent)
    (kept,) = stored(Licence, card_serial="L900")
    assert (kept.plan, kept.card_deadline) == ("7d-4y", date(2026, 12, 31))
    assert "すでに登録されています" in text(clerk.post(url("licence_new"), sent))


@pytest.mark.req("IX-REG-10")
def test_a_missing_deadline_is_added_once_and_never_changed(clerk, acting, stored):
    with acting(HAYASHI, on=NOW.date()):
        licence("L002", card_deadline=None)
    clerk.post(url("licence", "L002"), {"card_deadline": "2026/1/31"})
    clerk.post(url("licence", "L002"), {"card_deadline": "2027/1/31"})
    assert stored(Licence, card_serial="L002")[0].card_deadline == date(2026, 1, 31)


@pytest.mark.req("IX-COV-05")
def test_the_end_of_a_model_is_recorded_and_checked(clerk, stored):
    wrong = {"end_of_sale": "2025/6/30", "support_limit": "2025/6/1"}
    assert clerk.post(url("product_end", "R-2105"), wrong).status_code == 422
    clerk.post(url("product_end", "R-2105"), {"end_of_sale": "2025/6/30"})
    assert stored(Product)[0].end_of_sale == date(2025, 6, 30)
    clerk.post(url("product_ship", "R-2105"), {"serial": "n-77", "shipped_on": "2025/6/1"})
    assert "N77" in text(clerk.get(url("product", "R-2105")))


# ---- who may


@pytest.mark.parametrize("person", [MORI, ITO, SATO, NISHI])
def test_only_clerks_and_administrators_decide(clerk, received, login, stored, person):
    browser = login(person)
    for name in (
        "application_accept",
        "application_refuse",
        "application_lapse",
        "application_save",
    ):
        assert browser.post(url(name, received.number), {"customer": "new"}).status_code in {403, 404}
    assert stored(Application)[0].state == "checking"


def test_a_number_that_is_none_is_not_found(clerk):
    for name in ("application", "application_decide", "agreement", "licence", "product"):
        assert clerk.get(url(name, "ZZ9")).status_code == 404


@pytest.fixture
def together(clerk, acting, world, time_machine):
    """Two machines of one form, both received; the first with another telephone number by now."""
    with acting(HAYASHI, on=NOW.date()):
        model()
        pack("P001")
        pack("P002")
    with acting(SATO, on=NOW.date()):
        draft = registration.start_online(
            service="video",
            tenant_id=world.organisations[AOBA].pk,
            entries=packed(*(machine(f"P00{nth}", f"123456{nth}", **BOUGHT) for nth in (1, 2))),
            confirmed=confirmations("video"),
            now=NOW,
        )
        registration.submit(application_id=draft.pk, confirmed=confirmations("video"), now=NOW)
    with acting(HAYASHI, on=NOW.date()):
        first, second = Application.objects.filter(service="video").order_by("id")
        entries = {**first.entries, "administrator_phone": "03-0000-9999", "site_phone": "022-000-9999"}
        registration.save(application_id=first.pk, based_on=1, entries=entries, now=NOW)
        first.refresh_from_db()
    return first, second


BOUGHT = {"purchased": "2025-06-01", "pack_purchased": "2025-06-01"}


def test_the_page_offers_to_write_a_shared_field_into_every_machine_of_the_receipt(clerk, together, stored):
    first, second = together
    page = text(clerk.get(url("application", first.number)))
    assert "この受付のすべての機器に反映する" in page
    assert "03-0000-1234（1件）" in page
    assert re.search(r'value="administrator_phone" checked>', page)
    assert re.search(r'value="site_phone">', page), "machines may stand at several sites"
    assert 'value="serial"' not in page
    sent = {f"version:{first.number}": 2, f"version:{second.number}": 1, "field": ["administrator_phone"]}
    page = text(clerk.post(url("application_share", first.number), sent, follow=True))
    assert f"{second.number}（" in page
    assert "を直しました。" in page
    found = {one.number: one.entries for one in stored(Application, service="video")}
    assert found[second.number]["administrator_phone"] == "03-0000-9999"
    assert found[second.number]["site_phone"] == "022-000-1234"
    page = text(clerk.post(url("application_share", first.number), {**sent, f"version:{first.number}": 1}, follow=True))
    assert "記入が新しくなりました" in page


def test_a_machine_that_was_saved_meanwhile_is_named_and_leads_to_the_choice(clerk, together, acting, stored):
    first, second = together
    with acting(YAMADA, on=NOW.date()):
        entries = {**second.entries, "administrator_phone": "03-0000-7777"}
        registration.save(application_id=second.pk, based_on=1, entries=entries, now=NOW)
    sent = {f"version:{first.number}": 2, f"version:{second.number}": 1, "field": ["administrator_phone"]}
    page = text(clerk.post(url("application_share", first.number), sent, follow=True))
    assert "ほかの人が先に保存した" in page
    assert url("conflict", second.number) in page
    choice = text(clerk.get(url("conflict", second.number)))
    assert "03-0000-7777" in choice
    assert "03-0000-9999" in choice
    assert stored(Application, number=second.number)[0].entries["administrator_phone"] == "03-0000-7777"


def test_what_is_typed_shows_at_once_where_the_other_machines_differ(clerk, together):
    first, _ = together
    sent = {**first.entries, "version": 2, "shape": "", "administrator_name": "新任 太郎"}
    answer = text(clerk.post(url("application_save", first.number), sent, headers={"HX-Request": "true"}))
    assert 'id="together"' in answer
    assert 'value="administrator_name" checked' in answer
    assert f'name="version:{first.number}" value="3"' in answer


def test_only_who_enters_applications_may_correct_several(login, together):
    first, second = together
    sent = {f"version:{first.number}": 2, f"version:{second.number}": 1, "field": ["administrator_phone"]}
    for who in (MORI, SATO):
        assert login(who).post(url("application_share", first.number), sent).status_code in (403, 404)
