"""第3章 4.: after an exchange the licence covers the substitute."""

from datetime import datetime

from django.db import transaction

from hoshu.accounts.tenancy import as_system
from hoshu.contracts.models import Device, DeviceSerial
from hoshu.contracts.serials import normalise
from hoshu.dates import is_before


class Blocked(ValueError):
    """The substitute can not take over; the message says in Japanese why and what to do."""


@transaction.atomic
def follow(*, device_id: int, removed: str, substitute: str, received_at: datetime) -> None:
    """IX-OWN-03: the registered number becomes the substitute's from `received_at` (aware) on.

    The old number stays in the history; cover, plan and revision do not change. Raises Blocked where `removed` is not
    the unit's present number, or `substitute` is no other number or is registered for another unit.
    """
    removed, taken_over = normalise(removed), normalise(substitute)
    device = Device.objects.select_for_update().get(pk=device_id)
    if removed != device.serial:
        raise Blocked(
            f"故障品の製造番号 {removed} は、登録されている {device.serial} と違います。ラベルを見て確かめてください。"
        )
    if not taken_over or taken_over == removed:
        raise Blocked("代替品の製造番号を入力してください。故障品とは別の番号になります。")
    with as_system("whether the substitute is registered for anybody"):
        taken = DeviceSerial.objects.filter(serial=taken_over, valid_until=None).exists()
    if taken:
        raise Blocked(f"代替品の製造番号 {taken_over} は、別の機器として登録されています。番号を確かめてください。")
    present = DeviceSerial.objects.get(device=device, valid_until=None)
    if is_before(received_at, present.valid_from):
        raise Blocked("受領日時が、今の製造番号の登録より前になっています。日時を確かめてください。")
    moved_at = max(received_at, present.valid_from)
    DeviceSerial.objects.filter(pk=present.pk).update(valid_until=moved_at)
    DeviceSerial.objects.create(
        tenant_id=device.tenant_id,
        device=device,
        serial=taken_over,
        as_written=substitute.strip(),
        valid_from=moved_at,
    )
    device.serial = taken_over
    device.save(update_fields=["serial"])
