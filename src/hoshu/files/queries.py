"""Read what was handed over. What is held can be listed, never read."""

from dataclasses import dataclass
from urllib.parse import quote

from django.db import connection
from django.db.models import QuerySet

from hoshu.files import media
from hoshu.files.models import StoredFile


class Sealed(Exception):
    """The content can not be read: the file is held, returned or destroyed. The message says which."""


@dataclass(frozen=True)
class Download:
    """What a view needs to answer with a file: it is saved, never shown in place, never guessed at, never cached."""

    content: bytes
    headers: dict[str, str]


def files(*, state: str | None = None, ids: list[int] | None = None) -> QuerySet[StoredFile]:
    """Files in sight, the newest first."""
    found = StoredFile.objects.select_related("tenant").order_by("-arrived_at", "-pk")
    if state is not None:
        found = found.filter(state=state)
    return found if ids is None else found.filter(pk__in=ids)


def held() -> QuerySet[StoredFile]:
    """What waits for somebody's decision, the oldest first: a task for staff."""
    return files(state=StoredFile.State.HELD).order_by("arrived_at", "pk")


def get(*, file_id: int) -> StoredFile:
    """One file in sight. Raises StoredFile.DoesNotExist, for a foreign file as for one that never was."""
    return files().get(pk=file_id)


def download(*, file_id: int) -> Download:
    """The file as it came, under its cleaned name. Raises StoredFile.DoesNotExist, Sealed."""
    file = get(file_id=file_id)
    return Download(
        content=_content(file),
        headers={
            "Content-Type": file.media_type,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def preview(*, file_id: int, page: int = 1) -> bytes:
    """Page `page` (from 1) as PNG, drawn anew. Raises StoredFile.DoesNotExist, Sealed, media.Unreadable.

    A memory dump, a log or a configuration has no picture (IX-MYN-01: nothing that shows what a dump holds).
    """
    file = get(file_id=file_id)
    if file.media_type not in media.DOCUMENTS:
        raise media.Unreadable("この種類の資料は画面に表示できません。")
    return media.page(_content(file), page)


def _content(file: StoredFile) -> bytes:
    with connection.cursor() as wrapped, wrapped.connection.cursor(binary=True) as cursor:
        # As bytes: as text, which is how Django asks, they come doubled and are to be converted.
        cursor.execute("SELECT content FROM files_filecontent WHERE file_id = %s", [file.pk])
        row = cursor.fetchone()
    if row is None:
        raise Sealed(f"この資料は{file.get_state_display()}のため、開けません。")
    content: bytes = row[0]
    return content
