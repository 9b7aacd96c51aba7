"""お知らせと資料: published by staff, read and taken by who uses the service, for as long as they use it.

RC-IPR-02 (第9条), VA-PRO-02 (第1章 1.): the customer's running agreements decide at each opening; nothing is copied.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from hoshu.accounts.tenancy import as_system, current
from hoshu.contracts import queries as contracts
from hoshu.files import queries as files
from hoshu.files import store
from hoshu.publishing import works


class NotForThem(Exception):
    """A work that the actor's customer may not have now: what to say, and the clause."""

    def __init__(self, message: str, clause: str) -> None:
        super().__init__(message)
        self.message, self.clause = message, clause


@transaction.atomic
def publish(*, content: bytes | None, filename: str, now: datetime, **said: Any) -> Any:
    """Publish a work with its file, if it has one. Raises works.Refused, store.Refused; then nothing is kept."""
    actor = current()
    file = content is not None and store.keep(
        tenant_id=None,
        name=filename,
        content=content,
        purpose="other",
        declared_personal_number=False,
        actor=actor,
        now=now,
    )
    if file and file.state != file.State.AVAILABLE:
        raise store.Refused("個人番号とみられる番号が入っています。消してから送ってください。")
    kept = {"file_id": file.pk, "file_name": file.name} if file else {"file_id": None}
    return works.publish(**said, **kept, actor=actor, now=now)


def in_sight(*, now: datetime) -> QuerySet[Any]:
    """What the actor's customers may have now, the newest first, each with `is_read`."""
    return works.for_uses(_uses(now))


def read(*, work_id: int, now: datetime) -> Any:
    """One work, with a receipt for each customer of the actor that may have it. Raises NotForThem, NotFound."""
    return _received(work_id, works.READ, now)


def download(*, work_id: int, now: datetime) -> files.Download:
    """The file of a work, recorded. Raises NotForThem, NotFound: there is no such work, or it has no file."""
    work = _received(work_id, works.DOWNLOADED, now)
    with as_system("a file that was published to this customer"):
        return files.download(file_id=work.file_id)


def _received(work_id: int, kind: str, now: datetime) -> Any:
    work = works.get(work_id)
    if kind == works.DOWNLOADED and work.file_id is None:
        raise works.NotFound(work_id)
    served = {use.tenant_id for use in _uses(now) if works.may_have(work, use)}
    if not served:
        terms = works.terms_of(work.service, now) or works.terms_of(work.service, work.published_at)
        assert terms is not None  # or it had not been published
        raise NotForThem(terms.ended, terms.clause)
    works.received(work=work, tenant_ids=served, kind=kind, actor=current(), now=now)
    return work


def _uses(now: datetime) -> list[works.Use]:
    return sorted(works.Use(*use) for use in contracts.in_use(at=now))
