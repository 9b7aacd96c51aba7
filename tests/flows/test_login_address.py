"""A changed mail address of a contact who logs in: from the moment it is applied the login is the new one."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from hoshu.accounts.models import HistoryEntry, User
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts import changes, queries
from hoshu.contracts.models import Agreement
from hoshu.flows import changes as stories
from hoshu.flows import password_reset
from hoshu.notifications.models import Message
from tests.cases.units import register
from tests.contracts.cards import at, open_for_business
from tests.people import AOBA, HAYASHI, KATO, MORI, SATO, TANAKA, WAKABA

pytestmark = pytest.mark.django_db

DAY, MOMENT = at("2025-07-01 10:00"), at("2025-07-03 15:00")
NEW = "shin@example.jp"


@pytest.fixture
def agreement(world, acting):
    """A lent machine of Aoba, whose contact is Sato, its administrator in the portal."""
    with acting(HAYASHI, on=DAY.date()):
        open_for_business()
        device = register(
            tenant_id=world.organisations[AOBA].pk, by=world.users[MORI], serial="N1", plan="7d-3y", ends="2031-05-31"
        )
        found = Agreement.objects.get(device=device)
        found.service, found.edition, found.plan = "mimamori", "2020-03", "standard"
        found.save()
        contact = queries.contact_of(found, DAY.date())
        contact.name, contact.email = SATO.name, "Sato@example.jp"
        contact.save()
        yield found


def asked(agreement, **said):
    """The change of the contact's mail, handed in and taken up."""
    entries = {"contact_email": said.pop("email", NEW), **said.pop("entries", {})}
    request = stories.start(agreement_id=agreement.pk, channel="desk", asked_by=SATO.name, now=DAY)
    changes.save(request_id=request.pk, based_on=1, entries=entries, said=said, now=DAY)
    stories.submit(request_id=request.pk, partly=False, now=DAY)
    return stories.begin_check(request_id=request.pk, now=DAY)


def applied(agreement, **said):
    return stories.apply(request_id=asked(agreement, **said).pk, note="", now=MOMENT)


def login_of(world, person):
    return User.objects.get(pk=world.users[person].pk).email


def link_to(user):
    """The link to a password, as it is mailed."""
    mail.outbox.clear()
    password_reset.send_link(user_id=user.pk)
    [sent] = mail.outbox
    return sent.to, re.search(r"https?://[^/]+(/\S+/key/\S+)", sent.body)[1]


@pytest.mark.req("MM-CHG-02")
def test_mails_go_to_the_old_address_before_the_moment_and_to_the_new_one_from_then_on(agreement, world):
    user = world.users[SATO]
    request = asked(agreement)
    assert link_to(user)[0] == ["sato@example.jp"]
    assert queries.contact_of(agreement, MOMENT.date()).email == "Sato@example.jp"
    stories.apply(request_id=request.pk, note="", now=MOMENT)
    assert login_of(world, SATO) == NEW
    assert link_to(user)[0] == [NEW]
    assert queries.contact_of(agreement, MOMENT.date()).email == NEW
    told = Message.objects.get(kind="account.login_changed")
    assert (told.to, told.tenant_id) == (NEW, agreement.tenant_id)
    assert NEW in told.text


@pytest.mark.req("MM-CHG-02")
def test_a_link_that_was_sent_to_the_old_address_is_void(agreement, world):
    _, link = link_to(world.users[SATO])
    assert "password1" in Client().get(link, follow=True).content.decode()
    opened = Client()
    form = opened.get(link, follow=True).request["PATH_INFO"]  # opened before the moment, used after it
    applied(agreement)
    opened.post(form, {"password1": "two words and a lamp", "password2": "two words and a lamp"})
    assert not User.objects.get(pk=world.users[SATO].pk).check_password("two words and a lamp")
    assert "すでに使われたか" in Client().get(link, follow=True).content.decode()
    _, fresh = link_to(world.users[SATO])
    assert "password1" in Client().get(fresh, follow=True).content.decode()


@pytest.mark.req("MM-CHG-02")
def test_the_old_address_lets_nobody_in_and_gets_no_link_any_more(agreement, world, monkeypatch):
    user = world.users[SATO]
    user.set_password("two words and a lamp")
    user.save()
    link_to(user)  # from now on allauth knows the old address by itself
    assert EmailAddress.objects.filter(user=user, email="sato@example.jp").exists()
    applied(agreement)
    wanted = []
    monkeypatch.setattr(password_reset, "request_link", lambda *, user_id: wanted.append(user_id))
    for email, found in (("sato@example.jp", []), (NEW, [user.pk])):
        wanted.clear()
        Client().post(reverse("account_reset_password"), {"email": email})
        assert wanted == found
        browser = Client()
        browser.post(reverse("account_login"), {"login": email, "password": "two words and a lamp"})
        assert ("_auth_user_id" in browser.session) is bool(found)


@pytest.mark.req("MM-CHG-02")
def test_who_moved_the_login_is_on_record(agreement, world):
    applied(agreement)
    with act_as(SYSTEM):
        entry = HistoryEntry.objects.filter(table="accounts_user", row_id=world.users[SATO].pk).latest("id")
    assert (entry.before["email"], entry.after["email"]) == ("sato@example.jp", NEW)
    assert HAYASHI.name in entry.actor


@pytest.mark.req("MM-CHG-02")
def test_a_change_ahead_moves_the_login_on_its_day(agreement, world):
    applied(agreement, effective="2025/8/1")
    assert login_of(world, SATO) == "sato@example.jp"
    stories.carry_over(now=at("2025-07-31 23:59"))
    assert login_of(world, SATO) == "sato@example.jp"
    stories.carry_over(now=at("2025-08-01 00:01"))
    assert login_of(world, SATO) == NEW


def test_another_person_as_contact_gets_nobodys_login(agreement, world):
    applied(agreement, entries={"contact_name": "新 担当"})
    assert login_of(world, SATO) == "sato@example.jp"
    assert not Message.objects.filter(kind="account.login_changed").exists()


@pytest.mark.parametrize("holder", [TANAKA, KATO])
def test_an_address_that_somebody_else_logs_in_with_moves_nobody(agreement, world, holder):
    applied(agreement, email=holder.email)
    assert (login_of(world, SATO), login_of(world, holder)) == ("sato@example.jp", holder.email)


def test_a_login_of_another_customer_stays_whatever_is_registered_here(agreement, world):
    User.objects.filter(pk=world.users[SATO].pk).update(organisation_id=world.organisations[WAKABA].pk)
    applied(agreement)
    assert login_of(world, SATO) == "sato@example.jp"
