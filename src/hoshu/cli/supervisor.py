"""Keeps child processes running and ends them in order, whatever ends us."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn, Protocol

from hoshu.config.process import STOP_SIGNALS, spawn
from hoshu.config.trouble import Trouble

GRACE_SECONDS = 30
LONGEST_PAUSE_SECONDS = 30
STEADY_SECONDS = 60


class Part(Protocol):
    """Something that is started, runs, and stops when asked."""

    label: str

    def start(self, *, cancelled: Callable[[], bool]) -> None: ...
    def poll(self) -> int | None: ...
    def ask_to_stop(self) -> None: ...
    def stop(self, *, hurry: bool) -> None: ...


class Child:
    """One of our own commands as a child process."""

    def __init__(self, label: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        self.label = label
        self._command = command
        self._env = env
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Start it; it is ready later. It never outlives us: what it had begun is rolled back."""
        self._process = spawn(self._command, env=self._env, death_signal=signal.SIGKILL)

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        return 0 if self._process is None else self._process.poll()

    def ask_to_stop(self) -> None:
        """Ask it to finish what it does."""
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def stop(self, *, hurry: bool) -> None:
        """Wait for its end; in a hurry bring it about, for its own children too."""
        if self._process:
            if hurry and self._process.poll() is None:
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


class Stopped(BaseException):
    """We were asked to end, or a part refuses to run: unwind and stop everything."""

    def __init__(self, status: int) -> None:
        self.status = status


class _Kept:
    """A part with what we remember about it."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.failures = 0
        self.since = time.monotonic()
        self.restart_at: float | None = None


class Supervisor:
    """Starts parts, restarts those that crash after growing pauses, stops them in the reverse order.

    Signals are blocked and waited for, so nothing is interrupted half-way: a child is ours to stop, or was never
    started. Should we be killed ourselves, the kernel ends the children (see `process.spawn`).
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._kept: list[_Kept] = []
        self._stop_signals = set(STOP_SIGNALS)
        if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:  # started by nohup
            self._stop_signals.discard(signal.SIGHUP)
        self._watched = {*self._stop_signals, signal.SIGCHLD}
        signal.pthread_sigmask(signal.SIG_BLOCK, self._watched)

    def keep(self, part: Part) -> None:
        """Start `part` and keep it running from now on."""
        self._kept.append(_Kept(part))
        part.start(cancelled=self._signalled)
        if self._pause(0):
            raise Stopped(0)

    def step(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        """Run one command to its end; raises Stopped if it fails, having said itself why."""
        child = Child("", command, env)
        child.start()
        while child.poll() is None:
            self._look_after()
            if self._pause(1):
                child.ask_to_stop()
                child.stop(hurry=False)
                raise Stopped(0)
        if child.poll():
            raise Stopped(1)

    def wait_for(self, ready: Callable[[], bool]) -> None:
        """Look after all parts until `ready`; gives up on a part that fails three times before."""
        while not ready():
            self._look_after()
            for kept in self._kept:
                if kept.failures >= 3:
                    raise Trouble(f"{kept.part.label}を起動できません。上の説明を確かめてください。")
            if self._pause(0.1):
                raise Stopped(0)

    def watch(self) -> NoReturn:
        """Look after all parts until we are asked to stop."""
        while True:
            self._look_after()
            if self._pause(1):
                raise Stopped(0)

    def stop(self) -> None:
        """Stop everything, the last started first. A second signal hurries."""
        hurry = False
        for kept in reversed(self._kept):
            kept.part.ask_to_stop()
            deadline = time.monotonic() + GRACE_SECONDS
            while not hurry and kept.part.poll() is None:
                hurry = self._pause(0.2) or time.monotonic() > deadline
            kept.part.stop(hurry=hurry)
        self._kept.clear()

    def _look_after(self) -> None:
        now = time.monotonic()
        for kept in self._kept:
            if kept.restart_at is None:
                status = kept.part.poll()
                if status is None:
                    if now - kept.since > STEADY_SECONDS:
                        kept.failures = 0
                    continue
                if status == os.EX_CONFIG:  # it refuses to run, and has said why
                    raise Stopped(1)
                how = f"シグナル {-status}" if status < 0 else f"終了コード {status}"
                self._postpone(kept, f"{kept.part.label}が止まりました（{how}）。")
            elif now >= kept.restart_at:
                try:
                    kept.part.start(cancelled=self._signalled)
                except Trouble as trouble:
                    self._postpone(kept, str(trouble))
                else:
                    kept.since, kept.restart_at = time.monotonic(), None

    def _postpone(self, kept: _Kept, why: str) -> None:
        pause = min(2**kept.failures, LONGEST_PAUSE_SECONDS)
        kept.failures += 1
        kept.restart_at = time.monotonic() + pause
        self._say(f"{why} {pause} 秒後にもう一度起動します。")

    def _signalled(self) -> bool:
        """Are we asked to stop? The signal stays for `_pause`."""
        return bool(signal.sigpending() & self._stop_signals)

    def _pause(self, seconds: float) -> bool:
        """Wait, at most until a child ends; True when we are asked to stop."""
        got = signal.sigtimedwait(self._watched, seconds)
        return got is not None and got.si_signo in self._stop_signals
