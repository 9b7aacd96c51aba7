"""Every page that somebody can reach by links from the first page: whole, in Japanese, legible for everybody.

Each role walks the site by plain requests, a few pages of each kind. A page is also drawn, wide, narrow and dark, if
it is the first of its kind, or the first with one of its forms.
"""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, unquote, urldefrag, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.steps import EMAILS, enter

pytestmark = pytest.mark.browser

OF_A_KIND = 2
"""How many pages of one kind a visitor opens; more of those that differ from one to the next."""
DIFFERING = {
    "/terms/*/*/": 5,
    "/console/cases/*/": 12,
    "/console/applications/*/": 9,
    "/console/applications/*/decide": 4,
}

WORDS = {
    "API", "BIOS", "CD", "CSV", "DVD", "EP", "Excel", "FAX", "FQDN", "HTTP", "ID", "IP", "IX", "JIS", "JPEG",
    "JSON", "KB", "LAN", "LED", "MAC", "MB", "MW", "Mail", "No", "OS", "PC", "PCIe", "PDF", "PNG", "PWR", "RAID",
    "RC", "SSD", "SSID", "Shift", "TCP", "TOML", "UPS", "URL", "UTF", "UTM", "WAN", "XLSX", "cm", "hardware",
    "ii", "iii", "mm", "ping", "show", "xls", "xlsx",
}  # fmt: skip
"""Words in Latin letters that people in Japan use as they are."""
RAW = re.compile(r"\b(None|True|False|null|undefined|NaN)\b|\{\{|\{%|[a-z]+_[a-z_]+|利用者\d|\bix\b")
"""What only a program says."""
CODES = re.compile(
    r"https?://\S+|[\w-]+\.(?:csv|pdf|png|txt|xlsx)|[\w.+-]+(?:@|\(at\))[\w.-]+|[A-Za-z0-9./_-]*\d[A-Za-z0-9./_-]*"
)
"""Addresses, names of files, numbers, dates, serials, versions: not words."""
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
AXE = Axe()
ALIKE = [".list tbody tr:nth-child(n+4)", "[id^=chapter] > div:nth-child(n+6)"]
"""Rows and clauses: the first few are looked at."""
SILENT = {"script", "style", "code", "pre", "kbd", "template"}
SAID_IN = ("placeholder", "aria-label", "title", "alt")


@dataclass
class Seen(HTMLParser):
    """What one page holds, read from its source."""

    source: str
    links: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)
    silent: int = 0

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.links += [given[name] for name in ("href", "src") if given.get(name)]
        self.ids |= {given.get("id", "")} - {""}
        self.said += [given[name] for name in SAID_IN if name in given]
        self.forms |= {kind_of(given["action"])} if "action" in given else set()
        self.silent += tag in SILENT

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


def kind_of(address: str) -> str:
    """The address without what tells two pages of one kind apart."""
    parts = urlsplit(address)
    path = "/".join("*" if re.search(r"\d", part) else part for part in parts.path.split("/"))
    path = re.sub(r"^/terms/[^/]+/", "/terms/*/", path)
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return path + ("?" + "&".join(names) if names else "")


@pytest.fixture(scope="module")
def drawn() -> set[str]:
    """Which kinds of pages and forms have been drawn."""
    return set()


@pytest.mark.parametrize("role", ["", *EMAILS])
def test_every_page(role: str, visit: Callable[..., Page], drawn: set[str]) -> None:
    page = visit()
    page.goto("/")
    start = "/design"  # shows every part of a page once; linked from nowhere
    if role:
        start = urlsplit(enter(page, role).url).path
    faults: list[str] = []
    for address, seen in walk(page, start, faults):
        faults += [f"{address}: {fault}" for fault in dict.fromkeys(said_wrong(seen))]
        shown = seen.forms | {kind_of(address).partition("?")[0]}
        if shown - drawn:
            drawn |= shown
            faults += [f"{address}: {fault}" for fault in drawn_wrong(page, address)]
    assert not faults, "\n" + "\n".join(faults)


def walk(page: Page, start: str, faults: list[str]) -> Iterator[tuple[str, Seen]]:
    """Follow the links from `start`. Whatever does not open, or is not there to jump to, is a fault."""
    home = urljoin(page.url, "/").rstrip("/")
    queue, opened, jumps, ids = deque([(home + start, "")]), Counter(), {}, {}
    while queue:
        address, source = queue.popleft()
        address, fragment = urldefrag(address)
        if fragment:
            jumps.setdefault((address, unquote(fragment)), source)
        kind = kind_of(address.removeprefix(home))
        if address in ids or not address.startswith(home) or opened[kind] >= DIFFERING.get(kind, OF_A_KIND):
            continue
        opened[kind] += 1
        answer = page.request.get(address)
        path = address.removeprefix(home)
        if not answer.ok:
            faults.append(f"{path}: {answer.status}, linked from {source}")
        if not answer.ok or not answer.headers["content-type"].startswith("text/html"):
            ids[address] = None
            continue
        seen = Seen(answer.text())
        ids[address] = seen.ids
        queue += [
            (urljoin(answer.url, link), path)
            for link in seen.links
            if not link.startswith(("data:", "tel:", "mailto:"))
        ]
        yield path, seen
    faults += [
        f"{address.removeprefix(home)}#{fragment}: not there, linked from {source}"
        for (address, fragment), source in jumps.items()
        if ids.get(address) is not None and fragment not in ids[address]
    ]


def said_wrong(seen: Seen) -> Iterator[str]:
    """Words that are left in English, and what only a program says."""
    for said in seen.said:
        said = " ".join(CODES.sub(" ", said).split())
        if RAW.search(said):
            yield f"raw: {said}"
        elif strange := set(re.findall(r"[A-Za-z]{2,}", said)) - WORDS:
            yield f"not Japanese: {' '.join(sorted(strange))} in: {said}"


def drawn_wrong(page: Page, address: str) -> Iterator[str]:
    """Too wide, not accessible; scripts that fail are found by `visit`."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    page.goto(address)
    page.evaluate(AXE.axe_script)
    yield from _too_wide(page)
    yield from _inaccessible(page)
    page.set_viewport_size(NARROW)
    yield from _too_wide(page)
    yield from _inaccessible(page, rules={"color-contrast": {"enabled": False}})
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="dark")
    yield from _inaccessible(page, runOnly=["color-contrast"])


def _too_wide(page: Page) -> Iterator[str]:
    at = f"at {page.viewport_size['width']}"
    if (wide := page.evaluate("document.documentElement.scrollWidth - window.innerWidth")) > 0:
        yield f"{wide} px too wide {at}"
    if page.evaluate(
        "[...document.querySelectorAll('.list')].some(it => it.offsetWidth > it.parentElement.clientWidth)"
    ):
        yield f"a list cut off {at}"


def _inaccessible(page: Page, **options: object) -> Iterator[str]:
    found = page.evaluate(
        "([context, options]) => axe.run(context, options)",
        [{"exclude": [[alike] for alike in ALIKE]}, options | {"resultTypes": ["violations"]}],
    )
    for broken in found["violations"]:
        targets = ", ".join(str(node["target"]) for node in broken["nodes"][:3])
        yield f"axe {broken['id']} at {page.viewport_size['width']}: {targets}"
