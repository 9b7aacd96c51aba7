"""Lookups that an index serves behind row-level security.

There PostgreSQL looks nothing up in an index with an operator that could tell a foreign row's content, and LIKE is one.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import CharField, Lookup
from django.db.models.lookups import PostgresOperatorLookup


@CharField.register_lookup
class Begins(PostgresOperatorLookup):
    """`serial__begins=…`: the text begins with these characters (`^@`), by an index with `text_pattern_ops`."""

    lookup_name = "begins"
    postgres_operator = "^@"


@CharField.register_lookup
class Among(Lookup):
    """`serial__among={…}`: the text is one of a set, sent as one list; `__in` sends, and plans, each of them apart."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """`column = ANY(list)`."""
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s::text[])", [*params, _array(self.rhs)]


def _array(texts: Collection[str]) -> str:
    """The texts as PostgreSQL writes an array: in one go, since a table looks up thousands of numbers at a time."""
    joined = "\0".join(texts).replace("\\", r"\\").replace('"', r"\"")
    return '{"' + joined.replace("\0", '","') + '"}' if texts else "{}"
