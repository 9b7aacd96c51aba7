"""What a person sees changes with the day: roles, grants and data contracts begin and end at midnight in Japan."""

from datetime import date, datetime, timedelta

import pytest

from hoshu.accounts import Refused, grants, organisations, people
from hoshu.accounts.access import may
from hoshu.accounts.tenancy import SYSTEM, act_as, actor_of
from hoshu.dates import JST
from tests.people import (
    AOBA,
    CONTRACT_ENDS,
    ENDO,
    HOKUTO,
    ITO,
    KONDO,
    MIDORI,
    MORI,
    SATO,
    SHIMIZU,
    SINCE,
    TSUBASA,
    WAKABA,
)

TODAY = date(2026, 11, 20)


def sight(world, person, day):
    actor = actor_of(world.users[person], today=day)
    return actor.roles, {name for name, place in world.organisations.items() if place.pk in actor.tenants}


@pytest.mark.req("IX-PII-02", "IX-CONF-05")
def test_a_subcontractor_sees_nothing_the_day_after_its_data_contract(world):
    assert sight(world, ENDO, CONTRACT_ENDS) == ({"subcontractor"}, {AOBA})
    assert sight(world, ENDO, CONTRACT_ENDS + timedelta(1)) == (frozenset(), set())
    assert not may(actor_of(world.users[ENDO], today=CONTRACT_ENDS + timedelta(1)), "cases.read")


@pytest.mark.req("IX-PII-02")
def test_the_edge_is_midnight_in_japan(world):
    before = datetime(2035, 12, 31, 23, 59, tzinfo=JST)
    after = datetime(2036, 1, 1, 0, 0, tzinfo=JST)
    assert actor_of(world.users[ENDO], today=before.date()).tenants
    assert not actor_of(world.users[ENDO], today=after.date()).tenants


@pytest.mark.req("IX-PII-02")
def test_the_worked_example_of_the_digest(world):
    """Data contract valid to 2025-12-31: the accounts lose access 2026-01-01 00:00."""
    with act_as(SYSTEM):
        partner = organisations.create(kind="subcontractor", name="X社", now=SINCE)
        grants.record_contract(
            organisation_id=partner.pk,
            reference="2025-7",
            scope="北海道",
            valid_from=date(2025, 1, 1),
            valid_until=date(2025, 12, 31),
        )
        grants.grant(grantee_id=partner.pk, tenant_id=world.organisations[AOBA].pk, valid_from=date(2025, 1, 1))
        worker = people.create(
            email="x@example.jp", name="X 太郎", roles=["subcontractor"], now=SINCE, organisation_id=partner.pk
        )
    assert actor_of(worker, today=date(2025, 12, 31)).tenants
    assert not actor_of(worker, today=date(2026, 1, 1)).tenants


@pytest.mark.req("IX-PII-02", "IX-CONF-05")
def test_no_customer_is_opened_to_a_subcontractor_without_a_contract(world):
    with act_as(SYSTEM), pytest.raises(Refused) as refused:
        grants.grant(
            grantee_id=world.organisations[HOKUTO].pk,
            tenant_id=world.organisations[WAKABA].pk,
            valid_from=CONTRACT_ENDS + timedelta(1),
        )
    assert "契約" in refused.value.message


@pytest.mark.req("IX-SUB-01")
def test_a_second_tier_names_the_company_above(world):
    with act_as(SYSTEM):
        second = organisations.create(kind="subcontractor", name="Y社", now=SINCE)
        terms = {
            "organisation_id": second.pk,
            "reference": "2026-3",
            "scope": "北海道",
            "valid_from": TODAY,
            "valid_until": date(2027, 3, 31),
        }
        for wrong in (
            {"tier": 2},
            {"tier": 1, "parent_id": world.organisations[HOKUTO].pk},
            {"tier": 3, "parent_id": world.organisations[HOKUTO].pk},
            {"tier": 2, "parent_id": second.pk},
        ):
            with pytest.raises(Refused) as refused:
                grants.record_contract(**terms, **wrong)
            assert refused.value.field == "parent"
        contract = grants.record_contract(**terms, tier=2, parent_id=world.organisations[HOKUTO].pk)
        assert (contract.tier, contract.parent.name) == (2, HOKUTO)


def test_a_reseller_sees_what_was_granted_while_it_was_granted(world):
    assert sight(world, KONDO, TODAY) == ({"reseller"}, {AOBA})
    assert sight(world, SHIMIZU, TODAY) == ({"reseller"}, set())
    with act_as(SYSTEM):
        [given] = grants.grants_to(world.organisations[TSUBASA].pk)
        grants.end_grant(grant_id=given.pk, last_day=TODAY)
    assert sight(world, KONDO, TODAY)[1] == {AOBA}
    assert sight(world, KONDO, TODAY + timedelta(1))[1] == set()
    with act_as(SYSTEM):
        grants.grant(
            grantee_id=world.organisations[MIDORI].pk,
            tenant_id=world.organisations[AOBA].pk,
            valid_from=TODAY + timedelta(1),
        )
    assert sight(world, SHIMIZU, TODAY)[1] == set()
    assert sight(world, SHIMIZU, TODAY + timedelta(1))[1] == {AOBA}


def test_a_customer_never_sees_another(world):
    assert sight(world, SATO, TODAY)[1] == {AOBA}
    with act_as(SYSTEM), pytest.raises(Refused):
        grants.grant(
            grantee_id=world.organisations[AOBA].pk, tenant_id=world.organisations[WAKABA].pk, valid_from=TODAY
        )


@pytest.mark.req("IX-GEN-02")
def test_roles_begin_and_end_with_their_days(world):
    with act_as(SYSTEM):
        user = world.users[ITO]
        people.assign(user_id=user.pk, role="desk", valid_from=TODAY, valid_until=TODAY + timedelta(6))
    assert sight(world, ITO, TODAY - timedelta(1))[0] == {"engineer"}
    assert sight(world, ITO, TODAY)[0] == sight(world, ITO, TODAY + timedelta(6))[0] == {"engineer", "desk"}
    assert sight(world, ITO, TODAY + timedelta(7))[0] == {"engineer"}


@pytest.mark.req("IX-GEN-02")
def test_a_role_fits_the_organisation(world):
    for person, role in ((SATO, "desk"), (SATO, "reseller"), (MORI, "customer_admin"), (KONDO, "customer_user")):
        with act_as(SYSTEM), pytest.raises(Refused) as refused:
            people.assign(user_id=world.users[person].pk, role=role, valid_from=TODAY)
        assert refused.value.field == "role"


def test_a_role_that_was_wrongly_stored_gives_nothing(world):
    """Even a row written past `people.assign` does not make a customer one of the staff."""
    with act_as(SYSTEM):
        world.users[SATO].assignments.create(role="administrator", valid_from=TODAY)
        world.users[SATO].assignments.create(role="reseller", valid_from=TODAY)
    assert actor_of(world.users[SATO], today=TODAY).roles == {"customer_admin"}
    assert not actor_of(world.users[SATO], today=TODAY).sees_all
