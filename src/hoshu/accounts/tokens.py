"""Keys for programs: shown once, kept as a hash, limited in their rate, void when they end or are revoked."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import Q
from django.db.models.functions import Coalesce, Greatest

from hoshu.accounts import Refused
from hoshu.accounts.models import ApiToken, User

PREFIX = "hoshu_"
CALLS_PER_MINUTE = 120
_STEP = timedelta(minutes=1) / CALLS_PER_MINUTE
_BURST = timedelta(minutes=1)
_NEVER = datetime.fromisoformat("2000-01-01T00:00:00+09:00")


class Unknown(Exception):
    """No such key, or one that ended or was revoked, or whose person left."""


@dataclass
class TooFast(Exception):
    """More than CALLS_PER_MINUTE calls; try again after `wait`."""

    wait: timedelta


def issue(*, user_id: int, name: str, now: datetime, expires_at: datetime | None = None) -> tuple[ApiToken, str]:
    """A new key that acts as this person, and the key itself: nobody can read it again. Raises Refused."""
    if not name.strip():
        raise Refused("name", "何に使うキーか、用途を入力してください。例: 監視システム")
    if expires_at and expires_at <= now:
        raise Refused("expires_at", "期限は、これからの日付にしてください。")
    key = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user_id=user_id, name=name.strip(), digest=_digest(key), created_at=now, expires_at=expires_at
    )
    return token, key


def authenticate(*, key: str, now: datetime) -> User:
    """The person for whom a program with this key acts. Raises Unknown, TooFast.

    The limit is one moment per key in its row ("free again at"), moved in one statement: it holds over any number of
    processes. Call outside a transaction, or calls with one key wait for each other.
    """
    token = ApiToken.objects.select_related("user").filter(digest=_digest(key)).first()
    if (
        token is None
        or token.revoked_at is not None
        or (token.expires_at is not None and token.expires_at <= now)
        or not token.user.is_active
    ):
        raise Unknown
    in_limit = ApiToken.objects.filter(Q(free_at=None) | Q(free_at__lte=now + _BURST - _STEP), pk=token.pk)
    if not in_limit.update(free_at=Greatest(Coalesce("free_at", _NEVER), now) + _STEP, last_used_at=now):
        raise TooFast(max(_STEP, (token.free_at or now) - now - _BURST + _STEP))
    return token.user


def revoke(*, token_id: int, now: datetime) -> None:
    """The key is void from now on."""
    ApiToken.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=now)


def of_person(user_id: int) -> list[ApiToken]:
    """The keys of one person, newest first."""
    return list(ApiToken.objects.filter(user_id=user_id).order_by("-id"))


def get(token_id: int) -> ApiToken | None:
    """One key with its person."""
    return ApiToken.objects.select_related("user").filter(pk=token_id).first()


def _digest(key: str) -> str:
    # 256 random bits need no slow hash: there is nothing to guess.
    return sha256(key.encode()).hexdigest()
