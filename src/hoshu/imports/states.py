"""The turns in the life of an import: handed over, started, stopped, failed, taken up again."""

from datetime import datetime

from hoshu.imports import Refused
from hoshu.imports.batches import CAREFUL, READY
from hoshu.imports.models import Chunk, Import

State = Import.State


def begin(*, kind: str, file_id: int, user_id: int, now: datetime) -> Import:
    """A file that is kept already is to be tried as a table of `kind`."""
    return Import.objects.create(kind=kind, file_id=file_id, created_by_id=user_id, created_at=now)


def again(*, import_id: int) -> None:
    """Try the file once more: it could not be read, what it rests on has changed, or no worker seems to be at it.

    Raises Refused where it was run already.
    """
    imported = _locked(import_id)
    if imported.started_at or imported.state == State.DONE:
        raise Refused("この取り込みは、もう実行しています。画面を読み込み直してください。")
    imported.state, imported.trouble, imported.tried_at, imported.ended_at = State.READING, "", None, None
    imported.save(update_fields=["state", "trouble", "tried_at", "ended_at"])


def start(*, import_id: int, looked_at: bool, user_id: int, now: datetime) -> int:
    """Run it, or go on where it stopped: the number of the chunk to begin with. Raises Refused.

    `looked_at` says that somebody looked at the rows that ask for it.
    """
    imported = _locked(import_id)
    if imported.state not in (State.WAITING, State.STOPPED, State.FAILED) or not imported.tried_at:
        raise Refused("この取り込みは、いま実行できません。画面を読み込み直してください。")
    if not imported.counts.get(READY, 0) + imported.counts.get(CAREFUL, 0):
        raise Refused("登録できる行がありません。誤りを直したファイルを選んでください。")
    if imported.counts.get(CAREFUL) and not looked_at:
        raise Refused("「要確認」の行を確かめて、印を付けてください。")
    imported.state, imported.trouble, imported.ended_at = State.RUNNING, "", None
    if imported.started_at is None:
        imported.started_by_id, imported.started_at = user_id, now
    imported.save(update_fields=["state", "trouble", "ended_at", "started_by", "started_at"])
    number = next_chunk(import_id=import_id)
    assert number is not None, "rows are left, so a chunk is"
    return number


def next_chunk(*, import_id: int) -> int | None:
    """The first chunk that is not done yet; None where the import does not run."""
    left = Chunk.objects.filter(imported_id=import_id, imported__state=State.RUNNING, done=False)
    return left.order_by("number").values_list("number", flat=True).first()


def stop(*, import_id: int, now: datetime) -> None:
    """Stop after the chunk that is being run; what was taken in stays. Raises Refused."""
    imported = _locked(import_id)
    if imported.state not in (State.READING, State.WAITING, State.RUNNING):
        raise Refused(f"この取り込みは「{imported.get_state_display()}」です。画面を読み込み直してください。")
    imported.state, imported.ended_at = State.STOPPED, now
    imported.save(update_fields=["state", "ended_at"])


def fail(*, import_id: int, trouble: str, now: datetime) -> None:
    """It cannot go on: `trouble` says what somebody can do."""
    working = Import.objects.select_for_update().filter(pk=import_id, state__in=[State.READING, State.RUNNING])
    for imported in working:
        imported.state, imported.trouble, imported.ended_at = State.FAILED, trouble, now
        imported.save(update_fields=["state", "trouble", "ended_at"])


def _locked(import_id: int) -> Import:
    return Import.objects.select_for_update().get(pk=import_id)
