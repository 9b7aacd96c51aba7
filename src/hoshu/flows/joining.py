"""Logins: somebody new, with the mail that tells how to choose a password; another address; a customer of a seller."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse

from hoshu.accounts import Refused, grants, organisations, people
from hoshu.accounts.roles import Role
from hoshu.accounts.tenancy import as_system, current
from hoshu.contracts import applications
from hoshu.dates import JST
from hoshu.japan.names import folded
from hoshu.notifications import outbox


@transaction.atomic
def invite(*, email: str, name: str, roles: Sequence[str], organisation_id: int | None, now: datetime) -> Any:
    """Let somebody in from today on. Raises `accounts.Refused` and `outbox.Refused`."""
    person = people.create(email=email, name=name, roles=roles, organisation_id=organisation_id, now=now)
    outbox.put(
        tenant_id=organisation_id,
        message="account.invitation",
        to=person.email,
        context={
            "addressee": {"person": person.name},
            "login": person.email,
            "role": "、".join(Role(role).label for role in roles),
            "link": settings.BASE_URL + reverse("account_reset_password"),
        },
        about=f"利用者 {person.name}",
        now=now,
    )
    return person


@transaction.atomic
def follow_address(*, organisation_id: int, former: str, email: str, now: datetime) -> None:
    """MM-CHG-02: the login of who was registered under `former` is `email` from now on, and that address is told.

    What was mailed before to choose a password by is void (see `people.change_login`).
    """
    person = people.change_login(organisation_id=organisation_id, former=former, email=email)
    if person is None:
        return
    outbox.put(
        tenant_id=organisation_id,
        message="account.login_changed",
        to=person.email,
        context={
            "addressee": {"person": person.name},
            "login": person.email,
            "link": settings.BASE_URL + reverse("account_reset_password"),
        },
        about=f"利用者 {person.name}",
        now=now,
    )


@transaction.atomic
def bring_customer(*, name: str, kana: str, phone: str, now: datetime) -> Any:
    """A seller enters a new customer, and sees it from today (MM-SUP-03, SP-REG-06). Raises `accounts.Refused`.

    Always an organisation of its own, whatever customers there are: a seller who names a firm must learn nothing of
    what that firm has, not even that it is known. `same_customer` joins the two once a clerk has made sure.
    """
    seller = current()
    if not seller.is_seller or seller.organisation_id is None:
        raise Refused("name", "お客様を登録できるのは、販売店の方だけです。")
    if any(folded(own.name) == folded(name) for own in organisations.search(name, kind="customer")):
        raise Refused("name", "この名称のお客様は、すでに登録されています。お客様の一覧から選んでください。")
    with as_system("a seller brings a customer"):
        firm = organisations.create(kind="customer", name=name, kana=kana, phone=phone, now=now)
        grants.grant(grantee_id=seller.organisation_id, tenant_id=firm.pk, valid_from=now.astimezone(JST).date())
    return firm


@transaction.atomic
def sign_up_through(*, seller_id: int, now: datetime, **facts: str) -> Any:
    """Somebody new makes a login on a seller's page, and is that seller's customer from today (MM-SUP-03).

    `facts` are those of `people.sign_up`. Raises `accounts.Refused`.
    """
    with as_system("a newcomer makes a login on a seller's page"):
        user = people.sign_up(**facts, now=now)
        grants.grant(grantee_id=seller_id, tenant_id=user.organisation_id, valid_from=now.astimezone(JST).date())
    return user


@transaction.atomic
def same_customer(*, entered_id: int, known_id: int, now: datetime) -> Any:
    """A clerk made sure that two entries of one name are one customer: `entered_id` becomes part of `known_id`.

    Its applications, files and mails move, its sellers see the known customer from today, and the emptied entry goes.
    Raises `accounts.Refused` where the names differ, or something was agreed, decided or reported under the entry.
    """
    entered, known = organisations.get(entered_id), organisations.get(known_id)
    if entered is None or known is None or known not in organisations.namesakes(entered):
        raise Refused("known", "同じ名称のお客様を選んでください。")
    try:
        with transaction.atomic():
            applications.hand_over(from_id=entered_id, to_id=known_id)
            grants.hand_over(from_id=entered_id, to_id=known_id, on=now.astimezone(JST).date())
            entered.delete()
    except ProtectedError as kept:
        raise Refused("known", "すでに契約、判定、事案、利用者のどれかがあるお客様は、まとめられません。") from kept
    return known
