"""The outbox: nothing lost, nothing sent twice once handed over, and what did not arrive is somebody's task."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from hoshu.accounts import operators
from hoshu.accounts.models import HistoryEntry
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.flows import delivery as jobs
from hoshu.notifications import delivery, letters, outbox, queries
from hoshu.notifications.models import Letter, Message
from tests.notifications.samples import COMPLETED, CONTEXTS, NOW, SENDER, SHEET
from tests.people import AOBA, HAYASHI, KATO, SATO

MINUTE = timedelta(minutes=1)


@pytest.fixture
def aoba(world) -> int:
    with act_as(SYSTEM):
        operators.save({name: getattr(SENDER, name) for name in SENDER.__dataclass_fields__})
    return world.organisations[AOBA].pk


@pytest.fixture
def clerk(acting, aoba):
    with acting(HAYASHI) as actor:
        yield actor


@pytest.fixture
def server(monkeypatch):
    """A mail server that does what the list says, one entry a mail: an exception, or None for 「accepted」."""
    behaviour = []

    def send_messages(self, messages):
        outcome = behaviour.pop(0) if behaviour else None
        if outcome is not None:
            raise outcome
        mail.outbox.extend(messages)
        return len(messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", send_messages)
    return behaviour


def put(tenant_id, **changed) -> Message:
    facts = {
        "tenant_id": tenant_id,
        "message": "registration.completed",
        "to": "yoshida@example.jp",
        "context": COMPLETED,
        "about": "S-000123",
        "now": NOW,
    }
    return outbox.put(**facts | changed)


def state(message: Message) -> str:
    return Message.objects.get(pk=message.pk).state


@pytest.mark.req("IX-REG-03", "IX-REG-04")
def test_a_message_is_stored_word_for_word_and_sent_with_its_letter(clerk, aoba):
    message = put(aoba, letter="completion")
    assert message.state == "waiting"
    assert ProcrastinateJob.objects.filter(task_name="deliver_message", args={"message_id": message.pk}).count() == 1
    delivery.deliver(message_id=message.pk, now=NOW + MINUTE)
    sent = Message.objects.get(pk=message.pk)
    assert (sent.state, sent.sent_at, sent.attempts, sent.error) == ("sent", NOW + MINUTE, 1, "")
    (left,) = mail.outbox
    assert (left.to, left.subject, left.body) == (["yoshida@example.jp"], sent.subject, sent.text)
    assert left.message()["Message-ID"] == sent.provider_id
    ((html, kind),) = left.alternatives
    assert kind == "text/html"
    assert sent.html in html
    ((name, content, kind),) = left.attachments
    assert (name, kind) == ("登録完了のお知らせ.pdf", "application/pdf")
    assert content == queries.pdf(letter_id=sent.letter_id).content
    assert content == letters.typeset("completion", Letter.objects.get(pk=sent.letter_id).data)


def test_the_row_and_its_job_live_and_die_with_the_step_they_tell_of(clerk, aoba):
    with transaction.atomic():
        put(aoba)
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_another_letter_can_be_enclosed(clerk, aoba):
    message = put(
        aoba,
        message="registration.received",
        context=CONTEXTS["registration.received"],
        letter="card_copy",
        letter_data=SHEET,
    )
    assert Letter.objects.get(pk=message.letter_id).name == "card_copy"


def test_what_is_sent_is_not_sent_again(clerk, aoba):
    message = put(aoba)
    for minute in range(3):
        delivery.deliver(message_id=message.pk, now=NOW + minute * MINUTE)
    assert len(mail.outbox) == 1


def test_put_twice_under_one_key_is_one_message(clerk, aoba):
    first = put(aoba, key="registration.completed:S-000123:1")
    assert put(aoba, key="registration.completed:S-000123:1").pk == first.pk
    assert put(aoba, key="registration.completed:S-000123:2").pk != first.pk
    assert put(aoba).pk != put(aoba).pk


@pytest.mark.parametrize("address", ["", "yoshida", "yoshida@example.jp\nBcc: x@example.jp", "a b@example.jp"])
def test_no_message_to_something_that_is_no_address(clerk, aoba, address):
    with pytest.raises(outbox.Refused, match=r"例: sato@example\.jp"):
        put(aoba, to=address)


def test_a_link_for_a_password_is_never_stored(clerk, aoba):
    with pytest.raises(ValueError, match="must not be stored"):
        put(aoba, message="account.password_reset", context=CONTEXTS["account.password_reset"])
    assert "account.password_reset" not in queries.KINDS


def test_a_fault_of_the_server_is_tried_again_later_and_later(clerk, aoba, server):
    server += [ConnectionRefusedError("接続できません"), SMTPServerDisconnected("切断"), None]
    message = put(aoba)
    now, waits = NOW, []
    for attempt in (1, 2):
        assert not delivery.deliver(message_id=message.pk, now=now)
        row = Message.objects.get(pk=message.pk)
        assert (row.state, row.attempts, row.lease) == ("waiting", attempt, None)
        waits.append(row.next_at - now)
        delivery.deliver(message_id=message.pk, now=row.next_at - timedelta(seconds=1))
        assert state(message) == "waiting"
        now = row.next_at
    assert Message.objects.get(pk=message.pk).error == "切断"
    assert 0.8 * MINUTE <= waits[0] <= 1.2 * MINUTE
    assert 1.6 * MINUTE <= waits[1] <= 2.4 * MINUTE
    assert delivery.deliver(message_id=message.pk, now=now)
    assert state(message) == "sent"
    assert len(mail.outbox) == 1


def test_waits_are_spread_and_bounded():
    waits = {delivery.wait_before(1, message_id=number) for number in range(100)}
    assert len(waits) > 50
    assert max(delivery.wait_before(30, message_id=number) for number in range(100)) <= 1.2 * delivery.LONGEST_WAIT


def test_after_too_many_faults_it_has_failed_and_is_a_task(clerk, aoba, server):
    server += [OSError("混雑")] * delivery.MOST_ATTEMPTS
    message, now = put(aoba), NOW
    for _ in range(delivery.MOST_ATTEMPTS):
        delivery.deliver(message_id=message.pk, now=now)
        now += timedelta(hours=8)
    row = Message.objects.get(pk=message.pk)
    assert (row.state, row.error, row.next_at) == ("failed", "混雑", None)
    assert [task.pk for task in queries.unhandled()] == [message.pk]
    assert delivery.due(now=now) == []


@pytest.mark.req("IX-REG-03")
@pytest.mark.parametrize(("code", "becomes"), [(550, "bounced"), (450, "waiting")])
def test_an_address_refused_for_good_is_not_tried_again(clerk, aoba, server, code, becomes):
    server.append(SMTPRecipientsRefused({"yoshida@example.jp": (code, b"unknown user")}))
    message = put(aoba)
    assert delivery.deliver(message_id=message.pk, now=NOW)  # the server itself is well
    row = Message.objects.get(pk=message.pk)
    assert (row.state, row.error) == (becomes, f"{code} unknown user")


class Killed(BaseException):
    """kill -9 at this point of the program."""


def test_killed_before_the_server_had_it_nothing_is_lost(clerk, aoba, server):
    server.append(Killed())
    message = put(aoba)
    with pytest.raises(Killed):
        delivery.deliver(message_id=message.pk, now=NOW)
    assert state(message) == "sending"
    assert delivery.due(now=NOW + MINUTE) == []  # the lease still runs
    delivery.deliver(message_id=message.pk, now=NOW + MINUTE)
    assert mail.outbox == []
    assert delivery.due(now=NOW + delivery.LEASE) == [message.pk]
    delivery.deliver(message_id=message.pk, now=NOW + delivery.LEASE)
    assert state(message) == "sent"
    assert len(mail.outbox) == 1


def test_killed_after_the_server_had_it_the_repetition_can_be_told(clerk, aoba, monkeypatch):
    """Between hand-over and record nobody can know; a mail too many is better than an acceptance that never came."""
    message = put(aoba)
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_record", lambda *arguments: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            delivery.deliver(message_id=message.pk, now=NOW)
    assert state(message) == "sending"
    delivery.deliver(message_id=message.pk, now=NOW + delivery.LEASE)
    assert state(message) == "sent"
    first, second = (left.message()["Message-ID"] for left in mail.outbox)
    assert first == second == message.provider_id


def test_a_worker_that_was_frozen_records_nothing_over_its_successor(clerk, aoba, monkeypatch):
    message = put(aoba)
    frozen = delivery._take(message.pk, NOW)
    delivery.deliver(message_id=message.pk, now=NOW + delivery.LEASE)
    sent_at = Message.objects.get(pk=message.pk).sent_at
    delivery._record(frozen, NOW + 2 * delivery.LEASE, "waiting", "遅れて失敗")
    row = Message.objects.get(pk=message.pk)
    assert (row.state, row.sent_at, row.error) == ("sent", sent_at, "")


def test_a_mail_that_kills_its_workers_is_set_aside(clerk, aoba, server):
    server += [Killed() for _ in range(delivery.MOST_ATTEMPTS)]
    message, now = put(aoba), NOW
    for _ in range(delivery.MOST_ATTEMPTS):
        with pytest.raises(Killed):
            delivery.deliver(message_id=message.pk, now=now)
        now += delivery.LEASE
    delivery.deliver(message_id=message.pk, now=now)
    assert state(message) == "failed"
    assert queries.unhandled().count() == 1


def test_what_waits_longest_goes_first(clerk, aoba):
    late, early = put(aoba, now=NOW + MINUTE), put(aoba)
    assert delivery.due(now=NOW) == [early.pk]
    assert delivery.due(now=NOW + MINUTE) == [early.pk, late.pk]
    assert delivery.due(now=NOW + MINUTE, limit=1) == [early.pk]


@pytest.mark.req("IX-REG-03")
def test_a_bounce_is_a_task_until_it_is_sent_again_to_the_right_address(clerk, aoba):
    first = put(aoba, letter="completion")
    delivery.deliver(message_id=first.pk, now=NOW)
    outbox.bounced(message_id=first.pk, reason="550 5.1.1 宛先がありません", now=NOW + MINUTE)
    (task,) = queries.unhandled()
    assert (task.pk, task.state, task.sent_at) == (first.pk, "bounced", NOW)
    again = outbox.resend(message_id=first.pk, to="yoshida2@example.jp", actor=clerk, now=NOW + 2 * MINUTE)
    assert not queries.unhandled().exists()
    delivery.deliver(message_id=again.pk, now=NOW + 2 * MINUTE)
    first, again = Message.objects.get(pk=first.pk), Message.objects.get(pk=again.pk)
    assert (first.state, first.to, first.sent_at, first.handled_by) == (
        "bounced",
        "yoshida@example.jp",
        NOW,
        clerk.label,
    )
    assert (again.state, again.to, again.resend_of_id) == ("sent", "yoshida2@example.jp", first.pk)
    assert (again.text, again.letter_id) == (first.text, first.letter_id)
    assert again.provider_id != first.provider_id


def test_a_task_can_be_settled_without_a_mail(clerk, aoba):
    message = put(aoba)
    delivery.deliver(message_id=message.pk, now=NOW)
    with pytest.raises(outbox.Refused, match="「送信済」です"):
        outbox.settle(message_id=message.pk, actor=clerk, now=NOW)
    outbox.bounced(message_id=message.pk, reason="戻り", now=NOW)
    outbox.settle(message_id=message.pk, actor=clerk, now=NOW)
    assert not queries.unhandled().exists()


def test_what_has_not_left_can_be_cancelled_and_what_has_left_can_not(clerk, aoba):
    message = put(aoba)
    outbox.cancel(message_id=message.pk, actor=clerk, now=NOW)
    delivery.deliver(message_id=message.pk, now=NOW + MINUTE)
    assert state(message) == "cancelled"
    assert mail.outbox == []
    sent = put(aoba)
    delivery.deliver(message_id=sent.pk, now=NOW)
    with pytest.raises(outbox.Refused, match="「送信済」です"):
        outbox.cancel(message_id=sent.pk, actor=clerk, now=NOW)


def test_a_character_that_can_not_be_printed_holds_the_mail_until_somebody_names_another(clerk, aoba):
    context = COMPLETED | {"product": "ルーター𫞎㋿"}
    message = put(aoba, letter="completion", context=context)
    letter = Letter.objects.get(pk=message.letter_id)
    assert (message.state, letter.state, letter.missing, letter.pdf) == ("held", "held", "𫞎㋿", None)
    assert [task.pk for task in queries.unhandled()] == [message.pk]
    delivery.deliver(message_id=message.pk, now=NOW)
    assert mail.outbox == []
    with pytest.raises(Letter.DoesNotExist):
        queries.pdf(letter_id=letter.pk)
    with pytest.raises(outbox.Refused, match=r"㋿（U\+32FF）"):
        outbox.reprint(letter_id=letter.pk, replacements={"𫞎": "球"}, now=NOW)
    assert Letter.objects.get(pk=letter.pk).missing == "𫞎㋿"
    printed = outbox.reprint(letter_id=letter.pk, replacements={"𫞎": "球", "㋿": "令和"}, now=NOW + MINUTE)
    assert (printed.state, printed.missing) == ("printed", "")
    delivery.deliver(message_id=message.pk, now=NOW + MINUTE)
    assert state(message) == "sent"
    assert "𫞎" in mail.outbox[0].body
    assert mail.outbox[0].attachments
    with pytest.raises(outbox.Refused, match="すでに作成"):
        outbox.reprint(letter_id=letter.pk, replacements={}, now=NOW)


def test_another_customer_sees_neither_mail_nor_letter(acting, aoba):
    with acting(HAYASHI):
        message = put(aoba, letter="completion")
    with acting(KATO) as stranger:
        assert not queries.mailbox().exists()
        assert not Letter.objects.exists()
        for missing_or_foreign in (0, message.pk):
            with pytest.raises(Message.DoesNotExist):
                queries.get(message_id=missing_or_foreign)
            with pytest.raises(Message.DoesNotExist):
                outbox.cancel(message_id=missing_or_foreign, actor=stranger, now=NOW)
        with pytest.raises(Letter.DoesNotExist):
            queries.pdf(letter_id=message.letter_id)
    with acting(SATO):
        assert queries.get(message_id=message.pk).subject == message.subject


def test_the_mailbox_is_searched_and_loads_no_words(clerk, aoba, django_assert_num_queries):
    put(aoba)
    put(
        aoba,
        to="sato@example.jp",
        about="A-1",
        message="registration.refused",
        context=CONTEXTS["registration.refused"],
    )
    assert [found.to for found in queries.mailbox(text="sato")] == ["sato@example.jp"]
    assert [found.about for found in queries.mailbox(kind="registration.completed")] == ["S-000123"]
    assert queries.mailbox(state="sent").count() == 0
    assert queries.mailbox(about="A-1").count() == 1
    with django_assert_num_queries(1) as queried:
        assert [found.tenant.name for found in queries.mailbox()] == [AOBA, AOBA]
    assert '"html"' not in queried[0]["sql"]


def test_without_an_operator_nothing_is_sent_in_nobodys_name(acting, world):
    with acting(HAYASHI), pytest.raises(outbox.Refused, match="運営者の情報"):
        put(world.organisations[AOBA].pk)


def test_the_history_does_not_keep_the_words(clerk, aoba):
    message = put(aoba, letter="completion")
    with act_as(SYSTEM):
        kept = HistoryEntry.objects.filter(table__startswith="notifications_")
        assert {"text", "html", "data", "pdf"}.isdisjoint(key for entry in kept for key in entry.after)
        assert kept.filter(table="notifications_message", row_id=message.pk, action="insert").exists()


def test_the_jobs_of_the_worker_send_what_is_due(clerk, aoba, monkeypatch):
    monkeypatch.setattr(jobs.clock, "now", lambda: NOW)
    message = put(aoba)
    jobs.deliver(message_id=message.pk)
    assert state(message) == "sent"
    late = put(aoba)
    jobs.deliver_due(timestamp=0)
    assert state(late) == "sent"
    assert len(mail.outbox) == 2


def test_a_server_in_trouble_is_not_asked_for_every_row(clerk, aoba, server, monkeypatch):
    monkeypatch.setattr(jobs.clock, "now", lambda: NOW)
    server += [ConnectionRefusedError("停止中")] * 3
    messages = [put(aoba) for _ in range(3)]
    jobs.deliver_due(timestamp=0)
    assert [Message.objects.get(pk=message.pk).attempts for message in messages] == [1, 0, 0]
