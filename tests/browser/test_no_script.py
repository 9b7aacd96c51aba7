"""The main forms without any script: everything works, only less comfortably."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hoshu.cli.demo import PASSWORD
from tests.browser.steps import EMAILS, enter
from tests.files.samples import pdf

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(visit: Callable[..., Page]) -> Callable[[str], Page]:
    """Somebody whose browser runs no scripts."""
    return lambda role: enter(visit(java_script_enabled=False), role)


def test_a_call_is_taken(plain: Callable[[str], Page]) -> None:
    page = plain("desk")
    page.goto("/console/intake/")
    page.get_by_role("main").get_by_role("searchbox").fill("mr22 100001")
    page.get_by_role("button", name="探す").click()
    expect(page.locator("#judgement")).to_contain_text("対象")
    page.get_by_label("LEDの点灯状況").fill("すべて消灯")
    page.get_by_role("button", name="受け付ける").click()
    expect(page.get_by_text("を受け付けました。")).to_be_visible()
    note = page.get_by_role("region", name="経過")
    note.get_by_label("連絡やメモを残す").fill("折り返しを待っています。")
    note.get_by_role("button", name="記録する").click()
    expect(page.get_by_text("折り返しを待っています。")).to_be_visible()


def test_a_fault_in_a_form_is_said_and_nothing_is_lost(plain: Callable[[str], Page]) -> None:
    page = plain("desk")
    page.goto("/console/intake/?q=MR22-100001")
    page.get_by_label("お電話の方のお名前").fill("西村 葵")
    page.get_by_label("障害の発生日").fill("2026/2/30")
    page.get_by_role("button", name="受け付ける").click()
    expect(page.get_by_role("alert")).to_contain_text("障害の発生日")
    expect(page.get_by_label("お電話の方のお名前")).to_have_value("西村 葵")
    expect(page.get_by_label("障害の発生日")).to_have_value("2026/2/30")


def test_a_card_is_taken_in_and_typed(plain: Callable[[str], Page]) -> None:
    page = plain("clerk")
    page.goto("/console/applications/new/")
    page.get_by_label("メール", exact=True).check()
    card = page.get_by_label("カードのPDF・画像")
    expect(card).to_be_visible()
    card.set_input_files({"name": "card.pdf", "mimeType": "application/pdf", "buffer": pdf("card")})
    page.get_by_label("含みません").check()
    page.get_by_role("button", name="受領する").click()
    expect(page.get_by_text("1件のカードを受領しました。")).to_be_visible()
    page.locator("#card_site_person").fill("西村 葵")
    page.get_by_role("button", name="保存する").click()
    expect(page.locator("#card_site_person")).to_have_value("西村 葵")


def test_a_customer_applies(plain: Callable[[str], Page]) -> None:
    page = plain("customer_admin")
    page.goto("/portal/applications/new/")
    page.get_by_role("link", name="ネットワーク保守ライセンス").click()
    page.get_by_role("button", name="入力を始める").click()
    page.locator("#card_site_person").fill("西村 葵")
    page.get_by_role("button", name="送信する").click()
    expect(page.get_by_role("alert")).to_contain_text("まだ送信していません")
    expect(page.locator("#card_site_person")).to_have_value("西村 葵")


def test_somebody_logs_in_with_the_password(visit: Callable[..., Page]) -> None:
    page = visit(java_script_enabled=False)
    page.goto("/account/login/")
    page.get_by_label("メール").fill(EMAILS["clerk"])
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("今日")
