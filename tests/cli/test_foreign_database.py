"""A database that the operator brings: what is refused, and what `hoshu migrate` sets right."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from hoshu.config.database import connect, parse_url
from tests.cli.test_messages import refused, run
from tests.postgres import Postgres

NAME = "hoshu_foreign"


@pytest.fixture
def foreign(postgres: Postgres, template: str) -> Iterator[Postgres]:
    postgres.create(NAME, template=template)
    yield postgres
    postgres.drop(NAME)


@pytest.mark.parametrize("command", ["web", "worker", "check"])
def test_nothing_serves_as_the_owner(command: str, foreign: Postgres, tmp_path: Path):
    done = run(command, home=tmp_path, HOSHU_APP_DATABASE_URL=foreign.owner_url(NAME))
    refused(done, "hoshu.E001: ", "強すぎます: 表かデータベースを所有しています", "HOSHU_APP_DATABASE_URL")
    if command != "check":
        assert done.returncode == os.EX_CONFIG, "a supervisor must not try again"


def test_migrate_gives_back_the_rights_and_the_check_is_content(foreign: Postgres, tmp_path: Path):
    app = parse_url(foreign.app_url(NAME))["USER"]
    with connect(foreign.owner_url(NAME)) as owner:
        owner.execute(f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{app}"')
    addresses = {"DATABASE_URL": foreign.owner_url(NAME), "HOSHU_APP_DATABASE_URL": foreign.app_url(NAME)}
    done = run("migrate", home=tmp_path, **addresses)
    assert (done.returncode, done.stderr) == (0, "")
    done = run("check", home=tmp_path, **addresses)
    assert (done.returncode, done.stdout) == (0, "問題はありません。\n"), done.stderr


def test_migrations_without_the_owner_are_refused(foreign: Postgres, tmp_path: Path):
    done = run("migrate", home=tmp_path, HOSHU_APP_DATABASE_URL=foreign.app_url(NAME))
    refused(done, "所有者のログインが必要です。DATABASE_URL に指定してください。")
