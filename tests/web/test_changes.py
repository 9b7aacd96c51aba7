"""Changes, further years and what ends, as customers and staff see them."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hoshu import clock
from hoshu.accounts import operators
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts.models import ChangeRequest, DataCheck, ExtensionKit, Revision
from hoshu.flows import changes
from hoshu.notifications.models import Message
from tests.contracts.cards import at
from tests.flows.registering import (  # noqa: F401  (fixtures)
    JUNE_1,
    SCAN,
    accepted,
    another,
    checked,
    known_scans,
    shop,
)
from tests.people import AOBA, HAYASHI, KATO, KONDO, MORI, SATO, SHIMIZU, TANAKA, UENO, WAKABA, YAMADA

pytestmark = pytest.mark.django_db

NEW_SITE = {"site_address": "北海道札幌市中央区0-0", "effective": "2025/10/1"}


@pytest.fixture
def agreement(shop, acting, world):  # noqa: F811
    with acting(HAYASHI, on=JUNE_1):
        return accepted(checked(), customer=world.organisations[AOBA].pk)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """2025-08-25, ten o'clock."""
    monkeypatch.setattr(clock, "now", lambda: at("2025-08-25 10:00"))


def begun(browser, agreement):
    response = browser.post(f"/portal/agreements/{agreement.number}/change")
    assert response.status_code == 302
    return response.headers["Location"]


def filled(browser, page, **typed):
    """The form as it is drawn, with what somebody types over it."""
    html = browser.get(page).content.decode()
    inputs = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", html)]
    texts = {one["name"]: one.get("value", "") for one in inputs if one.get("type", "text") in ("text", "hidden")}
    days = re.findall(r'name="start_weekday" value="(\w+)"[^>]*? checked', html)
    return {**texts, "start_weekday": days, **typed}


def only(model):
    """The one row there is."""
    with act_as(SYSTEM):
        return model.objects.get()


@pytest.mark.req("MM-CHG-01", "IX-CHG-05", "IX-CHGF-04", "IX-CHGF-05")
def test_a_customer_sees_what_the_change_means_before_it_is_sent(agreement, login):
    browser = login(SATO)
    page = begun(browser, agreement)
    html = browser.get(page).content.decode()
    assert "宮城県仙台市青葉区0-0" in html  # what is registered stands in its field
    assert "まだ変わるところがありません" in html

    live = browser.post(f"{page}save", filled(browser, page, **NEW_SITE), headers={"HX-Request": "true"})
    text = live.content.decode()
    assert "宮城県仙台市青葉区0-0" in text
    assert "北海道札幌市中央区0-0" in text
    assert "変更できます" in text
    assert "遅れた届け" not in text

    response = browser.post(f"{page}submit", filled(browser, page))
    assert response.status_code == 302
    sent = only(ChangeRequest)
    assert (sent.state, sent.late, sent.entries) == (
        "submitted",
        False,
        {"site_address": "北海道札幌市中央区0-0"},
    )
    assert "内容を確かめています" in browser.get(page).content.decode()


@pytest.mark.req("IX-CHG-02", "IX-WIN-07")
def test_the_preview_tells_a_late_notice_and_the_hours_before_and_after(agreement, login):
    browser = login(SATO)
    page = begun(browser, agreement)
    typed = filled(browser, page, effective="2025/9/1") | {"start_weekday": ["thu"]}
    text = browser.post(f"{page}save", typed, headers={"HX-Request": "true"}).content.decode()
    assert "遅れた届けになります" in text
    assert "第2章 2.注意事項" in text
    assert "変更日からの7日間の対応時間" in text
    assert "休み" in text


@pytest.mark.req("IX-CHG-04", "MM-CHG-02")
def test_what_is_refused_stands_apart_and_nothing_typed_is_lost(agreement, login):
    browser = login(SATO)
    page = begun(browser, agreement)
    response = browser.post(f"{page}submit", filled(browser, page, wishes=["hours"], **NEW_SITE))
    html = response.content.decode()
    assert response.status_code == 422
    assert "受けられない変更が含まれています" in html
    assert "北海道札幌市中央区0-0" in html
    assert "半日と終日の間で" in html
    response = browser.post(f"{page}submit", filled(browser, page, wishes=["hours"], partly="on", **NEW_SITE))
    assert response.status_code == 302
    assert only(ChangeRequest).partly is True


@pytest.mark.req("IX-CHG-04")
def test_a_wish_that_cannot_be_met_is_answered_with_its_clause_and_what_to_do_instead(agreement, login):
    browser = login(SATO)
    page = begun(browser, agreement)
    browser.post(f"{page}submit", filled(browser, page, wishes=["years"], effective="2025/10/1"))
    html = browser.get(page).content.decode()
    assert "お受けできませんでした" in html
    assert "延長キット" in html
    assert f"/portal/extensions/new/?number={agreement.number}" in html


def test_a_form_that_lacks_its_day_says_so_at_once(agreement, login):
    browser = login(SATO)
    page = begun(browser, agreement)
    response = browser.post(f"{page}submit", filled(browser, page, site_address="北海道札幌市中央区0-0", effective=""))
    assert response.status_code == 422
    assert "変更日を入力してください" in response.content.decode()


def test_two_windows_and_a_choice_for_each_field(agreement, login):
    browser = login(SATO)
    page = begun(browser, agreement)
    old = filled(browser, page, site_address="沖縄県那覇市0-0", effective="2025/10/1")
    browser.post(f"{page}save", filled(browser, page, **NEW_SITE), headers={"HX-Request": "true"})
    clash = browser.post(f"{page}save", old, headers={"HX-Request": "true"}).content.decode()
    assert "別の画面で先に保存されました" in clash
    html = browser.get(f"{page}conflict").content.decode()
    assert "沖縄県那覇市0-0" in html
    assert "北海道札幌市中央区0-0" in html
    browser.post(f"{page}conflict", {"site_address": "mine"})
    assert only(ChangeRequest).entries == {"site_address": "沖縄県那覇市0-0"}
    assert only(ChangeRequest).parked == {}


@pytest.mark.req("MM-CHG-01")
@pytest.mark.parametrize("person", [TANAKA, KONDO])
def test_only_the_customers_administrator_asks(agreement, login, person):
    assert login(person).post(f"/portal/agreements/{agreement.number}/change").status_code == 403
    html = login(person).get(f"/portal/agreements/{agreement.number}/").content.decode()
    assert "変更を申請する" not in html
    assert "変更を申請する" in login(SATO).get(f"/portal/agreements/{agreement.number}/").content.decode()


def test_nobody_changes_what_belongs_to_others(agreement, login):
    assert login(KATO).post(f"/portal/agreements/{agreement.number}/change").status_code == 404


@pytest.mark.req("IX-CHG-08", "MM-SUP-05")
def test_the_desk_types_in_a_card_and_decides_it(agreement, login):
    browser = login(MORI)
    given = {"agreement": agreement.number, "channel": "post", "received_on": "2025/8/22", "asked_by": "佐藤 花子"}
    page = browser.post("/console/changes/new/", given).headers["Location"]
    response = browser.post(f"{page}submit", filled(browser, page, **NEW_SITE))
    assert response.status_code == 302
    html = browser.get("/console/changes/").content.decode()
    number = only(ChangeRequest).number
    assert number in html
    assert "変更カード（郵送）" in html
    browser.post(f"{page}check")
    assert "反映して知らせる" in browser.get(page).content.decode()
    assert browser.post(f"{page}apply", {"note": ""}).status_code == 302
    assert "第2版にしました" in browser.get(page).content.decode()
    with act_as(SYSTEM):
        assert agreement.revisions.count() == 2
    shown = browser.get(f"/console/agreements/{agreement.number}/").content.decode()
    assert "2025/10/01" in shown
    assert "第2版になります" in shown
    assert "宮城県仙台市青葉区0-0" in shown  # until its day


def test_a_number_that_is_not_known_is_told_and_kept(agreement, login):
    browser = login(MORI)
    given = {"agreement": "SA999", "channel": "desk", "received_on": "2025/8/22", "asked_by": "佐藤 花子"}
    response = browser.post("/console/changes/new/", given)
    assert response.status_code == 422
    assert "見つかりません" in response.content.decode()
    assert 'value="SA999"' in response.content.decode()
    response = browser.post("/console/changes/form", {"number": "SA999", "to": ""})
    assert response.status_code == 422
    assert "第2章 2.(1)" in response.content.decode()


@pytest.mark.req("IX-CHG-06")
def test_the_change_form_is_mailed_and_can_be_fetched(agreement, login):
    login(MORI).post("/console/changes/form", {"number": agreement.number, "to": ""})
    with act_as(SYSTEM):
        assert Message.objects.get(kind="change.form").letter.name == "change_form"
    pdf = login(SATO).get(f"/portal/agreements/{agreement.number}/change-form.pdf")
    assert pdf.headers["Content-Type"] == "application/pdf"


def test_a_change_form_that_can_not_be_printed_says_which_character(agreement, login):
    with act_as(SYSTEM):
        Revision.objects.filter(agreement=agreement).update(options=[{"code": "X", "name": "㋿", "quantity": 1}])
    page = login(SATO).get(f"/portal/agreements/{agreement.number}/change-form.pdf", follow=True).content.decode()
    assert "印字できない文字があります: ㋿（U+32FF）" in page


@pytest.mark.req("IX-CHG-09", "MM-CND-30")
def test_a_pending_change_is_shown_to_who_takes_a_call(agreement, login, acting):
    with acting(HAYASHI, on=JUNE_1):
        request = changes.start(
            agreement_id=agreement.pk,
            channel="desk",
            asked_by="佐藤 花子",
            received_on=date(2025, 8, 20),
            now=at("2025-08-20 10:00"),
        )
        changes.save(
            request_id=request.pk,
            based_on=1,
            entries={"site_address": "北海道札幌市中央区0-0"},
            said={"effective": "2025/10/1"},
            now=at("2025-08-20 10:00"),
        )
        changes.submit(request_id=request.pk, partly=False, now=at("2025-08-20 10:00"))
    html = login(MORI).get(f"/console/intake/{agreement.device_id}/").content.decode()
    assert f"変更の申請 {request.number} を手続きしています" in html


@pytest.mark.req("IX-EXT-01", "IX-EXT-04", "IX-EXT-05")
def test_a_year_more_from_the_order_to_the_new_end(agreement, login, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("2028-02-01 10:00"))
    customer, clerk = login(SATO), login(HAYASHI)
    page = customer.get(f"/portal/agreements/{agreement.number}/").content.decode()
    assert "延長キット" in page
    assert "延長を申し込む" in page
    wrong = {"stated_number": agreement.number, "stated_end": "2028/5/31"}
    order = customer.post("/portal/extensions/new/", wrong).headers["Location"]
    assert "満了日が登録と違います" in customer.get(order).content.decode()
    assert "第2章 1.(6)" in customer.get(order).content.decode()
    customer.post(f"{order}correct", wrong | {"stated_end": "2028/4/30"})
    kit = only(ExtensionKit)
    assert kit.state == "ordered"
    at_desk = f"/console/extensions/{kit.number}/"
    assert kit.number in clerk.get("/console/extensions/").content.decode()
    assert clerk.post(f"{at_desk}sell", {"serial": "EK-1", "bought_on": "2028/2/30"}).status_code == 422
    clerk.post(f"{at_desk}sell", {"serial": "EK-1", "bought_on": "2028/2/1", "price_yen": "30000"})
    clerk.post(f"{at_desk}apply")
    with act_as(SYSTEM):
        agreement.refresh_from_db()
    assert agreement.ends_on == date(2029, 4, 30)
    assert "2029年4月30日" in customer.get(order).content.decode()
    assert login(TANAKA).get("/portal/extensions/new/").status_code == 403


def test_what_ends_is_a_file_for_whoever_sees_it_and_for_nobody_else(agreement, login, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("2028-02-01 10:00"))

    def exported(person, month="2028-04"):
        answer = login(person).get(f"/portal/expiring/export.csv?month={month}")
        assert answer.headers["Content-Type"].startswith("text/csv")
        return answer.content.decode("utf-8-sig")

    for person in (SATO, KONDO):  # the customer, and the seller to whom it was granted
        assert f'"{agreement.number}","ネットワーク保守ライセンス"' in exported(person)
        assert "つばさ販売" not in exported(person)
        assert agreement.number not in exported(person, "2028-05")
    for stranger in (KATO, SHIMIZU):
        assert agreement.number not in exported(stranger)
    assert "/portal/expiring/export.csv?month=2028-04" in (
        login(SATO).get("/portal/expiring/?month=2028-04").content.decode()
    )
    assert login(MORI).get("/portal/expiring/export.csv").status_code == 403


def test_what_ends_by_month_and_for_a_spreadsheet(agreement, login, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("2028-02-01 10:00"))
    html = login(MORI).get("/console/expiring/").content.decode()
    assert agreement.number in html
    assert "2028年4月（1）" in html
    assert "つばさ販売" in html
    assert agreement.number not in login(MORI).get("/console/expiring/?month=2028-05").content.decode()
    csv = login(MORI).get("/console/expiring/export.csv?month=2028-04").content.decode("utf-8-sig")
    assert f'"{agreement.number}"' in csv
    assert '"2028-04-30"' in csv
    assert agreement.number in login(SATO).get("/portal/expiring/").content.decode()
    assert agreement.number not in login(KATO).get("/portal/expiring/").content.decode()
    assert "空白も重複もありません" in login(MORI).get("/console/expiring/gaps/").content.decode()
    assert login(MORI).get("/console/expiring/gaps/?csv=1").headers["Content-Type"].startswith("text/csv")


@pytest.mark.req("MM-CND-29")
def test_the_customer_answers_the_yearly_question(agreement, login, acting):
    check = {"tenant_id": agreement.tenant_id, "agreement": agreement, "due_on": date(2025, 8, 20)}
    with acting(HAYASHI, on=JUNE_1):
        DataCheck.objects.create(**check, asked_at=at("2025-08-20 09:00"))
    browser, page = login(SATO), f"/portal/agreements/{agreement.number}/"
    assert "登録内容のご確認" in browser.get(page).content.decode()
    browser.post(f"{page}data-check", {"answer": "same"})
    kept = only(DataCheck)
    assert (kept.unchanged, kept.answered_at) == (True, at("2025-08-25 10:00"))
    assert "登録内容のご確認" not in browser.get(page).content.decode()


@pytest.mark.parametrize(("typed", "kept"), [("60 １４，7", [60, 14, 7]), ("", []), ("90、90", [90])])
def test_the_days_of_the_reminders_are_a_setting(agreement, login, world, typed, kept):
    browser = login(YAMADA)
    assert 'value="90、60、30"' in browser.get("/console/settings").content.decode()
    given = {"name": "株式会社みなと保守サービス", "reminder_days": typed}
    assert browser.post("/console/settings", given).status_code == 302
    assert operators.profile().reminder_days == kept
    wrong = browser.post("/console/settings", given | {"reminder_days": "30、三日"})
    assert wrong.status_code == 422
    assert "1から365までの日数" in wrong.content.decode()


@pytest.mark.req("IX-ASG-01")
def test_the_desk_passes_an_agreement_on_with_the_consent_in_writing(agreement, login, monkeypatch):
    with act_as(SYSTEM):
        request = changes.start(
            agreement_id=agreement.pk, channel="desk", asked_by="佐藤 花子", now=at("2025-08-25 10:00")
        )
        ChangeRequest.objects.filter(pk=request.pk).update(
            said={
                "effective": "2025/10/1",
                "wishes": ["transfer"],
                "consent_on": "2025/8/20",
                "consent_written": "yes",
                "new_customer": WAKABA,
            }
        )
        changes.submit(request_id=request.pk, partly=False, now=at("2025-08-25 10:00"))
        changes.begin_check(request_id=request.pk, now=at("2025-08-25 10:00"))
    page, clerk = f"/console/changes/{request.number}/", login(HAYASHI)
    early = clerk.get(page).content.decode()
    assert "変更日（2025/10/01）になってから" in early
    monkeypatch.setattr(clock, "now", lambda: at("2025-10-01 10:00"))

    typed = {
        "company": WAKABA,
        "phone": "0300000001",
        "name": "加藤 次郎",
        "email": "kato@example.jp",
        "accepted_by": "加藤 次郎",
        "declared": "no",
    }
    without = clerk.post(f"{page}transfer", typed)
    assert without.status_code == 422
    assert 'value="加藤 次郎"' in without.content.decode()
    assert login(UENO).post(f"{page}transfer", typed).status_code == 403
    assert login(SATO).post(f"{page}transfer", typed).status_code in (403, 404)

    done = clerk.post(f"{page}transfer", {**typed, "consent": SimpleUploadedFile("consent.pdf", SCAN)}, follow=True)
    assert done.status_code == 200
    text = done.content.decode()
    assert "契約者を替えました" in text
    with act_as(SYSTEM):
        became = ChangeRequest.objects.get().became
    assert became in text
    assert clerk.get(f"/console/agreements/{became}/").status_code == 200
    assert "承継済" in clerk.get(f"/console/agreements/{agreement.number}/").content.decode()

    former, new = login(SATO), login(KATO)
    assert "契約者の変更が済みました" in former.get(f"/portal/changes/{request.number}/").content.decode()
    assert former.get(f"/portal/agreements/{agreement.number}/").status_code == 200
    assert former.get(f"/portal/agreements/{became}/").status_code == 404
    mine = new.get(f"/portal/agreements/{became}/")
    assert "契約者となった日" in mine.content.decode()
    assert new.get(f"/portal/agreements/{agreement.number}/").status_code == 404
    assert new.get(f"/portal/changes/{request.number}/").status_code == 404


# ---- several agreements at once


@pytest.fixture
def three(agreement, acting, world):
    """Two further routers of Aoba, and one of Wakaba, the last."""
    with acting(HAYASHI, on=JUNE_1):
        return [
            agreement,
            another(2, world.organisations[AOBA].pk),
            another(3, world.organisations[AOBA].pk),
            another(4, world.organisations[WAKABA].pk),
        ]


def requests():
    with act_as(SYSTEM):
        return list(ChangeRequest.objects.select_related("agreement").order_by("id"))


@pytest.mark.req("IX-CHGF-04", "IX-CARD-10")
def test_a_customer_changes_several_agreements_with_one_form(three, login):
    browser = login(SATO)
    page = begun(browser, three[0])
    html = browser.get(page).content.decode()
    assert "ほかの契約も同じように変える" in html
    listed = re.findall(r'name="also" value="(\w+)"', html)
    assert listed == [three[1].number, three[2].number]  # Wakaba's stands nowhere

    ticked = filled(browser, page, also=[three[1].number, three[3].number], **NEW_SITE)
    live = browser.post(f"{page}save", ticked, headers={"HX-Request": "true"}).content.decode()
    preview = live[live.index("同じように変える契約") :]
    assert three[1].number in preview
    assert "変更できます" in preview
    assert three[3].number not in live
    assert re.findall(r'value="(\w+)" checked', browser.get(page).content.decode()).count(three[1].number) == 1

    response = browser.post(f"{page}submit", filled(browser, page, also=[three[1].number, three[3].number]))
    assert response.status_code == 302
    first, other = requests()
    assert (other.agreement_id, other.receipt, other.state) == (three[1].pk, first.number, "submitted")
    assert f"受付番号 {first.number}" in browser.get(page).content.decode()
    assert f"/portal/changes/{other.number}/" in browser.get(page).content.decode()


@pytest.mark.req("IX-CHGF-04", "MM-CHG-02")
def test_which_agreement_does_not_allow_it_is_told_with_its_clause(three, login):
    browser = login(SATO)
    page = begun(browser, three[0])
    abroad = {"site_address": "大韓民国ソウル特別市中区1-1", "contact_name": "新 担当", "effective": "2025/10/1"}
    typed = filled(browser, page, also=[three[1].number], **abroad)
    response = browser.post(f"{page}submit", typed)
    assert response.status_code == 422
    html = response.content.decode()
    assert re.search(rf"契約 {three[1].number}: [^<]*<small>第2章 2.注意事項</small>", html)
    assert "新 担当" in html
    assert re.search(rf'value="{three[1].number}" checked', html)
    assert len(requests()) == 1


@pytest.mark.req("IX-CHGF-04")
def test_the_desk_types_one_card_for_several_and_sees_what_came_together(three, login):
    browser = login(MORI)
    given = {"agreement": three[0].number, "channel": "email", "received_on": "2025/8/22", "asked_by": "佐藤 花子"}
    page = browser.post("/console/changes/new/", given).headers["Location"]
    # The desk sees every customer; a form reaches one.
    typed = filled(browser, page, also=[three[2].number, three[3].number], entered="2025/8/20", **NEW_SITE)
    assert browser.post(f"{page}submit", typed).status_code == 302
    first, other = requests()
    assert (other.agreement_id, other.received_on, other.channel) == (three[2].pk, date(2025, 8, 22), "email")
    assert "一緒に届いた申請" in browser.get(f"/console/changes/{other.number}/").content.decode()
    found = browser.get("/console/changes/", {"q": first.number}).content.decode()
    assert other.number in found


@pytest.mark.req("IX-CHGF-04", "IX-CHG-08")
def test_the_desk_applies_what_came_with_one_form_in_one_step(three, login):
    customer, desk = login(SATO), login(MORI)
    page = begun(customer, three[0])
    customer.post(f"{page}submit", filled(customer, page, also=[one.number for one in three[1:3]], **NEW_SITE))
    first, second, third = requests()
    with act_as(SYSTEM):
        ChangeRequest.objects.filter(pk=third.pk).update(entries={})
    shown = desk.get(f"/console/changes/{first.number}/").content.decode()
    assert "2件をまとめて反映して知らせる" in shown
    assert "次の申請は除きます" in shown
    done = desk.post(f"/console/changes/{first.number}/apply-together", {"note": ""})
    assert done.status_code == 200
    text = done.content.decode()
    for words in ("2件の契約に反映し", "反映しなかった申請があります", third.number, "今の登録と同じ内容"):
        assert words in text
    assert [one.state for one in requests()] == ["applied", "applied", "submitted"]
    again = desk.post(f"/console/changes/{first.number}/apply-together")
    assert again.status_code == 422
    assert login(UENO).post(f"/console/changes/{first.number}/apply-together").status_code == 403
    assert second.number in desk.get(f"/console/changes/{first.number}/").content.decode()
