"""What a customer does alone: a form that is never lost, a fault reported, and nothing of strangers to be seen."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from hoshu import clock
from tests.browser.steps import enter, fill_card, stock_licence, text_of_pdf

pytestmark = pytest.mark.browser

CARD, BODY = "L2288001", "MR22-880001"


@pytest.mark.req("IX-REG-11")
def test_a_form_is_left_and_found_again_and_sent_with_a_copy(visit: Callable[..., Page]) -> None:
    stock_licence(enter(visit(), "clerk"), CARD)
    page = enter(visit(), "customer_admin")
    bought = clock.today() - timedelta(days=12)
    imperial = f"令和{bought.year - 2018}年{bought.month}月{bought.day}日"
    number = begin(page)
    fill_card(page, {"body_serial": BODY, "purchased": imperial, "site_person": "西村 葵"})
    expect(page.locator("#draft")).to_contain_text("下書きを保存しました")

    page.goto("/portal/")
    page.get_by_role("link", name=number).click()
    expect(page.locator("#card_site_person")).to_have_value("西村 葵")
    expect(page.locator("#card_purchased")).to_have_value(imperial)

    page.get_by_role("button", name="送信する").click()
    faults = page.get_by_role("alert")
    expect(faults).to_contain_text("まだ送信していません")
    expect(faults.get_by_role("link", name="シリアル No.")).to_be_visible()
    expect(faults.get_by_role("link", name="設置場所の住所")).to_be_visible()
    expect(page.locator("#card_body_serial")).to_have_value(BODY)

    fill_card(page, {"card_serial": CARD, "licence_purchased": f"{bought:%Y/%m/%d}"})
    expect(page.locator("#card-printed")).to_contain_text("７日終日５年保守")
    fill_card(page, {"contact_phone": "022-000-0001", "contact_address": "宮城県仙台市青葉区架空町1-2-3"})
    fill_card(page, {"site_company": "東館", "site_address": "宮城県仙台市架空町4-5", "site_phone": "022-000-0002"})
    page.get_by_label("ご購入者が所有者です").check()
    page.get_by_label("ありません", exact=True).check()
    for item in page.locator("[name=confirmed]").all():
        item.check()
    forgotten = page.context.new_page()
    forgotten.goto(f"/portal/applications/{number}/")
    page.get_by_role("button", name="送信する").click()
    expect(page.get_by_text("申請を送信しました。")).to_be_visible()
    copy = page.get_by_role("link", name="控えのPDF").get_attribute("href")
    assert BODY in text_of_pdf(page, copy)

    fill_card(forgotten, {"site_person": "東 陽菜"})
    expect(forgotten.locator("#conflict")).to_contain_text("画面を読み込み直してください")


def test_a_postal_code_offers_its_addresses_and_what_is_typed_stays(visit: Callable[..., Page]) -> None:
    page = enter(visit(), "customer_admin")
    begin(page)
    choices, address = page.locator("[data-fills=card_site_address]"), page.locator("#card_site_address")

    page.locator("#card_site_postal_code").press_sequentially("４４１ー１３２４")
    choices.get_by_role("button", name="愛知県新城市奥井道").click()
    expect(address).to_have_value("愛知県新城市奥井道")
    expect(address).to_be_focused()
    page.keyboard.type("架空1-2")
    choices.get_by_role("button", name="愛知県新城市内井道").click()
    expect(address).to_have_value("愛知県新城市内井道架空1-2")
    expect(page.locator("#draft")).to_contain_text("下書きを保存しました")

    fill_card(page, {"site_address": "千代田架空3-4", "site_postal_code": "1000001"})
    choices.get_by_role("button", name="東京都千代田区千代田").click()
    expect(address).to_have_value("東京都千代田区千代田架空3-4")

    fill_card(page, {"site_address": "田中ビル"})
    choices.get_by_role("button", name="東京都千代田区千代田").click()
    expect(address).to_have_value("東京都千代田区千代田田中ビル")

    fill_card(page, {"site_postal_code": "0000000"})
    expect(choices).to_contain_text("見つかりません。住所を直接入力してください。")
    expect(page.locator("#card_site_postal_code")).to_have_value("0000000")
    page.reload()
    expect(address).to_have_value("東京都千代田区千代田田中ビル")


def test_a_second_window_loses_nothing(visit: Callable[..., Page]) -> None:
    page = enter(visit(), "customer_admin")
    begin(page)
    other = page.context.new_page()
    other.goto(page.url)
    fill_card(page, {"site_person": "西村 葵"})
    expect(page.locator("#draft")).to_contain_text("下書きを保存しました")
    fill_card(other, {"site_company": "東館"})
    other.get_by_role("link", name="違いを見て選ぶ").click()
    mine = other.get_by_role("row").filter(has_text="東館")
    mine.get_by_role("radio").last.check()
    other.get_by_role("button", name="選んだ内容で保存する").click()
    expect(other.locator("#card_site_person")).to_have_value("西村 葵")
    expect(other.locator("#card_site_company")).to_have_value("東館")


def test_nobody_leaves_unasked_what_is_not_kept_yet(visit: Callable[..., Page]) -> None:
    page = enter(visit(), "customer_admin")
    begin(page)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("#card_site_person").press_sequentially("西村")
    expect(page.locator("#draft")).to_have_text("保存しています…")
    page.goto("/portal/")
    assert asked == ["beforeunload"]


def test_a_fault_is_reported_and_followed(visit: Callable[..., Page]) -> None:
    page = enter(visit(viewport={"width": 390, "height": 844}), "customer_user")
    page.get_by_role("link", name="障害を連絡する").click()
    page.get_by_role("link", name="MR22100001").click()
    page.get_by_role("button", name="障害を連絡する").click()
    expect(page.get_by_role("alert")).to_contain_text("障害状況")
    page.get_by_label("電源が入らない").check()
    page.get_by_label("LEDの点灯状況").fill("すべて消灯")
    page.get_by_label("製造番号が、機器のラベルと同じであることを確かめた").check()
    page.get_by_role("button", name="障害を連絡する").click()
    expect(page.get_by_text("障害のご連絡を受け付けました。")).to_be_visible()
    expect(page.locator(".answer")).to_contain_text("対象")
    number = page.url.rstrip("/").rpartition("/")[2]
    page.goto("/portal/")
    expect(page.get_by_role("link", name=number)).to_be_visible()


STRANGERS = (
    "/portal/agreements/SA0000002/",
    "/portal/applications/AP0000002/",
    "/portal/applications/AP0000002/copy.pdf",
    "/portal/cases/F0000001/",
    "/portal/report/2/",
)
STAFF_ONLY = ("/console/cases/", "/console/intake/", "/console/customers/", "/console/history/")


def test_a_stranger_is_not_there(visit: Callable[..., Page]) -> None:
    page = enter(visit(), "customer_admin")
    assert {address: page.request.get(address).status for address in STRANGERS} == dict.fromkeys(STRANGERS, 404)
    assert {address: page.request.get(address).status for address in STAFF_ONLY} == dict.fromkeys(STAFF_ONLY, 403)
    page.goto("/portal/report/?q=MR22-100002")
    expect(page.get_by_text("登録された機器が見つかりません")).to_be_visible()


def begin(page: Page) -> str:
    """Start a new application; its number."""
    page.goto("/portal/applications/")
    page.get_by_role("link", name="登録を申請する").click()
    page.get_by_role("link", name="ネットワーク保守ライセンス").click()
    page.get_by_role("button", name="入力を始める").click()
    page.wait_for_url("**/portal/applications/AP*/")
    return page.url.rstrip("/").rpartition("/")[2]
