"""Who comes and who goes."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from hoshu.accounts import Refused, people, tokens
from hoshu.accounts.models import HistoryEntry, User
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.dates import JST
from tests.people import HAYASHI, MORI, YAMADA

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=JST)


def test_an_address_is_used_once_whatever_its_case(world):
    with act_as(SYSTEM), pytest.raises(Refused) as refused:
        people.create(email=" Mori@Example.JP ", name="森 二", roles=["desk"], now=NOW)
    assert refused.value.field == "email"


def test_a_person_with_a_wrong_role_is_not_created_at_all(world):
    with act_as(SYSTEM), pytest.raises(Refused):
        people.create(email="new@example.jp", name="新田", roles=["desk", "reseller"], now=NOW)
    assert not User.objects.filter(email="new@example.jp").exists()


def test_deactivation_ends_sessions_and_keys(world, login):
    browser = login(MORI)
    _, key = tokens.issue(user_id=world.users[MORI].pk, name="試験", now=NOW)
    before = world.users[MORI].get_session_auth_hash()
    people.deactivate(user_id=world.users[MORI].pk, now=NOW)
    assert User.objects.get(pk=world.users[MORI].pk).get_session_auth_hash() != before
    assert browser.get(reverse("entrance:terms")).wsgi_request.user.is_anonymous
    with pytest.raises(tokens.Unknown):
        tokens.authenticate(key=key, now=NOW)
    people.reactivate(user_id=world.users[MORI].pk)
    with pytest.raises(tokens.Unknown):
        tokens.authenticate(key=key, now=NOW)


def test_sessions_end_without_a_new_password(world, login):
    browser = login(MORI)
    assert browser.get(reverse("entrance:terms")).wsgi_request.user.is_authenticated
    people.end_sessions(user_id=world.users[MORI].pk)
    assert browser.get(reverse("entrance:terms")).wsgi_request.user.is_anonymous


def test_the_last_administrator_stays(world):
    only = world.users[YAMADA]
    with act_as(SYSTEM):
        with pytest.raises(Refused):
            people.deactivate(user_id=only.pk, now=NOW)
        with pytest.raises(Refused):
            people.end_assignment(assignment_id=only.assignments.get().pk, last_day=NOW.date())
        people.assign(user_id=world.users[HAYASHI].pk, role="administrator", valid_from=NOW.date())
        people.deactivate(user_id=only.pk, now=NOW)
        with pytest.raises(Refused):
            people.deactivate(user_id=world.users[HAYASHI].pk, now=NOW)


def test_a_role_is_held_once_at_a_time(world):
    user = world.users[MORI]
    with act_as(SYSTEM):
        with pytest.raises(Refused):
            people.assign(user_id=user.pk, role="desk", valid_from=NOW.date())
        people.end_assignment(assignment_id=user.assignments.get().pk, last_day=NOW.date())
        people.assign(user_id=user.pk, role="desk", valid_from=NOW.date() + timedelta(1))
        with pytest.raises(Refused):
            people.assign(user_id=user.pk, role="desk", valid_from=date(2026, 12, 1), valid_until=date(2026, 11, 30))


def test_a_role_that_never_began_leaves_no_row(world):
    with act_as(SYSTEM):
        future = people.assign(user_id=world.users[MORI].pk, role="clerk", valid_from=date(2027, 4, 1))
        people.end_assignment(assignment_id=future.pk, last_day=NOW.date())
    assert not world.users[MORI].assignments.filter(role="clerk").exists()


def test_the_history_names_who_changed_a_person_and_never_the_password(world, acting):
    with acting(YAMADA):
        user = User.objects.get(pk=world.users[MORI].pk)
        user.set_password("some words that nobody knows")
        user.name = "森 由美子"
        user.save()
    with act_as(SYSTEM):
        entry = HistoryEntry.objects.filter(table="accounts_user", row_id=user.pk).latest("id")
    assert entry.actor.startswith("山田 太郎")
    assert (entry.before, entry.after) == ({"name": "森 由美"}, {"name": "森 由美子"})


def test_finding_people(world):
    assert [user.name for user in people.find(text="森")] == ["森 由美"]
    assert people.by_login(" MORI@example.jp ") == world.users[MORI]
    assert all(user.organisation_id is None for user in people.find(staff=True))
