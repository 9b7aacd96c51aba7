"""Typed readers of the environment. `NAME_FILE` names a file that holds the value, for secrets."""

import os
from pathlib import Path

from hoshu.config.trouble import Trouble, cause


def text(name: str, default: str = "") -> str:
    """The value of `name`, else the content of the file in `name_FILE`, else `default`."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise Trouble(f"{name}_FILE のファイル {path} を読めません（{cause(error)}）。") from error
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """`1`, `true`, `yes`, `on` are true; `0`, `false`, `no`, `off` are false; anything else is refused."""
    value = text(name, "on" if default else "off").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise Trouble(f"{name}={value} は使えません。on か off を指定してください。")


def number(name: str, default: int) -> int:
    """A whole number of at least 0."""
    value = text(name) or str(default)
    if not (value.isascii() and value.isdigit()):
        raise Trouble(f"{name}={value} は使えません。数を指定してください。")
    return int(value)


def home() -> Path:
    """Where everything of this installation lives: HOSHU_HOME, else the usual place of the user who starts it."""
    if value := os.environ.get("HOSHU_HOME"):
        return Path(value).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/hoshu")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "hoshu"
