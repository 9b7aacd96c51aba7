"""A real site for a real browser: granian and the worker as processes, the demo loaded, Debian's Chromium.

The site has a database of its own. A browser test looks at pages, never into the database.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from hoshu.config.process import spawn
from tests.postgres import Postgres

CHROMIUM = "/usr/bin/chromium"
_DATABASE = "hoshu_site"
_HOSHU = [sys.executable, "-P", "-m", "hoshu.cli"]


@pytest.fixture(scope="package")
def site(postgres: Postgres, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running demo, without a slash at its end."""
    postgres.create(_DATABASE, template=template)
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "HOSHU_HOME": str(tmp_path_factory.mktemp("site")),
        "HOSHU_APP_DATABASE_URL": postgres.app_url(_DATABASE),
        "DATABASE_URL": "",
        "HOSHU_SECRET_KEY": "only-for-tests",
        "HOSHU_BASE_URL": address,
        "HOSHU_DEMO": "on",
    }
    static = [*_HOSHU, "django", "collectstatic", "--no-input", "--verbosity=0"]
    small_demo = [sys.executable, "-P", str(Path(__file__).with_name("small_demo.py"))]
    for step in (static, small_demo):
        subprocess.run(step, env=environment, check=True)
    processes = [spawn([*_HOSHU, *service], env=environment) for service in (["web", f"--port={port}"], ["worker"])]
    try:
        _wait_until_it_answers(address, processes[0])
        yield address
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)
        postgres.drop(_DATABASE)


# Ends with this folder: while Playwright's loop runs in this thread, Django takes every other test for asynchronous.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; `make test` installs it where it may."""
    arguments = [
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    assert Path(CHROMIUM).exists(), "run `sh tests/browser/need_chromium.sh`"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """`visit()` is a fresh visitor with cookies of its own, at 1280 pixels; options as of `Browser.new_context`.

    Scripts that fail and what the content policy blocks fail the test.
    """
    contexts, complaints = [], []

    def listen(message: ConsoleMessage) -> None:
        # A refused request (403, 404, 422) is an answer that the test itself judges.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            complaints.append(f"{message.text} {message.location['url']}")

    def arrive(**options: Any) -> Page:
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "ja-JP", "timezone_id": "Asia/Tokyo"} | options
        context = browser.new_context(base_url=site, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield arrive
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """One visitor."""
    return visit()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_it_answers(address: str, web: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert web.poll() is None, "the web process ended; its reason stands above"
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("the site does not answer")
