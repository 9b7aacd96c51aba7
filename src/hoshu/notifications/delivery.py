"""Hand rows of the outbox to the mail server: at least once, and never again once it is known to be handed over.

A worker takes a row with a lease, talks to the mail server outside any transaction, and records what came of it, if
the lease is still its own. Killed in between, it leaves a row in state SENDING whose lease runs out: the next worker
takes it again, under the same Message-ID, so that a receiver can tell the rare repetition.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from uuid import uuid4
from zlib import crc32

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q
from django.template.loader import render_to_string

from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.notifications.messages import REGISTRY
from hoshu.notifications.models import Message
from hoshu.notifications.notice import Notice

LEASE = timedelta(minutes=5)
"""Longer than the longest talk with a mail server (SECONDS for each of its few steps)."""
SECONDS = 30
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 10
"""About 20 hours of trying; then somebody has to look."""

Unsealed = Callable[[Message], Mapping[str, str] | None]
"""What stands in a sealed mail instead of what stands in its row; None where it is to leave no more."""

_State = Message.State
_DUE = Q(state__in=[_State.WAITING, _State.SENDING])


def due(*, now: datetime, limit: int = 200) -> list[int]:
    """Rows to send now, the longest waiting first: fresh ones, those to try again, those of a dead worker."""
    with act_as(SYSTEM):
        rows = Message.objects.filter(_DUE, next_at__lte=now).order_by("next_at", "pk")
        return list(rows.values_list("pk", flat=True)[:limit])


def deliver(
    *, message_id: int, now: datetime, unsealed: Unsealed | None = None, connection: BaseEmailBackend | None = None
) -> bool:
    """Send one row if it is due at `now`; a row that is sent, taken or cancelled is left alone.

    A server that refuses the address for good makes it BOUNCED; any other fault is tried again, later each time; after
    MOST_ATTEMPTS it is FAILED. False says that the server had such a fault: do not ask it for the next row at once.
    `unsealed` is asked for the link of a message that is sealed; `connection` may be an open one, for many rows.
    """
    message = _take(message_id, now)
    if message is None:
        return True
    true: Mapping[str, str] | None = {}
    if REGISTRY[message.kind].sealed:
        assert unsealed is not None
        true = unsealed(message)
    if true is None:
        _record(message, now, _State.CANCELLED, "")
        return True
    try:
        _mail(message, connection or mail_server(), true).send()
    except SMTPRecipientsRefused as error:
        code, reason = error.recipients.get(message.to, (0, b""))
        state = _State.BOUNCED if 500 <= code < 600 else _State.WAITING
        _record(message, now, state, f"{code} {reason.decode(errors='replace')}")
    except (SMTPException, OSError) as error:
        _record(message, now, _State.WAITING, str(error))
        return False
    else:
        _record(message, now, _State.SENT, "")
    return True


def mail_server() -> BaseEmailBackend:
    """A connection to the mail server of the settings, not open yet. A demo's settings name one that sends nothing."""
    return get_connection(timeout=SECONDS)


def send_past_outbox(notice: Notice, *, to: str) -> None:
    """Send a mail with a link that nobody else may read, so it is no row. Raises SMTPException, OSError."""
    mail = EmailMultiAlternatives(notice.subject, notice.text(), to=[to], connection=mail_server())
    mail.attach_alternative(notice.html(), "text/html")
    mail.send()


def wait_before(attempt: int, *, message_id: int) -> timedelta:
    """How long to wait after failed attempt 1, 2, …: doubling, up to LONGEST_WAIT, spread by a fifth either way."""
    spread = 0.8 + 0.4 * (crc32(f"{message_id}:{attempt}".encode()) % 1000) / 1000
    return min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT) * spread


def _take(message_id: int, now: datetime) -> Message | None:
    with act_as(SYSTEM):
        free = Message.objects.select_for_update(skip_locked=True, of=("self",)).select_related("letter")
        message = free.filter(_DUE, pk=message_id, next_at__lte=now).first()
        if message is None:
            return None
        if message.attempts >= MOST_ATTEMPTS:
            # Its workers died each time: it may be what kills them.
            message.state, message.lease = _State.FAILED, None
            message.error = message.error or "送信の処理が繰り返し中断しました。"
            message.save()
            return None
        message.state, message.lease = _State.SENDING, uuid4()
        message.attempts += 1
        message.next_at = now + LEASE
        message.save()
        return message


def _mail(message: Message, connection: BaseEmailBackend, true: Mapping[str, str]) -> EmailMultiAlternatives:
    text, html = message.text, message.html
    for stored, meant in true.items():
        text, html = text.replace(stored, meant), html.replace(stored, meant)
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=text,
        to=[message.to],
        headers={"Message-ID": message.provider_id, "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    page = render_to_string("notifications/mail_page.html", {"subject": message.subject, "body": html})
    mail.attach_alternative(page, "text/html")
    if message.letter is not None:
        mail.attach(message.letter.filename, bytes(message.letter.pdf), "application/pdf")
    return mail


def _record(message: Message, now: datetime, state: str, error: str) -> None:
    if state == _State.WAITING and message.attempts >= MOST_ATTEMPTS:
        state = _State.FAILED
    result = {
        "state": state,
        "lease": None,
        "error": error[:400],
        "sent_at": now if state == _State.SENT else None,
        "next_at": now + wait_before(message.attempts, message_id=message.pk) if state == _State.WAITING else None,
    }
    with act_as(SYSTEM):
        Message.objects.filter(pk=message.pk, state=_State.SENDING, lease=message.lease).update(**result)
