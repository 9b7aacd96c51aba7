"""運営上の連絡: each mail keeps why and for what it was sent; without an address it waits for somebody (RC-PUR-03)."""

import re
from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts.models import Agreement, Consent, Party
from hoshu.flows import ending, reminders
from hoshu.notifications import delivery, outbox, queries
from hoshu.notifications.messages import REGISTRY
from hoshu.notifications.models import Message
from hoshu.privacy import Refused, ledger
from tests.contracts.agreed import concluded
from tests.contracts.cards import at, open_for_business
from tests.people import AOBA, HAYASHI, SATO

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 12)
LAST = date(2026, 3, 31)
UNDER_P2 = ("P2", "運営上の連絡（第4条 (2)）")


@pytest.fixture
def office(acting, world):
    with acting(HAYASHI, on=DAY) as actor:
        open_for_business()
        yield actor


@pytest.fixture
def care(office, world):
    return concluded("remote-care", world.organisations[AOBA].pk, serial="PR0001")


def stopped(agreement):
    ending.stop(agreement_id=agreement.pk, on=LAST, now=at("2026-03-01 10:00"))
    return Message.objects.get(kind="agreement.cancelled", about=agreement.number)


def without_address(agreement):
    Party.objects.filter(revision__agreement=agreement).update(email="")
    return agreement


@pytest.mark.req("RC-PUR-03")
def test_a_mail_keeps_template_addressee_reason_time_and_the_purpose_of_its_edition(care):
    sent = stopped(care)
    assert (sent.kind, sent.to, sent.created_at) == ("agreement.cancelled", "sato@example.jp", at("2026-03-01 10:00"))
    assert (sent.service, sent.edition, sent.purpose_code) == ("remote-care", "1", "P2")
    assert (sent.purpose_code, sent.used_for) == UNDER_P2
    assert sent.reason == "契約の終了か、利用の停止が決まったため"


@pytest.mark.req("RC-PUR-03")
def test_so_does_a_mail_that_goes_to_many_at_once(care):
    Agreement.objects.filter(pk=care.pk).update(ends_on=LAST)
    assert reminders.remind(now=at("2026-03-10 09:00")) == 1
    reminder = Message.objects.get(kind="agreement.expiring")
    assert (reminder.purpose_code, reminder.used_for) == UNDER_P2
    assert reminder.reason == "契約の満了が近づいたため"


@pytest.mark.req("RC-PUR-03")
def test_and_one_that_is_sent_again(care, office):
    first = stopped(care)
    delivery.deliver(message_id=first.pk, now=at("2026-03-01 10:01"))
    again = outbox.resend(message_id=first.pk, actor=office, now=at("2026-03-02 10:00"))
    assert (again.reason, again.service, again.used_for) == (first.reason, "remote-care", UNDER_P2[1])


@pytest.mark.req("RC-PUR-03")
def test_where_the_terms_list_no_purposes_by_code_none_is_kept(office, world):
    sent = stopped(concluded("video", world.organisations[AOBA].pk))
    assert (sent.service, sent.purpose_code, sent.used_for) == ("video", "", "サービスの提供")
    assert sent.reason


@pytest.mark.parametrize("kind", REGISTRY.values(), ids=str)
@pytest.mark.req("RC-PUR-03")
def test_each_message_of_the_registry_says_why_it_is_sent(kind):
    assert kind.why.endswith("ため")


@pytest.mark.req("RC-PUR-03")
def test_staff_and_the_customer_read_both_in_plain_words(care, login, time_machine):
    time_machine.move_to(at("2026-03-01 10:00"), tick=False)
    sent = stopped(care)
    for person, address in (
        (HAYASHI, reverse("console:message", args=[sent.pk])),
        (HAYASHI, reverse("console:messages")),
        (SATO, reverse("portal:agreement", args=[care.number])),
    ):
        page = login(person).get(address).content.decode()
        assert "運営上の連絡（第4条 (2)）" in page
        assert "契約の終了か、利用の停止が決まったため" in page
        assert not re.search(r"\bP2\b", page)


# ---- who cannot be reached


@pytest.mark.req("RC-PUR-03")
def test_a_mail_to_a_contact_without_an_address_is_kept_and_somebodys_task(care, office, login, time_machine):
    time_machine.move_to(at("2026-03-01 10:00"), tick=False)
    kept = stopped(without_address(care))
    assert (kept.to, kept.state, kept.purpose_code) == ("", "bounced", "P2")
    assert delivery.due(now=at("2026-04-01 10:00")) == []
    delivery.deliver(message_id=kept.pk, now=at("2026-03-01 10:01"))
    assert not mail.outbox
    assert [task.pk for task in queries.unhandled()] == [kept.pk]
    clerk = login(HAYASHI)
    assert kept.subject in clerk.get(reverse("console:messages"), {"open": "1"}).content.decode()
    page = clerk.get(reverse("console:message", args=[kept.pk])).content.decode()
    assert "お客様に届いていません。メールアドレスの登録がありません。" in page
    with pytest.raises(outbox.Refused, match="宛先のメールアドレス"):
        outbox.resend(message_id=kept.pk, actor=office, now=at("2026-03-02 10:00"))
    assert outbox.resend(message_id=kept.pk, to="a@example.jp", actor=office, now=at("2026-03-02 10:00")).text
    assert not queries.unhandled().exists()


@pytest.mark.req("RC-PUR-03")
def test_a_reminder_to_a_contact_without_an_address_is_kept_once(care):
    Agreement.objects.filter(pk=without_address(care).pk).update(ends_on=LAST)
    assert [reminders.remind(now=at(f"2026-03-{day} 09:00")) for day in (10, 11)] == [1, 0]
    (task,) = queries.unhandled()
    assert (task.kind, task.to, task.next_at, task.purpose_code) == ("agreement.expiring", "", None, "P2")


@pytest.mark.req("RC-PUR-03")
def test_an_address_that_the_server_refuses_stays_in_sight_too(care):
    sent = stopped(care)
    delivery.deliver(message_id=sent.pk, now=at("2026-03-01 10:01"))
    outbox.bounced(message_id=sent.pk, reason="550 5.1.1", now=at("2026-03-01 10:05"))
    assert [(task.pk, task.purpose_code) for task in queries.unhandled()] == [(sent.pk, "P2")]


# ---- nobody opts out


@pytest.mark.req("RC-PUR-03")
def test_who_wants_no_news_still_gets_what_running_the_service_needs(care, world):
    given = {"tenant_id": care.tenant_id, "service": "remote-care", "edition": "1", "person": "佐藤 花子",
             "at": at("2026-01-12 10:00"), "channel": "web", "clauses": []}  # fmt: skip
    news = Consent.objects.create(**given, item="news", text="ご案内を希望します")
    basic = Consent.objects.create(**given, item="basic_terms", text="規約と利用目的に同意します")
    taken_back = {"person": "佐藤 花子", "reason": "", "channel": "portal", "now": at("2026-02-01 10:00")}
    with act_as(SYSTEM):
        ledger.withdraw(key=f"form-{news.pk}", **taken_back)
        with pytest.raises(Refused, match="撤回することはできません"):
            ledger.withdraw(key=f"form-{basic.pk}", **taken_back)
    sent = stopped(care)
    assert (sent.state, sent.purpose_code) == ("waiting", "P2")
