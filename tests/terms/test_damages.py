"""damages: the ceiling, the heads that are never owed, and the year to claim."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.catalog import edition
from tests.terms.asking import answer, ask, changed, refused_field, unhurried

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


@pytest.mark.req("SP-DMG-01", "SP-DMG-02", "VA-DMG-01", "VA-DMG-02")
@pytest.mark.parametrize("service", ["supportpack", "video"])
@unhurried
@given(data=st.data(), price=yen, paid=yen)
def test_each_pack_pays_what_its_heads_owe_up_to_its_price(
    service: str, data: st.DataObject, price: int, paid: int
) -> None:
    terms = edition(service, "1" if service == "supportpack" else "2021-08").damages
    assert terms is not None
    assert [head.code for head in terms.head if head.owed == "yes"] == ["direct"]
    claims = data.draw(st.lists(st.tuples(st.sampled_from([head.code for head in terms.head]), yen), max_size=5))
    lines = [{"head": head, "yen": amount} for head, amount in claims]
    found = answer("damages", service=service, price_yen=price, paid_yen=paid, lines=lines)
    owed = sum(amount for head, amount in claims if head == "direct")
    assert found["payable_yen"] == min(owed, max(price - paid, 0))
    assert found["remaining_yen"] == max(price - paid, 0) - found["payable_yen"]


@pytest.mark.req("SP-DMG-04")
def test_a_year_from_when_the_breach_could_be_known_and_not_from_its_notice() -> None:
    facts = {"service": "supportpack", "price_yen": 180_000, "paid_yen": 0, "lines": [{"head": "direct", "yen": 1}]}
    result = ask("damages", known="2025-03-15", noticed="2025-06-15", claimed="2026-03-16", **facts)
    assert (result["answer"]["claim_by"], result["answer"]["in_time"]) == ("2026-03-15", False)
    assert result["answer"]["payable_yen"] == 0
    assert "知ることができた日の2025年3月15日" in result["reasons"][-1]["text"]
    assert refused_field("damages", known="2025-03-15", claimed="2025-03-14", **facts) == "claimed"


@pytest.mark.req("VA-DMG-02")
def test_where_no_time_is_set_no_claim_is_late() -> None:
    facts = {"price_yen": 180_000, "paid_yen": 0, "lines": [{"head": "direct", "yen": 50_000}]}
    found = answer("damages", service="video", known="2001-01-01", claimed="2026-01-01", **facts)
    assert (found["claim_by"], found["in_time"], found["payable_yen"]) == (None, None, 50_000)


@pytest.mark.req("SP-DMG-01", "IX-DMG-01")
@pytest.mark.parametrize("service", ["ix", "supportpack"])
def test_nothing_is_paid_before_the_talks_and_the_reason_says_so(service: str) -> None:
    facts = {"service": service, "price_yen": 180_000, "paid_yen": 0, "lines": [{"head": "direct", "yen": 50_000}]}
    assert answer("damages", talked=False, **facts)["payable_yen"] == 0
    assert answer("damages", talked=True, **facts)["payable_yen"] == 50_000
    unknown = ask("damages", **facts)
    assert unknown["answer"]["payable_yen"] == 50_000
    assert "話し合って" in "".join(reason["text"] for reason in unknown["reasons"])


@pytest.mark.req("MM-CND-05", "MM-FLT-07")
@pytest.mark.parametrize("head", ["equipment", "recreation", "lost_profit", "third_party", "data_loss", "other"])
def test_a_service_that_compensates_nothing_pays_nothing(head: str) -> None:
    result = ask("damages", service="mimamori", lines=[{"head": head, "yen": 300_000}])
    assert (result["answer"]["payable_yen"], result["answer"]["cap_yen"]) == (0, None)
    assert result["reasons"][0]["clause"] == ("9.5" if head == "data_loss" else "7.3")
    assert "対象になりません" in result["reasons"][0]["text"]


@pytest.mark.req("RC-LIA-01", "RC-LIA-02")
@pytest.mark.parametrize(
    ("head", "held"), [("natural_disaster", 0), ("other", 0), ("intent", 1_000), ("gross_negligence", 1_000)]
)
def test_fault_is_found_by_a_person_and_pays_nothing_by_itself(head: str, held: int) -> None:
    result = ask("damages", service="remote-care", lines=[{"head": head, "yen": 1_000}])
    assert (result["answer"]["payable_yen"], result["answer"]["held_yen"]) == (0, held)
    assert ("担当者が判断" in result["reasons"][0]["text"]) is bool(held)


@pytest.mark.req("RC-LIA-02", "MM-CND-06")
@pytest.mark.parametrize("service", ["remote-care", "mimamori"])
def test_a_report_without_a_sum_is_answered_too(service: str) -> None:
    result = ask("damages", service=service, lines=[])
    assert (result["answer"]["payable_yen"], result["answer"]["held_yen"]) == (0, 0)
    assert result["reasons"]


def test_a_ceiling_needs_its_price_and_a_time_to_claim_its_start() -> None:
    terms = edition("supportpack", "1").damages
    assert terms is not None
    with pytest.raises(ValueError, match="price_yen と paid_yen"):
        changed(terms, required=("price_yen",))
    with pytest.raises(ValueError, match="claim と claim_from の片方"):
        changed(terms, claim_from=None)


@pytest.mark.req("VA-DMG-02", "SP-DMG-01")
@pytest.mark.parametrize("service", ["video", "supportpack"])
def test_what_was_paid_before_is_told_only_where_there_is_any(service: str) -> None:
    facts = {"price_yen": 180_000, "lines": [{"head": "direct", "yen": 50_000}]}
    first = ask("damages", service=service, **facts, paid_yen=0)["reasons"][0]["text"]
    assert first == "賠償の上限はパックの代金の180,000円です。今回お支払いできるのは50,000円です。"
    second = ask("damages", service=service, **facts, paid_yen=150_000)["reasons"][0]["text"]
    assert "で、150,000円を支払い済みのため残りは30,000円です。今回お支払いできるのは30,000円です。" in second
