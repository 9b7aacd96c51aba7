"""Take a file in, refuse it, lock it, and decide about what is locked."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from hoshu.accounts.tenancy import Actor
from hoshu.files import media, names, tables
from hoshu.files.models import FileContent, StoredFile

_DOCUMENTS_ONLY = {
    StoredFile.Purpose.CARD,
    StoredFile.Purpose.PROOF,
    StoredFile.Purpose.OWNER_CONSENT,
    StoredFile.Purpose.TRANSFER_CONSENT,
    StoredFile.Purpose.PHOTO,
    StoredFile.Purpose.SAFETY_RULES,
}
_TABLES_ONLY = {StoredFile.Purpose.TABLE}


class Refused(ValueError):
    """Not taken in, or not decided so: `message` tells the person what is wrong and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def keep(
    *,
    tenant_id: int | None,
    name: str,
    content: bytes,
    purpose: str,
    declared_personal_number: bool | None,
    actor: Actor,
    now: datetime,
    announced: bool = False,
) -> StoredFile:
    """Store `content`, or refuse it with a sentence that says what to do.

    第4章 9.(3) (IX-MYN-04, IX-FLT-04): what is said to contain a 個人番号 (`declared_personal_number`, or `announced`
    by an earlier notice, which prevails), what is found to contain one and what nobody has answered for is held: from
    this moment nobody can read it. A memory dump is never opened, not even to look for numbers (IX-MYN-01).
    """
    purpose = StoredFile.Purpose(purpose)
    check_size(len(content), purpose)
    if not content:
        raise Refused("ファイルの中身がありません。保存し直してから送ってください。")
    inspection = _inspect(content, purpose)
    held_for = _reason_to_hold(declared_personal_number, announced, inspection.personal_number)
    with transaction.atomic():
        file = StoredFile.objects.create(
            tenant_id=tenant_id,
            purpose=purpose,
            original_name=name.replace("\x00", "")[:400],
            name=_named_by_content(names.cleaned(name), inspection.media_type),
            media_type=inspection.media_type,
            pages=inspection.pages,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            declared_personal_number=True if announced else declared_personal_number,
            state=StoredFile.State.HELD if held_for else StoredFile.State.AVAILABLE,
            held_for=held_for,
            arrived_at=now,
            arrived_by=actor.label,
        )
        FileContent.objects.create(file=file, content=content)
    return file


def check_size(size: int, purpose: str = "") -> None:
    """Refuse what is larger than one file may be; ask before reading the content into memory."""
    limit = settings.TABLE_LIMIT_BYTES if purpose in _TABLES_ONLY else settings.FILE_LIMIT_BYTES
    if size > limit:
        instead = "行を分けて" if purpose in _TABLES_ONLY else "分けるか、解像度を下げて"
        raise Refused(
            f"ファイルが大きすぎます（{size / 1_048_576:,.0f}MB）。"
            f"1つ{limit // 1_048_576}MBまでです。{instead}送ってください。"
        )


def declare(*, file_id: int, contains: bool, actor: Actor, now: datetime) -> StoredFile:
    """The sender answers whether the file contains a 個人番号 (IX-FLT-04). Without a finding, 「いいえ」 opens it."""

    def change(file: StoredFile) -> None:
        _require(file, StoredFile.State.HELD)
        file.declared_personal_number = contains
        if contains:
            file.held_for = StoredFile.HeldFor.DECLARED
        elif file.held_for == StoredFile.HeldFor.UNANSWERED:
            file.state, file.held_for = StoredFile.State.AVAILABLE, ""

    return _decide(file_id, change, "個人番号を含むかの回答を受けた", actor, now)


def hold(*, file_id: int, note: str, actor: Actor, now: datetime) -> StoredFile:
    """第4章 9.(3): it turns out that the file contains a 個人番号, so handling stops at once."""

    def change(file: StoredFile) -> None:
        _require(file, StoredFile.State.AVAILABLE)
        file.state, file.held_for = StoredFile.State.HELD, StoredFile.HeldFor.REPORTED

    return _decide(file_id, change, note, actor, now)


def release(*, file_id: int, note: str, actor: Actor, now: datetime) -> StoredFile:
    """Open a held file because the sender confirmed that it contains no 個人番号; `note` says who and how."""

    def change(file: StoredFile) -> None:
        _require(file, StoredFile.State.HELD)
        file.state, file.held_for = StoredFile.State.AVAILABLE, ""

    return _decide(file_id, change, note, actor, now)


def give_back(*, file_id: int, note: str, actor: Actor, now: datetime) -> StoredFile:
    """第4章 9.(3), the default (OR-58): the sender has it back, `note` says how; the copy here is erased."""
    return _end(file_id, StoredFile.State.RETURNED, note, actor, now)


def destroy(*, file_id: int, note: str, actor: Actor, now: datetime) -> StoredFile:
    """第4章 9.(3): erase the content; that the file existed and who destroyed it stays."""
    return _end(file_id, StoredFile.State.DESTROYED, note, actor, now)


def destroy_all(*, file_ids: Iterable[int], instead: str, note: str, by: str, now: datetime) -> None:
    """Erase names and content of files whose time is over, whatever their state; `instead` stands for the names.

    The content goes with the state: the database sees to it (migration 0001). What was given back stays given back.
    """
    files = StoredFile.objects.filter(pk__in=list(file_ids))
    left = files.exclude(state__in=[StoredFile.State.RETURNED, StoredFile.State.DESTROYED])
    left.update(state=StoredFile.State.DESTROYED, held_for="", note=note, decided_by=by, decided_at=now)
    files.update(original_name=instead, name=instead, note=note)


def assign(*, file_id: int, tenant_id: int) -> None:
    """It is now known whose file this is: from here on that customer sees it too."""
    if not StoredFile.objects.filter(pk=file_id, tenant=None).update(tenant_id=tenant_id):
        raise Refused("この資料のお客様はすでに決まっています。")


def hand_over(*, from_id: int, to_id: int) -> None:
    """Two entries of one customer turned out to be the same: the files of one become the other's."""
    StoredFile.objects.filter(tenant_id=from_id).update(tenant_id=to_id)


def _inspect(content: bytes, purpose: StoredFile.Purpose) -> media.Inspection:
    if purpose == StoredFile.Purpose.DUMP:
        return media.Inspection("application/octet-stream", pages=None, personal_number=False)
    try:
        inspection = media.inspect(content)
    except media.Unreadable as error:
        raise Refused(str(error)) from error
    if purpose in _TABLES_ONLY and inspection.media_type not in media.TABLES:
        raise Refused(tables.why_none(content) or "表として読めません。CSVか、Excelブック（.xlsx）で送ってください。")
    if purpose in _DOCUMENTS_ONLY and inspection.media_type not in media.DOCUMENTS:
        raise Refused(f"{purpose.label}は、PDF・JPEG・PNGのどれかで送ってください。")
    return inspection


def _named_by_content(name: str, media_type: str) -> str:
    """A name whose ending tells the truth: a PDF called `card.jpg` is given out as `card.jpg.pdf`."""
    ending = media.ENDINGS.get(media_type)
    accepted = {".jpg": (".jpg", ".jpeg")}.get(ending or "", (ending or "",))
    if ending is None or media_type == "text/plain" or name.lower().endswith(accepted):
        return name
    return name + ending


def _reason_to_hold(declared: bool | None, announced: bool, found: bool) -> str:
    if declared or announced:
        return StoredFile.HeldFor.DECLARED
    if found:
        return StoredFile.HeldFor.FOUND
    return StoredFile.HeldFor.UNANSWERED if declared is None else ""


def _end(file_id: int, state: StoredFile.State, note: str, actor: Actor, now: datetime) -> StoredFile:
    def change(file: StoredFile) -> None:
        _require(file, StoredFile.State.HELD)
        file.state = state

    return _decide(file_id, change, note, actor, now)


@transaction.atomic
def _decide(file_id: int, change: Callable[[StoredFile], None], note: str, actor: Actor, now: datetime) -> StoredFile:
    if not note.strip():
        raise Refused("処置の内容を入力してください。例: 電話で確認した。お客様へ返した。")
    file = StoredFile.objects.select_for_update().get(pk=file_id)
    change(file)
    file.note, file.decided_by, file.decided_at = note.strip()[:400], actor.label, now
    file.save()
    return file


def _require(file: StoredFile, state: StoredFile.State) -> None:
    if file.state != state:
        raise Refused(f"この資料は「{file.get_state_display()}」です。画面を開き直して確かめてください。")
