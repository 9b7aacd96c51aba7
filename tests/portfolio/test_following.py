"""What follows from the coverage on the day of the run: active, days left, expiring, extension, gaps, editions."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from hoshu import terms
from hoshu.catalog import Source, source_of
from hoshu.portfolio import Book, answer
from hoshu.terms import decide

END = date(2025, 4, 30)
ROW = {"service": "ix", "plan": "5d-3y", "purchased": "2022-04-15", "registered": "2022-05-01"}


def found(*rows: dict[str, Any], as_of: date = END, expiring: int = 90) -> list[dict[str, Any]]:
    table = answer(Book.of_rows([{**ROW, **row} for row in rows]), as_of=as_of, expiring=expiring).table
    answers: list[dict[str, Any]] = table.to_pylist()
    assert [each["error"] for each in answers] == [None] * len(rows)
    return answers


@pytest.mark.parametrize(
    ("as_of", "active", "left", "expiring"),
    [
        (date(2022, 4, 30), False, 1096, False),
        (date(2022, 5, 1), True, 1095, False),
        (END - timedelta(days=31), True, 31, False),
        (END - timedelta(days=30), True, 30, True),
        (END, True, 0, True),
        (END + timedelta(days=1), False, None, False),
    ],
)
def test_the_first_and_the_last_day_count(as_of: date, active: bool, left: int | None, expiring: bool):
    [row] = found({}, as_of=as_of, expiring=30)
    assert (row["active"], row["days_left"], row["expiring"]) == (active, left, expiring)


def test_an_agreement_without_an_end_neither_ends_nor_expires():
    open_ended = {"service": "remote-care", "plan": "basic", "accepted": "2024-04-01T00:00+09:00"}
    unknown = dict.fromkeys(ROW)
    [row] = found({**unknown, **open_ended}, expiring=99_999)
    assert (row["active"], row["days_left"], row["expiring"]) == (True, None, False)


@pytest.mark.req("IX-EXT-01")
def test_extensions_are_those_of_the_terms():
    days = [date(2025, 1, 29) + timedelta(days=number * 11) for number in range(50)]
    limits = [None, "2025-10-15", "2025-04-30", "2027-01-31"]
    for as_of in days:
        rows = found(*({"support_limit": limit} for limit in limits), as_of=as_of)
        for row, limit in zip(rows, limits, strict=True):
            facts = {"on": as_of.isoformat(), "end": END.isoformat(), **({"support_limit": limit} if limit else {})}
            result = decide({"ask": "extension", "service": "ix", "plan": "5d-3y", "facts": facts})["answer"]
            told = {name: row[f"extension_{name}"] for name in result}
            assert {name: each.isoformat() if isinstance(each, date) else each for name, each in told.items()} == result


def test_what_only_the_extension_reads_is_refused_there():
    rows = [{**ROW, "kit_sales_stopped": "soon"}, {**ROW, "kit_sales_stopped": "2024-12-31"}]
    refused, stopped = answer(Book.of_rows(rows), as_of=END).table.to_pylist()
    assert (refused["error_field"], refused["end"]) == ("kit_sales_stopped", None)
    assert (stopped["error"], stopped["extension_buyable"]) == (None, False)


def test_gaps_and_overlaps_of_one_unit():
    rows = found(
        {"serial": "A"},
        {"serial": "A", "purchased": "2025-05-10", "registered": "2025-05-11"},
        {"serial": " A ", "purchased": "2028-05-01", "registered": "2028-05-01"},
        {"serial": "A", "purchased": "2028-06-20", "registered": "2028-06-20"},
        {"serial": "B", "purchased": "2025-05-10", "registered": "2025-05-11"},
        {"serial": None},
    )
    assert [(row["start"], row["end"]) for row in rows[:4]] == [
        (date(2022, 5, 1), END),
        (date(2025, 5, 11), date(2028, 5, 31)),
        (date(2028, 5, 1), date(2031, 5, 31)),
        (date(2028, 6, 20), date(2031, 6, 30)),
    ]
    assert [(row["gap_days"], row["overlap_days"]) for row in rows] == [
        (None, None),
        (10, 0),
        (0, 31),
        (0, 1076),
        (None, None),
        (None, None),
    ]


def test_another_service_does_not_fill_a_gap_and_a_refused_row_counts_for_nothing():
    other = {**dict.fromkeys(ROW), "service": "remote-care", "plan": "basic", "accepted": "2022-05-01T00:00+09:00"}
    later = {**ROW, "serial": "A", "purchased": "2025-05-10", "registered": "2025-05-11"}
    rows = [{**ROW, "serial": "A"}, {**other, "serial": "A"}, {**ROW, "serial": "A", "purchased": "?"}, later]
    table = answer(Book.of_rows(rows), as_of=END).table
    assert table.column("gap_days").to_pylist() == [None, None, None, 10]


@pytest.fixture
def later_edition() -> Iterator[None]:
    """A second edition of the same service, whose years end on the very day."""
    text = source_of("ix", "2022-10").text.partition("\n[[example]]\n")[0]
    text = text.replace('edition = "2022-10"', 'edition = "2024-04"').replace("2022-10-01", "2024-04-01")
    text = text.replace('rounding = "month_end"', 'rounding = "none"')
    text = text.replace('"ended_early",\n]', '"ended_early", "ended_part",\n]', 1)
    terms.adopt([Source("ix/2024-04.toml", text)])
    yield
    terms.adopt([])


def test_each_row_is_answered_under_the_edition_it_accepted(later_edition: None):
    rows = found(
        {"registered": "2024-03-31"},
        {"registered": "2024-04-01"},
        {"registered": "2024-04-01", "edition": "2022-10"},
        {"registered": "2022-05-01", "edition": "2024-04"},
    )
    assert [row["edition"] for row in rows] == ["2022-10", "2024-04", "2022-10", "2024-04"]
    assert [row["end"].day for row in rows] == [30, 15, 30, 15]


def test_a_part_that_the_service_does_not_have_is_refused_as_the_terms_do(later_edition: None):
    row = {**ROW, "edition": "2024-04", "ended_early": "2024-05-01"}
    rows = [{**row, "ended_part": "hardware"}, {**row, "ended_part": "all"}]
    refused, ended = answer(Book.of_rows(rows), as_of=END).table.to_pylist()
    assert (refused["error_field"], refused["end"]) == ("ended_part", None)
    assert ended["end"] == date(2024, 5, 1)


@pytest.mark.req("SP-TRM-04")
@pytest.mark.parametrize(("applied", "end"), [("2024-10-10", date(2030, 4, 10)), ("2024-10-11", date(2029, 3, 31))])
def test_a_long_pack_applied_for_on_the_last_day_outlives_the_parts(applied: str, end: date):
    days = {"purchased": "2024-04-10", "registered": "2024-10-20", "parts_until": "2029-03-31"}
    [row] = found({"service": "supportpack", "plan": "6y", **days, "application_received": applied})
    assert row["end"] == end
