"""HOSHU_HOME: the one folder where an installation lives, who may use it, and what it keeps secret."""

import fcntl
import json
import os
import pwd
import secrets
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from hoshu.config.process import Account
from hoshu.config.trouble import Trouble, cause

_OURS = {"secrets.json", "hoshu.lock", "postgres", "pgsql", "static", "log"}
_FREE_BYTES_TO_START = 300 * 1024 * 1024


class Home:
    """The folder of one installation. Nothing outside of it is written, and no permission outside of it changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None

    @property
    def data(self) -> Path:
        """The data folder of the embedded PostgreSQL."""
        return self.path / "postgres" / "data"

    def open(self) -> None:
        """Make the folder if it is missing; refuse with the reason if we can not work in it."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.path):
                pass
        except OSError as error:
            raise Trouble(
                f"データを置くフォルダー {self.path} を使えません（{cause(error)}）。\n"
                "HOSHU_HOME に、書き込めるフォルダーを指定してください。"
            ) from error
        if (self.path / "secrets.json").exists() and (
            owner := (self.path / "secrets.json").stat().st_uid
        ) != os.geteuid():
            raise Trouble(
                f"データを置くフォルダー {self.path} は、利用者 {_name(owner)} のものです。\n"
                "その利用者で起動するか、HOSHU_HOME に別のフォルダーを指定してください。"
            )

    def require_space(self) -> None:
        """Refuse to start on a disk that is nearly full: PostgreSQL would stop in the middle of the work."""
        free = shutil.disk_usage(self.path).free
        if free < _FREE_BYTES_TO_START:
            raise Trouble(
                f"{self.path} のディスクの空き容量が足りません（残り {free // 2**20} MB、"
                f"{_FREE_BYTES_TO_START // 2**20} MB 以上必要です）。\n"
                "不要なファイルを消すか、HOSHU_HOME に別のディスクのフォルダーを指定してください。"
            )

    def let_in(self, account: Account) -> None:
        """Let the login of PostgreSQL pass through this folder; refuse if a folder above it is closed to it."""
        for folder in reversed(self.path.parents):
            if not account.can("-x", folder):
                raise Trouble(
                    f"データベースは root では動かせないため、利用者 {account.name} で動かします。"
                    f"この利用者はフォルダー {folder} に入れません。\n"
                    "HOSHU_HOME に、だれでも通れる場所を指定してください。例: HOSHU_HOME=/var/lib/hoshu"
                )
        if account.can("-x", self.path):
            return
        if foreign := {name for name in os.listdir(self.path) if name not in _OURS}:
            raise Trouble(
                f"フォルダー {self.path} には hoshu 以外のファイル（{sorted(foreign)[0]} など）があるため、"
                f"利用者 {account.name} に開放できません。\nHOSHU_HOME に専用のフォルダーを指定してください。"
            )
        os.chown(self.path, -1, account.gid)
        self.path.chmod(0o710)

    def claim(self, **about: Any) -> None:
        """Take the installation for this process until it ends; `about` is what others learn from `running`."""
        lock = os.open(self.path / "hoshu.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        for patience in (0.1, 0.1, 0):  # somebody who only looks (`running`) holds it for a moment
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(patience)
        else:
            os.close(lock)
            other = self.running() or {}
            where = f"\n{address} を開いてください。" if (address := other.get("address")) else ""
            raise Trouble(f"hoshu はすでに動いています（プロセス {other.get('pid', '不明')}）。{where}")
        self._lock = lock
        self.announce(**about)

    def announce(self, **about: Any) -> None:
        """Replace what others learn from `running` about the process that holds the installation."""
        assert self._lock is not None, "claim first"
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, json.dumps({"pid": os.getpid(), **about}).encode(), 0)

    def release(self) -> None:
        """Give the installation free again. The end of the process, however it comes, does the same."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def running(self) -> dict[str, Any] | None:
        """What the process that holds the installation said about itself; None if nothing runs."""
        try:
            with open(self.path / "hoshu.lock", "rb") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    return json.loads(lock.read() or b"{}")
        except FileNotFoundError:
            pass
        return None

    def secrets(self) -> dict[str, str]:
        """The generated passwords and keys, made at the first call. Only the owner of the folder can read them."""
        path = self.path / "secrets.json"
        if not path.exists():
            if self.data.exists():
                raise Trouble(
                    f"{path} がありません。データベースのパスワードが入っているため、このままでは開けません。\n"
                    "バックアップから戻してください。"
                )
            names = ("secret_key", "postgres", "owner", "app")
            content = json.dumps({name: secrets.token_urlsafe(32) for name in names}, indent=1)
            _write_private(path, content)
        return json.loads(path.read_text(encoding="utf-8"))


def _write_private(path: Path, content: str) -> None:
    """Write all or nothing, readable by the owner only from the first byte."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    draft.rename(path)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
