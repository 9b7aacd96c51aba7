"""Raw SQL sees what the actor sees: nothing without one, and never another's after one's own."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from hoshu.accounts.tenancy import NOBODY, SYSTEM, Actor, act_as
from tests.architecture.test_database import UNPROTECTED, tables
from tests.people import AOBA, WAKABA, settle


def count(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def seen():
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(id ORDER BY id) FROM accounts_organisation")
        return cursor.fetchone()[0] or []


def test_without_an_actor_every_table_looks_empty(world):
    """Also those that hold something: organisations, grants, contracts and their history."""
    with act_as(SYSTEM):
        full = {table for table in tables() - set(UNPROTECTED) if count(table)}
    assert {"accounts_organisation", "accounts_grant", "accounts_datacontract", "accounts_historyentry"} <= full
    for table in tables() - set(UNPROTECTED):
        assert count(table) == 0, table
        with act_as(NOBODY):
            assert count(table) == 0, table


def test_nobody_writes_what_they_do_not_see(world):
    mine, other = world.organisations[AOBA].pk, world.organisations[WAKABA].pk
    with act_as(Actor("青葉の人", tenants=frozenset({mine}))), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_organisation SET name = 'x' WHERE id = %s", [other])
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM accounts_organisation WHERE id = %s", [other])
        assert cursor.rowcount == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            cursor.execute("INSERT INTO accounts_grant (grantee_id, tenant_id, valid_from) VALUES (1, 1, now())")


def test_sight_ends_with_its_block(world):
    mine, other = world.organisations[AOBA].pk, world.organisations[WAKABA].pk
    with act_as(Actor("a", tenants=frozenset({mine}))):
        assert seen() == [mine]
        with act_as(Actor("b", tenants=frozenset({other}))):
            assert seen() == [other]
        assert seen() == [mine]
        with pytest.raises(ZeroDivisionError), act_as(SYSTEM):
            raise ZeroDivisionError
        assert seen() == [mine]
    assert seen() == []


def test_a_shared_connection_never_carries_sight_over(transactional_db):
    """Many threads on a pool of two connections: each sees its own tenant, and nothing before and after."""
    with act_as(SYSTEM):
        ids = [place.pk for place in settle().organisations.values()]
    options = connection.settings_dict["OPTIONS"]
    connection.close()
    options["pool"] = {"min_size": 1, "max_size": 2, "timeout": 30}
    crossings, start = [], threading.Barrier(8)

    def work(number):
        start.wait()
        try:
            for turn in range(60):
                own = ids[(number + turn) % len(ids)]
                if found := seen():
                    crossings.append((number, found))
                with act_as(Actor(f"Thread {number}", tenants=frozenset({own}))):
                    if (found := seen()) != [own]:
                        crossings.append((number, found))
                connection.close()
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(work, range(8)))
    finally:
        connection.close_pool()
        del options["pool"]
    assert crossings == []
