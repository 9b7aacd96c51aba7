"""Put a message into the outbox, in the transaction of the step it tells of, and decide about what did not arrive.

The row is the truth: no mail exists without its row, and a row that is not sent is there to be seen. A job is deferred
in the same transaction; should it be lost, the row is found by `delivery.due`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from procrastinate.contrib.django import app

from hoshu.accounts.tenancy import Actor
from hoshu.catalog import Edition
from hoshu.notifications import Refused, issuing
from hoshu.notifications.issuing import described
from hoshu.notifications.messages import REGISTRY, compose
from hoshu.notifications.models import Letter, Message

DELIVERY_JOB = "deliver_message"
"""The job that sends one row, by the keyword `message_id`; it lives in `flows.delivery`, where a clock is at hand."""

_State = Message.State
_RESENT_FROM = (_State.SENT, _State.BOUNCED, _State.FAILED, _State.CANCELLED)


def put(
    *,
    tenant_id: int | None,
    message: str,
    to: str,
    context: Mapping[str, Any],
    about: str,
    now: datetime,
    letter: str | None = None,
    letter_data: Mapping[str, Any] | None = None,
    key: str | None = None,
    edition: Edition | None = None,
    unreachable_too: bool = False,
) -> Message:
    """Store the message `message` of `messages.REGISTRY` for one address; it is sent after the caller's commit.

    `context` holds its facts. `letter` names the PDF to enclose (see `letters.LETTERS`), made from `letter_data` or
    else from the same facts. `about` is the reference of the matter. With a `key`, a second put gives the first row.
    `edition` is that of the matter, where it has one: it may ask for a foot, and says for what an address is used.
    A letter that can not be printed holds the mail: it waits in state HELD until somebody acts (see `reprint`).
    Raises Refused for an address that is none; `unreachable_too`, where nobody waits for the answer, keeps a message to
    no address at all as one that did not arrive, so that somebody tells the addressee in another way (RC-PUR-03).
    """
    kind = REGISTRY[message]
    if kind.confidential:
        raise ValueError(f"{message} must not be stored")
    if key and (earlier := Message.objects.filter(tenant_id=tenant_id, key=key).first()):
        return earlier
    if to or not unreachable_too:
        _check_address(to)
    notice = compose(message, context, issuing.sender(), edition)
    enclosed = letter and issuing.draw_up(
        tenant_id=tenant_id, name=letter, data=letter_data or context, about=about, now=now
    )
    return _store(
        Message(
            tenant_id=tenant_id,
            **_why(message, edition),
            to=to,
            subject=notice.subject,
            text=notice.text(),
            html=notice.html(),
            letter=enclosed or None,
            about=about,
            key=key,
        ),
        now,
    )


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message for `put_all`: what `put` takes, without a letter, and with a key. It may be to no address."""

    tenant_id: int
    message: str
    to: str
    context: Mapping[str, Any]
    about: str
    key: str
    edition: Edition


def put_all(drafts: Iterable[Draft], *, now: datetime) -> int:
    """Store many messages at once; how many are new. One that was put before under its key is left alone.

    They leave with what is due each minute: a job for each would be as many rows again.
    """
    sender = issuing.sender()
    rows = []
    for draft in drafts:
        notice = compose(draft.message, draft.context, sender, draft.edition)
        rows.append(
            Message(
                tenant_id=draft.tenant_id,
                **_why(draft.message, draft.edition),
                to=draft.to,
                subject=notice.subject,
                text=notice.text(),
                html=notice.html(),
                about=draft.about,
                key=draft.key,
                **_ready(draft.to, now),
                created_at=now,
                provider_id=_provider_id(),
            )
        )
    known = known_keys({(row.tenant_id, str(row.key)) for row in rows})
    fresh = [row for row in rows if row.key not in known]
    Message.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def known_keys(keys: Collection[tuple[int, str]]) -> dict[str, int]:
    """Those of the (tenant, key) pairs under which a message was put: key → the message."""
    tenants, names = {tenant for tenant, _ in keys}, {key for _, key in keys}
    found = Message.objects.filter(tenant__in=tenants, key__in=names)
    return {key: pk for tenant, key, pk in found.values_list("tenant_id", "key", "pk") if (tenant, key) in keys}


def resend(*, message_id: int, actor: Actor, now: datetime, to: str = "") -> Message:
    """Send the same words again, to a corrected address if one is given. The first sending stays as it was."""
    with transaction.atomic():
        first = _locked(message_id, *_RESENT_FROM)
        if not resendable(first):
            raise Refused("宛先の方だけが開けるリンクの通知は、もとの画面から送り直してください。")
        _check_address(to or first.to)
        copied = (
            *("tenant_id", "kind", "purpose", "service", "edition", "purpose_code", "reason"),
            *("subject", "text", "html", "letter_id", "about"),
        )
        again = Message(**{name: getattr(first, name) for name in copied}, to=to or first.to, resend_of=first)
        _mark_handled(first, actor, now)
        return _store(again, now)


def resendable(message: Message) -> bool:
    """May the same words go out again? A link for the addressee alone is made anew where it is asked for."""
    return message.state in _RESENT_FROM and not REGISTRY[message.kind].sealed


def bounced(*, message_id: int, reason: str, now: datetime) -> Message:
    """The mail came back: the addressee has not got it (OR-28, OR-30). It becomes a task until somebody acts."""
    with transaction.atomic():
        message = _locked(message_id, _State.SENT, _State.SENDING)
        message.state, message.lease, message.error = _State.BOUNCED, None, reason[:400]
        message.handled_at, message.handled_by = None, ""
        message.save()
    return message


def cancel(*, message_id: int, actor: Actor, now: datetime) -> Message:
    """Do not send what has not left yet."""
    with transaction.atomic():
        message = _locked(message_id, _State.WAITING, _State.HELD)
        message.state, message.next_at = _State.CANCELLED, None
        _mark_handled(message, actor, now)
    return message


def settle(*, message_id: int, actor: Actor, now: datetime) -> Message:
    """Somebody dealt with a mail that did not arrive in another way (by telephone, by post): no task any more."""
    with transaction.atomic():
        message = _locked(message_id, _State.BOUNCED, _State.FAILED)
        _mark_handled(message, actor, now)
    return message


def reprint(*, letter_id: int, replacements: Mapping[str, str], now: datetime) -> Letter:
    """Print a held letter with other characters for those its font lacks, and let its mails go.

    Only the letter changes; the mail's own text keeps the name as it was written.
    """
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter_id)
        if letter.state != Letter.State.HELD:
            raise Refused("この書面は、すでに作成されています。")
        letter.data = _replaced(letter.data, str.maketrans(dict(replacements)))
        issuing.print_out(letter)
        if letter.state == Letter.State.HELD:
            raise Refused(
                f"まだ印字できない文字があります: {described(letter.missing)}。代わりの文字を入力してください。"
            )
        letter.save()
        for message in letter.messages.select_for_update().filter(state=_State.HELD):
            message.state, message.next_at = _State.WAITING, now
            message.save()
            _defer(message)
    return letter


def assign(*, about: str, tenant_id: int) -> None:
    """It is now known whose matter `about` is: its mails and letters become that customer's."""
    mails = Message.objects.filter(about=about, tenant=None)
    Letter.objects.filter(pk__in=mails.values("letter_id"), tenant=None).update(tenant_id=tenant_id)
    mails.update(tenant_id=tenant_id)


def hand_over(*, from_id: int, to_id: int) -> None:
    """Two entries of one customer turned out to be the same: the mails and letters of one become the other's."""
    for kept in (Letter, Message):
        kept.objects.filter(tenant_id=from_id).update(tenant_id=to_id)


def _check_address(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused("宛先のメールアドレスが正しくありません。例: sato@example.jp") from error


def _why(message: str, edition: Edition | None) -> dict[str, str]:
    """What is kept of why a message is sent: its template, the purpose under its terms, what made it be sent."""
    kind = REGISTRY[message]
    purpose = edition.use.of_mails if edition and edition.use else None
    return {
        "kind": message,
        "purpose": kind.purpose.name,
        "service": edition.service if edition else "",
        "edition": edition.edition if edition else "",
        "purpose_code": purpose.code if purpose else "",
        "reason": kind.why,
    }


def _ready(to: str, now: datetime) -> dict[str, Any]:
    """The state in which a message begins: without an address it has not arrived, and is somebody's task."""
    if to:
        return {"state": _State.WAITING, "next_at": now}
    return {"state": _State.BOUNCED, "error": "メールアドレスの登録がありません。"}


def _store(message: Message, now: datetime) -> Message:
    held = message.letter is not None and message.letter.state == Letter.State.HELD
    for name, value in ({"state": _State.HELD} if held else _ready(message.to, now)).items():
        setattr(message, name, value)
    message.created_at = now
    message.provider_id = _provider_id()
    with transaction.atomic():
        message.save()
        if message.state == _State.WAITING:
            _defer(message)
    return message


def _provider_id() -> str:
    return f"<{uuid4()}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>')}>"


def _defer(message: Message) -> None:
    app.configure_task(DELIVERY_JOB).defer(message_id=message.pk)


def _locked(message_id: int, *states: str) -> Message:
    message = Message.objects.select_for_update().get(pk=message_id)
    if message.state not in states:
        raise Refused(f"この通知は「{message.get_state_display()}」です。画面を開き直して確かめてください。")
    return message


def _mark_handled(message: Message, actor: Actor, now: datetime) -> None:
    message.handled_at, message.handled_by = now, actor.label
    message.save()


def _replaced(value: Any, table: Mapping[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, list):
        return [_replaced(item, table) for item in value]
    if isinstance(value, dict):
        return {key: _replaced(item, table) for key, item in value.items()}
    return value
