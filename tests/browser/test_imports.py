"""A table is taken in by the real worker while somebody watches, with scripts and without, wide and narrow."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import enter
from tests.browser.test_pages import drawn_wrong
from tests.contracts.cards import FAMILY
from tests.files.sheets import xlsx

pytestmark = pytest.mark.browser

HEADINGS = ["シリアル No.", "サービス", "製品区分", "プラン", "お手続期限", "ご購入元", "備考"]


def workbook(series: str) -> bytes:
    """Forty licences as Excel keeps them, some of them spoilt."""

    def draw(book: Any, sheet: Any) -> None:
        sheet.set_row(9, None, None, {"hidden": True})

    rows = [
        [f"{series}-{number:04}", FAMILY, FAMILY, "５日半日３年保守", date(2027, 3, 31), "㈱髙﨑𠮷田商会", ""]
        for number in range(40)
    ]
    rows[3][0], rows[4][4], rows[5][3], rows[6][0] = "1.23E+11", "2027/2/30", "９日保守", "=1+1"
    return xlsx([["2027年のライセンス"], HEADINGS, *rows], draw=draw)


def hand_over(page: Page, content: bytes) -> None:
    page.goto("/console/imports/")
    page.get_by_role("link", name="表を取り込む").click()
    page.get_by_label("ライセンス:").check()
    page.get_by_label("表のファイル").set_input_files(
        {"name": "ライセンス.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_label("含みません").check()
    page.get_by_role("button", name="読み取って確かめる").click()


def test_a_table_is_tried_started_and_watched(visit: Callable[..., Page]) -> None:
    page = enter(visit(), "clerk")
    hand_over(page, workbook("BW"))
    main = page.get_by_role("main")
    begin = main.get_by_role("button", name="36行を登録する")
    expect(begin).to_be_visible()
    for words in (
        "指数になった番号",
        "読めない日付",
        "ないプラン",
        "数式",
        "非表示の行",
        "次の見出しの列は使いません: 備考",
    ):
        expect(main.get_by_text(words).first).to_be_visible()
    main.get_by_role("link", name="誤り 4行").click()
    expect(main.get_by_role("row")).to_have_count(5)
    faults = [*drawn_wrong(page, urlsplit(page.url).path)]
    main.get_by_label("「要確認」の1行を確かめました").check()
    begin.click()
    expect(main.get_by_text("36行を登録しました。誤りの4行は登録していません。")).to_be_visible()
    faults += drawn_wrong(page, urlsplit(page.url).path)
    for address in ("/console/imports/", "/console/imports/new"):
        faults += drawn_wrong(page, address)
    assert not faults, "\n".join(faults)
    page.goto("/console/licences/BW0039/")
    expect(main.get_by_label("ご購入元")).to_have_value("㈱髙﨑𠮷田商会")


def test_without_scripts_the_page_looks_again_by_itself(visit: Callable[..., Page]) -> None:
    page = enter(visit(java_script_enabled=False), "clerk")
    hand_over(page, workbook("PL"))
    begin = page.get_by_role("button", name="36行を登録する")
    expect(begin).to_be_visible(timeout=30_000)
    page.get_by_label("「要確認」の1行を確かめました").check()
    begin.click()
    expect(page.get_by_text("36行を登録しました。")).to_be_visible(timeout=30_000)
    with page.expect_download() as saved:
        page.get_by_role("link", name="誤りの行をExcel（XLSX）で保存する").click()
    assert saved.value.suggested_filename == "ライセンス_誤り.xlsx"
