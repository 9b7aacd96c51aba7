"""The eight steps by which a lent machine is replaced."""

from datetime import date

import pytest

from hoshu.contracts import Refused, collection, consignments, unit_exchange
from hoshu.contracts.models import DeviceSerial, LentUnit, Party
from hoshu.flows import shipping
from hoshu.notifications.models import Message
from tests.contracts.agreed import lent, watched
from tests.contracts.cards import at, open_for_business
from tests.people import AOBA, HAYASHI

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(acting, world):
    with acting(HAYASHI, on=date(2025, 4, 1)):
        open_for_business()
        kept = lent(watched(world.organisations[AOBA].pk))
        consignments.enter_unit(product_id=kept.device.product_id, serial="ZB0001", manufactured_on=date(2020, 6, 1))
        yield kept


def reported():
    return unit_exchange.report(serial="ZA0001", text="電源が入らない", now=at("2025-06-03 09:40"))


def judged(kept, *, failed=True, now="2025-06-03 11:00"):
    return unit_exchange.judge(exchange_id=kept.pk, failed=failed, exchange_on=date(2025, 6, 5), now=at(now))


def sent(kept):
    kept = unit_exchange.dispatch(exchange_id=kept.pk, now=at("2025-06-04 10:00"))
    shipping.ship(consignment_id=kept.parcel_id, unit_serial="ZB0001", now=at("2025-06-04 12:00"))
    return kept


@pytest.mark.req("MM-RMA-02", "MM-RMA-03")
def test_the_eight_steps_with_a_number_that_changes_at_the_seventh(agreement):
    kept = judged(reported())
    unit_exchange.recover(
        exchange_id=kept.pk, text="再起動しても変わらない", recovered=False, now=at("2025-06-03 11:30")
    )
    kept = sent(kept)
    with pytest.raises(Refused, match="受領がまだ") as refused:
        unit_exchange.install(exchange_id=kept.pk, at=at("2025-06-05 15:00"), now=at("2025-06-05 15:00"))
    assert refused.value.clause == "8.3"
    shipping.arrived(consignment_id=kept.parcel_id, now=at("2025-06-05 14:00"))
    collection.handed_over(serial="ZA0001", now=at("2025-06-05 14:00"))
    with pytest.raises(Refused, match="設置がまだ"):
        unit_exchange.resume(exchange_id=kept.pk, at=at("2025-06-06 15:20"), now=at("2025-06-06 15:20"))
    unit_exchange.install(exchange_id=kept.pk, at=at("2025-06-06 15:00"), now=at("2025-06-06 15:10"))
    done = unit_exchange.resume(exchange_id=kept.pk, at=at("2025-06-06 15:20"), now=at("2025-06-06 15:20"))
    assert (done.outcome, done.new_serial) == ("replaced", "ZB0001")
    assert [step.at for step in unit_exchange.steps(unit_exchange.latest(agreement)) if step.at is None] == []
    agreement.refresh_from_db()
    assert (agreement.device.serial, agreement.ends_on) == ("ZB0001", None)
    assert DeviceSerial.objects.get(serial="ZA0001").valid_until == at("2025-06-06 15:00")
    collection.receive(serial="ZA0001", found="ZA0001", now=at("2025-06-09 10:00"))
    collection.erase(serial="ZA0001", how="初期化", now=at("2025-06-09 11:00"))
    states = dict(LentUnit.objects.values_list("serial", "state"))
    assert states == {"ZA0001": "erased", "ZB0001": "lent"}


@pytest.mark.req("MM-RMA-02")
def test_the_old_machine_may_come_back_last_and_closes_the_exchange(agreement):
    kept = sent(judged(reported()))
    shipping.arrived(consignment_id=kept.parcel_id, now=at("2025-06-05 14:00"))
    unit_exchange.install(exchange_id=kept.pk, at=at("2025-06-06 15:00"), now=at("2025-06-06 15:10"))
    kept = unit_exchange.resume(exchange_id=kept.pk, at=at("2025-06-06 15:20"), now=at("2025-06-06 15:20"))
    assert kept.closed_at is None
    shipping.received_back(serial="ZA0001", found="ZA0001", now=at("2025-06-09 10:00"))
    kept.refresh_from_db()
    assert (kept.outcome, kept.closed_at) == ("replaced", at("2025-06-09 10:00"))


@pytest.mark.req("MM-RMA-02")
def test_nothing_is_sent_before_it_was_judged_to_have_failed(agreement):
    kept = reported()
    with pytest.raises(Refused, match="故障と判断されていない") as refused:
        unit_exchange.dispatch(exchange_id=kept.pk, now=at("2025-06-04 10:00"))
    assert refused.value.clause == "8.3"
    judged(kept, failed=False)
    with pytest.raises(Refused, match="故障と判断されていない"):
        unit_exchange.dispatch(exchange_id=kept.pk, now=at("2025-06-04 10:00"))
    judged(kept, now="2025-06-04 09:00")
    unit_exchange.dispatch(exchange_id=kept.pk, now=at("2025-06-04 10:00"))
    with pytest.raises(Refused, match="取り下げ"):
        unit_exchange.withdraw(exchange_id=kept.pk, now=at("2025-06-04 11:00"))


@pytest.mark.req("MM-RMA-02")
def test_it_ends_without_a_replacement_where_it_recovers_or_is_withdrawn(agreement):
    kept = judged(reported())
    with pytest.raises(Refused, match="すでに始まって"):
        reported()
    done = unit_exchange.recover(exchange_id=kept.pk, text="復旧", recovered=True, now=at("2025-06-03 12:00"))
    assert done.outcome == "recovered"
    with pytest.raises(Refused, match="復旧"):
        unit_exchange.dispatch(exchange_id=kept.pk, now=at("2025-06-04 10:00"))
    assert unit_exchange.withdraw(exchange_id=reported().pk, now=at("2025-06-03 13:00")).outcome == "withdrawn"


@pytest.mark.req("MM-RMA-02")
def test_the_customer_is_told_that_a_replacement_comes_and_only_then(agreement):
    kept = judged(reported())
    kept.failed = None
    kept.save()
    with pytest.raises(Refused, match="故障と判断されていない"):
        shipping.announce_replacement(exchange_id=kept.pk, now=at("2025-06-04 10:00"))
    assert not Message.objects.filter(kind="agreement.replacement").exists()
    judged(kept, now="2025-06-04 09:00")
    sent_mail = shipping.announce_replacement(exchange_id=kept.pk, now=at("2025-06-04 10:00"))
    (mail,) = Message.objects.filter(kind="agreement.replacement")
    assert (mail.pk, mail.to, mail.about, mail.tenant_id) == (
        sent_mail.pk, "sato@example.jp", agreement.number, agreement.tenant_id,
    )  # fmt: skip
    for words in ("ZA0001", "2025/06/05", "8.3"):
        assert words in mail.text
    kept.refresh_from_db()
    assert kept.dispatched_at == at("2025-06-04 10:00")
    with pytest.raises(Refused, match="すでに連絡"):
        shipping.announce_replacement(exchange_id=kept.pk, now=at("2025-06-04 11:00"))
    assert Message.objects.filter(kind="agreement.replacement").count() == 1


@pytest.mark.req("MM-RMA-02")
def test_without_an_address_the_step_is_taken_and_somebody_calls(agreement):
    Party.objects.filter(revision__agreement=agreement).update(email="")
    kept = judged(reported())
    assert shipping.announce_replacement(exchange_id=kept.pk, now=at("2025-06-04 10:00")) is None
    kept.refresh_from_db()
    assert kept.dispatched_at is not None


@pytest.mark.req("MM-RMA-03")
def test_a_machine_that_is_lent_already_replaces_nothing(agreement):
    kept = unit_exchange.dispatch(exchange_id=judged(reported()).pk, now=at("2025-06-04 10:00"))
    with pytest.raises(Refused, match="消去を済ませた"):
        shipping.ship(consignment_id=kept.parcel_id, unit_serial="ZA0001", now=at("2025-06-04 12:00"))
