"""A service designer at work: an edition from the first line to the published one, two texts side by side."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import enter
from tests.browser.test_pages import drawn_wrong

pytestmark = pytest.mark.browser

COFFEE = (Path(__file__).parents[1] / "terms/sixth.toml").read_text(encoding="utf-8").partition("\n[[example]]")[0]
BROKEN = 'ended_early = { clause = "第60条", rule = "CM-06" }'


def test_a_draft_is_written_checked_tried_and_published(visit: Callable[..., Page]) -> None:
    text = COFFEE.replace("in_force = 2024-01-01", "in_force = 2099-01-01", 1)
    broken = text.replace('ended_early = { clause = "第6条", rule = "CM-06" }', BROKEN, 1)
    assert BROKEN in broken
    page = enter(visit(), "service_designer")
    page.get_by_role("link", name="約款の設計").first.click()
    page.get_by_role("link", name="下書きを始める").first.click()
    page.get_by_label("下書きの名前").fill("コーヒーの保守")
    page.get_by_text("本文を貼り付ける").click()
    page.get_by_label("本文", exact=True).fill(broken)
    page.get_by_role("button", name="下書きを作る").click()

    # A finding leads to its line in the editor itself.
    expect(page.get_by_text("第60条").last).to_be_visible()
    page.locator("a[data-line]").first.click()
    chosen = "() => { const e = document.activeElement; return e.value.slice(e.selectionStart, e.selectionEnd); }"
    assert page.evaluate(chosen) == BROKEN
    faults = [*drawn_wrong(page, page.url)]
    editor = page.get_by_label("本文", exact=True)
    editor.fill(text)
    expect(page.get_by_text("まだ保存していません")).to_be_visible()
    page.get_by_role("button", name="保存して点検する").click()
    expect(page.get_by_text("保存しました。", exact=True)).to_be_visible()

    # What a question answers becomes an example.
    page.get_by_role("link", name="問いを試す").click()
    page.locator("select[name=ask]").select_option(label="提供期間")
    page.get_by_role("button", name="選ぶ").click()
    page.get_by_label("出荷日").fill("2099/2/1")
    page.get_by_label("登録完了のお知らせの送信日").fill("2099/2/10")
    page.get_by_role("button", name="約款に聞く").click()
    expect(page.get_by_role("region", name="答え")).to_contain_text("2099/02/02")
    faults += drawn_wrong(page, page.url)
    page.get_by_label("何の例か").fill("出荷の翌日から数えます。")
    page.get_by_role("button", name="例として保存する").click()
    expect(page.get_by_text("例 1件を、この約款で確かめました。")).to_be_visible()

    page.get_by_role("link", name="公表の確認へ進む").click()
    faults += drawn_wrong(page, page.url)
    page.get_by_role("button", name="2024-01版を公表する").click()
    expect(page.get_by_text("2024-01版を公表しました。")).to_be_visible()
    page.get_by_role("link", name="約款", exact=True).first.click()
    expect(page.get_by_text("コーヒーマシン保守").first).to_be_visible()
    assert not faults, "\n".join(faults)
