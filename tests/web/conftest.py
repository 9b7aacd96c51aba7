"""Everybody logged in, in a world that is built once a module; every request of `addresses.ask` is undone."""

import pytest
from django.db import transaction
from django.test import Client
from tests.people import EVERYBODY
from tests.web.stage import put_up


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker):
    """Built once for all addresses; every request is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield put_up()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def browsers(stage):
    """Everybody logged in, and somebody who is not, with the cookies they came with."""
    clients = {person: Client() for person in [None, *EVERYBODY]}
    for person in EVERYBODY:
        clients[person].force_login(stage.world.users[person])
    return {person: (client, client.cookies.output(header="")) for person, client in clients.items()}
