"""The contact of an application that a seller typed says by a mailed link that it is right, or what is not."""

from datetime import date, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.db.models import Q

from hoshu.accounts import tenancy
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts import Refused, contact_checks, queries
from hoshu.contracts.assessment import assess
from hoshu.contracts.models import Application, Consent, ContactCheck
from hoshu.flows import confirming, registration
from hoshu.notifications import delivery, outbox
from hoshu.notifications import queries as messages
from hoshu.notifications.models import Message
from tests.contracts.cards import at, open_for_business
from tests.flows.selling import CONFIRMED, MANDATE, applied, confirmed, forwarded, link_of, paid
from tests.people import AOBA, HAYASHI, KONDO, SHIMIZU, TSUBASA

pytestmark = pytest.mark.django_db
APRIL_1 = date(2025, 4, 1)


@pytest.fixture(autouse=True)
def operator(acting):
    with acting(HAYASHI, on=APRIL_1):
        open_for_business()


@pytest.fixture
def sent(acting, world, operator):
    """① What Kondo typed for Aoba."""
    with acting(KONDO, on=date(2025, 3, 25)):
        return applied(world)


@pytest.fixture
def checking(sent, acting):
    """Forwarded, and in the hands of a clerk."""
    with acting(KONDO, on=date(2025, 3, 28)):
        forwarded(sent)
    with acting(HAYASHI, on=APRIL_1):
        return registration.begin_check(application_id=sent.pk, now=at("2025-04-01 09:00"))


def answer(application):
    with act_as(SYSTEM):
        application = Application.objects.get(pk=application.pk)
        return contact_checks.answers([application])[application.pk].state


def accept(application, **reasons):
    return registration.accept(
        application_id=application.pk, customer_id=None, reasons=reasons, now=at("2025-04-01 10:00")
    )


def check_of(application):
    with act_as(SYSTEM):
        return ContactCheck.objects.filter(application=application).latest("id")


def mailed(application, *, now="2025-03-25 10:01"):
    """Its mail leaves."""
    delivery.deliver(message_id=check_of(application).message_id, now=at(now), unsealed=confirming.link_of)


@pytest.mark.req("MM-FLW-02")
def test_the_contact_gets_a_link_that_stands_in_no_record(sent, settings):
    mailed(sent)
    (letter,) = mail.outbox
    assert letter.to == ["sato@example.jp"]
    assert TSUBASA in letter.body
    key = letter.body.split("/confirm/")[1].split("/")[0]
    assert key in letter.alternatives[0].content
    assert confirming.shown(key, now=at("2025-03-26 10:00")).number == sent.number
    with act_as(SYSTEM):
        kept = Message.objects.get(pk=check_of(sent).message_id)
        assert confirming.SEALED in kept.text
        assert (kept.state, kept.about) == ("sent", sent.number)
        assert not Message.objects.filter(Q(text__contains=key) | Q(html__contains=key)).exists()
        assert ContactCheck.objects.get().digest != key
    assert confirming.shown(confirming.SEALED, now=at("2025-03-26 10:00")) is None


@pytest.mark.req("MM-FLW-02", "MM-CND-01")
def test_its_yes_is_recorded_with_each_consent_that_was_given_in_its_name(sent):
    confirmed(sent, now="2025-03-26 10:00")
    with act_as(SYSTEM):
        own = Consent.objects.filter(application=sent, mandate="")
        assert {*own.values_list("item", flat=True)} == {*CONFIRMED, "contact"}
        assert {(one.person, one.at, one.edition) for one in own} == {("佐藤 花子", at("2025-03-26 10:00"), "2020-03")}
        assert Consent.objects.filter(application=sent, mandate=MANDATE).count() == len(CONFIRMED)
        assert sent.events.last().actor == "佐藤 花子（メールのリンク）"
    assert answer(sent) == "confirmed"


@pytest.mark.req("MM-FLW-02")
def test_a_link_answers_once(sent):
    key = link_of(sent)
    content = confirming.shown(key, now=at("2025-03-26 10:00")).content
    confirming.confirm(key=key, content=content, now=at("2025-03-26 10:00"))
    for again in (
        lambda: confirming.confirm(key=key, content=content, now=at("2025-03-26 11:00")),
        lambda: confirming.dispute(key=key, text="違う", now=at("2025-03-26 11:00")),
    ):
        with pytest.raises(Refused, match="すでに受け付けて"):
            again()
    assert answer(sent) == "confirmed"


@pytest.mark.req("MM-FLW-02")
@pytest.mark.parametrize(("now", "opens"), [("2025-04-08 10:00", True), ("2025-04-08 10:01", False)])
def test_a_link_opens_for_fourteen_days(sent, now, opens):
    assert (confirming.shown(link_of(sent), now=at(now)) is not None) == opens


@pytest.mark.req("MM-FLW-02")
def test_a_newer_link_closes_the_one_before(sent, acting):
    first = link_of(sent)
    with acting(KONDO, on=date(2025, 3, 26)):
        confirming.ask_again(application_id=sent.pk, now=at("2025-03-26 09:00"))
    assert confirming.shown(first, now=at("2025-03-26 10:00")) is None
    with pytest.raises(Refused, match="このリンクは使えません"):
        confirming.confirm(key=first, content="", now=at("2025-03-26 10:00"))
    confirmed(sent)
    with acting(KONDO, on=date(2025, 3, 27)), pytest.raises(Refused, match="すでに確認"):
        confirming.ask_again(application_id=sent.pk, now=at("2025-03-27 09:00"))


@pytest.mark.req("MM-FLW-02")
def test_what_changed_while_it_was_read_is_read_again(sent, acting):
    key = link_of(sent)
    content = confirming.shown(key, now=at("2025-03-26 10:00")).content
    with acting(HAYASHI, on=date(2025, 3, 26)):
        entries = {**sent.entries, "contact_phone": "03-0000-9999"}
        registration.save(application_id=sent.pk, based_on=sent.version, entries=entries, now=at("2025-03-26 10:01"))
    with pytest.raises(Refused, match="内容が変わりました"):
        confirming.confirm(key=key, content=content, now=at("2025-03-26 10:02"))
    assert answer(sent) == "waiting"


@pytest.mark.req("MM-FLW-02")
def test_the_acceptance_waits_for_the_contact(checking, acting):
    with acting(HAYASHI, on=APRIL_1):
        with pytest.raises(Refused, match="お客様の確認がまだありません") as refused:
            accept(checking)
        assert refused.value.clause == "8.1 ①"
        assert [hold.code for hold in assess(checking, now=at("2025-04-01 10:00")).clearable] == ["contact_waiting"]
    confirmed(checking, now="2025-04-01 09:30")
    with acting(HAYASHI, on=APRIL_1):
        assert accept(checking).state == "active"


@pytest.mark.req("MM-FLW-02")
def test_a_clerk_who_asked_by_telephone_says_so(checking, acting):
    with acting(HAYASHI, on=APRIL_1):
        accept(checking, contact_waiting="電話で佐藤様に確かめた")
        assert "電話で佐藤様に確かめた" in checking.events.last().note


@pytest.mark.req("MM-FLW-02")
def test_the_seller_forwards_meanwhile_but_cannot_answer_for_the_contact(sent, acting):
    with acting(KONDO, on=date(2025, 3, 28)):
        paid(sent)
        registration.take_over(application_id=sent.pk, now=at("2025-03-28 10:00"))
        assert assess(sent, now=at("2025-03-28 10:00")).registration is not None
    assert answer(sent) == "waiting"


@pytest.mark.req("MM-FLW-02")
def test_its_no_stops_the_acceptance_until_it_is_asked_again(checking, acting):
    confirming.dispute(key=link_of(checking), text="電話番号が違います", now=at("2025-04-01 09:30"))
    assert answer(checking) == "disputed"
    with acting(HAYASHI, on=APRIL_1):
        with pytest.raises(Refused, match="お客様から「違う」"):
            accept(checking, contact_disputed="よい")
        assert "電話番号が違います" in checking.events.last().note
        checking.refresh_from_db()
        registration.save(
            application_id=checking.pk,
            based_on=checking.version,
            entries={**checking.entries, "contact_phone": "03-0000-9999"},
            now=at("2025-04-01 09:40"),
        )
        confirming.ask_again(application_id=checking.pk, now=at("2025-04-01 09:41"))
    confirmed(checking, now="2025-04-01 09:50")
    with acting(HAYASHI, on=APRIL_1):
        assert accept(checking).state == "active"


def due(acting, now):
    with acting(HAYASHI, on=at(now).date()):
        return [(task.about, task.due, task.late) for task in contact_checks.due(now=at(now))]


@pytest.mark.req("MM-FLW-02")
def test_a_no_is_something_to_act_on_until_it_is_asked_again(checking, acting):
    assert due(acting, "2025-04-01 09:29") == []
    confirming.dispute(key=link_of(checking), text="電話番号が違います", now=at("2025-04-01 09:30"))
    assert due(acting, "2025-04-01 09:30") == [(checking.number, None, False)]
    with acting(HAYASHI, on=APRIL_1):
        confirming.ask_again(application_id=checking.pk, now=at("2025-04-01 09:41"))
    assert due(acting, "2025-04-01 09:41") == []


@pytest.mark.req("MM-FLW-02")
def test_what_a_contact_leaves_open_is_one_as_soon_as_its_link_has_closed(sent, acting):
    assert due(acting, "2025-04-08 10:00") == []
    assert due(acting, "2025-04-08 10:01") == [(sent.number, date(2025, 4, 8), True)]
    with acting(HAYASHI, on=date(2025, 4, 9)):
        registration.send_back(application_id=sent.pk, reason="電話番号", now=at("2025-04-09 09:00"))
    assert due(acting, "2025-04-09 10:00") == []


@pytest.mark.req("MM-FLW-02")
def test_who_confirmed_is_asked_nothing_more(sent, acting):
    confirmed(sent)
    assert due(acting, "2025-05-01 10:00") == []


@pytest.mark.req("MM-FLW-02")
def test_a_no_without_a_word_is_refused(sent):
    with pytest.raises(Refused, match="どこが違うか"):
        confirming.dispute(key=link_of(sent), text=" ", now=at("2025-03-26 10:00"))
    assert answer(sent) == "waiting"


@pytest.mark.req("MM-FLW-02")
def test_a_change_after_the_yes_is_pointed_out(checking, acting):
    confirmed(checking, now="2025-04-01 09:30")
    with acting(HAYASHI, on=APRIL_1):
        checking.refresh_from_db()
        entries = {**checking.entries, "contact_email": "suzuki@example.jp", "delivery_name": ""}
        registration.save(
            application_id=checking.pk, based_on=checking.version, entries=entries, now=at("2025-04-01 09:40")
        )
        with pytest.raises(Refused, match="確かめた後に、記入が変わって"):
            accept(checking)


@pytest.mark.req("MM-FLW-02")
def test_corrected_after_a_return_it_is_asked_again(sent, acting):
    first = link_of(sent)
    with acting(KONDO, on=date(2025, 3, 26)):
        registration.send_back(application_id=sent.pk, reason="電話番号", now=at("2025-03-26 09:00"))
        assert not confirming.shown(first, now=at("2025-03-26 09:30")).is_open
        registration.submit(application_id=sent.pk, confirmed=[], mandate=MANDATE, now=at("2025-03-26 10:00"))
    assert confirming.shown(first, now=at("2025-03-26 11:00")) is None
    confirmed(sent, now="2025-03-26 12:00")
    assert answer(sent) == "confirmed"


@pytest.mark.req("MM-FLW-02")
def test_an_address_that_nobody_has_is_a_task(sent, acting, monkeypatch):
    def bounce(self):
        raise SMTPRecipientsRefused({"sato@example.jp": (550, b"no such user")})

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", bounce)
    mailed(sent)
    assert answer(sent) == "undelivered"
    assert due(acting, "2025-03-25 10:02") == [(sent.number, None, True)]


@pytest.mark.req("MM-FLW-02")
def test_so_is_a_mail_that_comes_back_later_until_it_is_asked_again(sent, acting):
    mailed(sent)
    lost = check_of(sent).message_id
    assert due(acting, "2025-03-26 09:00") == []
    with acting(HAYASHI, on=date(2025, 3, 26)):
        outbox.bounced(message_id=lost, reason="宛先が見つかりません", now=at("2025-03-26 09:00"))
    assert answer(sent) == "undelivered"
    assert due(acting, "2025-03-26 09:00") == [(sent.number, None, True)]
    with acting(HAYASHI, on=date(2025, 3, 26)):
        with pytest.raises(outbox.Refused, match="もとの画面から送り直して"):
            outbox.resend(message_id=lost, actor=tenancy.current(), now=at("2025-03-26 09:10"))
        confirming.ask_again(application_id=sent.pk, now=at("2025-03-26 09:20"))
        assert not messages.unhandled().exists()
    assert answer(sent) == "waiting"
    assert due(acting, "2025-03-26 09:20") == []


@pytest.mark.req("MM-FLW-02")
def test_who_was_told_in_another_way_is_waited_for_again(sent, acting):
    mailed(sent)
    with acting(HAYASHI, on=date(2025, 3, 26)):
        lost = outbox.bounced(message_id=check_of(sent).message_id, reason="不明", now=at("2025-03-26 09:00"))
        outbox.settle(message_id=lost.pk, actor=tenancy.current(), now=at("2025-03-26 09:30"))
    assert due(acting, "2025-03-26 09:30") == []
    assert due(acting, "2025-04-09 10:00") == [(sent.number, date(2025, 4, 8), True)]


@pytest.mark.req("MM-FLW-02")
def test_an_address_that_is_none_is_asked_nothing(sent, acting):
    with acting(HAYASHI, on=date(2025, 3, 26)):
        entries = {**sent.entries, "contact_email": "佐藤"}
        registration.save(application_id=sent.pk, based_on=sent.version, entries=entries, now=at("2025-03-26 10:01"))
        with pytest.raises(Refused, match="メールアドレスが正しくありません"):
            confirming.ask_again(application_id=sent.pk, now=at("2025-03-26 10:02"))


def test_a_job_that_comes_late_mails_nothing(sent):
    confirmed(sent)
    mailed(sent)
    assert not mail.outbox
    with act_as(SYSTEM):
        assert Message.objects.get(pk=check_of(sent).message_id).state == "cancelled"


def test_other_services_ask_nobody(acting, world):
    with act_as(SYSTEM):
        application = Application(service="remote-care", edition="1", channel="web", state="submitted")
        assert contact_checks.answers([application]) == {}


@pytest.mark.req("MM-DOC-08")
def test_another_seller_asks_nobody_and_sees_no_answer(sent, acting, world):
    with acting(SHIMIZU, on=date(2025, 3, 26)):
        with pytest.raises(Application.DoesNotExist):
            confirming.ask_again(application_id=sent.pk, now=at("2025-03-26 09:00"))
        assert not ContactCheck.objects.exists()
        assert not queries.applications().exists()
    assert check_of(sent).tenant_id == world.organisations[AOBA].pk
    assert check_of(sent).asked_at + timedelta(days=1) == at("2025-03-26 10:00")
