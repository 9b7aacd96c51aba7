"""Looks at real processes: which belong to an installation, and what a start changed around it."""

import os
import time
from collections.abc import Callable
from pathlib import Path


def of_installation(home: Path) -> dict[int, str]:
    """Living processes that work in `home` or were started for it, with their command lines."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if entry.joinpath("stat").read_text().rpartition(")")[2].split()[0] == "Z":
                continue
            works_there = os.readlink(entry / "cwd").startswith(str(home))
            environment = entry.joinpath("environ").read_bytes().split(b"\0")
            if works_there or f"HOSHU_HOME={home}".encode() in environment:
                command = entry.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                found[int(entry.name)] = command.strip()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def wait_until(condition: Callable[[], object], seconds: float = 20, about: str = "") -> None:
    """Poll; an AssertionError that says `about` when the time is over."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, about or f"not within {seconds} s"
        time.sleep(0.02)


def modes(*places: Path) -> dict[Path, tuple[int, int, int]]:
    """Mode, owner and group of every folder above the places and of the places themselves."""
    folders = {folder for place in places for folder in (place, *place.parents)}
    return {folder: (stat.st_mode, stat.st_uid, stat.st_gid) for folder in folders if (stat := folder.stat())}
