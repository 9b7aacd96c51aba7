"""The result of an import as a file: each row as it came, with its verdict, what is said of it, and what it became."""

import csv
import io
from collections.abc import Iterator
from typing import IO

import xlsxwriter

from hoshu import texts
from hoshu.imports import queries
from hoshu.imports.batches import VERDICTS
from hoshu.imports.headings import OURS
from hoshu.imports.models import Import

FORMATS = {"csv": "CSV（UTF-8）", "cp932": "CSV（Shift_JIS）", "xlsx": "Excel（XLSX）"}
_LONGEST_CELL = 32_767


class NotInCp932(Exception):
    """The file was asked for in cp932, which has no place for `characters`: nothing is written rather than `?`."""

    def __init__(self, characters: str) -> None:
        super().__init__(characters)
        self.characters = characters


def write(imported: Import, file: IO[bytes], *, form: str, verdict: str = "") -> None:
    """Write the rows with this verdict, or all, as one of FORMATS. Raises NotInCp932, having written a part."""
    lines = _lines(imported, verdict)
    if form == "xlsx":
        _xlsx(lines, file)
    else:
        _csv(lines, file, "cp932" if form == "cp932" else "utf-8-sig")


def lost_in_cp932(imported: Import) -> dict[str, tuple[int, int]]:
    """The characters of the file that cp932 does not have: in how many rows each stands, and the first of them."""
    return {
        character: (rows, line)
        for character, (rows, line) in imported.beyond_cp932.items()
        if texts.in_cp932(character) is None
    }


def changed_in_cp932(imported: Import) -> dict[str, str]:
    """The characters for which cp932 has a look-alike only: → what becomes of each."""
    became = {character: texts.in_cp932(character) for character in imported.beyond_cp932}
    return {character: other for character, other in became.items() if other is not None}


def _lines(imported: Import, verdict: str) -> Iterator[list[str]]:
    """The table as it came, so that its faults can be put right in it and it can be handed over again."""
    width = len(imported.headings)
    ours = [imported.headings.index(heading) for heading in OURS if heading in imported.headings]
    kept = [place for place in range(width) if place not in ours]
    yield [*(imported.headings[place] for place in kept), *OURS]
    for row in queries.every_row(imported, verdict=verdict):
        cells = [*row.cells, *[""] * (width - len(row.cells))]
        said = " ".join(f"{heading}: {text}" if heading else text for _, heading, _, text in row.notes)
        yield [*(cells[place] for place in kept), str(row.line), VERDICTS[row.verdict], said, row.reference]


def _csv(lines: Iterator[list[str]], file: IO[bytes], encoding: str) -> None:
    text = io.TextIOWrapper(file, encoding=encoding, newline="", write_through=True)  # type: ignore[type-var]
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    for line in lines:
        try:
            writer.writerow([texts.harmless(cell) for cell in line])
        except UnicodeEncodeError as error:
            text.detach()
            raise NotInCp932(error.object[error.start]) from error
    text.flush()
    text.detach()


def _xlsx(lines: Iterator[list[str]], file: IO[bytes]) -> None:
    """Every cell a text: nothing is run, and no serial becomes a number again."""
    still = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(file, {"constant_memory": True, **still})
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    sheet = book.add_worksheet("結果")
    sheet.freeze_panes(1, 0)
    for row, line in enumerate(lines):
        for place, cell in enumerate(line):
            if cell:
                sheet.write_string(row, place, cell[:_LONGEST_CELL], text if row else bold)
    book.close()
