"""transfer: nothing passes to somebody else without written consent before it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terms.asking import answer, ask, refused_field, unhurried

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2080, 12, 31))


@pytest.mark.req("IX-ASG-01")
@unhurried
@given(effective=days, ahead=st.integers(-40, 40), written=st.booleans())
def test_only_written_consent_up_to_the_day_of_the_transfer(effective: date, ahead: int, written: bool) -> None:
    consent = effective - timedelta(days=ahead)
    found = answer("transfer", effective=effective.isoformat(), consent=consent.isoformat(), consent_written=written)
    assert found["allowed"] is (written and ahead >= 0)


@pytest.mark.req("IX-ASG-01")
def test_what_the_guide_or_the_facts_do_not_say_a_person_decides() -> None:
    assert answer("transfer", effective="2025-10-01", by_law=True)["allowed"] is None
    assert answer("transfer", effective="2025-10-01", consent="2025-09-20")["allowed"] is None


@pytest.mark.req("IX-ASG-01", "IX-GEN-05")
def test_a_refusal_names_its_clause_the_days_and_the_way_on() -> None:
    result = ask("transfer", effective="2025-10-01", consent="2025-10-05", consent_written=True)
    (reason,) = result["reasons"]
    assert reason["clause"] == "第4章 10."
    assert "2025年10月5日" in reason["text"]
    assert "2025年10月1日" in reason["text"]
    assert "直してください" in reason["text"]
    assert refused_field("transfer", consent="2025-10-05") == "effective"
