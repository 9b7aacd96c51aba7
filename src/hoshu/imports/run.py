"""Takes in what was tried: chunk by chunk, each in one transaction, until all are done or somebody stops it."""

from datetime import datetime

from hoshu.files import tables
from hoshu.imports.batches import DONE, Batch, Reader, Remark, counted, remarks_of, together, written
from hoshu.imports.kinds import Kind
from hoshu.imports.models import Chunk, Import


def run(*, import_id: int, number: int, kind: Kind, now: datetime) -> int | None:
    """Take in one chunk; the number of the next, or None where there is none or somebody else is at it.

    Repeated, it does nothing: a chunk is done once, and whoever comes second does not go on either.
    """
    running = Import.objects.select_for_update(skip_locked=True).filter(pk=import_id, state=Import.State.RUNNING)
    if (imported := running.first()) is None:
        return None
    chunk = Chunk.objects.filter(imported=imported, number=number, done=False).first()
    if chunk is None:
        return None
    batch = _tried(imported, chunk, kind)
    if batch.open():
        # Once more, since others went on working after the trial.
        kind.check(batch, now)
        kind.write(batch, now)
    before = chunk.counts
    _settle(chunk, batch)
    imported.counts = together([imported.counts, chunk.counts, {verdict: -rows for verdict, rows in before.items()}])
    imported.done += len(batch.lines)
    following = number + 1 if Chunk.objects.filter(imported=imported, number=number + 1).exists() else None
    if following is None:
        imported.state, imported.ended_at = Import.State.DONE, now
    imported.save(update_fields=["counts", "done", "state", "ended_at"])
    return following


def _tried(imported: Import, chunk: Chunk, kind: Kind) -> Batch:
    """The rows with what the trial said of them: what it refused, or found to be there already, stays so."""
    above = max(0, imported.heading_line + 1 - chunk.first)
    reader = Reader(kind.columns, imported.places, len(imported.headings))
    cells = [column[above:] for column in tables.unpacked(bytes(chunk.cells))]
    batch = reader.batch(chunk.first + above, cells)
    anew, batch.remarks = batch.remarks, remarks_of(chunk.remarks)
    for line, remark in anew.items():
        # What could be read then cannot be now where a plan or a service is offered no more.
        if remark.is_closed and not (tried := batch.remarks.setdefault(line, Remark())).is_closed:
            tried.take_over(remark)
    return batch


def _settle(chunk: Chunk, batch: Batch) -> None:
    """Keep what became of each row."""
    for line in batch.made:
        if (remark := batch.remarks.get(line)) is not None:
            assert not remark.is_closed, "a row is refused or taken in, never both"
            remark.verdict = DONE
    left = [line for line in batch.lines if line not in batch.made and not batch.remarks.get(line, Remark()).is_closed]
    assert not left, "a kind says of every row what became of it"
    chunk.remarks, chunk.made, chunk.done = written(batch.remarks), batch.made, True
    chunk.counts = counted(len(batch.lines), batch.remarks.values(), otherwise=DONE)
    chunk.save(update_fields=["remarks", "made", "counts", "done"])
