"""A lookup that an index serves behind row-level security.

There PostgreSQL looks nothing up in an index with an operator that could tell a foreign row's content, and LIKE is one.
"""

from django.db.models import CharField
from django.db.models.lookups import PostgresOperatorLookup


@CharField.register_lookup
class Begins(PostgresOperatorLookup):
    """`serial__begins=…`: the text begins with these characters (`^@`), by an index with `text_pattern_ops`."""

    lookup_name = "begins"
    postgres_operator = "^@"
