"""The seller's screens: its customers and nobody else's, what is next, the payment, a new customer; no detections."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hoshu.accounts import grants, organisations
from hoshu.accounts.models import Grant, Organisation
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts import queries
from hoshu.contracts.models import Application, Consent
from hoshu.files import store
from hoshu.flows import confirming, joining, registration, service_call
from hoshu.notifications import delivery
from hoshu.notifications.models import Message
from tests.contracts.cards import at, licence, open_for_business, router, shipped
from tests.files.samples import pdf
from tests.flows.registering import accepted as accepted_card
from tests.flows.registering import checked, known_scans  # noqa: F401  (fixture)
from tests.flows.selling import CONFIRMED, MANDATE, accepted, applied, forwarded, link_of, mimamori
from tests.flows.test_service_call import WHOLE
from tests.people import AOBA, HAYASHI, KATO, KONDO, MIDORI, MORI, SATO, SHIMIZU, TSUBASA, WAKABA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_scans")]
NOW = at("2025-06-03 10:00")


@pytest.fixture
def seller(acting, login, time_machine):
    """Kondo's browser on 3 June 2025."""
    time_machine.move_to(NOW, tick=False)
    with acting(HAYASHI, on=NOW.date()):
        open_for_business()
        licence()
        shipped(router())
    return login(KONDO)


@pytest.fixture
def selling(acting):
    """`with selling():` acts as Kondo on that day."""
    return lambda: acting(KONDO, on=NOW.date())


@pytest.fixture
def sent(seller, selling, world):
    """① Applied for by the seller."""
    with selling():
        return applied(world, now="2025-06-02 10:00")


@pytest.fixture
def agreement(seller, acting, world):
    """What Aoba has of another service."""
    with acting(HAYASHI, on=NOW.date()):
        return accepted_card(checked(), customer=world.organisations[AOBA].pk)


def url(name, *args):
    return reverse(f"portal:{name}", args=args)


def text(response):
    return response.content.decode()


def now(application, acting, person=KONDO):
    with acting(person, on=NOW.date()):
        return Application.objects.get(pk=application.pk)


# ---- the first page


@pytest.mark.req("MM-FLW-06", "MM-DOC-08")
def test_the_first_page_says_what_the_seller_has_to_do_and_for_whom(seller, sent, world):
    page = text(seller.get(url("home")))
    for words in (TSUBASA, "次にしていただくこと", sent.number, "内容と入金を確かめる", AOBA):
        assert words in page
    assert "障害" not in page


@pytest.mark.req("MM-FLW-06")
def test_and_what_others_have_to_do(seller, sent, selling):
    with selling():
        forwarded(sent, now="2025-06-03 09:00")
    page = text(seller.get(url("home")))
    for words in ("今すぐ対応が必要な申請はありません", "進行中の申請", "内容を確かめて、決める", "提供者"):
        assert words in page


@pytest.mark.req("MM-DOC-08")
def test_what_ends_soon_is_pointed_out_with_its_customer(agreement, login, time_machine):
    time_machine.move_to(at("2028-02-15 10:00"), tick=False)
    page = text(login(KONDO).get(url("home")))
    for words in ("まもなく満了する契約", agreement.number, "2028年4月30日", AOBA):
        assert words in page
    time_machine.move_to(at("2028-05-01 10:00"), tick=False)
    assert agreement.number not in text(login(KONDO).get(url("home")))


def test_a_seller_without_customers_is_led_to_the_first(seller, login):
    page = text(login(SHIMIZU).get(url("home")))
    assert "担当するお客様はまだありません" in page
    assert url("customer_new") in page


# ---- customers


@pytest.mark.req("MM-DOC-08")
@pytest.mark.parametrize("query", ["青葉", "あおば", "N1", "AGREEMENT", "APPLICATION", ""])
def test_customers_are_found_by_name_and_by_number(seller, sent, agreement, world, query):
    with act_as(SYSTEM):
        organisations.change(organisation_id=world.organisations[AOBA].pk, name=AOBA, kana="アオバショウジ", phone="")
    query = {"AGREEMENT": agreement.number, "APPLICATION": sent.number}.get(query, query)
    page = text(seller.get(url("customers"), {"q": query}))
    assert url("customer", world.organisations[AOBA].pk) in page
    assert "2028年4月30日" in page
    assert WAKABA not in page


@pytest.mark.parametrize("query", ["若葉", "N999", "株式会社若葉工業"])
def test_nobody_elses_customer_is_found(seller, query):
    assert "見つかりません" in text(seller.get(url("customers"), {"q": query}))


@pytest.mark.parametrize(
    ("stage", "listed"), [("applying", True), ("running", True), ("ending", False), ("none", False), ("else", True)]
)
def test_customers_are_narrowed_by_where_they_stand(seller, sent, agreement, stage, listed):
    assert (AOBA in text(seller.get(url("customers"), {"stage": stage}))) == listed


@pytest.mark.req("MM-DOC-08", "MM-FLW-06")
def test_one_customer_with_applications_agreements_and_documents(seller, sent, agreement, world):
    page = text(seller.get(url("customer", world.organisations[AOBA].pk)))
    for words in (
        AOBA,
        sent.number,
        "内容と入金を確かめる",
        agreement.number,
        "2028年4月30日",
        "契約証明書",
        "申請の控え",
    ):
        assert words in page
    certificate = seller.get(url("agreement_certificate", agreement.number))
    assert certificate.content.startswith(b"%PDF")


@pytest.mark.req("MM-DOC-08")
@pytest.mark.parametrize("person", [SHIMIZU, KONDO])
def test_another_sellers_customer_is_not_found(seller, login, world, person):
    other = world.organisations[WAKABA if person is KONDO else AOBA].pk
    assert login(person).get(url("customer", other)).status_code == 404
    assert login(person).get(url("customer", 999_999)).status_code == 404


@pytest.mark.parametrize("person", [SATO, HAYASHI])
def test_these_pages_are_the_sellers(seller, login, world, person):
    for place in (url("customers"), url("customer_new"), url("customer", world.organisations[AOBA].pk)):
        assert login(person).get(place).status_code == 403


@pytest.mark.req("MM-DOC-08", "MM-FLW-06")
def test_what_comes_through_another_seller_stands_on_no_page(seller, sent, agreement, acting, login, world):
    with act_as(SYSTEM):
        grants.grant(
            grantee_id=world.organisations[MIDORI].pk, tenant_id=world.organisations[AOBA].pk, valid_from=NOW.date()
        )
    other = login(SHIMIZU)
    for place in (url("home"), url("applications"), url("customer", world.organisations[AOBA].pk)):
        assert sent.number not in text(other.get(place))
    assert other.get(url("application", sent.number)).status_code == 404
    for step in ("application_forward", "application_cancel_payment", "application_withdraw", "application_copy"):
        method = other.get if step == "application_copy" else other.post
        assert method(url(step, sent.number), {"act": "forward"}).status_code == 404
    # Nobody sold it: the customer's own, which every seller of this customer reads.
    assert other.get(url("agreement", agreement.number)).status_code == 200


@pytest.mark.req("MM-DOC-08")
def test_the_day_after_the_grant_nothing_is_left(seller, sent, agreement, login, world, time_machine):
    with act_as(SYSTEM):
        given = Grant.objects.get(grantee=world.organisations[TSUBASA])
        grants.end_grant(grant_id=given.pk, last_day=date(2025, 6, 30))
    place = url("customer", world.organisations[AOBA].pk)
    assert '担当する期間は、<span class="day">2025年6月30日(月)' in text(seller.get(place))
    time_machine.move_to(at("2025-06-30 23:59"), tick=False)
    assert login(KONDO).get(place).status_code == 200
    time_machine.move_to(at("2025-07-01 00:00"), tick=False)
    gone = login(KONDO)
    assert gone.get(place).status_code == 404
    assert gone.get(url("application", sent.number)).status_code == 404
    assert gone.get(url("agreement", agreement.number)).status_code == 404
    for listed in ("home", "applications", "agreements", "customers"):
        assert AOBA not in text(gone.get(url(listed)))


@pytest.mark.req("MM-DOC-08", "MM-CND-14")
def test_what_was_handed_over_for_a_fault_is_not_the_sellers(seller, sent, acting, login):
    with acting(SATO, on=NOW.date()) as actor:
        log = store.keep(
            tenant_id=sent.tenant_id,
            name="log.txt",
            content=b"detected",
            purpose="log",
            declared_personal_number=False,
            actor=actor,
            now=NOW,
        )
        proof = registration.attach(
            application_id=sent.pk,
            kind="other",
            name="form.pdf",
            content=pdf("form"),
            declared_personal_number=False,
            now=NOW,
        )
    assert login(SATO).get(url("file_download", log.pk)).status_code == 200
    assert seller.get(url("file_download", log.pk)).status_code == 404
    assert seller.get(url("file_download", proof.file_id)).status_code == 200


@pytest.mark.req("MM-DOC-08", "MM-CND-14")
def test_a_case_of_what_another_seller_sold_is_not_found(seller, agreement, acting, login, world):
    """The seller reads how a case of its customer's machine goes on, without the files; another one does not."""
    call = replace(WHOLE, caller_name="佐藤", caller_email="sato@example.jp", symptom_note="")
    with acting(MORI, on=NOW.date()):
        number = service_call.open_case(call=call, device_id=agreement.device_id, now=NOW)
    with act_as(SYSTEM):
        midori = world.organisations[MIDORI].pk
        grants.grant(grantee_id=midori, tenant_id=agreement.tenant_id, valid_from=NOW.date())
        agreement.reseller_id = world.organisations[TSUBASA].pk
        agreement.save()
    assert seller.get(url("case", number)).status_code == 200
    assert login(SHIMIZU).get(url("case", number)).status_code == 404
    assert number not in text(seller.get(url("agreement", agreement.number)))


# ---- a new customer


@pytest.mark.req("MM-SUP-03", "SP-REG-06")
def test_a_new_customer_goes_on_to_its_application(seller, acting, world):
    answer = seller.post(
        url("customer_new"),
        {"name": "みどり製作所株式会社", "kana": "みどりせいさくしょ", "phone": "０３－００００－１２３４"},
    )
    with act_as(SYSTEM):
        brought = Organisation.objects.get(name="みどり製作所株式会社")
        assert (brought.kana, brought.phone) == ("ミドリセイサクショ", "03-0000-1234")
    assert answer.headers["Location"] == f"{url('application_new')}?customer={brought.pk}"
    page = text(seller.get(url("application_new"), {"service": "mimamori", "customer": brought.pk}))
    assert f'<option value="{brought.pk}" selected>' in page
    begun = seller.post(url("application_new"), {"service": "mimamori", "customer": brought.pk})
    with acting(KONDO, on=NOW.date()):
        draft = Application.objects.get(tenant=brought)
        assert draft.reseller_id == world.organisations[TSUBASA].pk
        assert draft.entries["contact_company"] == "みどり製作所株式会社"
    assert begun.headers["Location"] == url("application", draft.number)
    assert url("customer", brought.pk) in text(seller.get(url("customers"), {"stage": "applying"}))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": "", "phone": "03-0000-1234"}, "会社名・団体名"),
        ({"name": "みどり製作所", "phone": "12"}, "電話番号"),
        ({"name": "青葉商事(株)", "phone": "03-0000-1234"}, "すでに登録されています"),
    ],
)
def test_a_customer_without_a_name_or_telephone_or_twice_is_refused_with_everything_kept(seller, given, says):
    answer = seller.post(url("customer_new"), given)
    assert answer.status_code == 422
    for words in (says, *(f'value="{entry}"' for entry in given.values() if entry)):
        assert words in text(answer)
    with act_as(SYSTEM):
        assert Organisation.objects.filter(kind="customer").count() == 2


@pytest.mark.req("MM-DOC-08")
def test_a_clerk_is_shown_the_namesake_and_joins_them(seller, selling, login, world, acting):
    with selling():
        brought = joining.bring_customer(name=WAKABA, kana="", phone="03-0000-1234", now=NOW)
    with selling():
        application = applied(world, now="2025-06-03 09:00", tenant=brought.pk)
    known, clerk = world.organisations[WAKABA].pk, login(HAYASHI)
    page = text(clerk.get(reverse("console:customer", args=[brought.pk])))
    assert "同じ名称のお客様" in page
    assert TSUBASA in page
    assert reverse("console:customer", args=[known]) in page
    assert reverse("console:customer", args=[brought.pk]) in text(
        clerk.get(reverse("console:application", args=[application.number]))
    )
    answer = clerk.post(reverse("console:customer_same", args=[brought.pk]), {"known": known})
    assert answer.headers["Location"] == reverse("console:customer", args=[known])
    assert now(application, acting).tenant_id == known
    assert login(MORI).post(reverse("console:customer_same", args=[known]), {"known": known}).status_code == 403
    assert clerk.post(reverse("console:customer_same", args=[known]), {"known": "x"}).status_code == 422


# ---- the seller's part of the application


@pytest.mark.req("SP-REG-06", "MM-FLW-02", "IX-GEN-04")
def test_the_mandate_is_asked_with_the_other_confirmations_and_kept(seller, selling, world):
    with selling():
        draft = mimamori(world, now="2025-06-03 09:00")
    send = url("application_send", draft.number)
    answer = seller.post(send, {"confirmed": CONFIRMED})
    assert answer.status_code == 422
    assert 'href="#mandate"' in text(answer)
    answer = seller.post(send, {"confirmed": CONFIRMED[:1], "mandate": MANDATE})
    assert f'value="{MANDATE}"' in text(answer)
    assert seller.post(send, {"confirmed": CONFIRMED, "mandate": MANDATE}).status_code == 302
    with selling():
        assert {*Consent.objects.values_list("mandate", flat=True)} == {MANDATE}


@pytest.mark.req("MM-FLW-03")
def test_the_clerk_reads_who_applied_for_whom_and_why(seller, sent, login):
    page = text(login(HAYASHI).get(reverse("console:application", args=[sent.number])))
    for words in ("お客様の代理", TSUBASA, MANDATE, "第7章の条件に同意します"):
        assert words in page


@pytest.mark.req("MM-FLW-03", "MM-CND-02")
def test_a_refused_step_keeps_everything_that_was_typed(seller, selling, world, acting):
    with selling():
        application = applied(world, now="2025-06-02 10:00", customer_kind="sole_proprietor")
    assert "企業か団体にあたるか" in text(seller.get(url("application", application.number)))
    typed = {"version": application.version, "payment": "confirmed", "contract_start": "2025/6/10", "act": "forward"}
    answer = seller.post(
        url("application_forward", application.number),
        typed | {"reason:customer_kind_unclear": "屋号で営む団体", "reason": "下書きの理由"},
    )
    assert answer.status_code == 422
    for words in ("入金を確認した日を入力してください", "8.1 ②", "屋号で営む団体", "下書きの理由"):
        assert words in text(answer)
    kept = now(application, acting)
    assert (kept.state, kept.entries["contract_start"]) == ("submitted", "2025/6/10")
    typed |= {"version": kept.version, "payment_confirmed_on": "2025/6/3"}
    answer = seller.post(
        url("application_forward", application.number), typed | {"reason:customer_kind_unclear": "屋号で営む団体"}
    )
    assert answer.status_code == 302
    assert now(application, acting).state == "received"


@pytest.mark.req("MM-FLW-03")
def test_a_payment_is_cancelled_and_the_application_withdrawn_with_a_reason(seller, sent, selling, login, acting):
    with selling():
        forwarded(sent, now="2025-06-03 09:00")
    page = url("application", sent.number)
    assert "入金の確認を取り消す…" in text(seller.get(page))
    assert "入金の確認を取り消す…" not in text(login(SATO).get(page))
    cancel = url("application_cancel_payment", sent.number)
    assert login(SATO).post(cancel, {"cancel_reason": "組戻し"}).status_code == 403
    assert "理由を入力してください" in text(seller.post(cancel, {"cancel_reason": ""}))
    assert seller.post(cancel, {"cancel_reason": "振込の組戻し"}).status_code == 302
    assert now(sent, acting).state == "submitted"
    assert "入金の確認を取り消す…" not in text(seller.get(page))
    withdraw = url("application_withdraw", sent.number)
    assert seller.post(withdraw, {}).status_code == 422
    assert seller.post(withdraw, {"withdraw_reason": "ご入金がなかったため"}).status_code == 302
    assert "ご入金がなかったため" in text(login(SATO).get(page))


@pytest.mark.req("MM-CND-21")
def test_the_seller_reads_that_one_machine_is_not_enough(seller, selling, world):
    with selling():
        application = applied(world, now="2025-06-02 10:00", machines_planned="250")
    page = text(seller.get(url("application", application.number)))
    for words in ("機器を3台にすることをご検討ください", "7.17"):
        assert words in page


@pytest.mark.req("MM-FLW-01")
def test_the_customer_forwards_nothing(seller, sent, login):
    assert login(SATO).post(url("application_forward", sent.number), {"act": "forward"}).status_code == 403


@pytest.mark.req("MM-FLW-06")
@pytest.mark.parametrize(("stage", "listed"), [("waiting", True), ("checking", False), ("", True), ("else", True)])
def test_applications_are_narrowed_by_state_and_found_by_customer(seller, sent, stage, listed):
    page = text(seller.get(url("applications"), {"stage": stage, "q": "青葉"}))
    assert (sent.number in page) == listed
    assert ("見つかりません" in page) != listed
    assert sent.number not in text(seller.get(url("applications"), {"q": "若葉"}))


@pytest.mark.req("MM-FLW-06", "MM-FLW-01")
def test_after_the_acceptance_the_lists_follow_the_machine(seller, sent, selling, acting, world):
    with selling():
        forwarded(sent, now="2025-06-03 09:00")
    with acting(HAYASHI, on=NOW.date()):
        accepted(sent, now="2025-06-03 09:30")
    for place in (url("home"), url("applications"), url("customer", world.organisations[AOBA].pk)):
        assert "UTM装置の発送" in text(seller.get(place))


# ---- the customer's own application through a seller


@pytest.mark.req("MM-SUP-03")
def test_a_customer_applies_through_its_seller(seller, login, world, acting):
    customer = login(SATO)
    assert f"{TSUBASA}を通して申し込みます" in text(customer.get(url("application_new"), {"service": "mimamori"}))
    customer.post(url("application_new"), {"service": "mimamori"})
    with acting(SATO, on=NOW.date()):
        assert Application.objects.get().reseller_id == world.organisations[TSUBASA].pk


@pytest.mark.req("MM-SUP-03")
def test_a_customer_of_several_sellers_chooses_one_of_them(seller, login, world, acting):
    with act_as(SYSTEM):
        grants.grant(
            grantee_id=world.organisations[MIDORI].pk, tenant_id=world.organisations[AOBA].pk, valid_from=NOW.date()
        )
    customer, begin = login(SATO), {"service": "mimamori"}
    assert "どの販売店を通しますか" in text(customer.get(url("application_new"), begin))
    assert "どの販売店を通すかを選んでください" in text(customer.post(url("application_new"), begin))
    customer.post(url("application_new"), begin | {"seller": world.organisations[MIDORI].pk})
    with acting(SATO, on=NOW.date()):
        assert queries.applications().get().reseller_id == world.organisations[MIDORI].pk


@pytest.mark.req("MM-SUP-03")
def test_a_customer_without_a_seller_is_told_where_to_apply(seller, login, acting):
    stranger = login(KATO)
    page = text(stranger.get(url("application_new"), {"service": "mimamori"}))
    assert "販売店を通してお申し込みください（5.2）" in page
    assert "販売店を通してお申し込みください" in text(stranger.post(url("application_new"), {"service": "mimamori"}))
    with acting(KATO, on=NOW.date()):
        assert not Application.objects.exists()


def test_no_proof_of_purchase_is_asked_where_nothing_was_bought(seller, sent):
    assert "購入日を確認できる書類" not in text(seller.get(url("application", sent.number)))


def test_files_that_came_stay_in_sight(seller, sent):
    upload = {"kind": "receipt", "file": SimpleUploadedFile("r.pdf", pdf("r")), "declared": "no"}
    seller.post(url("application_attach", sent.number), upload)
    assert "r.pdf" in text(seller.get(url("application", sent.number)))


# ---- the customer confirms


@pytest.mark.req("MM-FLW-02")
def test_the_page_behind_the_link_shows_everything_and_takes_a_yes(seller, sent, client, acting):
    page = reverse("entrance:confirm", args=[link_of(sent)])
    shown = client.get(page)
    for words in (TSUBASA, sent.number, "佐藤 花子", "03-0000-0001", "定義ファイル", "7.21", MANDATE, "内容は正しい"):
        assert words in text(shown)
    assert shown.headers["Cache-Control"] == "no-store"
    with acting(HAYASHI, on=NOW.date()):
        assert not Consent.objects.filter(item="contact").exists()  # a mail server opened the link, nobody said yes
    content = re.search(r'name="content" value="(\w+)"', text(shown))[1]
    assert client.post(page, {"act": "confirm", "content": content}).status_code == 302
    after = text(client.get(page))
    assert "お返事を承りました" in after
    assert "佐藤 花子" not in after
    assert "お客様の確認済" in text(seller.get(url("application", sent.number)))


@pytest.mark.req("MM-FLW-02")
def test_or_a_no_with_a_word_that_seller_and_clerk_read(seller, sent, client, login):
    page = reverse("entrance:confirm", args=[link_of(sent)])
    empty = client.post(page, {"act": "dispute", "text": ""})
    assert empty.status_code == 422
    assert "どこが違うか" in text(empty)
    client.post(page, {"act": "dispute", "text": "申し込んでいません"})
    clerk, number = login(HAYASHI), sent.number
    for reader, place in ((seller, url("application", number)), (clerk, reverse("console:application", args=[number]))):
        assert "申し込んでいません" in text(reader.get(place))
    assert "お客様の「違う」を確かめて直す" in text(seller.get(url("home")))
    assert "お客様から「違う」" in text(clerk.get(reverse("console:applications")))


@pytest.mark.req("MM-FLW-02")
def test_a_no_and_a_closed_link_stand_on_the_first_page_of_the_clerk(seller, sent, client, login, time_machine):
    today, place = reverse("console:today"), reverse("console:application", args=[sent.number])
    assert place not in text(login(HAYASHI).get(today))
    time_machine.move_to(at("2025-06-17 10:00"), tick=False)
    clerk = login(HAYASHI)
    page = text(clerk.get(today))
    for words in (place, "お客様の確認がありません", "2025/06/16"):
        assert words in page
    clerk.post(reverse("console:application_ask_contact", args=[sent.number]))
    assert place not in text(clerk.get(today))
    client.post(reverse("entrance:confirm", args=[link_of(sent)]), {"act": "dispute", "text": "申し込んでいません"})
    page = text(clerk.get(today))
    assert place in page
    assert "お客様から「違う」" in page


@pytest.mark.req("MM-FLW-02")
def test_a_mail_that_came_back_is_seen_where_it_is_asked_again(seller, sent, login):
    with act_as(SYSTEM):
        message = Message.objects.get(kind="registration.to_confirm")
    delivery.deliver(message_id=message.pk, now=NOW, unsealed=confirming.link_of)
    clerk, place = login(HAYASHI), reverse("console:application", args=[sent.number])
    shown = text(clerk.get(reverse("console:message", args=[message.pk])))
    assert reverse("console:message_bounce", args=[message.pk]) in shown
    assert reverse("console:message_resend", args=[message.pk]) not in shown
    assert f"{sent.number} の画面から送って" in shown
    clerk.post(reverse("console:message_bounce", args=[message.pk]), {"reason": "宛先が見つかりません"})
    today = text(clerk.get(reverse("console:today")))
    assert place in today
    assert "確認のメールが届きません" in today
    for reader, page in ((clerk, place), (seller, url("application", sent.number))):
        assert "宛先に届きませんでした" in text(reader.get(page))
    clerk.post(reverse("console:application_ask_contact", args=[sent.number]))
    today = text(clerk.get(reverse("console:today")))
    assert place not in today
    assert "届いていない通知" not in today


@pytest.mark.req("MM-FLW-02")
def test_what_nobody_confirmed_is_seen_and_asked_again_by_seller_and_clerk(seller, sent, login, client):
    first = reverse("entrance:confirm", args=[link_of(sent)])
    clerk = login(HAYASHI)
    for reader, place in ((seller, url("home")), (clerk, reverse("console:applications"))):
        assert "お客様の確認待ち" in text(reader.get(place))
    for reader, step in (
        (seller, url("application_ask_contact", sent.number)),
        (clerk, reverse("console:application_ask_contact", args=[sent.number])),
    ):
        assert "sato@example.jp に、確認のメールを送ります" in text(reader.post(step, follow=True))
    assert client.get(first).status_code == 404


@pytest.mark.req("MM-FLW-02", "MM-DOC-08")
def test_nobody_else_asks_or_reads_a_dead_link(seller, sent, login, client):
    assert login(SHIMIZU).post(url("application_ask_contact", sent.number)).status_code == 404
    assert login(KATO).post(url("application_ask_contact", sent.number)).status_code == 404
    assert login(MORI).post(reverse("console:application_ask_contact", args=[sent.number])).status_code == 403
    dead = client.get(reverse("entrance:confirm", args=["x" * 43]))
    assert dead.status_code == 404
    assert "このリンクは使えません" in text(dead)
    assert sent.number not in text(dead)
