"""`python -m tests.upgrade 0.1.0`: add the dump of a small demo as this release leaves it."""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.postgres import Postgres
from tests.upgrade import dumps

_DATABASE = "hoshu_dump"
_SMALL_DEMO = """
from hoshu.cli import main
from hoshu.cli.demo import world
world.FIRMS = world.FIRMS[:3]
raise SystemExit(main(["demo"]))
"""


def make(release: str) -> Path:
    """Migrate an empty database, load a demo of three customers, dump it."""
    postgres = Postgres()
    try:
        postgres.create(_DATABASE)
        with tempfile.TemporaryDirectory() as home:
            addresses = {"owner": postgres.owner_url(_DATABASE), "app": postgres.app_url(_DATABASE)}
            environment = dumps.environment(**addresses, home=Path(home))
            subprocess.run([*dumps.HOSHU, "migrate"], env=environment, check=True)
            subprocess.run([sys.executable, "-c", _SMALL_DEMO], env=environment, check=True)
        path = dumps.FOLDER / f"{release}.dump.sql.gz"
        path.write_bytes(dumps.dump(postgres.superuser_url(_DATABASE)))
        return path
    finally:
        postgres.stop()


print(make(sys.argv[1]))
