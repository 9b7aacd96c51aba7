"""The licence follows the substitute; nothing else does."""

import pytest

from hoshu.contracts import exchange, finding
from hoshu.contracts.models import DeviceSerial
from tests.cases.units import moment, register
from tests.people import KATO, MORI

RECEIVED = moment("2025-06-17 09:45")


def follow(device_id, **changed):
    values = {"removed": "N1-0001", "substitute": "ｓ-900", "received_at": RECEIVED, **changed}
    exchange.follow(device_id=device_id, **values)


@pytest.mark.req("IX-OWN-03")
def test_the_number_changes_at_the_instant_of_receipt_and_the_cover_stays(router, acting):
    with acting(MORI):
        before = finding.unit(device_id=router).covers[0]
        follow(router)
        unit = finding.unit(device_id=router)
        assert unit.serial == "S900"
        assert unit.covers[0] == before
        history = DeviceSerial.objects.filter(device=router).order_by("id")
        assert [(kept.serial, kept.valid_until) for kept in history] == [("N10001", RECEIVED), ("S900", None)]
        assert history[1].valid_from == RECEIVED


@pytest.mark.req("IX-OWN-03")
@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"removed": "N99"}, "N10001"),
        ({"substitute": "N10001"}, "別の番号"),
        ({"substitute": " "}, "別の番号"),
        ({"received_at": moment("2024-01-01 00:00")}, "日時"),
    ],
)
def test_what_can_not_be_right_is_blocked(router, acting, changed, says):
    with acting(MORI), pytest.raises(exchange.Blocked, match=says):
        follow(router, **changed)


@pytest.mark.req("IX-OWN-03")
def test_a_number_registered_for_anybody_is_blocked(router, world, acting):
    register(tenant_id=world.tenant(KATO), by=world.users[MORI], serial="S900")
    with acting(MORI), pytest.raises(exchange.Blocked, match="別の機器"):
        follow(router)
