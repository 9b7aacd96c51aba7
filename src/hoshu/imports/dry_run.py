"""Reads a table and tries it: what would become of each row, without anything becoming of it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, islice
from typing import Any

from django.db import connection

from hoshu.accounts.tenancy import Actor, act_as
from hoshu.files import queries as files
from hoshu.files import store, tables
from hoshu.imports import Refused, blank, states
from hoshu.imports.batches import Batch, Reader, counted, together, written
from hoshu.imports.columns import Column
from hoshu.imports.headings import Forbidden, Headings, find
from hoshu.imports.kinds import Kind
from hoshu.imports.models import Chunk, Import

MOST_ROWS = 200_000
TRIED_AT_ONCE = 5_000
"""Rows that are looked up together; each look-up costs a query, whatever their number."""


class _Overtaken(Exception):
    """Another worker reads this table, or somebody stopped it."""


def read(*, import_id: int, kind: Kind, actor: Actor, now: datetime) -> None:
    """Read the file row by row and try each. What cannot be read at all makes the import FAILED, with the reason.

    Not to be called in a transaction: the rows are committed as they come. Killed, it begins anew when called again;
    two at once do not mix, since the later one takes over.
    """
    try:
        with act_as(actor):
            imported = _taken(import_id)
            content = files.download(file_id=imported.file_id).content
        _Trial(imported, kind, actor, now).run(content)
    except _Overtaken:
        return
    except files.Sealed:
        _fail(import_id, actor, now, _HELD)
    except Forbidden as forbidden:
        with act_as(actor):
            note = f"取り込む表に「{forbidden}」の列がある"
            store.hold(file_id=imported.file_id, note=note, actor=actor, now=now)
        _fail(import_id, actor, now, f"「{forbidden}」の列があります。{_HELD}")
    except (Refused, tables.Unreadable) as refused:
        _fail(import_id, actor, now, str(refused))


_HELD = (
    "個人番号を含むおそれがあるため、このファイルを隔離しました。だれも開けません。"
    "個人番号の列を消してから、もう一度ファイルを選んでください（第4章 9.(3)）。"
)


def _taken(import_id: int) -> Import:
    """The import, ours from now on, as if nothing had been read of it."""
    imported = Import.objects.select_for_update().filter(pk=import_id, state=Import.State.READING).first()
    if imported is None:
        raise _Overtaken
    Chunk.objects.filter(imported=imported).delete()
    imported.turn += 1
    imported.rows, imported.counts, imported.beyond_cp932 = 0, {}, {}
    imported.save(update_fields=["turn", "rows", "counts", "beyond_cp932"])
    return imported


def _fail(import_id: int, actor: Actor, now: datetime, trouble: str) -> None:
    with act_as(actor):
        states.fail(import_id=import_id, trouble=trouble, now=now)


class _Trial:
    """One reading of one table."""

    def __init__(self, imported: Import, kind: Kind, actor: Actor, now: datetime) -> None:
        self.imported = imported
        self.kind = kind
        self.actor = actor
        self.now = now
        self.once: dict[Any, int] = {}
        """What stands in the column that is `single` → the first row with it."""
        self.together: dict[str, int] = {}
        """Words that make rows belong together → the last row with them so far."""
        self.last = ""
        self.seen: dict[tuple[Any, ...], tuple[int, int]] = {}
        """Key of each row so far → the first row with it, and the fingerprint of what it says."""
        self.faults: dict[tuple[str, str, str], list[int]] = {}
        self.beyond: dict[str, tuple[int, int]] = {}
        self.chunks = 0

    def run(self, content: bytes) -> None:
        """Read, try, and leave the import WAITING. Raises Refused, Forbidden, tables.Unreadable, _Overtaken."""
        with tables.opened(content, at_once=self.kind.at_once) as table:
            first = next(table.blocks, None)
            if first is None:
                raise Refused("表に何も書かれていません。")
            headings = find(tables.unpacked(first.cells), self.kind)
            reader = Reader(self.kind.columns, headings.places, len(headings.texts))
            with self._step() as imported:
                imported.about = {name: kept for name, kept in vars(table.about).items() if kept}
                imported.height = table.about.height
                imported.headings, imported.places = headings.texts, headings.places
                imported.heading_line = headings.line
                imported.told = [*_told(table.about, headings)]
            every: Iterable[tables.Block] = chain([first], table.blocks)
            if (place := headings.places.get(self.kind.together)) is not None:
                every = _whole(every, place)
            for blocks in _grouped(every, TRIED_AT_ONCE // self.kind.at_once):
                self._try(blocks, reader, headings)
        with self._step() as imported:
            if not imported.rows:
                raise Refused(f"見出し（{headings.line}行目）の下に行がありません。")
            imported.faults = self._summary()
            imported.beyond_cp932 = self.beyond
            imported.state, imported.tried_at = Import.State.WAITING, self.now

    @contextmanager
    def _step(self) -> Iterator[Import]:
        """One transaction, in which the import is still ours."""
        with act_as(self.actor):
            mine = Import.objects.select_for_update().filter(
                pk=self.imported.pk, turn=self.imported.turn, state=Import.State.READING
            )
            imported = mine.first()
            if imported is None:
                raise _Overtaken
            yield imported
            imported.save()

    def _try(self, blocks: list[tables.Block], reader: Reader, headings: Headings) -> None:
        first = blocks[0].first
        above = max(0, headings.line + 1 - first)
        widths = {line: width for block in blocks for line, width in block.widths.items()}
        marks = [mark for block in blocks for mark in block.marks]
        batch = reader.batch(first + above, _joined(blocks, above, widths), widths=widths, marks=marks)
        for block in blocks:
            for character, (times, line) in block.beyond.items():
                before, earliest = self.beyond.get(character, (0, line))
                self.beyond[character] = before + times, earliest
        self._tell_repeated(batch)
        if self.kind.single:
            self._tell_twice(batch)
        if self.kind.together:
            self._tell_apart(batch)
        with self._step() as imported:
            self.kind.check(batch, self.now)
            counts = self._keep(blocks, batch)
            imported.counts = together([imported.counts, *counts])
            imported.rows += len(batch.lines)
            if imported.rows > MOST_ROWS:
                raise Refused(f"行が多すぎます。{MOST_ROWS:,}行までに分けてください。")
        for remark in batch.remarks.items():
            self._count(*remark)

    def _tell_repeated(self, batch: Batch) -> None:
        """Two rows about one thing: the later is the same, or contradicts the earlier."""
        of_key = [column for column in self.kind.columns if column.name in self.kind.key]
        label = "・".join(column.label for column in of_key)
        keys = list(zip(*(_alike(column, batch[column.name]) for column in of_key), strict=True))
        places = batch.open()
        prints = [hash(row) for row in zip(*(batch[column.name] for column in self.kind.columns), strict=True)]
        for place in places:
            line, said = self.seen.setdefault(keys[place], (batch.lines[place], prints[place]))
            if line == batch.lines[place]:
                continue
            if said == prints[place]:
                batch.already(place, f"{line}行目と同じ")
            else:
                text = f"{line}行目と{label}が同じで、ほかの内容が違います。どちらかを消してください。"
                batch.refuse(place, of_key[-1].name, "ほかの行と食い違う行", text)

    def _tell_twice(self, batch: Batch) -> None:
        """Two rows of different keys name one thing that there is once."""
        name, values = self.kind.single, batch[self.kind.single]
        for place in batch.open():
            if (
                values[place]
                and (line := self.once.setdefault(values[place], batch.lines[place])) != batch.lines[place]
            ):
                text = f"{line}行目と同じ{batch.label(name)}です。どちらも正しいか確かめてください。"
                batch.caution(place, name, "ほかの行と同じ番号", text)

    def _tell_apart(self, batch: Batch) -> None:
        """Rows that belong together follow each other, so that they can be taken in together."""
        name = self.kind.together
        for place, words in enumerate(batch[name]):
            before = self.together.get(words) if words else None
            if before is not None and words != self.last:
                text = f"「{words}」の行が離れています。{before}行目の次に並べてください。"
                batch.refuse(place, name, "離れた行", text)
            elif words:
                self.together[words] = batch.lines[place]
                self.last = words
            else:
                self.last = ""

    def _keep(self, blocks: list[tables.Block], batch: Batch) -> list[dict[str, int]]:
        """Store the blocks as chunks; their counts."""
        every = []
        counts = []
        at = 0
        for block in blocks:
            end = block.first + block.size
            begun = at
            while at < len(batch.lines) and batch.lines[at] < end:
                at += 1
            remarks = {line: batch.remarks[line] for line in batch.lines[begun:at] if line in batch.remarks}
            counts.append(counted(at - begun, remarks.values()))
            every.append(
                (
                    self.imported.pk,
                    self.chunks,
                    block.first,
                    block.cells,
                    json.dumps(written(remarks), ensure_ascii=False),
                    json.dumps(counts[-1]),
                )
            )
            self.chunks += 1
        with connection.cursor() as cursor:
            # The cells go in as they came: nothing is gained by packing them once more.
            cursor.executemany(
                "INSERT INTO imports_chunk (imported_id, number, first, cells, remarks, counts, made, done)"
                " VALUES (%s, %s, %s, %s, %s::jsonb, %s::jsonb, '{}', false)",
                every,
            )
        return counts

    def _count(self, line: int, remark: Any) -> None:
        for level, heading, title in {(level, heading, title) for level, heading, title, _ in remark.notes}:
            found = self.faults.setdefault((level, heading, title), [0, line])
            found[0] += 1

    def _summary(self) -> list[list[Any]]:
        """The most frequent first, errors before all else."""
        order = {"error": 0, "caution": 1, "change": 2}
        found = [[*key, *rows] for key, rows in self.faults.items()]
        return sorted(found, key=lambda fault: (order[fault[0]], -fault[3], fault[4]))


def _joined(blocks: list[tables.Block], above: int, widths: dict[int, int]) -> list[list[str]]:
    """The columns of some blocks, without so many rows at their top; rows of narrower blocks go into `widths`."""
    unpacked = [tables.unpacked(block.cells) for block in blocks]
    widest = max(map(len, unpacked))
    for block, columns in zip(blocks, unpacked, strict=True):
        if len(columns) < widest:
            widths |= {line: len(columns) for line in range(block.first, block.first + block.size)} | widths
            columns += [[""] * block.size] * (widest - len(columns))
    joined = [[*chain.from_iterable(columns)] for columns in zip(*unpacked, strict=True)]
    return [column[above:] for column in joined] if above else joined


def _alike(column: Column, values: Sequence[Any]) -> Sequence[Any]:
    if column.alike is None:
        return values
    return [value and column.alike(value) for value in values]


def _grouped(blocks: Iterable[tables.Block], many: int) -> Iterator[list[tables.Block]]:
    blocks = iter(blocks)
    while group := list(islice(blocks, max(many, 1))):
        yield group


def _whole(blocks: Iterable[tables.Block], place: int) -> Iterator[tables.Block]:
    """The blocks, so that rows with one word in a column stand in one block where they follow each other."""
    before: tables.Block | None = None
    for block in blocks:
        if before is not None:
            words, following = (_words(each, place) for each in (before, block))
            rows = next((n for n, word in enumerate(reversed(words)) if word != following[0]), len(words))
            # A block of nothing else is more than anything that belongs together.
            if following[0] and 0 < rows < before.size:
                before, block = tables.moved(before, block, rows)
            yield before
        before = block
    if before is not None:
        yield before


def _words(block: tables.Block, place: int) -> list[str]:
    columns = tables.unpacked(block.cells)
    return [tables.shown(cell).strip() for cell in columns[place]] if place < len(columns) else [""] * block.size


def _told(about: tables.About, headings: Headings) -> Iterator[str]:
    """What of the file is not taken in, or is taken in although nobody may have seen it."""
    if headings.line > 1:
        yield f"見出しは{headings.line}行目にあります。その上の行は読みません。"
    if headings.unknown:
        yield f"次の見出しの列は使いません: {'、'.join(headings.unknown)}。"
    if others := [name for name in about.other_sheets if name != blank.EXPLANATION]:
        yield f"シート「{about.sheet}」だけを読みました。ほかのシートは読みません: {'、'.join(others)}。"
    if about.hidden_sheets:
        yield f"非表示のシートは読みません: {'、'.join(about.hidden_sheets)}。"
    if about.hidden_columns:
        yield f"非表示の列も読みました: {'、'.join(about.hidden_columns)}列。"
