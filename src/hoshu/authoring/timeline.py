"""One agreement, or several of one unit, as an SVG on a line of years: what is served, what ends it, what is due."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hoshu.catalog import Edition


class NotDrawn(ValueError):
    """A question that cannot be drawn: says in Japanese which, and what to do."""


def draw(questions: Sequence[Mapping[str, Any]], *, today: date | None = None, under: Edition | None = None) -> str:
    """An SVG of the `coverage` questions given, all of one unit. The same questions always give the same bytes.

    Raises NotDrawn where one is refused. `under` draws by an edition that is not in force; `today` is marked if given.
    """
    raise NotImplementedError
