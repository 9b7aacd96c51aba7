"""IX-COV-08: a licence's cover as a bar on a line of years, laid out in percent so that one drawing fits every width.

Text stands in the drawing at its own size (no scaling): only positions are relative. Pages put the dates into the list
below it, which says the same to a screen reader and on paper; a picture that stands alone bears them (`picture`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Literal

from hoshu.dates import elapsed, said

NARROWEST = 330
"""Pixels of the drawing on a phone: labels that would touch there go to another row."""
LETTER = 13
YEARS_SHOWN = 5
_MOST_TRIED = 10
"""Of more labels on a line, each stands in a row of its own; to try all their sides would take too long."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """Days `start` to `end`, both included. `waiting` is hatched: counted, but not served yet."""

    start: date
    end: date
    kind: Literal["waiting", "covered", "extension", "lost", "part", "warranty", "gap", "overlap"]
    label: str
    goes_on: bool = False
    """Whether its end is only where the drawing stops."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A day that matters. `at_end` marks stand after their day, because a last day counts in full."""

    day: date
    kind: Literal["origin", "registered", "end", "limit", "today", "other"]
    label: str
    at_end: bool = False


@dataclass(frozen=True, kw_only=True)
class Bar:
    span: Span
    x: str
    width: str


@dataclass(frozen=True, kw_only=True)
class Flag:
    mark: Mark
    x: str
    anchor: str
    text_x: int
    text_y: int
    line_y: int


@dataclass(frozen=True, kw_only=True)
class Year:
    number: int
    x: str
    middle: str


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What the template draws: rows of flags above, the bar, the years below; heights in pixels."""

    summary: str
    spans: Sequence[Span]
    marks: Sequence[Mark]
    bars: Sequence[Bar]
    flags: Sequence[Flag]
    years: Sequence[Year]
    bar_y: int
    height: int


def coverage(
    *,
    counted_from: date,
    start: date | None,
    end: date | None,
    today: date,
    support_limit: date | None = None,
    extended_from: date | None = None,
) -> Drawing:
    """第1章 3.: the bar of one licence from the names of the engine's `coverage` answer.

    `extended_from` is the first day that an extension kit pays for. Without `start` and `end` nothing is left to serve.
    """
    spans, marks = [], [Mark(day=counted_from, kind="origin", label="起点")]
    if start and end:
        if start > counted_from:
            spans.append(
                Span(start=counted_from, end=start - timedelta(1), kind="waiting", label="登録完了まで(対象外)")
            )
        own_end = extended_from - timedelta(1) if extended_from else end
        if (served_from := max(start, counted_from)) <= own_end:
            spans.append(Span(start=served_from, end=own_end, kind="covered", label="サポート期間"))
        if extended_from:
            spans.append(Span(start=extended_from, end=end, kind="extension", label="延長"))
        marks.append(Mark(day=start, kind="registered", label="登録完了"))
        marks.append(Mark(day=end, kind="end", label="満了日", at_end=True))
    if support_limit:
        marks.append(Mark(day=support_limit, kind="limit", label="保守対応期限", at_end=True))
    marks.append(Mark(day=today, kind="today", label="今日"))
    return lay_out(spans=spans, marks=marks, origin=counted_from)


def lay_out(
    *,
    spans: Sequence[Span],
    marks: Sequence[Mark],
    origin: date,
    over: tuple[date, date] | None = None,
    width: int = NARROWEST,
) -> Drawing:
    """Places spans and marks; the line shows five years from `origin`, or more where a date lies outside.

    `over` are the first and the last day of the line where several lines have to agree, `width` its least pixels.
    """
    first, last = over or extent(spans=spans, marks=marks, origin=origin)
    days = (last - first).days

    def at(day: date) -> float:
        return (day - first).days / days * 100

    bars = [
        Bar(span=span, x=_percent(at(span.start)), width=_percent(at(span.end + timedelta(1)) - at(span.start)))
        for span in spans
    ]
    flags, rows = _flags([(mark, at(mark.day + timedelta(mark.at_end))) for mark in marks], width)
    bar_y = 20 * rows + 8
    return Drawing(
        summary="、".join(f"{mark.label} {said(mark.day)}" for mark in sorted(marks, key=lambda mark: mark.day)),
        spans=spans,
        marks=sorted(marks, key=lambda mark: mark.day),
        bars=bars,
        flags=flags,
        years=_years(origin, last, at),
        bar_y=bar_y,
        height=bar_y + 56,
    )


def extent(*, spans: Sequence[Span], marks: Sequence[Mark], origin: date) -> tuple[date, date]:
    """The first and the last day that a line shows, with some air around what stands on it."""
    first = min([origin, *(mark.day for mark in marks), *(span.start for span in spans)])
    last = max([elapsed(origin, YEARS_SHOWN), *(mark.day for mark in marks), *(span.end for span in spans)])
    air = (last - first) // 40
    return first - air, last + air


def _years(origin: date, last: date, at: Callable[[date], float]) -> list[Year]:
    years, number = [], 1
    while (begins := elapsed(origin, number - 1)) < last:
        ends = min(elapsed(origin, number), last)
        if at(ends) - at(begins) < 8:
            break
        years.append(Year(number=number, x=_percent(at(begins)), middle=_percent((at(begins) + at(ends)) / 2)))
        number += 1
    return years


def _flags(places: Sequence[tuple[Mark, float]], width: int) -> tuple[list[Flag], int]:
    """Each label beside its line, right or left of it, so that no text meets a text or a line, in the fewest rows."""
    if not places:
        return [], 0
    labels = [(x, (text_width(mark.label) + 12) / width * 100) for mark, x in places]
    best: tuple[list[int], Sequence[str]] | None = None
    sides: Sequence[str]
    for sides in product(("start", "end"), repeat=len(labels)):
        if len(labels) > _MOST_TRIED:
            break
        texts = [
            (x, x + wide) if side == "start" else (x - wide, x) for (x, wide), side in zip(labels, sides, strict=True)
        ]
        if any(left < 0 or right > 100 for left, right in texts):
            continue
        rows = _rows([x for x, _ in labels], texts)
        if rows is not None and (best is None or max(rows) < max(best[0])):
            best = rows, sides
    rows, sides = best or (list(range(len(labels))), ["start"] * len(labels))
    count = max(rows) + 1
    flags = [
        Flag(
            mark=mark,
            x=_percent(x),
            anchor=side,
            text_x=5 if side == "start" else -5,
            text_y=20 * (count - row) - 5,
            line_y=20 * (count - row) - 16,
        )
        for (mark, x), row, side in zip(places, rows, sides, strict=True)
    ]
    return flags, count


def _rows(lines: Sequence[float], texts: Sequence[tuple[float, float]]) -> list[int] | None:
    """The row of each text, 0 next to the bar; None where two labels would each have to stand above the other.

    A text that another label's line passes through has to stand above that label, for the line ends there.
    """
    below = [
        {other for other, line in enumerate(lines) if other != own and left < line < right}
        for own, (left, right) in enumerate(texts)
    ]
    rows: dict[int, int] = {}
    while len(rows) < len(texts):
        free = [own for own in range(len(texts)) if own not in rows and below[own] <= rows.keys()]
        if not free:
            return None
        own = free[0]
        row = max((rows[other] + 1 for other in below[own]), default=0)
        while any(
            rows[other] == row and texts[own][0] < texts[other][1] and texts[other][0] < texts[own][1] for other in rows
        ):
            row += 1
        rows[own] = row
    return [rows[own] for own in range(len(texts))]


def text_width(text: str) -> int:
    """Pixels that a label takes at most; a letter of ASCII takes about half of a Japanese one."""
    return sum((LETTER + 1) // 2 + 1 if letter.isascii() else LETTER for letter in text)


def _percent(value: float) -> str:
    return f"{value:.2f}%"
