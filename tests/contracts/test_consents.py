"""Which edition an agreement is under: the one it accepted, and what its terms let follow."""

from datetime import date

import pytest

from hoshu import catalog, terms
from hoshu.catalog import Source
from hoshu.contracts import consents, finding, queries
from hoshu.contracts.models import EditionConsent
from tests.contracts.cards import licence, shipped
from tests.flows.registering import accepted, card, checked, desk, known_scans, shop  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db

JUNE_3 = date(2025, 6, 3)
NEW_YEAR = date(2027, 1, 1)


def ix(edition, in_force, *, binds=False):
    """The terms of the router licence under another name, from another day."""
    text = catalog.source_of("ix", "2022-10").text.replace("in_force = 2022-10-01", f"in_force = {in_force}", 1)
    text = text.replace('edition = "2022-10"', f'edition = "{edition}"', 1)
    assert "binds_existing = false" in text
    return Source(edition, text.replace("binds_existing = false", f"binds_existing = {str(binds).lower()}", 1))


@pytest.fixture
def adopted():
    yield terms.adopt
    terms.adopt([])


@pytest.mark.req("IX-GEN-04")
def test_a_registration_accepts_its_edition_and_keeps_it(desk, adopted):  # noqa: F811
    agreement = accepted(checked())
    [kept] = EditionConsent.objects.all()
    assert (kept.agreement, kept.tenant_id, kept.edition) == (agreement, agreement.tenant_id, "2022-10")
    assert (kept.accepted_on, kept.how, kept.about) == (JUNE_3, "explicit", agreement.application.number)

    adopted([ix("2027-01", NEW_YEAR)])
    # 第4章 17.: changed terms do not bind agreements that run.
    assert consents.deem(service="ix", edition="2027-01", in_force=NEW_YEAR) == 0
    assert consents.edition_of(agreement, date(2027, 6, 1)) == "2022-10"


@pytest.mark.req("MM-DOC-02")
def test_running_agreements_follow_where_their_terms_say_so(desk, adopted):  # noqa: F811
    adopted([ix("2024-01", date(2024, 1, 1), binds=True)])
    agreement = accepted(checked())
    assert agreement.edition == "2024-01"
    adopted([ix("2024-01", date(2024, 1, 1), binds=True), ix("2027-01", NEW_YEAR)])

    assert consents.deem(service="ix", edition="2027-01", in_force=NEW_YEAR) == 1

    first, second = EditionConsent.objects.order_by("id")
    assert (first.how, second.how) == ("explicit", "deemed")
    assert (second.edition, second.accepted_on, second.tenant_id) == ("2027-01", NEW_YEAR, agreement.tenant_id)
    assert second.about == catalog.edition("ix", "2024-01").terms_change.effective.clause
    assert consents.deem(service="ix", edition="2027-01", in_force=NEW_YEAR) == 0
    on = {day: consents.edition_of(agreement, day) for day in (date(2025, 1, 1), date(2026, 12, 31), NEW_YEAR)}
    assert list(on.values()) == ["2024-01", "2024-01", "2027-01"]
    assert [kept.edition for kept in consents.later_consents(agreement)] == ["2027-01"]
    for day, edition in on.items():
        assert [row["edition"] for row in queries.book(on=day)] == [edition]

    unit = finding.unit(device_id=agreement.device_id)
    assert unit.cover_on(date(2026, 12, 31)).edition == "2024-01"
    assert unit.cover_on(NEW_YEAR).edition == "2027-01"
    assert queries.earliest_safe_change(agreement, NEW_YEAR) > NEW_YEAR


@pytest.mark.req("MM-DOC-02")
def test_what_is_published_for_later_binds_who_registers_before(desk, adopted):  # noqa: F811
    adopted([ix("2024-01", date(2024, 1, 1), binds=True), ix("2027-01", NEW_YEAR)])
    agreement = accepted(checked())
    assert [(kept.edition, kept.how) for kept in EditionConsent.objects.order_by("id")] == [
        ("2024-01", "explicit"),
        ("2027-01", "deemed"),
    ]
    assert consents.edition_of(agreement, NEW_YEAR) == "2027-01"


def test_an_agreement_that_is_over_by_then_does_not_follow(desk, adopted):  # noqa: F811
    adopted([ix("2024-01", date(2024, 1, 1), binds=True), ix("2029-01", date(2029, 1, 1))])
    agreement = accepted(checked())
    assert agreement.ends_on == date(2028, 4, 30)
    assert consents.deem(service="ix", edition="2029-01", in_force=date(2029, 1, 1)) == 0
    agreement.state = "terminated"
    agreement.save(update_fields=["state"])
    assert consents.deem(service="ix", edition="2027-01", in_force=NEW_YEAR) == 0


def test_each_agreement_follows_by_its_own_edition(desk, adopted):  # noqa: F811
    """One accepted terms that bind it to later ones, the other terms that do not."""
    adopted([])
    kept = accepted(checked())
    both = [ix("2025-07", date(2025, 7, 1), binds=True), ix("2027-01", NEW_YEAR)]
    adopted(both)
    licence("L002")
    shipped(kept.device.product, "N2")
    changes = {"card_serial": "L002", "body_serial": "N2", "purchased": "2025/7/10"}
    changes |= {"entry_date": "2025年7月10日", "licence_purchased": "2025-07-10"}
    moved = accepted(checked(card(**changes), received="2025-07-20 10:00"), now="2025-07-21 10:00")
    assert (kept.edition, moved.edition) == ("2022-10", "2025-07")
    consents.deem(service="ix", edition="2027-01", in_force=NEW_YEAR)
    assert consents.edition_of(kept, NEW_YEAR) == "2022-10"
    assert consents.edition_of(moved, NEW_YEAR) == "2027-01"
