"""The case list with 100,000 agreements and 200,000 cases: how many queries, and how long beside its bare SQL.

Measured in one process: the whole request (middleware, permission, queries, template) against the same statements
sent by psycopg alone, in turns. The database is an embedded one of its own and is thrown away.
"""

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from bench.database import served

AGREEMENTS, CASES, OPEN_CASES, ORGANISATIONS = 100_000, 200_000, 10_000, 5_000
MOST_QUERIES, TIMES_BARE_SQL, SPARE_MS = 12, 3, 5
ROUNDS = 40
ADDRESSES = {
    "open, by due": "/console/cases/",
    "late": "/console/cases/?due=late",
    "all, newest first": "/console/cases/?state=all&sort=-received",
    "one state": "/console/cases/?state=completed",
    "by company": "/console/cases/?state=all&q=%E3%81%BF%E3%81%AA%E3%81%A8123",
    "page 20": "/console/cases/?page=20",
}


def run() -> None:
    """Load, measure, print one line a view of the list."""
    with served() as (owner, app):
        _measure(owner=owner, app=app)


def _measure(*, owner: str, app: str) -> None:
    import psycopg

    client, user_id = _desk()
    began = time.perf_counter()
    with psycopg.connect(owner) as connection:
        _load(connection, user_id)
    print(f"case list: {AGREEMENTS:,} agreements, {CASES:,} cases loaded in {time.perf_counter() - began:.0f} s")
    for name, address in ADDRESSES.items():
        statements = _statements(client, address)
        with psycopg.connect(app) as connection:
            page, bare = _in_turns(partial(client.get, address), partial(_bare, connection, statements))
        limit = TIMES_BARE_SQL * bare + SPARE_MS
        verdict = "ok" if page <= limit and len(statements) <= MOST_QUERIES else "TOO SLOW"
        print(
            f"  {name:<18} {len(statements):>2} queries (≤ {MOST_QUERIES})  page {page:6.1f} ms"
            f"  bare SQL {bare:6.1f} ms  page / (3 × SQL + 5 ms) {page / limit:4.2f} (≤ 1)  {verdict}"
        )


def _desk() -> tuple[Any, int]:
    """A browser of somebody at the fault desk, and that person's id."""
    from django.test import Client
    from django.utils import timezone

    from hoshu.accounts import operators, people
    from hoshu.accounts.tenancy import SYSTEM, act_as

    with act_as(SYSTEM):
        operators.save({"name": "株式会社みなと保守サービス"})
        user = people.create(email="desk@example.jp", name="受付 太郎", roles=["desk"], now=timezone.localtime())
    client = Client()
    client.force_login(user)
    return client, user.pk


def _statements(client: Any, address: str) -> list[tuple[str, Any]]:
    """What one request sends to the database, in order; the second request, when nothing is looked up anew."""
    from django.db import connection

    kept: list[tuple[str, Any]] = []

    def keep(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        kept.append((sql, params))
        return execute(sql, params, many, context)

    assert client.get(address).status_code == 200
    with connection.execute_wrapper(keep):
        client.get(address)
    return kept


def _bare(connection: Any, statements: list[tuple[str, Any]]) -> None:
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()
    connection.commit()


def _in_turns(first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """The medians of both in milliseconds, taken alternately so that the machine's moods hit both."""
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS + 3):
        for times, act in zip(took, (first, second), strict=True):
            began = time.perf_counter()
            act()
            if number >= 3:
                times.append((time.perf_counter() - began) * 1000)
    return statistics.median(took[0]), statistics.median(took[1])


def _load(connection: Any, user_id: int) -> None:
    """Set-based and without triggers, as an owner may; constraints are checked at the end."""
    sizes = {"agreements": AGREEMENTS, "cases": CASES, "tenants": ORGANISATIONS}
    values = {**sizes, "open_from": CASES - OPEN_CASES, "user": user_id}
    connection.execute("SELECT set_config('hoshu.scope', 'all', false)")
    tables = [
        row[0]
        for row in connection.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'history' AND NOT tgisinternal"
        )
    ]
    for table in tables:
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER history")
    for statement in _ROWS:
        connection.execute(statement, values)
        # Checked here: pending checks of 100,000 rows would block the next change of the table.
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        connection.execute("SET CONSTRAINTS ALL DEFERRED")
    for table in tables:
        connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER history")
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")


_TENANT = "(n %% %(tenants)s) + 1"
_ROWS = (
    """INSERT INTO accounts_organisation (id, kind, name, kana, search_name, phone, created_at)
       SELECT n, 'customer', 'みなと' || n || '株式会社', '', 'みなと' || n, '', now()
       FROM generate_series(1, %(tenants)s) n""",
    """INSERT INTO contracts_product (id, service, name, code, model_code, registers_options, exchange_units,
                                      equivalents, software_versions)
       SELECT n, 'ix', 'IX' || 2000 + n, 'BE' || n, '', false, '[]', '[]', '[]' FROM generate_series(1, 5) n""",
    """INSERT INTO contracts_licence (id, service, family, plan, card_serial, registers_options, seller, state)
       SELECT n, 'ix', 'IX2000', '7d-5y', 'C' || n, false, '', 'used' FROM generate_series(1, %(agreements)s) n""",
    f"""INSERT INTO contracts_application (id, tenant_id, number, service, edition, licence_id, state, channel, entries,
                                          first_entries, version, created_by_id, created_at, updated_at, decided_by,
                                          reason)
       SELECT n, {_TENANT}, 'AP' || n, 'ix', '2022-10', n, 'completed', 'post', '{{}}', '{{}}', 1, %(user)s, now(),
              now(), '', '' FROM generate_series(1, %(agreements)s) n""",
    f"""INSERT INTO decisions_decision (id, tenant_id, at, actor, act, about, topic, service, edition, question, answer,
                                       reasons)
       SELECT n, {_TENANT}, now(), '', '承諾', 'AP' || n, 'coverage', 'ix', '2022-10', '{{}}', '{{}}', '[]'
       FROM generate_series(1, %(agreements)s) n""",
    f"""INSERT INTO contracts_device (id, tenant_id, product_id, serial, purchased_on, owner, access_controls)
       SELECT n, {_TENANT}, n %% 5 + 1, 'N' || lpad(n::text, 7, '0'), '2025-04-01', '', '[]'
       FROM generate_series(1, %(agreements)s) n""",
    f"""INSERT INTO contracts_agreement (id, tenant_id, number, service, edition, plan, licence_id, application_id,
                                        device_id, state, accepted_at, purchased_on, purchase_basis, counted_from,
                                        starts_on, ends_on, capped_by, coverage_id)
       SELECT n, {_TENANT}, 'SV' || n, 'ix', '2022-10', '7d-5y', n, n, n, 'active', now(), '2025-04-01', 'receipt',
              '2025-04-01', '2025-04-01', '2030-04-30', '', n FROM generate_series(1, %(agreements)s) n""",
    f"""INSERT INTO cases_case (tenant_id, device_id, agreement_id, service, edition, channel, received_at, opened_by,
                               caller_name, caller_company, caller_phone, caller_email, told, reported_as,
                               reported_serial, serial_confirmed, identified, site_address, site_contact, site_phone,
                               symptoms, symptom_note, evidence, software_version, backup, in_japan, outcome,
                               dispatch_reason, dispatched_by, override_reason, state, due_at, due_for, report,
                               finished_at)
       SELECT {_TENANT}, n, n, 'ix', '2022-10', 'phone', now() - (%(cases)s - c) * interval '3 minutes', '受付 太郎',
              '田中', '', '', '', '', 'N' || n, 'N' || n, true, true, '', '', '', '["no_power"]', '', '{{}}', '', '',
              true, 'covered', '', '', '',
              CASE WHEN is_open THEN (ARRAY['deciding', 'asking', 'planned'])[c %% 3 + 1] ELSE 'completed' END,
              CASE WHEN is_open THEN now() + (c %% 997 - 400) * interval '10 minutes' END, '対応の判断', '',
              CASE WHEN NOT is_open THEN now() END
       FROM (SELECT c, (c * 7919) %% %(agreements)s + 1 AS n, c > %(open_from)s AS is_open
             FROM generate_series(1, %(cases)s) c) AS made""",
)
