"""transfer: nothing passes to somebody else without written consent before it."""

from datetime import date, timedelta
from typing import Any

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


@pytest.mark.req("SP-ASG-01", "VA-MSC-03")
@pytest.mark.parametrize("service", ["video", "supportpack"])
@unhurried
@given(effective=days, ahead=st.integers(-40, 40), written=st.booleans())
def test_both_packs_want_written_consent_before(service: str, effective: date, ahead: int, written: bool) -> None:
    facts = {"effective": effective.isoformat(), "consent": (effective - timedelta(days=ahead)).isoformat()}
    found = answer("transfer", service=service, consent_written=written, **facts)
    assert found["allowed"] is (written and ahead >= 0)
    assert answer("transfer", service=service, effective=effective.isoformat())["allowed"] is False


@pytest.mark.req("SP-ASG-01")
@pytest.mark.parametrize("service", ["video", "supportpack", "mimamori"])
def test_a_succession_by_law_goes_to_a_person_everywhere(service: str) -> None:
    assert answer("transfer", service=service, effective="2026-02-01", by_law=True)["allowed"] is None


@pytest.mark.req("MM-CND-03")
@pytest.mark.parametrize(
    "facts", [{}, {"consent": "2025-09-01", "consent_written": True}, {"by_law": False}, {"consent_written": True}]
)
def test_a_right_that_never_passes_does_not_pass_with_consent_either(facts: dict[str, Any]) -> None:
    result = ask("transfer", service="mimamori", effective="2025-10-01", **facts)
    assert result["answer"]["allowed"] is False
    (reason,) = result["reasons"]
    assert (reason["clause"], "お申し込みください" in reason["text"]) == ("7.2", True)
