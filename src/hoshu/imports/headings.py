"""Which column of a file is which: found by its heading, in any order."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from hoshu.files import personal_numbers, tables
from hoshu.imports import Refused
from hoshu.imports.columns import fold, headings_of
from hoshu.imports.kinds import Kind

SEARCHED = 10
"""Rows at the top among which the headings are looked for: a title or a date may stand above them."""
OURS = ("元の行", "結果", "内容", "登録した番号")
"""Columns that a result file has more than the file it tells of."""


class Forbidden(Exception):
    """A column that nobody may hand over: it is headed as one of 個人番号."""


@dataclass(frozen=True)
class Headings:
    """The row with the headings, and the place of each known column."""

    line: int
    texts: list[str]
    places: dict[str, int]
    unknown: list[str]


def find(cells: Sequence[Sequence[str]], kind: Kind) -> Headings:
    """The headings among the first rows of a file, given in columns. Raises Refused, Forbidden."""
    known = headings_of(kind.columns)
    best: list[str] = []
    line = 0
    for number, row in enumerate(islice(zip(*cells, strict=True), SEARCHED), start=1):
        texts = [tables.shown(cell).strip() for cell in row]
        if _known_in(texts, known) > _known_in(best, known):
            best, line = texts, number
    if not line:
        listed = "」「".join(column.label for column in kind.columns)
        raise Refused(f"見出しの行がありません。次の見出しの行を書いてください:「{listed}」")
    while best and not best[-1]:
        best.pop()
    names = [known.get(fold(text), "") for text in best]
    for text, name in zip(best, names, strict=True):
        if not name and personal_numbers.names_one(text):
            raise Forbidden(text)
    if twice := [name for name in names if name and names.count(name) > 1]:
        text = best[names.index(twice[0])]
        raise Refused(f"見出し「{text}」の列が2つあります。1つにしてください。")
    missing = [column.label for column in kind.columns if column.required and column.name not in names]
    if missing:
        raise Refused(f"必須の見出し「{'」「'.join(missing)}」がありません。{line}行目の見出しを確かめてください。")
    return Headings(
        line=line,
        texts=best,
        places={name: place for place, name in enumerate(names) if name},
        unknown=[text for text, name in zip(best, names, strict=True) if text and not name and text not in OURS],
    )


def _known_in(texts: Sequence[str], known: dict[str, str]) -> int:
    return len({known[folded] for text in texts if (folded := fold(text)) in known})
