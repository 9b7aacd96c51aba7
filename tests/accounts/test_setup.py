"""The first start: one link, once."""

from datetime import datetime, timedelta

import pytest

from hoshu.accounts import Refused, operators, people, setup
from hoshu.accounts.models import SetupLink
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.dates import JST

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=JST)
FIRST = {
    "email": "admin@example.jp",
    "name": "港 一子",
    "password": "river cat morning",
    "operator": {"name": "株式会社みなと保守サービス", "services": ["ix"]},
}


@pytest.mark.django_db
def test_the_link_works_once():
    token = setup.issue_link(now=NOW)
    assert setup.is_open(token, now=NOW)
    assert token not in str(list(SetupLink.objects.values()))
    with act_as(SYSTEM):
        user = setup.use(token=token, **FIRST, now=NOW)
    assert list(user.assignments.values_list("role", flat=True)) == ["administrator"]
    assert operators.profile().name == "株式会社みなと保守サービス"
    assert not setup.is_open(token, now=NOW)
    with act_as(SYSTEM), pytest.raises(setup.Closed):
        setup.use(token=token, **FIRST, now=NOW)
    with pytest.raises(setup.Closed):
        setup.issue_link(now=NOW)


@pytest.mark.django_db
def test_a_new_link_ends_the_one_before_and_a_day_ends_any():
    first = setup.issue_link(now=NOW)
    second = setup.issue_link(now=NOW)
    assert not setup.is_open(first, now=NOW)
    assert setup.is_open(second, now=NOW + timedelta(hours=23))
    assert not setup.is_open(second, now=NOW + timedelta(days=1))


@pytest.mark.django_db
def test_a_wrong_entry_leaves_the_link_open():
    token = setup.issue_link(now=NOW)
    with act_as(SYSTEM), pytest.raises(Refused):
        setup.use(token=token, **{**FIRST, "operator": {"name": " "}}, now=NOW)
    assert setup.is_open(token, now=NOW)
    assert people.by_login(FIRST["email"]) is None


@pytest.mark.parametrize(
    ("typed", "sole_trader", "stored"),
    [
        ("T8700110005901", False, "T8700110005901"),
        ("ｔ８７００１１０００５９０１", False, "T8700110005901"),
        ("8-7001-1000-5901", False, "T8700110005901"),
        ("T1234567890123", True, "T1234567890123"),
    ],
)
def test_a_registration_number_is_read(typed, sole_trader, stored):
    assert operators.registration_number(typed, sole_trader=sole_trader) == stored


@pytest.mark.parametrize(
    ("typed", "sole_trader"),
    [("T8700110005902", False), ("T870011000590", False), ("T87001100059011", True), ("", True), ("番号", False)],
)
def test_a_wrong_registration_number_is_refused(typed, sole_trader):
    with pytest.raises(Refused) as refused:
        operators.registration_number(typed, sole_trader=sole_trader)
    assert refused.value.field == "registration_number"
