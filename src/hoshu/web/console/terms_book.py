"""What another edition would mean for the agreements of this installation."""

from datetime import date
from itertools import islice

from hoshu.authoring import BookEffect, effect_on
from hoshu.catalog import Edition
from hoshu.contracts import queries

MOST_AGREEMENTS = 20_000
"""More are compared on the command line: a page would keep its reader waiting."""


class NotCompared(Exception):
    """Says in Japanese why, and what to do."""


def effect(before: Edition, after: Edition, *, on: date) -> BookEffect:
    """How many agreements of the service change, and in which dates. Raises NotCompared."""
    try:
        from hoshu.portfolio import Book
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.startswith("hoshu"):
            raise
        raise NotCompared(
            "契約との比較に必要な部品がありません。管理者に hoshu[portfolio] の追加を依頼してください。"
        ) from None
    rows = list(islice(queries.book(on=on, service=before.service), MOST_AGREEMENTS + 1))
    if len(rows) > MOST_AGREEMENTS:
        command = "hoshu terms diff --book --database"
        raise NotCompared(f"契約が{MOST_AGREEMENTS:,}件を超えています。コマンド {command} で比べてください。")
    if not rows:
        raise NotCompared("このサービスの契約は、まだありません。")
    return effect_on(Book.of_rows(rows), before, after)
