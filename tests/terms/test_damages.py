"""damages: the ceiling, the heads that are never owed, and the year to claim."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terms.asking import answer, ask, refused_field, unhurried

yen = st.integers(0, 10_000_000)
NEVER = ("not_attributable", "special", "indirect", "consequential", "lost_profit", "lost_saving")


@pytest.mark.req("IX-DMG-01", "IX-DMG-02")
@unhurried
@given(price=yen, paid=yen, claims=st.lists(st.tuples(st.sampled_from(("direct", *NEVER)), yen), max_size=5))
def test_never_more_than_what_is_left_of_the_price(price: int, paid: int, claims: list[tuple[str, int]]) -> None:
    lines = [{"head": head, "yen": amount} for head, amount in claims]
    found = answer("damages", price_yen=price, paid_yen=paid, lines=lines)
    owed = sum(amount for head, amount in claims if head == "direct")
    assert found["cap_yen"] == price
    assert found["payable_yen"] == min(owed, max(price - paid, 0))
    assert found["remaining_yen"] == max(price - paid, 0) - found["payable_yen"]


@pytest.mark.req("IX-DMG-02")
@pytest.mark.parametrize("head", NEVER)
def test_a_head_that_is_never_owed_shows_its_clause_and_its_sum(head: str) -> None:
    lines = [{"head": head, "yen": 20_000}, {"head": head, "yen": 30_000}]
    result = ask("damages", price_yen=120_000, paid_yen=0, lines=lines)
    assert result["answer"]["payable_yen"] == 0
    assert [r["text"] for r in result["reasons"] if r["clause"] == "第4章 13.(2)" and "50,000円" in r["text"]]


@pytest.mark.req("IX-DMG-02")
@pytest.mark.parametrize("line", [{"yen": 40_000}, {"yen": 40_000, "head": "unheard_of"}])
def test_a_line_that_nobody_classified_waits(line: dict[str, object]) -> None:
    found = answer("damages", price_yen=120_000, paid_yen=0, lines=[line])
    assert (found["payable_yen"], found["held_yen"]) == (0, 40_000)


@pytest.mark.req("IX-DMG-01")
def test_without_the_price_no_amount_is_released() -> None:
    assert refused_field("damages", paid_yen=0, lines=[{"head": "direct", "yen": 1}]) == "price_yen"
    assert refused_field("damages", price_yen=120_000, lines=[{"head": "direct", "yen": 1}]) == "paid_yen"


@pytest.mark.req("IX-DMG-04")
def test_a_late_claim_pays_nothing_and_says_why() -> None:
    facts = {"price_yen": 120_000, "paid_yen": 0, "lines": [{"head": "direct", "yen": 60_000}]}
    result = ask("damages", noticed="2025-06-10", claimed="2026-06-11", **facts)
    assert (result["answer"]["in_time"], result["answer"]["payable_yen"]) == (False, 0)
    assert result["reasons"][-1]["clause"] == "第4章 13.(4)"
    assert "期限を過ぎています" in result["reasons"][-1]["text"]


@pytest.mark.req("IX-DMG-04")
def test_a_claim_without_a_notice_is_the_notice_and_a_person_decides() -> None:
    facts = {"price_yen": 120_000, "paid_yen": 0, "lines": [{"head": "direct", "yen": 60_000}]}
    result = ask("damages", claimed="2025-06-10", **facts)
    assert (result["answer"]["claim_by"], result["answer"]["in_time"]) == ("2026-06-10", None)
    assert "担当者が判断" in result["reasons"][-1]["text"]
    nothing = answer("damages", **facts)
    assert (nothing["claim_by"], nothing["in_time"]) == (None, None)


@pytest.mark.req("IX-DMG-04")
def test_a_claim_before_its_notice_is_refused() -> None:
    facts = {"price_yen": 120_000, "paid_yen": 0, "noticed": "2025-06-10", "claimed": "2025-06-09"}
    assert refused_field("damages", **facts) == "claimed"
