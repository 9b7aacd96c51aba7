"""What changes between two editions, in sentences; and for whom, where a book of agreements is at hand."""

from typing import TYPE_CHECKING, Literal, NamedTuple

from hoshu.catalog import Edition

if TYPE_CHECKING:
    from hoshu.portfolio import Book


class Difference(NamedTuple):
    """One thing that changes."""

    kind: Literal["changed", "added", "removed"]
    what: str
    """What it is, in words: お申し込みの期限（1つ目） › 日数."""
    before: str
    after: str
    clause: str
    """The clause that holds it, in the new edition where it stands there; empty where there is none."""
    text: str
    """The whole of it: お申し込みの期限: 30日 → 45日（第4章 1.(1)）."""


class Differences(NamedTuple):
    """What changes about one question."""

    title: str
    """The question, or what else of the edition it is about: 登録の承諾, プラン, 条項."""
    items: tuple[Difference, ...]


def differences(before: Edition, after: Edition) -> tuple[Differences, ...]:
    """What changes from one edition to another, by question, in the order of the file."""
    raise NotImplementedError


class RowEffect(NamedTuple):
    """One agreement whose dates change."""

    row: int
    """Its row in the book, from 1."""
    unit: str
    """Its serial number; empty where the book has none."""
    changes: tuple[tuple[str, str, str], ...]
    """The label of each date that changes, with the date before and after."""


class BookEffect(NamedTuple):
    """What another edition would mean for a book of agreements."""

    asked: int
    """Agreements of the service."""
    changed: int
    by_member: tuple[tuple[str, int], ...]
    """How many agreements change in what: ("サポート満了日", 12)."""
    rows: tuple[RowEffect, ...]
    """The first agreements that change, at most `SHOWN_ROWS`."""


SHOWN_ROWS = 20


def effect_on(book: "Book", before: Edition, after: Edition) -> BookEffect:
    """The coverage of the agreements of this service under both editions, compared."""
    raise NotImplementedError
