"""replacement_age: seven years from the day after the manufacture, with warnings before the last day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.dates import within_years
from tests.terms.asking import answer, ask, refused_field, unhurried

days = st.dates(min_value=date(1990, 1, 1), max_value=date(2080, 12, 31))


@pytest.mark.req("MM-ENV-14")
@unhurried
@given(made=days, after=st.integers(0, 3000))
def test_due_from_the_day_after_seven_years_with_three_warnings(made: date, after: int) -> None:
    on = made + timedelta(days=after)
    found = answer("replacement_age", service="mimamori", manufactured=made.isoformat(), on=on.isoformat())
    last = within_years(made, 7)
    assert found["replace_by"] == last.isoformat()
    assert found["due"] is (on > last)
    assert found["warn_on"] == [(last - timedelta(days=before)).isoformat() for before in (180, 90, 30)]


@pytest.mark.req("MM-ENV-14")
def test_of_a_month_alone_the_first_day_counts_and_the_answer_says_so() -> None:
    result = ask("replacement_age", service="mimamori", manufactured="2020-02", explain=True)
    assert result["answer"] == answer("replacement_age", service="mimamori", manufactured="2020-02-01")
    assert result["answer"]["replace_by"] == "2027-02-01"
    assert any("月の最初の日" in reason["text"] for reason in result["reasons"])
    assert result["derivation"][0]["date"] == "2020-02-01"


@pytest.mark.req("MM-ENV-14")
def test_without_a_day_nobody_says_whether_it_is_due() -> None:
    assert answer("replacement_age", service="mimamori", manufactured="2019-04-10")["due"] is None


@pytest.mark.req("MM-ENV-14")
def test_a_unit_past_its_age_goes_on_watching() -> None:
    result = ask("replacement_age", service="mimamori", manufactured="2019-04-10", on="2026-04-11")
    assert any("要交換" in reason["text"] and "監視は続け" in reason["text"] for reason in result["reasons"])
    assert ask("replacement_age", service="mimamori", manufactured="2019-04-10", on="2026-04-10", explain=True)[
        "losing"
    ]


def test_a_last_day_on_a_day_off_is_named_and_not_moved() -> None:
    found = answer("replacement_age", service="mimamori", manufactured="2020-02-29")
    assert (found["replace_by"], found["day_off"]) == ("2027-02-28", ["replace_by"])  # a Sunday


@pytest.mark.req("MM-ENV-14")
@pytest.mark.parametrize(
    "made", [None, "2019", "2019-13", "2019-04-31", "2019/04", "2019-4-1", 2019, "9999-01-01", "令和元年"]
)
def test_a_day_that_cannot_be_read_is_refused(made: object) -> None:
    assert refused_field("replacement_age", service="mimamori", manufactured=made) == "manufactured"


@pytest.mark.req("MM-ENV-14")
def test_a_unit_made_in_the_future_is_refused() -> None:
    assert (
        refused_field("replacement_age", service="mimamori", manufactured="2025-06-02", on="2025-06-01")
        == "manufactured"
    )
    assert answer("replacement_age", service="mimamori", manufactured="2025-06-01", on="2025-06-01")["due"] is False
