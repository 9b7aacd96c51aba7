"""The first start: a one-time link makes the operator and its first administrator, then there is nothing to set up."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction

from hoshu.accounts import operators, people
from hoshu.accounts.models import SetupLink, User
from hoshu.accounts.roles import Role

VALID_FOR = timedelta(days=1)


class Closed(Exception):
    """This link does not open anything (any more)."""


def is_done() -> bool:
    """Is there somebody who can log in?"""
    return User.objects.exists()


def issue_link(*, now: datetime) -> str:
    """The token of a new set-up link, valid for a day; earlier links end. Raises Closed once the set-up is done."""
    if is_done():
        raise Closed
    token = secrets.token_urlsafe(32)
    SetupLink.objects.filter(used_at=None).delete()
    SetupLink.objects.create(digest=_digest(token), created_at=now)
    return token


def is_open(token: str, *, now: datetime) -> bool:
    """Does this link still open the set-up?"""
    return not is_done() and _links(token, now).exists()


def use(*, token: str, email: str, name: str, password: str, operator: Mapping[str, Any], now: datetime) -> User:
    """Make the operator and its first administrator, once. Raises Closed, Refused."""
    with transaction.atomic():
        link = _links(token, now).select_for_update().first()
        if link is None or is_done():
            raise Closed
        link.used_at = now
        link.save(update_fields=["used_at"])
        operators.save(operator)
        return people.create(email=email, name=name, password=password, roles=[Role.ADMINISTRATOR], now=now)


def _links(token: str, now: datetime):
    return SetupLink.objects.filter(digest=_digest(token), used_at=None, created_at__gt=now - VALID_FOR)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
