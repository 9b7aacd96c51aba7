"""The folder of an installation: who may use it, and one process at a time."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import namedtuple
from pathlib import Path

import pytest

from hoshu.config.home import Home
from hoshu.config.trouble import Trouble


def test_secrets_are_made_once_and_readable_by_the_owner_only(tmp_path: Path):
    home = Home(tmp_path / "hoshu")
    home.open()
    secrets = home.secrets()
    assert set(secrets) == {"secret_key", "postgres", "owner", "app"}
    assert len(set(secrets.values())) == 4
    assert min(map(len, secrets.values())) >= 40
    assert Home(home.path).secrets() == secrets
    assert (home.path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_second_process_is_told_where_the_first_one_answers(tmp_path: Path):
    home = Home(tmp_path)
    home.claim(address="http://127.0.0.1:8000")
    script = "import sys; from pathlib import Path; from hoshu.config.home import Home; Home(Path(sys.argv[1])).claim()"
    second = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False)
    assert f"hoshu はすでに動いています（プロセス {os.getpid()}）。" in second.stderr
    assert "http://127.0.0.1:8000 を開いてください。" in second.stderr
    home.release()
    assert home.running() is None
    Home(tmp_path).claim()


def test_what_a_killed_process_left_does_not_block(tmp_path: Path):
    (tmp_path / "hoshu.lock").write_text(json.dumps({"pid": 1, "address": "http://127.0.0.1:8000"}))
    home = Home(tmp_path)
    assert home.running() is None
    home.claim()
    home.release()


@pytest.mark.parametrize(
    ("place", "reason"),
    [("/proc/hoshu", "見つかりません"), ("/dev/null/hoshu", "フォルダーでないもの")],
)
def test_a_folder_that_can_not_be_used_is_named_with_the_reason(place: str, reason: str):
    with pytest.raises(Trouble, match=rf"{place} を使えません（.*{reason}.*）。\nHOSHU_HOME に"):
        Home(Path(place)).open()


def test_a_read_only_folder_is_named():
    """As root, who may write everywhere, somebody else looks at it."""
    mine = os.geteuid()
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o555)
        try:
            os.seteuid(65534 if mine == 0 else mine)
            with pytest.raises(Trouble, match="許可されていません"):
                Home(Path(folder)).open()
        finally:
            os.seteuid(mine)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a file of another login")
def test_the_installation_of_another_login_is_left_alone(tmp_path: Path):
    home = Home(tmp_path)
    home.secrets()
    os.chown(tmp_path / "secrets.json", 65534, 65534)
    with pytest.raises(Trouble, match="利用者 nobody のものです"):
        home.open()


def test_a_disk_nearly_full_is_refused_with_what_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 100 * 2**20))
    with pytest.raises(Trouble, match="残り 100 MB、300 MB 以上必要"):
        Home(tmp_path).require_space()
