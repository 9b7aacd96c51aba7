"""average: rounded half up to one decimal without binary fractions, and hidden where it could reveal a company."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terms.asking import answer, ask, refused_field, unhurried

FACTS = {"counts": [10, 20, 0, 30, 40], "own": 30}
figures = st.integers(0, 10**9)


@pytest.mark.req("MM-POR-08")
@unhurried
@given(counts=st.lists(figures, min_size=5, max_size=40), own=figures)
def test_the_mean_is_exact_and_rounded_once(counts: list[int], own: int) -> None:
    found = answer("average", service="mimamori", counts=counts, own=own)
    exact = Fraction(sum(counts), len(counts))
    rounded = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert Decimal(str(found["average"])) == rounded
    assert Decimal(str(found["difference"])) == own - rounded


@pytest.mark.req("MM-POR-08")
@pytest.mark.parametrize(
    ("total", "companies", "average"),
    [(5, 20, 0.3), (1, 20, 0.1), (333, 20, 16.7), (100, 6, 16.7), (49, 1000, 0.0), (50, 1000, 0.1), (21, 20, 1.1)],
)
def test_half_a_tenth_is_rounded_up(total: int, companies: int, average: float) -> None:
    counts = [total, *[0] * (companies - 1)]
    assert answer("average", service="mimamori", counts=counts, own=0)["average"] == average


@pytest.mark.req("MM-POR-08")
def test_what_is_shown_adds_up() -> None:
    """16.65 is shown as 16.7, so 30 is 13.3 more on the same page and not 13.4."""
    found = answer("average", service="mimamori", counts=[333, *[0] * 19], own=30)
    assert (found["average"], found["difference"]) == (16.7, 13.3)
    below = answer("average", service="mimamori", counts=[333, *[0] * 19], own=10)
    assert below["difference"] == -6.7


@pytest.mark.req("MM-POR-08")
def test_companies_without_a_unit_are_not_counted_and_the_answer_says_so() -> None:
    result = ask("average", service="mimamori", **FACTS, without_unit=1)
    assert result["answer"] == answer("average", service="mimamori", **FACTS)
    assert "数に入れません" in result["reasons"][-1]["text"]
    assert len(ask("average", service="mimamori", **FACTS, without_unit=0)["reasons"]) == 1
    # Nor do they help to reach the smallest number of companies.
    assert answer("average", service="mimamori", counts=[1, 2, 3, 4], own=1, without_unit=3)["shown"] is False


@pytest.mark.req("MM-POR-09")
@pytest.mark.parametrize("companies", range(8))
def test_shown_from_five_companies_on(companies: int) -> None:
    result = ask("average", service="mimamori", counts=[7] * companies, own=7, explain=True)
    found = result["answer"]
    assert found["shown"] is (companies >= 5)
    assert (found["average"], found["difference"]) == ((7.0, 0.0) if companies >= 5 else (None, None))
    assert all(f"{companies}社の" not in reason["text"] for reason in result["reasons"])


@pytest.mark.req("MM-POR-08")
@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("2025-01-01", "2025-03-31", None),
        ("2025-01-01", "2025-04-01", "to"),
        ("2024-02-29", "2024-02-29", None),
        ("2024-03-01", "2024-02-29", "to"),
        ("2025-06-01", "2025-06-30", None),
        ("2025-06-01", "2025-07-01", "to"),
        ("2025-06-01", None, "to"),
        (None, "2025-06-30", "from"),
    ],
)
def test_the_period_is_of_whole_days_past_and_at_most_ninety(first: str, last: str, field: str | None) -> None:
    facts = {**FACTS, "from": first, "to": last, "on": "2025-06-30"}
    if field is None:
        assert answer("average", service="mimamori", **facts)["shown"] is True
    else:
        assert refused_field("average", service="mimamori", **facts) == field


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"counts": [1, 2, -3]}, "counts"),
        ({"counts": [1, 2.5]}, "counts"),
        ({"counts": [True] * 5}, "counts"),
        ({"counts": 5}, "counts"),
        ({"counts": None}, "counts"),
        ({"own": -1}, "own"),
        ({"own": None}, "own"),
        ({"without_unit": -1}, "without_unit"),
    ],
)
def test_figures_are_whole_and_never_negative(facts: dict[str, object], field: str) -> None:
    assert refused_field("average", service="mimamori", **FACTS | facts) == field


@pytest.mark.req("MM-POR-08")
@pytest.mark.parametrize(
    ("own", "said"), [(30, "自社は平均より10.0件多い"), (0, "20.0件少ない"), (20, "平均と同じです")]
)
def test_the_difference_is_said_from_the_own_side(own: int, said: str) -> None:
    result = ask("average", service="mimamori", counts=[10, 20, 0, 30, 40], own=own)
    assert said in result["reasons"][0]["text"]
