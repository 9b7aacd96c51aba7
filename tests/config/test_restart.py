"""A PostgreSQL that was restarted, or dropped an idle connection: what comes next must not fail on the dead one."""

import runpy
from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.utils import ConnectionHandler
from procrastinate.contrib.django import DjangoApp
from procrastinate.testing import InMemoryConnector
from pytest_django import DjangoDbBlocker

import hoshu.config.settings
from hoshu.config.embedded import APP, SUPERUSER, Cluster


@pytest.fixture
def served(cluster: Cluster, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker) -> Iterator[Cluster]:
    """Threads that connect now get the running server, by the settings of the product."""
    cluster.start()
    monkeypatch.setenv("HOSHU_SECRET_KEY", "only-for-tests")
    monkeypatch.setenv("HOSHU_APP_DATABASE_URL", cluster.url(login=APP))
    chosen = runpy.run_path(hoshu.config.settings.__file__)["DATABASES"]
    monkeypatch.setitem(connections.settings, "default", ConnectionHandler(chosen).settings["default"])
    with django_db_blocker.unblock():
        yield cluster
    DatabaseWrapper._connection_pools.pop("default").close()


def _restarted(cluster: Cluster) -> None:
    cluster.stop(hurry=True)
    cluster.start()


def _idle_ended(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url(login=SUPERUSER), autocommit=True) as superuser:
        ended = superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hoshu'"
        ).fetchall()
    assert ended


@pytest.mark.parametrize("cut", [_restarted, _idle_ended])
def test_a_job_after_the_connections_died_runs(served: Cluster, cut: Callable[[Cluster], None]):
    app = DjangoApp(connector=InMemoryConnector())
    backends = []

    @app.task
    def job() -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backends.append(cursor.fetchone()[0])

    def work() -> None:
        with app.replace_connector(InMemoryConnector()):
            for _ in range(3):
                job.defer()
            app.run_worker(wait=False, concurrency=2, install_signal_handlers=False)

    work()
    cut(served)
    work()
    assert len(backends) == 6
    assert not set(backends[:3]) & set(backends[3:])
