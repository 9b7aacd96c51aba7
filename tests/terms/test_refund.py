"""refund: the one refund of the guide, and everything else that gives nothing back or goes to a person."""

import pytest

from hoshu.terms import decide
from tests.terms.asking import ask

NOTHING = ("end_of_sale", "stopped_using", "late_registration", "terminated")
A_PERSON = ("disagree_with_terms", "parts_retention", "outage", "double_charge", "other")


@pytest.mark.req("IX-GEN-07", "IX-STP-02")
@pytest.mark.parametrize("reason", NOTHING)
def test_nothing_is_returned(reason: str) -> None:
    result = ask("refund", reason=reason)
    assert result["answer"] == {"refund": False, "by": None, "payer": None}
    assert "お返ししません" in result["reasons"][0]["text"]


@pytest.mark.req("IX-GEN-07")
@pytest.mark.parametrize("reason", A_PERSON)
def test_where_the_guide_is_silent_a_person_decides(reason: str) -> None:
    result = ask("refund", reason=reason)
    assert result["answer"] == {"refund": None, "by": None, "payer": None}
    assert "担当者が判断" in result["reasons"][0]["text"]


@pytest.mark.req("IX-REG-06")
def test_after_a_refusal_the_seller_pays_and_no_day_is_stated() -> None:
    result = ask("refund", reason="refused_by_operator", refused_on="2025-06-20")
    assert result["answer"] == {"refund": True, "by": None, "payer": "seller"}
    said = result["reasons"][0]["text"]
    assert "2025年6月20日" in said
    assert "領収書" in said
    assert "購入元" in said


@pytest.mark.req("IX-REG-06")
def test_no_plan_is_needed() -> None:
    question = {"id": 1, "ask": "refund", "service": "ix", "facts": {"reason": "refused_by_operator"}}
    assert decide(question)["answer"]["refund"] is True
