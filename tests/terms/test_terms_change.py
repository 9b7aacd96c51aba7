"""terms_change: a changed guide counts for new registrations and leaves the accepted ones alone."""

import pytest

from tests.terms.asking import ask, refused_field


@pytest.mark.req("IX-GEN-01")
def test_a_changed_guide_binds_no_running_agreement() -> None:
    result = ask("terms_change", published="2025-12-01")
    assert result["answer"] == {"effective": "2025-12-01", "binds_existing": False}
    assert result["reasons"][0]["clause"] == "ご注意 (2)"
    assert "承諾した時の版のまま" in result["reasons"][0]["text"]


@pytest.mark.req("IX-GEN-01")
def test_the_day_of_publication_is_needed() -> None:
    assert refused_field("terms_change") == "published"
