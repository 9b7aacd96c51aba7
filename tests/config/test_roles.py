"""The tests themselves must not be stronger than the product: they run as its runtime login."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_tests_run_as_the_runtime_login():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        user, superuser, bypass = cursor.fetchone()
        cursor.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = current_schema()")
        owners = {owner for (owner,) in cursor.fetchall()}
    assert not superuser
    assert not bypass
    assert owners
    assert user not in owners
