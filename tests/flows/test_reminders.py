"""Before an agreement ends, somebody is told: once, from the day on which something can be done about it."""

from datetime import date

import pytest

from hoshu.contracts.models import Agreement, Party, Product
from hoshu.flows import reminders
from hoshu.notifications import outbox, queries
from hoshu.notifications.models import Message
from tests.contracts.cards import at
from tests.flows.registering import accepted, checked
from tests.people import AOBA


@pytest.fixture
def agreement(desk, world):
    """Ends on 2025-05-31, as the example of IX-EXT-05."""
    agreement = accepted(checked(), customer=world.organisations[AOBA].pk)
    Agreement.objects.update(ends_on=date(2025, 5, 31), starts_on=date(2022, 5, 10))
    return agreement


def reminded(on, time="09:00"):
    return reminders.remind(now=at(f"{on} {time}"))


def reminder():
    return Message.objects.get(kind="agreement.expiring")


@pytest.mark.req("IX-EXT-05")
def test_the_contact_is_told_from_the_day_on_which_the_kit_goes_on_sale_and_once(agreement):
    assert reminded("2025-02-27", "23:59") == 0
    assert reminded("2025-02-28", "00:00") == 1
    assert reminded("2025-03-01") == 0
    message = reminder()
    assert (message.to, message.about) == ("hanako@example.jp", agreement.number)
    for expected in (
        "サポート満了日は2025/05/31(土)です（あと92日）",
        "延長のお手続き: 2025/02/28(金) から 2025/05/31(土) まで",
        "機種により、延長をお求めいただけないことがあります。",
        "くわしくは、下の窓口へお尋ねください。",
        "第1章 3.",
    ):
        assert expected in message.text


@pytest.mark.req("IX-EXT-05")
def test_a_reminder_that_comes_back_is_a_task(agreement):
    reminded("2025-02-28")
    Message.objects.update(state="sent", sent_at=at("2025-02-28 09:01"))
    outbox.bounced(message_id=reminder().pk, reason="550", now=at("2025-02-28 09:02"))
    assert [task.kind for task in queries.unhandled()] == ["agreement.expiring"]


def test_no_kit_is_offered_where_none_is_sold(agreement):
    Product.objects.update(kit_sales_stopped=date(2025, 1, 31))
    reminded("2025-03-01")
    assert "延長キット" not in reminder().text
    assert "更新をご希望のときは" in reminder().text


def test_a_shortened_extension_is_for_a_person_to_decide(agreement):
    Product.objects.update(support_limit=date(2025, 12, 31))
    reminded("2025-03-01")
    assert "延長をご希望のときは、お求めいただけるかを、下の窓口へお尋ねください。" in reminder().text


def test_on_its_last_day_it_is_still_time_and_then_no_more(agreement):
    assert reminded("2025-06-01") == 0
    assert reminded("2025-05-31", "23:59") == 1
    assert "（本日まで）" in reminder().text


def test_an_end_that_moved_is_announced_anew(agreement):
    reminded("2025-03-01")
    Agreement.objects.update(ends_on=date(2025, 4, 30))
    assert reminded("2025-03-02") == 1


@pytest.mark.parametrize("state", ["unnotified", "suspended", "stopped", "terminated"])
def test_only_what_runs_ends_soon(agreement, state):
    Agreement.objects.update(state=state)
    assert reminded("2025-03-01") == 0


def test_a_contact_without_an_address_keeps_nobody_else_from_being_told(agreement):
    Party.objects.update(email="")
    assert reminded("2025-03-01") == 0
    assert not Message.objects.filter(kind="agreement.expiring").exists()
