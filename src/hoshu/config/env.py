"""Typed readers of the environment. `NAME_FILE` names a file that holds the value, for secrets."""

import os
from pathlib import Path


def text(name: str, default: str = "") -> str:
    """The value of `name`, else the content of the file in `name_FILE`, else `default`."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """`1`, `true`, `yes`, `on` are true; `0`, `false`, `no`, `off` are false; anything else is refused."""
    value = text(name, "on" if default else "off").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError(f"{name}={value!r}: write on or off")


def home() -> Path:
    """Where everything of this installation lives: HOSHU_HOME, else the usual place of the user who starts it."""
    if value := os.environ.get("HOSHU_HOME"):
        return Path(value).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/hoshu")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "hoshu"
