"""Database addresses and the two logins. The tests themselves run as the runtime login: the first one proves it."""

import os

import psycopg
import pytest
from django.core.checks import run_checks
from django.db import connection, transaction
from psycopg import sql

from hoshu.config.database import (
    connect,
    forget_session,
    grant_rights,
    make_url,
    parse_url,
    prepare_runtime_login,
    runtime_url,
    shown,
    weaknesses,
)
from hoshu.config.trouble import Trouble
from tests.postgres import Postgres

DATABASE = "hoshu_test"


@pytest.mark.django_db
@pytest.mark.req("IX-PII-02")
def test_tests_run_as_a_login_that_row_level_security_holds():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        user, superuser, bypass = cursor.fetchone()
        cursor.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = current_schema()")
        owners = {owner for (owner,) in cursor.fetchall()}
    assert not superuser
    assert not bypass
    assert owners
    assert user not in owners


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_test_that_commits_leaves_nothing_to_the_next(turn: str):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone() == (0,)
        with transaction.atomic():
            cursor.execute("INSERT INTO django_session VALUES (%s, 'data', now())", [turn])


@pytest.mark.django_db
def test_start_up_checks_pass_for_the_runtime_login():
    assert [
        message.id for message in run_checks(databases=["default"]) if (message.id or "").startswith("hoshu.")
    ] == []


@pytest.mark.django_db
def test_code_and_tables_of_different_versions_are_told(postgres: Postgres, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("hoshu.config.schema.unapplied", lambda: ["accounts.0002_next"])
    assert "hoshu.E002" in {message.id for message in run_checks(databases=["default"])}
    monkeypatch.setattr("hoshu.config.schema.unknown", lambda: ["accounts.0099_later"])
    assert "hoshu.E003" in {message.id for message in run_checks(databases=["default"])}


def test_the_owner_is_too_strong_to_serve(postgres: Postgres, template: str):
    with connect(postgres.owner_url(template)) as owner:
        assert "表かデータベースを所有しています" in weaknesses(owner)


def test_the_rights_of_the_runtime_login_follow_the_comments_of_the_tables(postgres: Postgres, template: str):
    owner_url = postgres.owner_url(template)
    app = parse_url(postgres.app_url(template))["USER"]
    rights = {
        "rights_plain": {"SELECT", "INSERT", "UPDATE", "DELETE"},
        "rights_append": {"SELECT", "INSERT"},
        "rights_trigger": {"SELECT"},
        "rights_partition": set(),
        "django_migrations": {"SELECT"},
    }
    with connect(owner_url) as owner:
        owner.execute("CREATE TABLE rights_plain (day date) PARTITION BY RANGE (day)")
        owner.execute("CREATE TABLE rights_partition PARTITION OF rights_plain DEFAULT")
        owner.execute("CREATE TABLE rights_append (id int)")
        owner.execute("COMMENT ON TABLE rights_append IS 'append-only'")
        owner.execute("CREATE TABLE rights_trigger (id int)")
        owner.execute("COMMENT ON TABLE rights_trigger IS 'trigger-written'")
        # Rights that somebody gave by hand are taken back.
        owner.execute(sql.SQL("GRANT ALL ON rights_trigger TO {}").format(sql.Identifier(app)))
        try:
            grant_rights(owner_url, app)
            for table, wanted in rights.items():
                rows = owner.execute(
                    "SELECT privilege_type FROM information_schema.role_table_grants"
                    " WHERE table_name = %s AND grantee = %s",
                    [table, app],
                )
                assert {right for (right,) in rows} == wanted, table
        finally:
            owner.execute("DROP TABLE rights_plain, rights_append, rights_trigger")


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["CREATE TABLE mine (id int)", "TRUNCATE django_session"])
def test_the_runtime_login_can_not_change_or_empty_tables(statement: str):
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute(statement)


def test_no_setting_of_a_session_goes_back_into_the_pool(postgres: Postgres, template: str):
    with psycopg.connect(postgres.app_url(template), autocommit=True) as session:
        session.execute("SELECT set_config('hoshu.tenants', '7', false)")
        forget_session(session)
        assert session.execute("SELECT current_setting('hoshu.tenants', true)").fetchone() == ("",)


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="that owner may be allowed to make logins")
def test_a_missing_runtime_login_is_asked_for_where_the_owner_may_not_make_it(postgres: Postgres, template: str):
    owner_url = postgres.owner_url(template)
    app_url = make_url(**_parts(owner_url) | {"user": "hoshu_missing_app", "password": "it's secret"})
    with pytest.raises(Trouble) as refused:
        prepare_runtime_login(owner_url, app_url)
    create, grant = str(refused.value).splitlines()[1:]
    assert create.strip() == """CREATE ROLE "hoshu_missing_app" LOGIN PASSWORD 'it''s secret';"""
    assert grant.strip() == f'GRANT CONNECT ON DATABASE "{template}" TO "hoshu_missing_app";'


def test_a_refused_password_of_the_runtime_login_says_what_to_run(postgres: Postgres, template: str):
    owner_url = postgres.owner_url(template)
    app_url = make_url(**_parts(postgres.app_url(template)) | {"password": "wrong"})
    with pytest.raises(Trouble, match=r"接続できません（パスワードが違います）[\s\S]*ALTER ROLE"):
        prepare_runtime_login(owner_url, app_url)


def _parts(url: str) -> dict[str, str]:
    place = parse_url(url)
    return {name.lower(): place[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")}


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://hoshu:p%40ss%2Fword@db.example.jp:5433/hoshu?sslmode=require",
        "postgresql://hoshu:secret@/hoshu?host=%2Fvar%2Flib%2Fhoshu%2Fpostgres%2Frun&port=5432",
    ],
)
def test_an_address_survives_reading_and_writing(url: str):
    place = parse_url(url)
    written = make_url(**_parts(url), **place["OPTIONS"])
    assert parse_url(written) == place
    assert runtime_url(url, "other").replace("hoshu_app:other", "").endswith(written.partition("@")[2])


@pytest.mark.parametrize(
    "url", ["mysql://a@b/c", "postgresql://host", "hoshu", "postgresql://a@b:port/c", "postgresql://[b/c"]
)
def test_an_address_that_is_none_is_refused_with_an_example(url: str):
    with pytest.raises(Trouble, match="例: postgresql://"):
        connect(url)


def test_an_unreachable_server_is_named_without_the_password():
    with pytest.raises(Trouble) as refused:
        connect("postgresql://hoshu:topsecret@127.0.0.1:1/hoshu")
    assert "postgresql://hoshu@127.0.0.1:1/hoshu に接続できません（接続を断られました）" in str(refused.value)
    assert "topsecret" not in str(refused.value)
    assert shown("postgresql://u:a:b@h/n") == "postgresql://u@h/n"
