"""Everybody logged in, in a world that is built once a module; every request of `addresses.ask` is undone."""

from functools import cache

import pytest
from django.db import transaction
from django.test import Client

from hoshu import clock
from hoshu.accounts.tenancy import NOBODY, actor_of
from hoshu.files import media
from tests.people import EVERYBODY
from tests.web.stage import put_up


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker):
    """Built once for all addresses; every request is undone. A file is opened once, however many people ask for it."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(media, "_decoder", cache(media._decoder))
        yield put_up()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def browsers(stage):
    """Everybody logged in, and somebody who is not, with the cookies they came with."""
    clients = {person: Client() for person in [None, *EVERYBODY]}
    for person in EVERYBODY:
        clients[person].force_login(stage.world.users[person])
    return {person: (client, client.cookies.output(header="")) for person, client in clients.items()}


@pytest.fixture(scope="module")
def actors(stage):
    """Everybody as the actor that they are today, and nobody."""
    today = clock.now().date()
    return {None: NOBODY} | {person: actor_of(stage.world.users[person], today=today) for person in EVERYBODY}
