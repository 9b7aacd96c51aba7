"""Database addresses, and the login that the running product uses.

Two logins: the owner (migrations; owns the tables) and the runtime login (owns nothing, member of nothing, can not pass
row-level security). Whoever serves requests or jobs has only the second.
"""

import re
from typing import Any, LiteralString
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import psycopg
from psycopg import sql

from hoshu.config.trouble import Trouble

OLDEST_MAJOR = 15


def parse_url(url: str) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name?host=/socket/folder`.

    Raises Trouble with what to write where the URL is not one of PostgreSQL.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"postgres", "postgresql"} or len(parts.path) < 2:
        raise Trouble(
            "データベースの指定（DATABASE_URL）の書き方が正しくありません。\n"
            "例: postgresql://利用者:パスワード@ホスト:5432/データベース"
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(port or options.pop("port", "")),
        "OPTIONS": options,
    }


def make_url(*, user: str, password: str, host: str, name: str, port: int | str = 5432, **options: str) -> str:
    """The reverse of `parse_url`; `host` may be the folder of a Unix socket."""
    if host.startswith("/"):
        options, host = {"host": host, "port": str(port), **options}, ""
        place = ""
    else:
        place = f"{host}:{port}" if port else host
    query = f"?{urlencode(options)}" if options else ""
    return f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@{place}/{quote(name, safe='')}{query}"


def runtime_url(owner_url: str, password: str) -> str:
    """The same place with the login `<owner>_app` and `password`."""
    place = parse_url(owner_url)
    return make_url(
        user=f"{place['USER']}_app",
        password=password,
        host=place["HOST"],
        port=place["PORT"],
        name=place["NAME"],
        **place["OPTIONS"],
    )


def shown(url: str) -> str:
    """The address without its password, for messages."""
    return re.sub(r"(//[^:@/]*):[^@]*@", r"\1@", url)


def connect(url: str) -> psycopg.Connection:
    """Connect, or say in Japanese why not. Refuses a PostgreSQL that is too old for the product."""
    parse_url(url)
    try:
        connection = psycopg.connect(url, connect_timeout=8, autocommit=True)
    except psycopg.OperationalError as error:
        raise Trouble(
            f"データベース {shown(url)} に接続できません（{_reason(error)}）。\n"
            "データベースが動いているか、DATABASE_URL が正しいかを確かめてください。"
        ) from error
    if (major := connection.info.server_version // 10000) < OLDEST_MAJOR:
        connection.close()
        raise Trouble(
            f"データベース {shown(url)} は PostgreSQL {major} です。PostgreSQL {OLDEST_MAJOR} 以上を使ってください。"
        )
    return connection


def _reason(error: psycopg.OperationalError) -> str:
    text = " ".join(str(error).split())
    for pattern, reason in (
        ("password authentication failed|no password supplied", "パスワードが違います"),
        ('database ".*" does not exist', "その名前のデータベースがありません"),
        ('role ".*" does not exist', "その名前の利用者がありません"),
        ("Connection refused", "接続を断られました"),
        ("timeout expired|timed out", "時間内に応答がありません"),
        ("resolve|translate host name|not known", "ホストが見つかりません"),
        ("No such file or directory", "ソケットがありません"),
        ("too many|remaining connection slots", "接続の数が上限に達しています"),
        ("starting up", "起動の途中です"),
    ):
        if re.search(pattern, text):
            return reason
    return text


def forget_session(connection: psycopg.Connection) -> None:
    """For the pool: no setting of a session may reach the next request. Ours are local to a transaction anyway."""
    connection.execute("RESET ALL")
    if not connection.autocommit:
        connection.commit()


def weaknesses(connection: psycopg.Connection) -> list[str]:
    """What makes the login of `connection` unfit to serve: whatever passes row-level security, even by SET ROLE."""
    row = connection.execute(
        """
        SELECT rolsuper, rolbypassrls, rolcreaterole,
               EXISTS (SELECT FROM pg_class WHERE relowner = me.oid)
               OR EXISTS (SELECT FROM pg_database WHERE datdba = me.oid)
               OR EXISTS (SELECT FROM pg_namespace WHERE nspowner = me.oid),
               EXISTS (SELECT FROM pg_auth_members WHERE member = me.oid)
        FROM pg_roles me WHERE rolname = current_user
        """
    ).fetchone()
    assert row is not None
    names = (
        "スーパーユーザーです",
        "BYPASSRLS を持っています",
        "CREATEROLE を持っています",
        "表かデータベースを所有しています",
        "別のロールに属しています",
    )
    return [name for name, held in zip(names, row, strict=True) if held]


def prepare_runtime_login(owner_url: str, app_url: str) -> None:
    """Make the runtime login if it is missing and the owner may; else say which two statements to run."""
    app = parse_url(app_url)
    name, password = app["USER"], app["PASSWORD"]
    with connect(owner_url) as owner:
        create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), password).as_string(owner)
        grant = (
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
            .format(sql.Identifier(app["NAME"]), sql.Identifier(name))
            .as_string(owner)
        )
        if not owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
            try:
                owner.execute(create)  # type: ignore[call-overload]
            except psycopg.errors.InsufficientPrivilege as error:
                raise Trouble(
                    f"実行用のロール {name} がありません。データベースの管理者に、次の 2 行の実行を依頼してください。\n"
                    f"  {create};\n  {grant};"
                ) from error
    try:
        psycopg.connect(app_url, connect_timeout=8).close()
    except psycopg.OperationalError as error:
        alter = create.replace("CREATE ROLE", "ALTER ROLE", 1)
        raise Trouble(
            f"実行用のロール {name} で接続できません（{_reason(error)}）。"
            "HOSHU_APP_DATABASE_URL を指定するか、データベースの管理者に、次の 2 行の実行を依頼してください。\n"
            f"  {alter};\n  {grant};"
        ) from error


def grant_rights(owner_url: str, app: str) -> None:
    """Give the login `app` exactly what serving needs, on every table of the owner's schema.

    A table's comment narrows it: `append-only` to reading and inserting, `trigger-written` to reading. Partitions get
    nothing: asked directly they would not apply the row-level security of their parent.
    """
    login = sql.Identifier(app)

    def run(statement: LiteralString, *names: sql.Composable) -> None:
        owner.execute(sql.SQL(statement).format(*names, app=login))

    with connect(owner_url) as owner, owner.transaction():
        row = owner.execute("SELECT current_schema()").fetchone()
        assert row is not None
        schema = sql.Identifier(row[0])
        run("REVOKE ALL ON SCHEMA {} FROM {app}", schema)
        run("GRANT USAGE ON SCHEMA {} TO {app}", schema)
        relations = owner.execute(
            """
            SELECT relname, relkind, relispartition, obj_description(oid, 'pg_class') FROM pg_class
            WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'S')
              AND pg_has_role(relowner, 'USAGE')
            """
        ).fetchall()
        for name, kind, partition, comment in relations:
            relation = sql.SQL("{}.{}").format(schema, sql.Identifier(name))
            if kind == "S":
                run("GRANT USAGE, SELECT ON SEQUENCE {} TO {app}", relation)
                continue
            run("REVOKE ALL ON {} FROM {app}", relation)
            if partition:
                continue
            if comment == "trigger-written" or kind == "v" or name == "django_migrations":
                run("GRANT SELECT ON {} TO {app}", relation)
            elif comment == "append-only":
                run("GRANT SELECT, INSERT ON {} TO {app}", relation)
            else:
                run("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {app}", relation)
