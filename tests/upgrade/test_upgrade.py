"""A database of every earlier release comes to the present version with everything that was in it."""

import subprocess
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.postgres import Postgres
from tests.upgrade import dumps

_DATABASE = "hoshu_upgrade"
RELEASES = sorted(dumps.FOLDER.glob("*.dump.sql.gz"))


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name.removesuffix(".dump.sql.gz"))
def test_a_database_of_this_release_is_taken_over(postgres: Postgres, template: str, release: Path, tmp_path: Path):
    postgres.create(_DATABASE)
    dumps.load(release, postgres.owner_url(_DATABASE))
    before = _rows(postgres)
    environment = dumps.environment(owner=postgres.owner_url(_DATABASE), app=postgres.app_url(_DATABASE), home=tmp_path)
    subprocess.run([*dumps.HOSHU, "migrate"], env=environment, check=True)
    after = _rows(postgres)
    assert before["contracts_agreement"] > 0
    # Which edition each agreement accepted is a row of its own since then.
    assert after["contracts_editionconsent"] == before["contracts_agreement"]
    assert {table: after.get(table) for table in before} == before
    # Stored decisions are answered as they were when somebody acted on them.
    replayed = subprocess.run([*dumps.HOSHU, "replay"], env=environment, check=False, capture_output=True, text=True)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
    postgres.drop(_DATABASE)


def test_there_is_a_release_to_take_over():
    assert RELEASES


def _rows(postgres: Postgres) -> dict[str, int]:
    """Table → rows, as somebody counts who sees every tenant. What Django notes of migrations and models only grows."""
    with psycopg.connect(postgres.owner_url(_DATABASE)) as connection:
        connection.execute("SELECT set_config('hoshu.scope', 'all', true)")
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')"
        ).fetchall()
        count = sql.SQL("SELECT count(*) FROM {}")
        return {name: connection.execute(count.format(sql.Identifier(name))).fetchone()[0] for (name,) in tables}
