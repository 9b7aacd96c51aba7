"""Rows of a table as values, and what is said of each of them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hoshu.files import tables
from hoshu.imports.columns import CAUTION, CHANGE, ERROR, Column, Note, Noted

READY, CAREFUL, SAME, REFUSED, DONE = "ready", "careful", "same", "refused", "done"
VERDICTS = {
    READY: "登録できます",
    CAREFUL: "要確認",
    SAME: "登録済み",
    REFUSED: "誤り",
    DONE: "登録しました",
}
"""What is said of a row. CAREFUL ones are taken in too; DONE is what becomes of those two."""
CHANGED = "changed"
"""Not a verdict: numbers are written in another way than in the file."""

MOST_KNOWN = 20_000
"""Cells of one column whose value is kept in mind; most columns hold few words often."""


@dataclass
class Remark:
    """What is said of a row out of the ordinary; `reference` is what is there already."""

    verdict: str = READY
    notes: list[tuple[str, str, str, str]] = field(default_factory=list)
    """(level, heading, title, text)."""
    reference: str = ""

    def add(self, heading: str, note: Note) -> None:
        """Say one thing more, once. An error outweighs everything."""
        said = note.level, heading, note.title, note.text
        if said not in self.notes:
            self.notes.append(said)
        if note.level == ERROR:
            self.verdict = REFUSED
        elif note.level == CAUTION and self.verdict == READY:
            self.verdict = CAREFUL

    def take_over(self, other: "Remark", *, but: str | None = None) -> None:
        """Say all that `other` says, but for one column."""
        for level, heading, title, text in other.notes:
            if heading != but:
                self.add(heading, Note(level, title, text))

    @property
    def is_closed(self) -> bool:
        """Will the row not be taken in?"""
        return self.verdict in (REFUSED, SAME)

    @property
    def is_changed(self) -> bool:
        """Is a number kept otherwise than it was written?"""
        return any(level == CHANGE for level, *_ in self.notes)


class Batch:
    """Rows in columns: `batch["plan"]` is the plan of each, None where it is empty or cannot be read.

    A kind speaks of a row by its place in these columns: it refuses it, asks for care, or says what is there already.
    """

    def __init__(self, lines: Sequence[int], values: Mapping[str, Sequence[Any]], labels: Mapping[str, str]) -> None:
        """`lines` are the rows of the file, `labels` the headings of the columns."""
        self.lines = lines
        self.remarks: dict[int, Remark] = {}
        """By row of the file."""
        self.made: dict[int, str] = {}
        """By row of the file: what it became."""
        self._values = values
        self._labels = labels

    def __getitem__(self, column: str) -> Sequence[Any]:
        return self._values[column]

    def open(self) -> Sequence[int]:
        """The places of the rows that will be taken in, as far as is known."""
        if not (remarks := self.remarks):
            return range(len(self.lines))
        return [place for place, line in enumerate(self.lines) if line not in remarks or not remarks[line].is_closed]

    def row(self, place: int) -> dict[str, Any]:
        """The values of one row by column."""
        return {name: column[place] for name, column in self._values.items()}

    def label(self, column: str) -> str:
        """The heading of a column."""
        return self._labels[column]

    def refuse(self, place: int, column: str, title: str, text: str) -> None:
        """This row cannot be taken in: `title` says so for all rows of which it is true, `text` for this one."""
        self.note(place, column, Note(ERROR, title, text))

    def caution(self, place: int, column: str, title: str, text: str) -> None:
        """This row can be taken in, but somebody should look at it."""
        self.note(place, column, Note(CAUTION, title, text))

    def note(self, place: int, column: str, note: Note) -> None:
        """Say something of a cell, or with an empty `column` of the row."""
        self.remark(place).add(self._labels.get(column, ""), note)

    def say(self, place: int, remark: Remark) -> None:
        """Say of this row, of which nothing is said yet, what is said of many."""
        if remark.notes:
            self.remarks[self.lines[place]] = Remark(remark.verdict, [*remark.notes])

    def remark(self, place: int) -> Remark:
        """What is said of this row, to say more."""
        return self.remarks.setdefault(self.lines[place], Remark())

    def already(self, place: int, reference: str) -> None:
        """Exactly this is there already: nothing is to be done."""
        remark = self.remark(place)
        if remark.verdict != REFUSED:
            remark.verdict, remark.reference = SAME, reference

    def became(self, place: int, reference: str) -> None:
        """The row was taken in; `reference` names what it became."""
        self.made[self.lines[place]] = reference


_MARKED = {
    "formula": (ERROR, "数式", "{address}は数式のセルです。コピーして「値」として貼り付けてください。"),
    "fault": (ERROR, "エラー値", "{address}は #N/A などのエラーのセルです。値を入力してください。"),
    "merged": (ERROR, "結合されたセル", "{address}は結合されたセルです。結合を解いて、行ごとに値を入力してください。"),
    "hidden": (CAUTION, "非表示の行", "非表示の行です。取り込むつもりの行か確かめてください。"),
}


class Reader:
    """Turns the columns of one table into batches. It remembers what it read: most columns hold few words often."""

    def __init__(self, columns: Iterable[Column], places: Mapping[str, int], width: int) -> None:
        """`places` are those of the columns in the file, `width` is the number of its headings."""
        self._columns = [(column, places.get(column.name), _Known(column)) for column in columns]
        self._labels = {column.name: column.label for column, _, _ in self._columns}
        self._names = {place: name for name, place in places.items()}
        self._width = width

    def batch(
        self,
        first: int,
        cells: list[list[str]],
        *,
        widths: Mapping[int, int] | None = None,
        marks: Iterable[tuple[int, int, str]] = (),
    ) -> Batch:
        """The batch of the rows that begin with row `first` of the file; empty rows are left out.

        `cells` are whole columns; `widths` and `marks` are those of `tables.Block`.
        """
        lines: Sequence[int] = range(first, first + len(cells[0]))
        if empty := _empty(cells):
            kept = [place for place in range(len(lines)) if place not in empty]
            lines, cells = [lines[place] for place in kept], [[column[place] for place in kept] for column in cells]
        values: dict[str, Sequence[Any]] = {}
        noted: list[tuple[int, str, tuple[Note, ...]]] = []
        for column, at, known in self._columns:
            if at is None or at >= len(cells):
                values[column.name] = known.all([""] * len(lines)) if column.required else [None] * len(lines)
            else:
                values[column.name] = known.all(cells[at])
            if known.tells:
                noted += _taken_out(values, column.name)
        batch = Batch(lines, values, self._labels)
        for place, name, notes in noted:
            for note in notes:
                batch.note(place, name, note)
        self._measure(batch, cells, widths or {})
        self._mark(batch, marks)
        return batch

    def _measure(self, batch: Batch, cells: list[list[str]], widths: Mapping[int, int]) -> None:
        """A row with more or fewer cells than there are headings has its values in the wrong columns."""
        if not widths and len(cells) == self._width:
            return
        for place, line in enumerate(batch.lines):
            width = widths.get(line, len(cells))
            if width < self._width or any(column[place] for column in cells[self._width :]):
                text = f"列の数が見出しと違います（見出しは{self._width}、この行は{width}）。直してください。"
                batch.refuse(place, "", "列の数", text)

    def _mark(self, batch: Batch, marks: Iterable[tuple[int, int, str]]) -> None:
        """What is the matter with a cell comes before what its value looks like."""
        places: dict[int, int] | None = None
        for line, column, what in marks:
            name = self._names.get(column, "")
            if column >= 0 and not name:
                continue
            places = places or {known: place for place, known in enumerate(batch.lines)}
            if (place := places.get(line)) is None:
                continue
            level, title, text = _MARKED[what]
            address = f"{tables.letters(column)}{line}" if name else ""
            if name and (before := batch.remarks.pop(line, None)):
                batch.remarks[line] = Remark()
                batch.remarks[line].take_over(before, but=self._labels[name])
            batch.note(place, name, Note(level, title, text.format(address=address)))


class _Known(dict[str, Any]):
    """The values of one column by what stands in the cell."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._read = column.read
        self._as_usual = column.form.as_usual
        usual = column.form.usual
        self._usual = usual and re.compile(f"(?:{usual.pattern}(?:{tables.CELL}|$))+")
        self.tells = False
        """Is there anything to tell of any of them?"""

    def all(self, cells: list[str]) -> list[Any]:
        """The values of some cells."""
        # One look at a whole column of serials instead of one at each, of which none is there twice.
        if self._usual and self._usual.fullmatch(tables.CELL.join(cells)):
            return self._as_usual(cells)
        return [*map(self.__getitem__, cells)]

    def __missing__(self, cell: str) -> Any:
        if len(self) >= MOST_KNOWN:
            self.clear()
        value = self[cell] = self._read(cell)
        if value.__class__ is Noted:
            self.tells = True
        return value


def _empty(cells: list[list[str]]) -> set[int]:
    """The places of rows in which nothing stands."""
    empty = {place for place, cell in enumerate(cells[0]) if not cell}
    for column in cells[1:]:
        if not empty:
            break
        empty = {place for place in empty if not column[place]}
    return empty


def _taken_out(values: dict[str, Sequence[Any]], name: str) -> list[tuple[int, str, tuple[Note, ...]]]:
    """The notes of a column, (place, column, notes); its values are left without them."""
    column = [*values[name]]
    noted = [(place, name, value.notes) for place, value in enumerate(column) if value.__class__ is Noted]
    for place, _, _ in noted:
        column[place] = column[place].value
    values[name] = column
    return noted


def remarks_of(written: Mapping[str, Any]) -> dict[int, Remark]:
    """The remarks of a chunk."""
    return {
        int(line): Remark(verdict, [tuple(note) for note in notes], reference)  # type: ignore[misc]
        for line, (verdict, notes, reference) in written.items()
    }


def written(remarks: Mapping[int, Remark]) -> dict[str, Any]:
    """The reverse of `remarks_of`."""
    return {str(line): [remark.verdict, remark.notes, remark.reference] for line, remark in remarks.items()}


def counted(rows: int, remarks: Iterable[Remark], *, otherwise: str = READY) -> dict[str, int]:
    """How many of `rows` have which verdict, `otherwise` being that of those without a remark; how many are CHANGED."""
    counts: dict[str, int] = {}
    said = 0
    for remark in remarks:
        said += 1
        counts[remark.verdict] = counts.get(remark.verdict, 0) + 1
        if remark.is_changed:
            counts[CHANGED] = counts.get(CHANGED, 0) + 1
    if rows - said:
        counts[otherwise] = counts.get(otherwise, 0) + rows - said
    return counts


def together(every: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The sum of counts."""
    total: dict[str, int] = {}
    for counts in every:
        for verdict, rows in counts.items():
            total[verdict] = total.get(verdict, 0) + rows
    return {verdict: rows for verdict, rows in total.items() if rows}
