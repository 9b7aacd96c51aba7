"""How tests get a database: a PostgreSQL of this session, migrated once as the owner, used as the runtime login.

A test that asks for `db` runs in a transaction that is rolled back. One that asks for `transactional_db` commits; it
gets the database cloned anew afterwards, since the runtime login may not truncate.
"""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from hoshu.config.database import parse_url, weaknesses
from hoshu.config.schema import migrate
from tests.cases.units import router  # noqa: F401  (fixture)
from tests.people import acting, login, world  # noqa: F401  (fixtures)
from tests.postgres import Postgres

# A slow machine is no fault of the code: no test has a time limit. `make long` tries far more examples.
settings.register_profile("short", deadline=None)
settings.register_profile("long", deadline=None, max_examples=5000)
settings.load_profile("short")

_DATABASE = "hoshu_test"
TEMPLATE = "hoshu_test_template"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server of this session."""
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def template(postgres: Postgres, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of a database that is migrated and empty: clone it."""
    with django_db_blocker.unblock():
        postgres.create(TEMPLATE)
        _point_at(postgres.owner_url(TEMPLATE))
        migrate(owner_url=postgres.owner_url(TEMPLATE), app=parse_url(postgres.app_url(TEMPLATE))["USER"])
        connection.close()
    return TEMPLATE


@pytest.fixture(scope="session")
def django_db_setup(postgres: Postgres, template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Replaces pytest-django's, which would connect as the owner: row-level security would never be tested."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        postgres.create(_DATABASE, template=template)
        _point_at(postgres.app_url(_DATABASE))
        connection.ensure_connection()
        assert weaknesses(connection.connection) == []

        def clone_anew(test: TransactionTestCase) -> None:
            connection.close()
            postgres.create(_DATABASE, template=template)

        patch.setattr(TransactionTestCase, "_fixture_teardown", clone_anew)
        yield
        connection.close()
        for database in (_DATABASE, TEMPLATE):
            postgres.drop(database)


def _point_at(url: str) -> None:
    connection.close()
    place = parse_url(url)
    connection.settings_dict.update({key: place[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})
