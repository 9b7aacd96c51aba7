"""What an operator reads when a start is refused: Japanese, what to do, no traceback, and at once."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hoshu.cli import COMMANDS

HOSHU = [sys.executable, "-P", "-m", "hoshu.cli"]


def run(*arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("HOSHU_", "DATABASE_"))}
    return subprocess.run(
        [*HOSHU, *arguments],
        env=clean | {"HOSHU_HOME": str(home)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[str], *sentences: str) -> None:
    assert done.returncode not in {0, None}
    assert "Traceback" not in done.stderr
    for sentence in sentences:
        assert sentence in done.stderr


def test_help_lists_every_command_in_japanese(tmp_path: Path):
    done = run("--help", home=tmp_path)
    assert done.returncode == 0
    for name, line in COMMANDS.items():
        assert name in done.stdout
        assert line in done.stdout
    for english in ("usage", "options", "show this help", "positional"):
        assert english not in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_is_japanese_and_needs_no_installation(command: str, tmp_path: Path):
    home = tmp_path / "none"
    done = run(command, "--help", home=home)
    assert done.returncode == 0, done.stderr
    assert "使い方: hoshu" in done.stdout
    assert "この説明を表示する" in done.stdout
    assert not home.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "次の引数が必要です: コマンド"),
        (["upp"], "'upp' は選べません"),
        (["up", "--prt", "1"], "知らない引数です: --prt"),
        (["up", "--port", "x"], "--port: 値が正しくありません: 'x'"),
        (["up", "--demo", "--empty"], "--demo と同時には指定できません"),
    ],
)
def test_a_wrong_command_line_is_explained(arguments: list[str], sentence: str, tmp_path: Path):
    refused(run(*arguments, home=tmp_path), sentence)


def test_a_command_starts_without_django(tmp_path: Path):
    code = "import sys; from hoshu.cli import main; sys.argv = ['hoshu', 'up', '--help']\ntry: main()\nfinally: "
    check = "assert not {'django', 'granian', 'procrastinate'} & set(sys.modules), sorted(sys.modules)"
    subprocess.run([sys.executable, "-c", code + check], check=True, capture_output=True)


def test_a_port_in_use_is_named_with_the_way_out(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("up", f"--port={port}", home=tmp_path)
    refused(done, f"ポート {port} は、ほかのプログラムが使っています。", f"make run PORT={port + 1}")


def test_a_port_that_is_none_is_refused(tmp_path: Path):
    refused(run("up", "--port=70000", home=tmp_path), "ポート番号 70000 は使えません")


def test_a_folder_that_can_not_be_written_is_named():
    refused(run("up", home=Path("/proc/hoshu")), "/proc/hoshu を使えません", "HOSHU_HOME に")


@pytest.mark.parametrize("command", ["up", "web", "worker", "migrate", "check"])
def test_an_unreachable_database_is_named(command: str, tmp_path: Path):
    began = time.monotonic()
    port = [] if command != "up" else ["--port=0"]
    done = run(command, *port, home=tmp_path, DATABASE_URL="postgresql://hoshu:topsecret@127.0.0.1:1/hoshu")
    refused(
        done, "postgresql://hoshu@127.0.0.1:1/hoshu に接続できません（接続を断られました）", "DATABASE_URL が正しいか"
    )
    assert "topsecret" not in done.stdout + done.stderr
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_part_alone_says_that_the_database_is_missing(command: str, tmp_path: Path):
    refused(run(command, home=tmp_path), "データベースが動いていません。", "hoshu up")


def test_the_check_for_new_migrations_needs_no_database_and_warns_of_nothing(tmp_path: Path):
    done = run("django", "makemigrations", "--check", "--dry-run", home=tmp_path / "none")
    assert "RuntimeWarning" not in done.stderr
    assert "database" not in done.stderr
    assert not (tmp_path / "none").exists()
