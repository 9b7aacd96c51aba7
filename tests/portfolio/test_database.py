"""The agreements of the installation as a book: the facts each was accepted on, and its model's dates of today."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts import queries
from hoshu.contracts.models import Product
from hoshu.portfolio import Book, answer
from tests.flows.registering import accepted, checked, desk, known_scans, shop  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 4, 30)


def test_every_agreement_is_a_row_of_one_query(desk):  # noqa: F811
    kept = accepted(checked())
    with act_as(SYSTEM), CaptureQueriesContext(connection) as sent:
        rows = list(queries.book(on=AS_OF))
    assert [each["sql"] for each in sent if "contracts_agreement" in each["sql"]] == [sent[-1]["sql"]]
    assert [row["サービス手配番号"] for row in rows] == [kept.number]
    outcome = answer(Book.of_rows(rows), as_of=AS_OF)
    assert (outcome.refused, outcome.active) == (0, 1)
    [found] = outcome.table.to_pylist()
    assert (found["start"], found["end"], found["edition"]) == (kept.starts_on, kept.ends_on, kept.edition)
    assert found["状態"] == "有効"


def test_the_end_of_a_models_sale_counts_from_the_day_it_is_recorded(desk):  # noqa: F811
    accepted(checked())
    with act_as(SYSTEM):
        Product.objects.update(end_of_sale=date(2022, 3, 31))
        rows = list(queries.book(on=AS_OF))
    [found] = answer(Book.of_rows(rows), as_of=AS_OF).table.to_pylist()
    assert (found["end"], found["cap"]) == (date(2027, 3, 31), "end_of_sale")


def test_nobody_without_sight_gets_a_row(desk):  # noqa: F811
    accepted(checked())
    from hoshu.accounts.tenancy import NOBODY

    with act_as(NOBODY):
        assert list(queries.book(on=AS_OF)) == []
