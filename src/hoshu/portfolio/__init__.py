"""`coverage` and what follows from it for a whole book of agreements at once, in columns.

Nothing here states a rule of its own. A row that is out of the ordinary is asked of `terms.decide`; for the others the
dates come from the very functions that the terms count with, called once for each distinct day of a book, and only
comparing, choosing and looking up is done in columns (`coverage`). A property test holds both ways equal.
"""

from .book import Book
from .reading import Unreadable, read_book
from .run import EXPIRING, Outcome, answer, coverage_under
from .writing import SUFFIXES, write, write_csv

__all__ = [
    "EXPIRING",
    "SUFFIXES",
    "Book",
    "Outcome",
    "Unreadable",
    "answer",
    "coverage_under",
    "read_book",
    "write",
    "write_csv",
]
