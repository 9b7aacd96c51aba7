"""costs: what of a visit is billed, what the customer bears directly, and what waits for its evidence."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terms.asking import answer, ask, refused_field, unhurried

KINDS = ("ship", "air", "ground", "lodging", "allowance", "media", "utilities", "communication")
lines_of_a_visit = st.lists(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(KINDS), "yen": st.integers(0, 1_000_000)}, optional={"evidence": st.booleans()}
    ),
    max_size=8,
)


@pytest.mark.req("IX-COST-04", "IX-COST-05", "IX-COST-06", "IX-COST-07")
@unhurried
@given(lines=lines_of_a_visit)
def test_every_line_stands_in_exactly_one_list_and_only_proven_ones_are_added_up(lines: list[dict[str, Any]]) -> None:
    found = answer("costs", lines=lines)
    sorted_lines = [found[name] for name in ("billed", "borne_by_customer", "held", "not_billed")]
    assert sorted(kind for each in sorted_lines for kind in each) == sorted(line["kind"] for line in lines)
    travelled = any(line["kind"] in ("ship", "air", "lodging") for line in lines)
    billable = {"ship", "air", "lodging"} | ({"allowance"} if travelled else set())
    assert found["total_yen"] == sum(
        line["yen"] for line in lines if line["kind"] in billable and line.get("evidence") is True
    )


@pytest.mark.req("IX-COST-01", "IX-COST-02", "IX-COST-03")
@pytest.mark.parametrize(
    ("kind", "clause"),
    [("media", "第4章 5.(1)①"), ("utilities", "第4章 5.(1)②"), ("communication", "第4章 5.(1)③")],
)
def test_what_the_customer_bears_is_never_billed(kind: str, clause: str) -> None:
    result = ask("costs", lines=[{"kind": kind, "yen": 500, "evidence": True}])
    assert (result["answer"]["billed"], result["answer"]["total_yen"]) == ([], 0)
    assert result["answer"]["borne_by_customer"] == [kind]
    assert result["reasons"][0]["clause"] == clause


@pytest.mark.req("IX-COST-06")
def test_an_allowance_waits_for_no_evidence_of_the_travel_that_it_goes_with() -> None:
    lines = [{"kind": "ship", "yen": 8_400}, {"kind": "allowance", "yen": 3_000, "evidence": True}]
    found = answer("costs", lines=lines)
    assert (found["held"], found["billed"], found["total_yen"]) == (["ship"], ["allowance"], 3_000)


@pytest.mark.req("IX-SUB-01")
@pytest.mark.parametrize("kind", ["subcontractor", "travel", ""])
def test_no_other_kind_of_cost_can_be_entered(kind: str) -> None:
    """第4章 7.: a subcontractor's fee is the provider's own and never becomes a cost line of the customer."""
    assert refused_field("costs", lines=[{"kind": kind, "yen": 500, "evidence": True}]) == "lines"


@pytest.mark.req("IX-COST-07")
@pytest.mark.parametrize("yen", [-1, 8_400.5, "8400"])
def test_an_amount_is_whole_yen(yen: object) -> None:
    assert refused_field("costs", lines=[{"kind": "ship", "yen": yen, "evidence": True}]) == "lines"


@pytest.mark.req("IX-COST-07")
def test_no_line_means_nothing_to_bill() -> None:
    result = ask("costs", lines=[])
    assert result["answer"]["total_yen"] == 0
    assert result["reasons"]
