"""Reminders of the end, the yearly look at the data, what ends when, and what one machine is covered by."""

from datetime import date

import pytest

from hoshu.accounts import operators
from hoshu.contracts import expiry
from hoshu.contracts.models import Agreement, DataCheck
from hoshu.flows import extensions, reminders
from hoshu.flows.reminders import turn_of
from hoshu.notifications.models import Message
from tests.cases.units import register
from tests.contracts.cards import at
from tests.flows.registering import accepted, checked
from tests.people import AOBA, KATO, MORI, SATO

pytestmark = pytest.mark.django_db

END = date(2028, 4, 30)


@pytest.fixture
def agreement(desk, world):
    return accepted(checked(), customer=world.organisations[AOBA].pk)


def told(agreement):
    return list(Message.objects.filter(about=agreement.number, kind="agreement.expiring").order_by("id"))


@pytest.mark.req("IX-EXT-05")
def test_the_day_the_kit_goes_on_sale_is_told_and_then_the_last_weeks_once_each(agreement):
    days = ["2028-01-29", "2028-01-30", "2028-01-31", "2028-03-01", "2028-03-31", "2028-04-30", "2028-05-01"]
    sent = [reminders.remind(now=at(f"{day} 09:00")) for day in days]
    assert sent == [0, 1, 0, 1, 1, 0, 0]
    first, *_ = told(agreement)
    assert (first.to, first.state) == ("hanako@example.jp", "waiting")
    assert "2028年4月30日" in first.text or "2028/04/30" in first.text
    assert "延長キット" in first.text
    assert "延長をお求めいただけないことがあります" in first.text
    assert "第1章 3." in first.text


@pytest.mark.req("IX-EXT-05")
def test_after_a_pause_one_mail_goes_and_not_three(agreement):
    assert reminders.remind(now=at("2028-04-25 09:00")) == 1
    assert len(told(agreement)) == 1


@pytest.mark.req("IX-EXT-05")
def test_an_extended_agreement_is_told_of_its_new_end(agreement):
    reminders.remind(now=at("2028-04-01 09:00"))
    Agreement.objects.filter(pk=agreement.pk).update(ends_on=date(2029, 4, 30))
    assert reminders.remind(now=at("2028-04-02 09:00")) == 0
    assert reminders.remind(now=at("2029-04-01 09:00")) == 1


@pytest.mark.req("IX-EXT-03", "IX-EXT-05")
def test_where_no_kit_is_sold_none_is_offered(agreement):
    product = agreement.device.product
    product.end_of_sale, product.support_limit = date(2027, 1, 31), END
    product.save()
    assert reminders.remind(now=at("2028-01-30 09:00")) == 0
    assert reminders.remind(now=at("2028-01-31 09:00")) == 1  # 90 days before
    assert "延長キット" not in told(agreement)[0].text


@pytest.mark.parametrize(
    ("today", "turn"),
    [
        (date(2028, 1, 29), ""),
        (date(2028, 1, 30), "kit"),
        (date(2028, 2, 29), "kit"),
        (date(2028, 3, 1), "60"),
        (date(2028, 3, 31), "30"),
        (date(2028, 4, 30), "30"),
        (date(2028, 5, 1), ""),
    ],
)
def test_the_last_turn_that_has_come_counts(today, turn):
    assert turn_of(ends_on=END, today=today, days=[90, 60, 30], kit_from=date(2028, 1, 30)) == turn


def test_without_a_kit_the_days_of_the_operator_count(agreement):
    assert turn_of(ends_on=END, today=date(2028, 1, 31), days=[90], kit_from=None) == "90"
    assert turn_of(ends_on=END, today=date(2028, 1, 30), days=[90], kit_from=None) == ""
    operators.save({"reminder_days": []})
    assert reminders.remind(now=at("2028-01-29 09:00")) == 0
    assert reminders.remind(now=at("2028-03-31 09:00")) == 1  # the kit's sale alone


def open_ended(agreement, start):
    """The same agreement as one of a service without a term, whose data is looked at every year."""
    Agreement.objects.filter(pk=agreement.pk).update(
        service="mimamori", edition="2020-03", ends_on=None, contract_start=start
    )
    agreement.revisions.update(effective_on=start)
    # Consents are only added to: the one of the day of registration that counts is the later.
    given = agreement.edition_consents.get()
    given.pk, given.edition = None, "2020-03"
    given.save()


@pytest.mark.req("MM-CND-29")
@pytest.mark.parametrize(
    ("start", "day", "asked"),
    [
        (date(2025, 4, 10), "2026-04-09", 0),
        (date(2025, 4, 10), "2026-04-10", 1),
        (date(2024, 2, 29), "2025-02-27", 0),
        (date(2024, 2, 29), "2025-02-28", 1),
        (date(2024, 2, 29), "2028-02-28", 0),
        (date(2024, 2, 29), "2028-02-29", 1),
        (date(2024, 12, 20), "2026-01-05", 1),  # the worker stood still over the new year
        (date(2025, 4, 10), "2025-04-10", 0),
    ],
)
def test_once_a_year_the_customer_is_asked_whether_the_data_hold(agreement, start, day, asked):
    open_ended(agreement, start)
    assert reminders.ask_for_data(now=at(f"{day} 09:00")) == asked
    assert reminders.ask_for_data(now=at(f"{day} 09:05")) == 0
    assert DataCheck.objects.count() == asked


@pytest.mark.req("MM-CND-29")
def test_the_answer_is_kept_and_open_ended_services_are_told_of_no_end(agreement):
    open_ended(agreement, date(2025, 4, 10))
    reminders.ask_for_data(now=at("2026-04-10 09:00"))
    mail = Message.objects.get(kind="agreement.data_check")
    assert "山田 花子" in mail.text
    assert "7.22" in mail.text
    assert expiry.answer_check(agreement_id=agreement.pk, unchanged=True, by="佐藤", now=at("2026-04-11 10:00")) == 1
    kept = DataCheck.objects.get()
    assert (kept.unchanged, kept.answered_by, kept.due_on) == (True, "佐藤", date(2026, 4, 10))
    assert reminders.remind(now=at("2026-04-11 10:00")) == 0


def test_what_ends_is_counted_by_month_and_seen_by_its_own_customer(agreement, acting):
    first, last = date(2028, 1, 1), date(2028, 12, 31)
    assert expiry.by_month(first=first, last=last) == [(date(2028, 4, 1), 1)]
    found = list(expiry.expiring(first=END, last=END))
    assert [one.number for one in found] == [agreement.number]
    assert expiry.sellers(found) == {agreement.pk: "つばさ販売"}
    assert not expiry.expiring(first=date(2028, 5, 1), last=last).exists()
    with acting(KATO, on=END):
        assert expiry.by_month(first=first, last=last) == []


@pytest.mark.parametrize(
    ("start", "end", "gap", "overlap"),
    [
        ("2028-06-01", "2031-05-31", 0, 0),
        ("2028-06-02", "2031-05-31", 1, 0),
        ("2028-05-31", "2031-05-31", 0, 1),
        ("2026-01-01", "2027-12-31", 0, 730),  # wholly inside the first
    ],
)
def test_gaps_and_overlaps_between_the_covers_of_one_machine(world, acting, start, end, gap, overlap):
    device = register(tenant_id=world.tenant(SATO), by=world.users[MORI], serial="N1")
    other = register(tenant_id=world.tenant(SATO), by=world.users[MORI], serial="N2", starts=start, ends=end)
    with acting(MORI):
        Agreement.objects.filter(device=other).update(device=device)
        second, first = expiry.covers_of(device)
        assert (first.gap_days, first.overlap_days, first.follows) == (0, 0, "")
        assert (second.gap_days, second.overlap_days, second.follows) == (gap, overlap, first.number)
        assert [one.number for one in expiry.gaps(since=date(2020, 1, 1))] == [second.number] * bool(gap or overlap)
        assert expiry.gaps(since=date(2032, 1, 1)) == []
    with acting(KATO):
        assert expiry.covers_of(device) == []


def test_a_cover_inside_a_longer_one_does_not_hide_the_gap_after_it(world, acting):
    device = register(tenant_id=world.tenant(SATO), by=world.users[MORI], serial="N1")
    later = [("N2", "2026-01-01", "2027-12-31"), ("N3", "2028-06-11", "2029-05-31")]
    for serial, start, end in later:
        one = register(tenant_id=world.tenant(SATO), by=world.users[MORI], serial=serial, starts=start, ends=end)
        with acting(MORI):
            Agreement.objects.filter(device=one).update(device=device)
    with acting(MORI):
        third, second, first = expiry.covers_of(device)
    assert [one.gap_days for one in (first, second, third)] == [0, 0, 10]


def test_an_order_for_a_service_without_kits_is_refused(agreement):
    open_ended(agreement, date(2025, 4, 10))
    kit = extensions.order(
        tenant_id=agreement.tenant_id,
        stated_number=agreement.number,
        stated_end=END,
        asked_by="佐藤",
        now=at("2028-02-01 10:00"),
    )
    assert kit.state == "mismatch"
