"""Child processes that can not outlive their parent, and the account that PostgreSQL runs under."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

STOP_SIGNALS = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Account:
    """An unprivileged login of this machine."""

    name: str
    uid: int
    gid: int

    def can(self, access: str, path: Path) -> bool:
        """Does `test <access> <path>` hold for this login, with every folder above and every access list counted?"""
        return (
            subprocess.run(
                [shutil.which("test") or "/usr/bin/test", access, str(path)],
                user=self.uid,
                group=self.gid,
                extra_groups=[],
                cwd="/",
                check=False,
            ).returncode
            == 0
        )


def server_account(data: Path) -> Account | None:
    """Under which login PostgreSQL runs, since it refuses to run as root; None: as ourselves.

    An existing data folder keeps its owner. Otherwise the system login `hoshu`, made if it is missing and the machine
    allows it, else `nobody`.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(str(owner.st_uid), owner.st_uid, owner.st_gid)
    if (entry := _login("hoshu")) is None and (useradd := shutil.which("useradd", path="/usr/sbin:/sbin")):
        command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        subprocess.run([*command, "--shell", "/usr/sbin/nologin", "hoshu"], capture_output=True, check=False)
        entry = _login("hoshu")
    entry = entry or _login("nobody")
    return entry and Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _login(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def die_with_parent(death_signal: signal.Signals, parent: int) -> None:
    """Ask the kernel to send this process `death_signal` when the process `parent`, which made it, ends in any way."""
    _libc.prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), death_signal)


def spawn(
    command: Sequence[str],
    *,
    death_signal: signal.Signals = signal.SIGTERM,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    cwd: str | Path | None = None,
    output: IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, so that Ctrl-C in the terminal reaches only the supervisor.

    It ends with `death_signal` when we end, even by SIGKILL. Call from the main thread: the kernel ties the child to
    the thread that made it.
    """
    parent = os.getpid()

    def in_child() -> None:
        # After the change of login: that clears the death signal.
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        die_with_parent(death_signal, parent)

    login = {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}
    return subprocess.Popen(
        command,
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output and subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=in_child,
        **login,
    )
