"""The whole book at once says what the terms say of each agreement: of every service, every member of the answer."""

from datetime import date
from typing import Any

import pytest

from hoshu.portfolio.book import Book
from hoshu.portfolio.run import answer
from hoshu.terms import decide
from tests.portfolio.books import as_table, questions

AS_OF = date(2024, 2, 29)
ROWS = 10_000


def written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("typed", [False, True], ids=["texts", "typed"])
def test_ten_thousand_random_rows(typed: bool):
    asked = questions(ROWS, seed=20 + typed)
    if typed:
        asked = [each for each in asked if "answer" in decide(each)]
    rows = answer(Book(as_table(asked, typed=typed)), as_of=AS_OF).table.to_pylist()
    answered = 0
    for question, row in zip(asked, rows, strict=True):
        result = decide(question)
        if "error" in result:
            assert (row["error_field"], row["error"]) == (result["error"]["field"], result["error"]["message"]), (
                question
            )
            assert row["counted_from"] is None
            continue
        answered += 1
        assert row["error"] is None, (question, row["error"])
        assert row["edition"] == result["edition"]
        for member, value in result["answer"].items():
            assert written(row[member]) == value, (member, question, result["answer"])
    assert answered > ROWS * 0.6
