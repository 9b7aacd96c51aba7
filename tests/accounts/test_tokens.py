"""Keys for programs."""

from datetime import datetime, timedelta

import pytest

from hoshu.accounts import Refused, tokens
from hoshu.accounts.models import ApiToken
from hoshu.dates import JST
from tests.people import MORI

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=JST)


@pytest.fixture
def issued(world):
    return tokens.issue(user_id=world.users[MORI].pk, name="監視", now=NOW, expires_at=NOW + timedelta(days=1))


def test_a_key_acts_as_its_person_until_it_ends(world, issued):
    _, key = issued
    assert tokens.authenticate(key=key, now=NOW) == world.users[MORI]
    assert tokens.authenticate(key=key, now=NOW + timedelta(hours=23)) == world.users[MORI]
    with pytest.raises(tokens.Unknown):
        tokens.authenticate(key=key, now=NOW + timedelta(days=1))


def test_only_the_hash_is_kept(issued):
    token, key = issued
    stored = ApiToken.objects.filter(pk=token.pk).values().get()
    assert key not in str(stored)
    assert key.removeprefix(tokens.PREFIX) not in str(stored)


def test_a_revoked_or_foreign_key_opens_nothing(issued):
    token, key = issued
    tokens.revoke(token_id=token.pk, now=NOW)
    for wrong in (key, key[:-1], "", "hoshu_", token.digest):
        with pytest.raises(tokens.Unknown):
            tokens.authenticate(key=wrong, now=NOW)


def test_the_rate_is_limited_and_recovers(issued):
    _, key = issued
    for _ in range(tokens.CALLS_PER_MINUTE):
        tokens.authenticate(key=key, now=NOW)
    with pytest.raises(tokens.TooFast) as limit:
        tokens.authenticate(key=key, now=NOW)
    assert timedelta(0) < limit.value.wait <= timedelta(seconds=1)
    assert tokens.authenticate(key=key, now=NOW + limit.value.wait)
    with pytest.raises(tokens.TooFast):
        tokens.authenticate(key=key, now=NOW + limit.value.wait)


def test_a_key_needs_a_purpose_and_a_future(world):
    for wrong in ({"name": " "}, {"name": "監視", "expires_at": NOW}):
        with pytest.raises(Refused):
            tokens.issue(user_id=world.users[MORI].pk, now=NOW, **wrong)
