"""Read the outbox: what was written, to whom, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTransform

from hoshu.accounts.tenancy import current
from hoshu.notifications.messages import REGISTRY
from hoshu.notifications.models import Letter, Message


@dataclass(frozen=True)
class Pdf:
    """A letter as a view answers with it."""

    content: bytes
    headers: dict[str, str]


KINDS = {name: kind.title for name, kind in REGISTRY.items() if not kind.confidential}
"""What a message is called, by its id."""
FOR_SELLERS = frozenset(name for name in KINDS if name.startswith(("registration.", "agreement.", "device.")))
"""What a seller reads of its customers: what was applied for and agreed, not what failed or what leaked (MM-DOC-08)."""
SEALED = frozenset(name for name, kind in REGISTRY.items() if kind.sealed)
"""Whose link is for the addressee alone: a row shows another."""
STATES = Message.State.choices
"""Each state with its Japanese word."""


def mailbox(*, text: str = "", state: str = "", kind: str = "", about: str = "") -> QuerySet[Message]:
    """Messages in sight, the newest first, without their words. `text` is looked for in subject, address, reference."""
    found = Message.objects.select_related("tenant").defer("text", "html").order_by("-created_at", "-pk")
    if current().is_seller:
        found = found.filter(kind__in=FOR_SELLERS)
    if text:
        found = found.filter(Q(subject__icontains=text) | Q(to__icontains=text) | Q(about__icontains=text))
    exact = {"state": state, "kind": kind, "about": about}
    return found.filter(**{name: value for name, value in exact.items() if value})


def about_any(references: Iterable[str]) -> QuerySet[Message]:
    """Every message about one of these matters."""
    return Message.objects.filter(about__in=list(references)).order_by("pk")


def letters_of(message_ids: Iterable[int]) -> QuerySet[Letter]:
    """The letters that went with these messages."""
    return Letter.objects.filter(messages__in=list(message_ids)).order_by("pk").distinct()


def unhandled() -> QuerySet[Message]:
    """What did not arrive or can not go, and nobody has dealt with yet, the oldest first: a task for staff."""
    stuck = (Message.State.HELD, Message.State.BOUNCED, Message.State.FAILED)
    return mailbox().filter(state__in=stuck, handled_at=None).order_by("created_at", "pk")


def keys_put(*, about: Iterable[str]) -> set[str]:
    """The keys under which something was put about these matters: what they tell of is not told again."""
    return set(Message.objects.filter(about__in=list(about), key__isnull=False).values_list("key", flat=True))


def get(*, message_id: int) -> Message:
    """One message with its words. Raises Message.DoesNotExist, for a foreign one as for one that never was."""
    return Message.objects.select_related("tenant", "letter", "resend_of").defer("letter__pdf").get(pk=message_id)


def label_sheets() -> QuerySet[Letter]:
    """Sheets of labels in sight, the latest first, without what is printed on them."""
    kept = ("sheet", "next", "count")
    return (
        Letter.objects.filter(name="label_sheet")
        .annotate(**{name: KeyTransform(name, "data") for name in kept})
        .defer("data", "pdf")
        .order_by("-id")
    )


def pdf(*, letter_id: int) -> Pdf:
    """A printed letter. Raises Letter.DoesNotExist, also while it is held."""
    letter = Letter.objects.get(pk=letter_id, state=Letter.State.PRINTED)
    return Pdf(
        content=bytes(letter.pdf),
        headers={
            "Content-Type": "application/pdf",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(letter.filename)}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
