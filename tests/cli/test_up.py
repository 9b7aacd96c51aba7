"""`hoshu up` with all its real processes: nothing is lost and nothing is left, however it ends."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hoshu.config.home import Home
from hoshu.config.installation import embedded_addresses
from tests.cli.test_messages import HOSHU, refused, run
from tests.processes import of_installation, wait_until


class Installation:
    """An installation of its own: start it, look at it, end it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.address = ""
        self.first_words_after = 0.0
        self._process: subprocess.Popen[str] | None = None

    def start(self, *options: str) -> str:
        """Start and wait until it says that it is ready; what it said."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("HOSHU_", "DATABASE_"))}
        began = time.monotonic()
        self._process = subprocess.Popen(
            [*HOSHU, "up", f"--port={port}", *options],
            env=clean | {"HOSHU_HOME": str(self.home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout
        said = ""
        for line in self._process.stdout:
            self.first_words_after = self.first_words_after or time.monotonic() - began
            said += line
            if "終了するには" in line:
                return said
        raise AssertionError(f"it ended: {said}")

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Send a signal and wait: the exit status and the last words."""
        assert self._process
        self._process.send_signal(number)
        said, _ = self._process.communicate(timeout=30)
        return self._process.returncode, said

    def read_until(self, words: str) -> None:
        """Wait until it says `words`."""
        assert self._process
        assert self._process.stdout
        assert any(words in line for line in self._process.stdout)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=2) as answer:
                return answer.status == 204
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def pid_of(self, words: str) -> int:
        """The oldest process of this installation whose command line holds `words`."""
        return min(pid for pid, command in of_installation(self.home).items() if words in command)

    def owner(self) -> psycopg.Connection:
        home = Home(self.home)
        running = home.running()
        assert running
        return psycopg.connect(embedded_addresses(home, running["socket"]).owner, autocommit=True)


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    folder = Path(tempfile.mkdtemp(prefix="hoshu-test-"))
    folder.chmod(0o755)
    yield Installation(folder / "hoshu")
    for pid in of_installation(folder / "hoshu"):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder)


def test_a_start_from_nothing_speaks_at_once_and_ends_without_a_trace(installation: Installation):
    said = installation.start("--empty")
    assert installation.first_words_after < 1
    assert "データベースを準備しています…" in said
    assert installation.address in said
    assert str(installation.home) in said
    assert f"{installation.address}/setup/" in said, "the link for the first administrator"
    assert installation.answers()

    # A second one is told where to look, and leaves the first alone.
    refused(
        run("up", home=installation.home), "hoshu はすでに動いています", f"{installation.address} を開いてください。"
    )
    assert installation.answers()

    secrets = Home(installation.home).secrets()
    for pid in of_installation(installation.home):
        environment = Path(f"/proc/{pid}/environ").read_bytes().decode()
        assert secrets["owner"] not in environment, "what serves must not know the owner's login"
        assert secrets["postgres"] not in environment

    with installation.owner() as owner:
        owner.execute("CREATE TABLE note AS SELECT '覚え書き' AS text")
    status, last_words = installation.end(signal.SIGINT)
    assert status == 0
    assert f"終了しました。データは {installation.home} にあります。" in last_words
    assert "Traceback" not in last_words
    assert of_installation(installation.home) == {}


def test_a_crashed_part_comes_back_and_a_killed_supervisor_leaves_nothing(installation: Installation):
    installation.start()
    os.kill(installation.pid_of("hoshu.cli web"), signal.SIGKILL)
    installation.read_until("画面が止まりました（シグナル 9）。 1 秒後にもう一度起動します。")
    wait_until(installation.answers)
    os.kill(installation.pid_of("postgres -D"), signal.SIGKILL)
    installation.read_until("データベースが止まりました（シグナル 9）。")
    wait_until(installation.answers)

    status, _ = installation.end(signal.SIGKILL)
    assert status == -signal.SIGKILL
    wait_until(lambda: not of_installation(installation.home), about="the kernel ends the children")

    installation.start()
    with installation.owner() as owner:
        assert owner.execute("SELECT text FROM note").fetchone() == ("覚え書き",)
        # As if a newer version had been here: older code must not run on tables it does not know.
        owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('accounts', '9999_later', now())")
    status, _ = installation.end(signal.SIGTERM)
    assert status == 0
    assert of_installation(installation.home) == {}
    refused(
        run("up", "--port=0", home=installation.home),
        "より新しい版の hoshu で使われています（accounts.9999_later など）",
    )
    assert of_installation(installation.home) == {}
