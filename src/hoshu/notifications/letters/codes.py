"""Codes that machines read, QR and Code 128, as rows of widths that a template draws as one black path."""

from collections.abc import Iterable
from itertools import groupby

import segno
from barcode.codex import Code128

Widths = list[list[int]]
"""Rows of widths in modules, light and dark by turns; the first of a row is light and may be 0."""


def qr(text: str) -> Widths:
    """`text` as a QR code that can still be read where an eighth of it is lost."""
    return [_widths(row) for row in segno.make_qr(text, error="m").matrix]


def code_128(text: str) -> Widths:
    """`text` (ASCII) as bars."""
    (modules,) = Code128(text).build()
    return [_widths(map(int, modules))]


def _widths(modules: Iterable[int]) -> list[int]:
    runs = [(dark, sum(1 for _ in run)) for dark, run in groupby(modules)]
    return [0] * runs[0][0] + [width for _, width in runs]
