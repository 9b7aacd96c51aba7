"""retention: ninety days from the day of the detection, shorter at the end of use, longer while something holds it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terms.asking import answer, ask, refused_field, unhurried

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2080, 12, 31))
FACTS = {"detected": "2025-01-01T10:00+09:00", "on": "2025-06-01"}


@pytest.mark.req("MM-POR-05")
@unhurried
@given(day=days, minute=st.integers(0, 1439), after=st.integers(0, 200))
def test_kept_to_the_ninetieth_day_and_deleted_from_the_next(day: date, minute: int, after: int) -> None:
    found = answer(
        "retention",
        service="mimamori",
        detected=f"{day}T{minute // 60:02}:{minute % 60:02}+09:00",
        on=(day + timedelta(days=after)).isoformat(),
    )
    assert found["keep_until"] == (day + timedelta(days=90)).isoformat()
    assert found["may_delete"] is (after >= 91)


@pytest.mark.req("MM-POR-05")
def test_the_day_of_the_detection_is_that_of_japan() -> None:
    assert (
        answer("retention", service="mimamori", **{**FACTS, "detected": "2024-12-31T15:00Z"})["keep_until"]
        == "2025-04-01"
    )
    assert (
        answer("retention", service="mimamori", **{**FACTS, "detected": "2024-12-31T14:59Z"})["keep_until"]
        == "2025-03-31"
    )


@pytest.mark.req("MM-POR-05")
@pytest.mark.parametrize(
    ("hold", "may_delete"),
    [
        ("investigation", False),
        ("insurance", False),
        ("another reason", False),  # nothing is deleted for a reason that nobody knows
        ({"code": "investigation"}, False),
        ({"code": "investigation", "until": "2025-06-01"}, False),
        ({"code": "investigation", "until": "2025-05-31"}, True),
        ({"code": "another reason", "until": "2025-05-31"}, True),
    ],
)
def test_a_hold_keeps_it_to_its_last_day(hold: object, may_delete: bool) -> None:
    found = answer("retention", service="mimamori", **FACTS, holds=[hold])
    assert found["may_delete"] is may_delete
    assert found["keep_until"] == "2025-04-01"


@pytest.mark.req("MM-POR-05")
def test_one_hold_that_stands_is_enough() -> None:
    over = {"code": "insurance", "until": "2025-05-01"}
    result = ask("retention", service="mimamori", **FACTS, holds=[over, "investigation"], explain=True)
    assert result["answer"]["may_delete"] is False
    assert [reason["rule"] for reason in result["reasons"]] == ["MM-POR-05", "MM-ALM-06"]
    assert len(result["losing"]) == 1
    assert answer("retention", service="mimamori", **FACTS, holds=[over])["may_delete"] is True
    assert answer("retention", service="mimamori", **FACTS, holds=[])["may_delete"] is True


@pytest.mark.req("MM-TRM-02")
def test_the_end_of_use_ends_the_keeping_too() -> None:
    facts = {"detected": "2025-06-29T10:00+09:00", "usable_until": "2025-06-30"}
    on_the_day = answer("retention", service="mimamori", on="2025-06-30", **facts)
    assert (on_the_day["keep_until"], on_the_day["may_delete"]) == ("2025-06-30", False)
    result = ask("retention", service="mimamori", on="2025-07-01", explain=True, **facts)
    assert result["answer"]["may_delete"] is True
    assert [reason["clause"] for reason in result["reasons"]] == ["7.8"]
    assert [step["date"] for step in result["derivation"]] == ["2025-09-27", "2025-06-30"]
    later = answer("retention", service="mimamori", on="2025-07-01", **{**facts, "usable_until": "2025-12-31"})
    assert (later["keep_until"], later["may_delete"]) == ("2025-09-27", False)


def test_a_last_day_on_a_day_off_is_named_and_not_moved() -> None:
    # 90 days after 2025-02-02 is Saturday, 3 May.
    found = answer("retention", service="mimamori", detected="2025-02-02T10:00+09:00", on="2025-02-02")
    assert (found["keep_until"], found["day_off"]) == ("2025-05-03", ["keep_until"])
    assert "day_off" not in answer("retention", service="mimamori", **FACTS)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"on": "2024-12-31"}, "on"),
        ({"on": None}, "on"),
        ({"detected": "2025-01-01"}, "detected"),
        ({"detected": "9999-12-31T10:00+09:00", "on": "9999-12-31"}, "detected"),
        ({"holds": "investigation"}, "holds"),
        ({"holds": [1]}, "holds"),
        ({"holds": [{"until": "2025-05-31"}]}, "holds"),
        ({"holds": [{"code": "insurance", "until": "9999-12-31"}]}, "holds"),
        ({"holds": [{"code": "insurance", "reason": "x"}]}, "holds"),
        ({"holds": [None]}, "holds"),
    ],
)
def test_what_contradicts_itself_or_cannot_be_read_is_refused(facts: dict[str, object], field: str) -> None:
    assert refused_field("retention", service="mimamori", **FACTS | facts) == field
