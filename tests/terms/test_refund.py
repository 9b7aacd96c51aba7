"""refund: what comes back and until when, and everything that gives nothing back or goes to a person."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.terms import decide
from tests.terms.asking import answer, ask, refused_field, unhurried

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


days = st.dates(min_value=date(2000, 1, 1), max_value=date(2080, 12, 31))


@pytest.mark.req("SP-REF-01", "VA-INT-02", "SP-CAL-02", "VA-CAL-02")
@unhurried
@given(service=st.sampled_from(["supportpack", "video"]), bought=days, after=st.integers(0, 60))
def test_a_pack_comes_back_through_the_fourteenth_day(service: str, bought: date, after: int) -> None:
    returned = bought + timedelta(days=after)
    facts = {"pack_purchased": str(bought), "returned": str(returned)}
    found = answer("refund", service=service, reason="disagree_with_terms", **facts)
    payer = {"supportpack": "provider", "video": "seller"}[service]
    assert found["by"] == str(bought + timedelta(days=14))
    assert (found["refund"], found["payer"]) == ((True, payer) if after <= 14 else (False, None))


@pytest.mark.req("VA-REG-12")
@unhurried
@given(refused=days, after=st.integers(0, 60))
def test_after_a_refusal_the_customer_has_thirty_days_where_the_terms_say_so(refused: date, after: int) -> None:
    facts = {"refused_on": str(refused), "returned": str(refused + timedelta(days=after))}
    found = answer("refund", service="video", reason="refused_by_operator", **facts)
    assert (found["refund"], found["by"]) == (after <= 30, str(refused + timedelta(days=30)))
    unlimited = answer("refund", service="supportpack", reason="refused_by_operator", **facts)
    assert (unlimited["refund"], unlimited["by"], unlimited["payer"]) == (True, None, "seller")


@pytest.mark.req("SP-REF-01", "VA-INT-02", "VA-REG-12")
def test_before_anything_is_returned_the_last_day_is_told() -> None:
    result = ask("refund", service="supportpack", reason="disagree_with_terms", pack_purchased="2025-04-01")
    assert (result["answer"]["refund"], result["answer"]["by"]) == (True, "2025-04-15")
    assert "2025年4月15日" in result["reasons"][-1]["text"]


@pytest.mark.req("SP-CAL-07")
def test_the_inspection_of_the_pack_stands_in_for_its_purchase() -> None:
    dates = {"pack_purchased": "2025-03-25", "pack_inspected": "2025-04-01"}
    facts: dict[str, Any] = {"service": "supportpack", "reason": "disagree_with_terms", **dates}
    assert answer("refund", **facts)["by"] == "2025-04-15"
    assert answer("refund", **{**facts, "pack_purchased": None})["by"] == "2025-04-15"
    assert refused_field("refund", **{**facts, "pack_inspected": "2025-03-24"}) == "pack_inspected"


@pytest.mark.req("VA-INT-02", "VA-REG-12")
@pytest.mark.parametrize("reason", ["disagree_with_terms", "refused_by_operator"])
def test_only_a_proof_known_to_be_missing_stands_in_the_way(reason: str) -> None:
    facts: dict[str, Any] = {"pack_purchased": "2025-04-01", "refused_on": "2025-04-01", "reason": reason}
    assert answer("refund", service="video", **facts, proof=True)["refund"] is True
    assert answer("refund", service="video", **facts)["refund"] is True
    missing = answer("refund", service="video", **facts, proof=False)
    assert (missing["refund"], missing["payer"]) == (False, None)


@pytest.mark.req("SP-REF-01", "VA-INT-02")
@pytest.mark.parametrize("service", ["supportpack", "video"])
def test_who_has_registered_waits_for_a_person_but_not_when_late(service: str) -> None:
    facts: dict[str, Any] = {"pack_purchased": "2025-04-01", "already_registered": True}
    found = answer("refund", service=service, reason="disagree_with_terms", returned="2025-04-15", **facts)
    assert (found["refund"], found["payer"]) == (None, None)
    late = answer("refund", service=service, reason="disagree_with_terms", returned="2025-04-16", **facts)
    assert late["refund"] is False


@pytest.mark.req("SP-REF-02", "MM-CND-23", "VA-TRN-05", "SP-TRM-05", "SP-STP-01", "MM-BIL-04")
@pytest.mark.parametrize(
    ("service", "reasons"),
    [
        (
            "supportpack",
            [*NOTHING, "parts_retention", "outage", "double_charge", "other"],
        ),
        ("video", ["stopped_using", "terminated", "parts_retention"]),
        ("mimamori", ["stopped_using", "terminated", "outage", "double_charge", "disagree_with_terms", "other"]),
    ],
)
def test_nothing_comes_back_under_other_terms(service: str, reasons: list[str]) -> None:
    for reason in reasons:
        found = answer("refund", service=service, reason=reason, returned="2025-04-02", refused_on="2025-04-01")
        assert found == {"refund": False, "by": None, "payer": None}, reason


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"reason": "disagree_with_terms"}, "pack_purchased"),
        ({"reason": "refused_by_operator"}, "refused_on"),
        ({"reason": "disagree_with_terms", "pack_purchased": "2025-04-01", "returned": "2025-03-31"}, "returned"),
        ({"reason": "disagree_with_terms", "pack_purchased": "2025-02-29"}, "pack_purchased"),
        ({"reason": "disagree_with_terms", "pack_purchased": "9999-12-31"}, "pack_purchased"),
    ],
)
def test_what_cannot_be_judged_is_refused(facts: dict[str, Any], field: str) -> None:
    assert refused_field("refund", service="video", **facts) == field


def test_a_reason_that_the_terms_do_not_know_is_refused_with_those_they_do() -> None:
    result = ask("refund", service="mimamori", reason="end_of_sale")
    assert result["error"]["field"] == "reason"
    assert "stopped_using" in result["error"]["message"]
    assert refused_field("refund", service="remote-care", reason="other") == "ask"


@pytest.mark.req("SP-CAL-06", "VA-CAL-07")
def test_a_last_day_on_a_day_off_is_said_and_not_moved() -> None:
    facts = {"pack_purchased": "2025-10-20", "returned": "2025-11-04"}
    found = answer("refund", service="video", reason="disagree_with_terms", **facts)
    assert (found["refund"], found["by"], found["day_off"]) == (False, "2025-11-03", ["by"])


@pytest.mark.req("SP-REF-01")
def test_the_explanation_gives_both_days_and_the_ground_that_lost() -> None:
    facts = {"pack_purchased": "2025-12-24", "returned": "2026-01-08"}
    result = ask("refund", service="supportpack", explain=True, reason="disagree_with_terms", **facts)
    assert [step["date"] for step in result["derivation"]] == ["2025-12-24", "2026-01-07"]
    assert [lost["rule"] for lost in result["losing"]] == ["SP-REF-01"]
