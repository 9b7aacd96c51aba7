"""Applications as every list of the portal shows them: state, what is next, whose turn."""

from collections.abc import Iterable
from typing import Any

from hoshu import catalog
from hoshu.contracts import progress

TONES = {
    "draft": "info",
    "submitted": "info",
    "received": "info",
    "checking": "info",
    "asking": "hold",
    "returned": "hold",
    "completed": "ok",
    "refused": "refused",
    "lapsed": "out",
    "withdrawn": "out",
}


def application_lines(found: Iterable[Any]) -> list[dict[str, Any]]:
    """Applications as every list of a portal shows them."""
    rows = list(found)
    standings = progress.standings(rows)
    return [
        {
            "application": one,
            "tone": TONES[one.state],
            "standing": standings[one.pk],
            "service": catalog.edition(one.service, one.edition).name,
        }
        for one in rows
    ]
