"""The PostgreSQL of a test session: our embedded one in a folder of its own, or the server of DATABASE_URL."""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from hoshu.config.database import make_url, parse_url, prepare_runtime_login, runtime_url
from hoshu.config.embedded import APP, OWNER, SUPERUSER, Cluster
from hoshu.config.home import Home

# Nothing here has to survive a power cut.
_FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


class Postgres:
    """A server, the owner's and the runtime login, and databases cloned from a template."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        if url := os.environ.get("DATABASE_URL"):
            self._owner = url
            self._app = os.environ.get("HOSHU_APP_DATABASE_URL") or runtime_url(url, "only-for-tests")
            prepare_runtime_login(self._owner, self._app)
            return
        self._folder = Path(tempfile.mkdtemp(prefix="hoshu-test-"))
        self._cluster = Cluster(Home(self._folder), say=lambda text: None, settings=_FAST)
        self._cluster.start()
        self._owner, self._app = self._cluster.url(login=OWNER), self._cluster.url(login=APP)
        with psycopg.connect(self._cluster.url(login=SUPERUSER), autocommit=True) as superuser:
            superuser.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(OWNER)))

    def owner_url(self, database: str) -> str:
        """The address of `database` for the login that migrates."""
        return _elsewhere(self._owner, database)

    def app_url(self, database: str) -> str:
        """The address of `database` for the login that serves."""
        return _elsewhere(self._app, database)

    def superuser_url(self, database: str) -> str:
        """The address of `database` for the login that passes row-level security; of the embedded server only."""
        return _elsewhere(self._cluster.url(login=SUPERUSER), database)

    def create(self, database: str, *, template: str = "template0") -> None:
        """Make `database` as a copy of `template`; an older one of that name is dropped, whoever uses it."""
        self.drop(database)
        with psycopg.connect(self._owner, autocommit=True) as owner:
            owner.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8' STRATEGY file_copy").format(
                    sql.Identifier(database), sql.Identifier(template)
                )
            )

    def drop(self, database: str) -> None:
        """Drop `database` if it exists, whoever uses it."""
        with psycopg.connect(self._owner, autocommit=True) as owner:
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def stop(self) -> None:
        """Leave nothing behind."""
        if self._folder:
            self._cluster.stop(hurry=True)
            shutil.rmtree(self._folder)


def _elsewhere(url: str, database: str) -> str:
    place = parse_url(url)
    return make_url(
        user=place["USER"],
        password=place["PASSWORD"],
        host=place["HOST"],
        port=place["PORT"],
        name=database,
        **place["OPTIONS"],
    )
