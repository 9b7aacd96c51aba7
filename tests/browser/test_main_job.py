"""The main job, as clerk, desk and engineer do it: from the card to the closed case, in a real browser."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from hoshu import clock
from tests.browser.steps import enter, fill_card, stock_licence, tab_to, text_of_pdf
from tests.files.samples import pdf

pytestmark = pytest.mark.browser

CARD, SERIAL, SUBSTITUTE = "L2299001", "MR22-990001", "MR22-990099"
COMPANY = "株式会社あさがお製本"
SAID = {
    "contact_company": COMPANY,
    "contact_name": "西村 葵",
    "contact_email": "aoi@asagao.example.jp",
    "contact_phone": "03-0000-7001",
    "contact_address": "東京都文京区架空本郷1-2-3",
    "site_company": f"{COMPANY} 第二工場",
    "site_address": "埼玉県川口市架空栄町4-5",
    "site_person": "東 陽菜",
    "site_phone": "048-000-7002",
}


def test_from_the_card_to_the_closed_case(visit: Callable[..., Page]) -> None:
    """Story one and two of the product, in one breath."""
    clerk = enter(visit(), "clerk")
    stock_licence(clerk, CARD)
    take_the_card_in(clerk)
    type_the_card(clerk)
    attach_the_proof(clerk)
    accept(clerk)
    read_the_notice(clerk)
    desk = enter(visit(), "desk")
    number = take_the_call(desk)
    carry_out(desk, enter(visit(), "engineer"), number)


def bought(days: int = 12) -> date:
    return clock.today() - timedelta(days=days)


def take_the_card_in(page: Page) -> None:
    """The scan goes in with the time of its arrival, which the answer is counted from."""
    page.goto("/console/applications/")
    page.get_by_role("link", name="届いた書類を受領する").click()
    page.get_by_text("メール", exact=True).click()
    page.get_by_label("カードのPDF・画像").set_input_files(
        {"name": "お客様登録カード.pdf", "mimeType": "application/pdf", "buffer": pdf("card")}
    )
    expect(page.get_by_text("お客様登録カード.pdf（")).to_be_visible()
    page.get_by_text("含みません", exact=True).click()
    page.get_by_role("button", name="受領する").click()
    expect(page.get_by_text("1件のカードを受領しました。")).to_be_visible()
    expect(page.get_by_role("img", name="お客様登録カード.pdf 1ページ")).to_be_visible()


def type_the_card(page: Page) -> None:
    """The fields in the card's order; faults stand together, each with its reason; the period moves while typing."""
    fill_card(page, {"card_serial": CARD, "licence_purchased": f"{bought():%Y/%m/%d}"})
    expect(page.locator("#card-printed")).to_contain_text("７日終日５年保守")
    fill_card(page, {"body_serial": SERIAL.lower(), "purchased": "2026/2/30", "contact_email": "aoi(at)example"})
    page.locator("#card_product").select_option(label="みなとルーター MR-2200")
    judgement = page.locator("#judgement")
    expect(page.locator("#fault-purchased")).to_contain_text("暦にない日付です")
    expect(page.locator("#fault-contact_email")).to_contain_text("メールアドレス")
    expect(judgement.get_by_role("link", name="設置場所の住所")).to_be_visible()
    fill_card(page, {"purchased": f"{bought(60):%Y/%m/%d}"})
    ends = judgement.locator(".timeline__date--end")
    expect(ends).to_contain_text(f"{bought(60).year + 5}/{bought(60):%m}/")
    fill_card(page, {"purchased": f"{bought():%Y/%m/%d}", "entry_date": f"{bought(3):%Y/%m/%d}"} | SAID)
    expect(ends).to_contain_text(f"{bought().year + 5}/{bought():%m}/")
    expect(page.locator("#fault-contact_email")).to_be_empty()
    page.get_by_label("ご連絡先", exact=True).check()
    page.get_by_label("ご購入者が所有者です").check()
    page.get_by_label("ありません", exact=True).check()
    expect(page.locator("#draft")).to_contain_text("保存しました")
    expect(judgement.get_by_text("まだ足りないもの")).to_be_visible()


def attach_the_proof(page: Page) -> None:
    """The delivery note with the date that the clerk reads from it."""
    page.get_by_text("資料を付ける…").click()
    papers = page.get_by_role("region", name="届いた資料")
    papers.get_by_label("種類").select_option(label="納品書")
    papers.get_by_label("書類の日付").fill(f"{bought():%Y/%m/%d}")
    papers.get_by_label("PDF・JPEG・PNG").set_input_files(
        {"name": "納品書.pdf", "mimeType": "application/pdf", "buffer": pdf("note")}
    )
    papers.get_by_label("含みません").check()
    papers.get_by_role("button", name="付ける").click()
    expect(page.get_by_text("納品書を付けました。")).to_be_visible()
    expect(papers.get_by_role("link", name="納品書.pdf")).to_be_visible()


def accept(page: Page) -> None:
    """Nothing is missing any more; the notice can be read before it is sent, and sending it accepts."""
    page.get_by_role("button", name="転記を終えて確認を始める").click()
    page.get_by_role("link", name="決める").first.click()
    page.get_by_text("文面を見る").click()
    expect(page.locator("pre")).to_contain_text(SERIAL.replace("-", ""))
    page.get_by_role("button", name="承諾して登録完了のお知らせを送る").click()
    expect(page.get_by_text("登録が完了しました。サービス手配番号は")).to_be_visible()


def read_the_notice(page: Page) -> None:
    """The customer's mail and its letter lie in the mailbox of the demo, once the worker has sent them."""
    page.goto("/mailbox/")
    mine = page.get_by_role("row").filter(has_text=SAID["contact_email"]).filter(has_text="登録完了のお知らせ")
    mine.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("登録完了")
    letter = page.get_by_role("link", name="登録完了のお知らせ").get_attribute("href")
    assert SERIAL.replace("-", "") in text_of_pdf(page, letter)


def take_the_call(page: Page) -> str:
    """No mouse: search, the answer, the missing pieces, the case. The number of the case."""
    page.keyboard.press("/")
    page.keyboard.type(SERIAL[:-1].lower())
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/intake/**")
    answer = page.locator("#judgement")
    expect(answer.get_by_role("heading", level=2)).to_contain_text("対象")
    expect(answer.get_by_text("第4章 2.").first).to_be_visible()
    lacking = answer.get_by_role("link", name="③ 障害状況")
    expect(lacking).to_be_visible()
    tab_to(page, "お申し出の製造番号")
    page.keyboard.type(SERIAL)
    tab_to(page, "品名と製造番号を読み上げて確かめた")
    page.keyboard.press("Space")
    tab_to(page, "登録の設置場所と同じ")
    page.keyboard.press("Space")
    tab_to(page, "電源が入らない")
    page.keyboard.press("Space")
    expect(lacking).to_have_count(0)
    tab_to(page, "LEDの点灯状況")
    page.keyboard.type("PWRが消灯")
    tab_to(page, "ソフトウェアのバージョン")
    page.keyboard.type("10.9.14")
    tab_to(page, "最新のコンフィグのバックアップ")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(answer.get_by_text("まだ足りないもの")).to_have_count(0)
    tab_to(page, "お電話の方のお名前")
    page.keyboard.type("西村 葵")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/console/cases/F*/")
    return page.url.rstrip("/").rpartition("/")[2]


def carry_out(page: Page, engineer: Page, number: str) -> None:
    """Decide to send somebody, plan the visit, do the steps, exchange the unit, close."""
    decision = page.get_by_role("region", name="派遣するかを決める")
    decision.get_by_label("派遣する", exact=True).check()
    decision.get_by_label("理由").fill("本体の故障と判断しました。")
    decision.get_by_role("button", name="判断を記録する").click()
    page.get_by_role("button", name="訪問の予定を入れる").click()
    engineer.goto(f"/console/cases/{number}/")
    do_steps(engineer)
    receive_the_backup(engineer)
    engineer.get_by_label("代替品の製造番号").fill(SUBSTITUTE)
    engineer.get_by_label("受領された方").fill("東 陽菜")
    engineer.get_by_role("button", name="交換を記録する").click()
    engineer.get_by_label("消去した", exact=True).check()
    engineer.get_by_role("button", name="申告を記録する").first.click()
    engineer.get_by_role("button", name="回収を記録する").click()
    do_steps(engineer)
    engineer.get_by_label("作業内容").fill("本体を交換し、通信できることを確かめました。")
    engineer.get_by_role("button", name="作業を完了する").click()
    page.goto(f"/console/cases/{number}/")
    expect(page.get_by_role("heading", name="作業は完了しました")).to_be_visible()
    expect(page.locator(".page-head .badge")).to_contain_text("完了")


def receive_the_backup(page: Page) -> None:
    """The configuration that the customer hands over and declares to be the latest."""
    page.get_by_text("ファイルを受け取る").click()
    files = page.get_by_role("region", name="ファイル", exact=True)
    files.locator("input[type=file]").set_input_files(
        {"name": "config.txt", "mimeType": "text/plain", "buffer": b"hostname asagao\n"}
    )
    files.get_by_label("種類").select_option("backup")
    files.get_by_label("含まない").check()
    files.get_by_label("最新と申告された方").fill("東 陽菜")
    files.get_by_role("button", name="受け取る").click()
    expect(files.locator(".badge")).to_contain_text("最新と申告")


def do_steps(page: Page) -> None:
    """Tick what is at hand until a record has to be made."""
    done = page.locator(".steps .is-done")
    while (tick := page.locator("[aria-current=step]").get_by_role("button", name="済んだ")).count():
        before = done.count()
        tick.click()
        expect(done).to_have_count(before + 1)
