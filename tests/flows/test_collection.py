"""A lent machine comes back, is erased, and only then lent again."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from hoshu.contracts import Refused, collection, consignments, stock
from hoshu.contracts.models import LentUnit
from hoshu.flows import ending, shipping
from tests.contracts.agreed import lent, watched
from tests.contracts.cards import at, open_for_business
from tests.people import AOBA, HAYASHI, WAKABA

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(acting, world):
    """Aoba's machine ZA0001, cancelled for the end of June."""
    with acting(HAYASHI, on=date(2025, 4, 1)):
        open_for_business()
        kept = lent(watched(world.organisations[AOBA].pk))
        ending.stop(agreement_id=kept.pk, on=date(2025, 6, 10), now=at("2025-06-10 10:00"))
        yield kept


def unit():
    return LentUnit.objects.get(serial="ZA0001")


@pytest.mark.req("MM-TRM-05")
def test_it_is_asked_for_when_the_use_ends_and_overdue_after_fourteen_days(agreement):
    assert unit().state == "lent"
    ending.carry_out_due(now=at("2025-07-01 00:00"))
    assert (unit().state, unit().collect_by) == ("collecting", date(2025, 7, 14))
    assert list(collection.units(overdue_on=date(2025, 7, 14))) == []
    assert list(collection.units(overdue_on=date(2025, 7, 15))) == [unit()]
    assert collection.request(last_days={agreement.pk: date(2025, 6, 30)}, now=at("2025-07-02 10:00")) == []


@pytest.mark.req("MM-TRM-05")
def test_a_leap_year_moves_the_last_day_of_the_collection(agreement):
    [asked] = collection.request(last_days={agreement.pk: date(2024, 2, 29)}, now=at("2024-03-01 00:00"))
    assert asked.due_on == date(2024, 3, 14)


@pytest.mark.req("MM-TRM-04", "MM-TRM-05")
def test_from_the_request_to_the_stock_in_steps_that_cannot_be_skipped(agreement, world):
    ending.carry_out_due(now=at("2025-07-01 00:00"))
    with pytest.raises(Refused, match="「受領」の機器にだけ") as refused:
        collection.erase(serial="ZA0001", how="初期化", now=at("2025-07-02 10:00"))
    assert refused.value.clause == "7.8"
    collection.agree_pickup(serial="ZA0001", day=date(2025, 7, 7), now=at("2025-07-02 10:00"))
    collection.handed_over(serial="ZA0001", now=at("2025-07-07 10:00"))
    missing = [{"part": "LANケーブル", "state": "不足"}]
    collection.receive(serial="ZA0001", found="ＺＡ０００１", missing=missing, now=at("2025-07-08 10:00"))
    assert unit().state == "back"
    further = watched(world.organisations[WAKABA].pk, now="2025-07-08 10:00", contract_start="2025-07-10")
    parcel = further.consignments.get(kind="unit")
    with pytest.raises(Refused, match="消去を済ませた"):
        shipping.ship(consignment_id=parcel.pk, unit_serial="ZA0001", now=at("2025-07-08 11:00"))
    with pytest.raises(IntegrityError), transaction.atomic():
        LentUnit.objects.filter(serial="ZA0001").update(state="stock")
    collection.erase(serial="ZA0001", how="初期化し、上書きした", now=at("2025-07-09 10:15"))
    assert (unit().state, unit().erased_at, unit().erased_by[:2]) == ("erased", at("2025-07-09 10:15"), "林 ")
    collection.to_stock(serial="ZA0001")
    shipping.ship(consignment_id=parcel.pk, unit_serial="ZA0001", now=at("2025-07-10 11:00"))
    assert (unit().state, unit().agreement) == ("lent", further)


@pytest.mark.req("MM-TRM-05")
def test_another_machine_than_was_lent_is_a_state_that_somebody_clears_up(agreement):
    ending.carry_out_due(now=at("2025-07-01 00:00"))
    collection.receive(serial="ZA0001", found="ZA0002", now=at("2025-07-08 10:00"))
    assert unit().state == "mismatch"
    assert list(collection.units(overdue_on=date(2025, 7, 15))) == [unit()]
    with pytest.raises(Refused, match="不一致"):
        collection.erase(serial="ZA0001", how="初期化", now=at("2025-07-09 10:00"))
    collection.receive(serial="ZA0001", found="ZA0001", now=at("2025-07-11 10:00"))
    assert unit().state == "back"


@pytest.mark.req("MM-TRM-04")
def test_it_is_scrapped_only_after_it_was_erased(agreement):
    ending.carry_out_due(now=at("2025-07-01 00:00"))
    collection.receive(serial="ZA0001", found="ZA0001", now=at("2025-07-08 10:00"))
    with pytest.raises(Refused, match="消去済"):
        collection.scrap(serial="ZA0001", reason="7年を過ぎた")
    collection.erase(serial="ZA0001", how="初期化", now=at("2025-07-09 10:15"))
    with pytest.raises(Refused, match="理由"):
        collection.scrap(serial="ZA0001", reason=" ")
    assert collection.scrap(serial="ZA0001", reason="7年を過ぎた").state == "scrapped"


@pytest.mark.req("MM-OVR-07")
def test_a_machine_is_lent_to_one_agreement_at_a_time(agreement, world):
    other = watched(world.organisations[WAKABA].pk, now="2025-04-10 10:00", contract_start="2025-04-15")
    with pytest.raises(Refused, match="製造番号 ZA0001 は「貸出中」") as refused:
        shipping.ship(
            consignment_id=other.consignments.get(kind="unit").pk, unit_serial="ZA0001", now=at("2025-04-11 10:00")
        )
    assert refused.value.clause == "8.1"
    assert (unit().agreement, unit().lent_at) == (agreement, at("2025-04-03 10:00"))
    assert collection.lendings(other) == []


@pytest.mark.req("MM-OVR-07")
def test_what_was_lent_when_stays_on_record_after_the_next_one_has_it(agreement, world):
    ending.carry_out_due(now=at("2025-07-01 00:00"))
    missing = [{"part": "LANケーブル", "state": "不足"}]
    collection.receive(serial="ZA0001", found="ZA0001", missing=missing, now=at("2026-07-08 10:00"))
    collection.erase(serial="ZA0001", how="初期化", now=at("2026-07-09 10:15"))
    other = watched(world.organisations[WAKABA].pk, now="2026-07-10 10:00", contract_start="2026-07-15")
    shipping.ship(
        consignment_id=other.consignments.get(kind="unit").pk, unit_serial="ZA0001", now=at("2026-07-11 10:00")
    )
    [was], [now] = collection.lendings(agreement), collection.lendings(other)
    assert (was.serial, was.lent_at, was.returned_at) == ("ZA0001", at("2025-04-03 10:00"), at("2026-07-08 10:00"))
    assert (was.state[0], was.condition) == ("返却済", "LANケーブル不足")
    assert (now.lent_at, now.returned_at, now.state[0]) == (at("2026-07-11 10:00"), None, "貸出中")


def test_what_came_back_undelivered_was_never_lent(acting, world):
    with acting(HAYASHI, on=date(2025, 4, 1)):
        open_for_business()
        kept = watched(world.organisations[AOBA].pk)
        product = stock.enter_product(service="mimamori", name="UTM装置", code="UTM-9")
        consignments.enter_unit(product_id=product.pk, serial="ZA0009", manufactured_on=None)
        parcel = kept.consignments.get(kind="unit")
        shipping.ship(consignment_id=parcel.pk, unit_serial="ZA0009", now=at("2025-04-03 10:00"))
        shipping.came_back(consignment_id=parcel.pk, now=at("2025-04-05 10:00"))
        assert collection.lendings(kept) == []
