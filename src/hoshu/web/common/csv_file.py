"""Lists as CSV for spreadsheets: Japanese readable in Excel, and nothing in a cell is ever run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from django.http import HttpResponse

from hoshu import texts

MOST_ROWS = 20_000
"""Rows of one export; whoever needs more narrows the list."""


def response(*, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A download called `name`, UTF-8 with a byte order mark, every cell quoted."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return HttpResponse(
        "\ufeff" + text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )


def safe(cell: object) -> str:
    """A cell as text that no spreadsheet runs."""
    return texts.harmless("" if cell is None else str(cell))
