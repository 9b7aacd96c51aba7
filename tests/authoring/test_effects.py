"""For how many stored agreements another edition changes which dates."""

import pyarrow as pa
import pytest

from hoshu.authoring import effect_on
from hoshu.authoring.effects import SHOWN_ROWS
from hoshu.catalog import edition, read
from hoshu.catalog import source_of as packaged
from hoshu.catalog.loading import Source
from hoshu.portfolio import Book, read_book
from hoshu.terms import decide
from tests.authoring.kettles import kettle

ROWS = b"""\
service,plan,serial,purchased,registered
kettle,3y,K-1,2024-04-10,2024-04-20
pot,3y,P-1,2024-04-10,2024-04-20
kettle,6y,K-2,2024-04-30,2024-05-10
kettle,3y,K-3,,2024-05-10
kettle,9y,K-4,2024-04-10,2024-05-10
"""
TO_MONTH_END = ('rounding = "day_before"', 'rounding = "month_end"')


def test_a_day_that_changes_is_counted_and_shown_with_both_dates() -> None:
    effect = effect_on(read_book(ROWS), read(kettle()), read(kettle(TO_MONTH_END)))
    assert (effect.asked, effect.changed) == (4, 2)
    ends = ("サポート満了日", "ハードウェアの満了日", "相談窓口の満了日")
    assert effect.by_member == tuple((label, 2) for label in ends)
    first, second = effect.rows
    assert (first.row, first.unit, second.row, second.unit) == (1, "K-1", 3, "K-2")
    assert first.changes == tuple((label, "2027年4月9日", "2027年4月30日") for label in ends)
    assert second.changes[0] == ("サポート満了日", "2030年4月29日", "2030年4月30日")


def test_nothing_changes_where_the_terms_of_the_period_stay() -> None:
    effect = effect_on(read_book(ROWS), read(kettle()), read(kettle(("days = 30\n", "days = 45\n"))))
    assert (effect.asked, effect.changed, effect.by_member, effect.rows) == (4, 0, (), ())


def test_an_agreement_that_can_no_longer_be_answered_changes() -> None:
    without_plan = kettle(('id = "6y"', 'id = "5y"'))
    effect = effect_on(read_book(ROWS), read(kettle()), read(without_plan))
    assert [row.unit for row in effect.rows] == ["K-2"]
    assert ("サポート満了日", "2030年4月29日", "答えられない") in effect.rows[0].changes


def test_a_book_without_the_service_or_without_rows_is_not_affected() -> None:
    for data in (b"service,plan,purchased,registered\n", b"service,plan,purchased,registered\npot,3y,,\n"):
        effect = effect_on(read_book(data), read(kettle()), read(kettle(TO_MONTH_END)))
        assert (effect.asked, effect.changed) == (0, 0)


def test_only_the_first_agreements_are_shown_and_all_are_counted() -> None:
    rows = SHOWN_ROWS + 5
    facts = {"purchased": ["2024-04-10"] * rows, "registered": ["2024-04-20"] * rows}
    book = Book(pa.table({"service": ["kettle"] * rows, "plan": ["3y"] * rows, **facts}))
    effect = effect_on(book, read(kettle()), read(kettle(TO_MONTH_END)))
    assert effect.changed == rows
    assert len(effect.rows) == SHOWN_ROWS


def test_a_row_that_names_the_edition_it_accepted_is_compared_all_the_same() -> None:
    data = ROWS.replace(b"registered\n", b"registered,edition\n").replace(b"-20\n", b"-20,1\n")
    data = data.replace(b"-05-10\n", b"-05-10,1\n")
    effect = effect_on(read_book(data), read(kettle()), read(kettle(TO_MONTH_END)))
    assert effect.changed == 2


@pytest.mark.parametrize("plan", ["5d-3y", "7d-5y"])
def test_the_dates_are_those_that_the_terms_answer(plan: str) -> None:
    source = packaged("ix", "2022-10")
    draft = read(Source("draft", source.text.replace('rounding = "month_end"', 'rounding = "none"', 1)))
    facts = {"purchased": "2022-04-15", "registered": "2022-05-01", "end_of_sale": "2020-01-15"}
    book = Book(pa.table({name: [value] for name, value in {"service": "ix", "plan": plan, **facts}.items()}))
    effect = effect_on(book, edition("ix", "2022-10"), draft)
    question = {"ask": "coverage", "service": "ix", "plan": plan, "facts": facts}
    ends = [decide(question, under=under)["answer"]["end"] for under in (edition("ix", "2022-10"), draft)]
    assert effect.changed == (ends[0] != ends[1])
