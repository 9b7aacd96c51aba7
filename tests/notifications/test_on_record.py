"""What a service must keep of its notices: to whom, when, by which way, what they said, what became of them."""

import hashlib
from datetime import datetime, timedelta

import pytest

from hoshu.accounts import operators
from hoshu.dates import JST
from hoshu.notifications import delivery, outbox, queries
from hoshu.notifications.models import Letter, Message
from tests.notifications.samples import COMPLETED_PACK, RECEIPT, SENDER, SUPPORT_ID
from tests.people import AOBA, HAYASHI

MINUTE = timedelta(minutes=1)


@pytest.fixture
def aoba(acting, world):
    with acting(HAYASHI):
        operators.save({name: getattr(SENDER, name) for name in SENDER.__dataclass_fields__})
        yield world.organisations[AOBA].pk


def put(tenant_id, message, context, now, **more):
    facts = {"tenant_id": tenant_id, "to": "hanako@example.jp", "about": "A-000047", **more}
    return outbox.put(message=message, context=context, now=now, **facts)


def row(message):
    return Message.objects.get(pk=message.pk)


@pytest.mark.req("VA-REG-04")
def test_the_receipt_is_queued_the_same_minute_and_its_bounce_is_a_task(aoba):
    """Submitted 2026-01-08 11:00: recipient, time, number and delivery state are stored; the registration stays."""
    submitted = datetime(2026, 1, 8, 11, 0, tzinfo=JST)
    message = put(aoba, "registration.received", RECEIPT, submitted)
    kept = row(message)
    assert (kept.to, kept.created_at, kept.about, kept.state) == ("hanako@example.jp", submitted, "A-000047", "waiting")
    assert delivery.due(now=submitted) == [message.pk]
    delivery.deliver(message_id=message.pk, now=submitted + MINUTE)
    assert (row(message).state, row(message).sent_at) == ("sent", submitted + MINUTE)
    outbox.bounced(message_id=message.pk, reason="550", now=submitted + 2 * MINUTE)
    (task,) = queries.unhandled()
    assert (task.pk, task.about) == (message.pk, "A-000047")


@pytest.mark.req("VA-REG-05")
def test_the_support_id_notice_keeps_id_addressee_way_time_and_the_contracts_covered(aoba):
    accepted = datetime(2026, 1, 13, 10, 0, tzinfo=JST)
    message = put(aoba, "agreement.support_id", SUPPORT_ID, accepted, letter="support_id", about="S12345678")
    delivery.deliver(message_id=message.pk, now=accepted + MINUTE)
    kept = row(message)
    assert (kept.about, kept.to, kept.sent_at) == ("S12345678", "hanako@example.jp", accepted + MINUTE)
    assert kept.provider_id  # by mail; the letter is there for the post
    assert Letter.objects.get(pk=kept.letter_id).sha256
    for covered in ("DK000123", "DK000124"):
        assert covered in kept.text


@pytest.mark.req("VA-REG-05")
@pytest.mark.parametrize("address", ["", "hanako"])
def test_without_an_address_nothing_is_put_and_the_person_is_told(aoba, address):
    with pytest.raises(outbox.Refused, match="宛先のメールアドレス"):
        put(aoba, "agreement.support_id", SUPPORT_ID, datetime(2026, 1, 13, 10, 0, tzinfo=JST), to=address)


@pytest.mark.req("SP-REG-07", "VA-REG-09")
def test_the_completion_notice_is_kept_as_it_was_sent_with_the_day_it_counts_from(aoba):
    sent = datetime(2025, 5, 20, 9, 0, tzinfo=JST)
    message = put(aoba, "registration.completed", COMPLETED_PACK, sent, letter="completion", about="DK000123")
    delivery.deliver(message_id=message.pk, now=sent)
    kept = row(message)
    assert (kept.state, kept.sent_at) == ("sent", sent)
    assert "サービス提供日: 2026/01/13(火)" in kept.text
    letter = Letter.objects.get(pk=kept.letter_id)
    assert letter.about == "DK000123"
    assert letter.sha256 == hashlib.sha256(bytes(letter.pdf)).hexdigest()
    outbox.bounced(message_id=message.pk, reason="550", now=sent + MINUTE)
    assert [task.pk for task in queries.unhandled()] == [message.pk]
