"""Somebody new: a login with a role, and the mail that tells them how to choose a password."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from hoshu.accounts import people
from hoshu.accounts.roles import Role
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
