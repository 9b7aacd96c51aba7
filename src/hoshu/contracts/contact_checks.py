"""お客様の確認: did the owner of the contact's address say that what was applied for in its name is right (MM-FLW-02)?

A link opens once, for `LINK_OPENS`; a newer one closes it. What was confirmed is kept as a hash of the applicant's part
of the form, so that a change afterwards is noticed and nothing personal is stored twice.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from django.db.models import Exists, OuterRef, Q

from hoshu.accounts import tenancy
from hoshu.accounts.tenancy import as_system
from hoshu.contracts import Refused, queries
from hoshu.contracts.applications import terms_of
from hoshu.contracts.models import Application, ContactCheck
from hoshu.dates import JST
from hoshu.notifications.models import Message

LINK_OPENS = timedelta(days=14)
"""Ours: the terms name no time."""
OPEN = (Application.State.SUBMITTED, Application.State.RECEIVED, Application.State.CHECKING, Application.State.ASKING)
"""While somebody works on the form, its contact can answer."""
LOST = (Message.State.BOUNCED, Message.State.FAILED)
_LOST = Q(message__state__in=LOST, message__handled_at=None)


@dataclass(frozen=True)
class Answer:
    """Where the confirmation of an application stands; nothing is said where none is wanted."""

    state: Literal["waiting", "undelivered", "confirmed", "changed", "disputed"]
    check: ContactCheck | None = None

    @property
    def word(self) -> str:
        """What people read."""
        return _WORDS[self.state][0]

    @property
    def tone(self) -> str:
        return _WORDS[self.state][1]

    @property
    def until(self) -> datetime | None:
        """Up to when the link opens that an answer is awaited by."""
        return open_until(self.check) if self.check and self.state in ("waiting", "undelivered") else None


_WORDS = {
    "waiting": ("お客様の確認待ち", "hold"),
    "undelivered": ("確認のメールが届きません", "late"),
    "confirmed": ("お客様の確認済", "ok"),
    "changed": ("確認の後に変更あり", "hold"),
    "disputed": ("お客様から「違う」", "late"),
}


def wanted(application: Application) -> bool:
    """Is the contact of this form asked? One on paper was written by the customer itself."""
    terms = terms_of(application).application
    return (
        terms is not None
        and terms.contact_confirms is not None
        and application.channel == Application.Channel.WEB
        and application.state in OPEN
    )


def answers(applications: Iterable[Application]) -> Mapping[int, Answer]:
    """Where each application stands whose contact is asked, by its id; one query for all."""
    asked = [one for one in applications if wanted(one)]
    if not asked:
        return {}
    kept = ContactCheck.objects.select_related("message").filter(application__in=asked)
    last = kept.order_by("application", "-id").distinct("application")
    checks = {check.application_id: check for check in last}
    return {one.pk: _answer(one, checks.get(one.pk)) for one in asked}


def due(*, now: datetime) -> list[queries.Due]:
    """Contacts that say no, get no mail or let the time of their link pass: somebody has to act (MM-FLW-02).

    The oldest first. A mail that did not arrive is none any more once somebody has dealt with it (see `outbox.settle`).
    """
    # What is open is the index application_open, what each contact said last contact_check_last.
    later = ContactCheck.objects.filter(application=OuterRef("application"), pk__gt=OuterRef("pk"))
    found = ContactCheck.objects.filter(
        Q(disputed_at__isnull=False) | Q(confirmed_at=None) & (Q(asked_at__lt=now - LINK_OPENS) | _LOST),
        ~Exists(later),
        application__in=queries.applications().filter(state__in=OPEN),
    )
    asked = found.select_related("application", "message").order_by("id")
    return [_due(check, now) for check in asked if wanted(check.application)]


def content_of(application: Application) -> str:
    """The applicant's part of the form as a hash; empty fields count as none."""
    own = {at.name for at in terms_of(application).card_field if at.by == "applicant"}
    filled = {name: value for name, value in application.entries.items() if name in own and value}
    return sha256(json.dumps(filled, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def asking_clause(application: Application) -> str:
    """The clause by which the contact of this form is asked. Raises Refused where there is nothing to ask."""
    terms = terms_of(application).application
    if not wanted(application) or terms is None or terms.contact_confirms is None:
        raise Refused(f"「{application.get_state_display()}」の申請に、確認のメールは送れません。")
    return terms.contact_confirms.clause


def ask(*, application: Application, message: Message, now: datetime) -> ContactCheck:
    """The contact is asked by this mail."""
    return ContactCheck.objects.create(
        tenant_id=application.tenant_id,
        application=application,
        email=message.to,
        message=message,
        asked_at=now,
        asked_by=tenancy.current().label,
    )


def issue(*, message_id: int) -> str | None:
    """A key for the link in a mail, which nobody can read again; None where it is answered or no longer the last."""
    check = ContactCheck.objects.select_for_update().get(message=message_id)
    if _answered(check) or not _is_last(check):
        return None
    key = secrets.token_urlsafe(32)
    check.digest = _digest(key)
    check.save(update_fields=["digest"])
    return key


def opened(key: str, *, now: datetime) -> ContactCheck | None:
    """The check to which a key leads, answered or not; None for an unknown, an old or a replaced key."""
    with as_system("whom a mailed link belongs to"):
        found = ContactCheck.objects.select_related("application").filter(digest=_digest(key)).first()
        if found is None or now > open_until(found) or not _is_last(found):
            return None
        return found


def open_until(check: ContactCheck) -> datetime:
    """The last moment at which the link of a check opens."""
    return check.asked_at + LINK_OPENS


def confirm(*, check_id: int, content: str, now: datetime) -> ContactCheck:
    """It is right, as it was shown. Raises Refused where it was answered, or the form changed meanwhile."""
    check = _open(check_id)
    if content != content_of(check.application):
        raise Refused("ご覧になっている間に内容が変わりました。もう一度お確かめください。")
    check.confirmed_at, check.content = now, content
    check.save(update_fields=["confirmed_at", "content"])
    return check


def dispute(*, check_id: int, text: str, now: datetime) -> ContactCheck:
    """It is not right: what, in the contact's words."""
    check = _open(check_id)
    if not text.strip():
        raise Refused("どこが違うかを入力してください。例: 電話番号が違う、申し込んでいない")
    check.disputed_at, check.objection = now, text.strip()
    check.save(update_fields=["disputed_at", "objection"])
    return check


def _answer(application: Application, check: ContactCheck | None) -> Answer:
    if check is None:
        return Answer("waiting")
    if check.disputed_at is not None:
        return Answer("disputed", check)
    if check.confirmed_at is not None:
        return Answer("confirmed" if check.content == content_of(application) else "changed", check)
    return Answer("undelivered" if check.message and check.message.state in LOST else "waiting", check)


def _due(check: ContactCheck, now: datetime) -> queries.Due:
    application = check.application
    if check.disputed_at is not None:
        last, text = None, "お客様から「違う」とお返事があります。直すか、差し戻すか、お断りしてください"
    elif now <= open_until(check):
        last, text = None, "確認のメールが届きません。メールアドレスを確かめて直し、送り直してください"
    else:
        last = open_until(check).astimezone(JST).date()
        text = "お客様の確認がありません。確認のメールを送り直すか、電話で確かめてください"
    late = check.disputed_at is None
    return queries.Due(application.number, text, last, application.get_state_display(), late=late)


def _open(check_id: int) -> ContactCheck:
    check = ContactCheck.objects.select_for_update(of=("self",)).select_related("application").get(pk=check_id)
    if _answered(check) or not wanted(check.application):
        raise Refused("お返事は、すでに受け付けています。")
    return check


def _answered(check: ContactCheck) -> bool:
    return check.confirmed_at is not None or check.disputed_at is not None


def _is_last(check: ContactCheck) -> bool:
    return not ContactCheck.objects.filter(application=check.application_id, pk__gt=check.pk).exists()


def _digest(key: str) -> str:
    # 256 random bits need no slow hash: there is nothing to guess.
    return sha256(key.encode()).hexdigest()
