"""The screens of the outbox and the demo's mailbox."""

import re
from http import HTTPStatus

import pytest
from django.urls import reverse

from hoshu.accounts import operators
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.notifications import delivery, outbox, queries
from tests.notifications.samples import COMPLETED, NOW, SENDER
from tests.people import AOBA, HAYASHI, ITO, MORI, NISHI, SATO


@pytest.fixture
def message(world):
    with act_as(SYSTEM):
        operators.save({name: getattr(SENDER, name) for name in SENDER.__dataclass_fields__})
        return put(world)


def put(world, **changed):
    facts = {
        "tenant_id": world.organisations[AOBA].pk,
        "message": "registration.completed",
        "to": "yoshida@example.jp",
        "context": COMPLETED,
        "about": "S-000123",
        "now": NOW,
        "letter": "completion",
    }
    return outbox.put(**facts | changed)


def state(message):
    with act_as(SYSTEM):
        return queries.get(message_id=message.pk).state


def url(name, message):
    return reverse(f"console:{name}", args=[message.pk])


def test_the_list_finds_by_word_state_and_kind(login, message):
    clerk = login(HAYASHI)
    page = clerk.get(reverse("console:messages")).content.decode()
    assert message.subject in page
    assert "送信待ち" in page
    assert message.subject in clerk.get(reverse("console:messages"), {"q": "yoshida"}).content.decode()
    assert message.subject not in clerk.get(reverse("console:messages"), {"state": "sent"}).content.decode()
    assert message.subject not in clerk.get(reverse("console:messages"), {"kind": "case.opened"}).content.decode()
    assert "対応が必要な通知はありません" in clerk.get(reverse("console:messages"), {"open": "1"}).content.decode()


def test_a_message_is_read_word_for_word_with_its_letter(login, message):
    clerk = login(HAYASHI)
    page = clerk.get(url("message", message)).content.decode()
    assert message.html in page
    assert "登録完了のお知らせ.pdf" in page
    pdf = clerk.get(url("message_letter", message))
    assert pdf.content.startswith(b"%PDF-")
    assert pdf["Content-Disposition"].startswith("attachment;")
    assert pdf["Cache-Control"] == "private, no-store"


@pytest.mark.req("IX-REG-03")
def test_a_bounce_is_recorded_and_sent_again_to_the_right_address(login, message):
    delivery.deliver(message_id=message.pk, now=NOW)
    clerk = login(HAYASHI)
    missing = clerk.post(url("message_bounce", message), {"reason": ""})
    assert missing.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "入力してください" in missing.content.decode()
    clerk.post(url("message_bounce", message), {"reason": "宛先が見つかりません"})
    assert state(message) == "bounced"
    tasks = clerk.get(reverse("console:messages"), {"open": "1"}).content.decode()
    assert "対応が必要 1件" in tasks
    assert "宛先が見つかりません" in clerk.get(url("message", message)).content.decode()
    wrong = clerk.post(url("message_resend", message), {"to": "yoshida2"})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'value="yoshida2"' in wrong.content.decode()
    answer = clerk.post(url("message_resend", message), {"to": "yoshida2@example.jp"}, follow=True)
    assert "yoshida2@example.jp" in answer.content.decode()
    assert "もとの通知" in answer.content.decode()
    assert "対応が必要 0件" in clerk.get(reverse("console:messages")).content.decode()


def test_a_held_letter_is_printed_with_other_characters(login, message, world):
    with act_as(SYSTEM):
        held = put(world, context=COMPLETED | {"product": "ルーター㋿"})
    clerk = login(HAYASHI)
    page = clerk.get(url("message", held)).content.decode()
    assert "「㋿（U+32FF）」の代わり" in page
    assert clerk.get(url("message_letter", held)).status_code == HTTPStatus.NOT_FOUND
    empty = clerk.post(url("message_reprint", held), {"for_0": ""})
    assert empty.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    clerk.post(url("message_reprint", held), {"for_0": "令和"})
    assert state(held) == "waiting"
    assert clerk.get(url("message_letter", held)).status_code == HTTPStatus.OK


def test_cancel_and_settle(login, message, world):
    clerk = login(HAYASHI)
    clerk.post(url("message_cancel", message))
    assert state(message) == "cancelled"
    late = clerk.post(url("message_settle", message), follow=True)
    assert "「取消」です" in late.content.decode()
    with act_as(SYSTEM):
        bounced = put(world)
        delivery.deliver(message_id=bounced.pk, now=NOW)
        outbox.bounced(message_id=bounced.pk, reason="不明", now=NOW)
    clerk.post(url("message_settle", bounced))
    with act_as(SYSTEM):
        assert not queries.unhandled().exists()


@pytest.mark.parametrize(
    ("person", "reads", "sends"), [(MORI, 200, True), (NISHI, 200, False), (ITO, 403, False), (SATO, 403, False)]
)
def test_who_reads_and_who_sends(login, message, person, reads, sends):
    browser = login(person)
    assert browser.get(url("message", message)).status_code == reads
    assert (browser.post(url("message_cancel", message)).status_code == HTTPStatus.FOUND) is sends
    if reads == HTTPStatus.OK and not sends:
        assert "送信を取り消す" not in browser.get(url("message", message)).content.decode()


def test_the_mailbox_of_a_demo_shows_everything_to_everybody(login, message, settings):
    settings.DEMO = True
    anybody = login(None)
    page = anybody.get(reverse("mailbox:index")).content.decode()
    assert message.subject in page
    mail = anybody.get(reverse("mailbox:message", args=[message.pk])).content.decode()
    assert message.html in mail
    assert re.search(r"試用|受信箱", mail)
    assert anybody.get(reverse("mailbox:letter", args=[message.pk])).content.startswith(b"%PDF-")
    assert anybody.get(reverse("mailbox:message", args=[0])).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("person", [None, HAYASHI, SATO])
def test_outside_of_a_demo_there_is_no_mailbox(login, message, settings, person):
    settings.DEMO = False
    browser = login(person)
    for address in (
        reverse("mailbox:index"),
        reverse("mailbox:message", args=[message.pk]),
        reverse("mailbox:letter", args=[message.pk]),
    ):
        assert browser.get(address).status_code == HTTPStatus.NOT_FOUND
