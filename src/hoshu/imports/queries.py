"""Read imports and their rows. Only staff see any (row-level security)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from hoshu.files.tables import shown, unpacked
from hoshu.imports.batches import CHANGED, DONE, READY, Remark, remarks_of
from hoshu.imports.models import Chunk, Import

NotFound = Import.DoesNotExist


@dataclass(frozen=True)
class Row:
    """A row of the file: its number there, its cells as people see them, and what is said of it."""

    line: int
    cells: list[str]
    verdict: str
    notes: list[tuple[str, str, str, str]]
    """(level, heading, title, text)."""
    reference: str
    """What it became, or what was there already."""


def imports() -> QuerySet[Import]:
    """All of them, the newest first."""
    return Import.objects.select_related("file", "created_by", "started_by").order_by("-id")


def get(*, import_id: int) -> Import:
    """Raises NotFound."""
    return imports().get(pk=import_id)


def same_file(imported: Import) -> Import | None:
    """An earlier import of the very same file as the same kind that was run: this one would find everything done."""
    twins = Import.objects.filter(kind=imported.kind, file__sha256=imported.file.sha256, started_at__isnull=False)
    return twins.exclude(pk=imported.pk).order_by("-id").first()


def count(imported: Import, verdict: str = "") -> int:
    """How many rows have this verdict (or are CHANGED); all rows where none is named."""
    return imported.counts.get(verdict, 0) if verdict else imported.rows


def rows(imported: Import, *, verdict: str = "", start: int = 0, many: int) -> list[Row]:
    """`many` rows of this verdict (or CHANGED, or any), from the one with place `start` among them on.

    Which chunks hold them follows from their counts, so that one or two are read, however many there are.
    """
    counts = Chunk.objects.filter(imported=imported).order_by("number").values_list("number", "counts")
    numbers, skipped, seen = [], 0, 0
    for number, of in counts:
        held = of.get(verdict, 0) if verdict else sum(rows for kind, rows in of.items() if kind != CHANGED)
        if held and seen + held > start and seen < start + many:
            numbers.append(number)
            skipped = seen if len(numbers) == 1 else skipped
        seen += held
    chunks = Chunk.objects.filter(imported=imported, number__in=numbers).order_by("number")
    found = [row for chunk in chunks for row in _rows(imported, chunk, verdict)]
    return found[start - skipped : start - skipped + many]


def every_row(imported: Import, *, verdict: str = "") -> Iterator[Row]:
    """All rows, read as they are asked for."""
    for chunk in Chunk.objects.filter(imported=imported).order_by("number").iterator(chunk_size=10):
        yield from _rows(imported, chunk, verdict)


def _rows(imported: Import, chunk: Chunk, verdict: str) -> Iterator[Row]:
    remarks = remarks_of(chunk.remarks)
    usual = Remark(DONE if chunk.done else READY)
    every = zip(*unpacked(bytes(chunk.cells)), strict=True)
    for line, cells in enumerate(every, start=chunk.first):
        remark = remarks.get(line, usual)
        if line <= imported.heading_line or not any(cells):
            continue
        if not verdict or remark.verdict == verdict or (verdict == CHANGED and remark.is_changed):
            reference = chunk.made.get(str(line), remark.reference)
            yield Row(line, [shown(cell) for cell in cells], remark.verdict, remark.notes, reference)
