"""What people do on the screens, in their words."""

import re
from datetime import timedelta

import pypdfium2
from playwright.sync_api import Page, expect

from hoshu import clock
from hoshu.cli.demo import PEOPLE

EMAILS = {role: email for role, _, email in PEOPLE}


def enter(page: Page, role: str) -> Page:
    """Log in as the person whom the first page offers for this role."""
    page.goto("/")
    page.locator(f"button[value='{EMAILS[role]}']").click()
    page.wait_for_url(re.compile(r"/(console|portal)/"))
    return page


def stock_licence(clerk: Page, card: str) -> None:
    """A licence for seven days, all day, five years was sold: its card is known before it arrives."""
    clerk.goto("/console/licences/new/")
    clerk.get_by_label("シリアル No.").fill(card)
    clerk.get_by_label("プラン").select_option(label="７日終日５年保守")
    clerk.get_by_label("お手続期限").fill(f"{clock.now() + timedelta(days=80):%Y/%m/%d}")
    clerk.get_by_role("button", name="登録する").click()
    expect(clerk.get_by_text(f"{card} を登録しました。")).to_be_visible()


def fill_card(page: Page, entries: dict[str, str]) -> None:
    """Type into the fields of お客様登録カード and leave the last one."""
    for name, text in entries.items():
        page.locator(f"#card_{name}").fill(text)
    page.keyboard.press("Tab")


def tab_to(page: Page, label: str) -> None:
    """Go on with the tab key until the field with this label has the focus."""
    for _ in range(100):
        page.keyboard.press("Tab")
        labels = page.evaluate(
            "() => [...(document.activeElement.labels ?? []), document.activeElement.closest('fieldset')"
            "?.querySelector('legend')].map(found => found?.textContent.trim())"
        )
        if label in labels:
            return
    raise AssertionError(f"{label}: not reached by the tab key")


def text_of_pdf(page: Page, address: str) -> str:
    """What one can read in the PDF at this address."""
    answer = page.request.get(address)
    assert answer.headers["content-type"] == "application/pdf"
    return "\n".join(sheet.get_textpage().get_text_range() for sheet in pypdfium2.PdfDocument(answer.body()))
