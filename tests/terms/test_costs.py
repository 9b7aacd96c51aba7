"""costs: what of a visit is billed, what the customer bears directly, and what waits for its evidence."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.catalog import edition
from tests.terms.asking import answer, ask, changed, refused_field, unhurried

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


@pytest.mark.req("SP-CST-01", "SP-CST-02", "VA-CST-01", "VA-CST-02", "VA-CST-03", "VA-CST-04")
@pytest.mark.parametrize("service", ["video", "supportpack"])
@unhurried
@given(lines=lines_of_a_visit)
def test_both_packs_bill_special_transport_lodging_and_its_allowance_only(
    service: str, lines: list[dict[str, Any]]
) -> None:
    found = answer("costs", service=service, lines=lines)
    kinds = {line["kind"] for line in lines}
    travelled = not kinds.isdisjoint({"ship", "air", "lodging"})
    billable = {"ship", "air", "lodging"} | ({"allowance"} if travelled else set())
    assert set(found["borne_by_customer"]) == kinds & {"media", "utilities", "communication"}
    assert set(found["not_billed"]) == kinds & ({"ground", "allowance"} - billable)
    assert found["total_yen"] == sum(
        line["yen"] for line in lines if line["kind"] in billable and line.get("evidence") is True
    )


@pytest.mark.req("VA-CST-02", "SP-CST-01")
@pytest.mark.parametrize(("service", "clause"), [("video", "第3章 2.4(2)"), ("supportpack", "第6条 (1)")])
def test_the_customer_does_not_pay_for_the_calls_of_the_provider(service: str, clause: str) -> None:
    own = ask("costs", service=service, lines=[{"kind": "communication", "yen": 60, "by_provider": True}])
    assert (own["answer"]["not_billed"], own["answer"]["borne_by_customer"]) == (["communication"], [])
    assert own["reasons"][0]["clause"] == clause
    for calls in ({"by_provider": False}, {}):
        found = answer("costs", service=service, lines=[{"kind": "communication", "yen": 60, **calls}])
        assert found["borne_by_customer"] == ["communication"]
    # Only a call can be the provider's.
    assert answer("costs", service=service, lines=[{"kind": "media", "yen": 60, "by_provider": True}])[
        "borne_by_customer"
    ] == ["media"]


@pytest.mark.req("IX-GUA-01", "SP-LIA-01")
@pytest.mark.parametrize("service", ["ix", "supportpack"])
def test_the_journey_for_work_done_again_waits_for_a_person(service: str) -> None:
    lines = [{"kind": "ship", "yen": 3_200, "evidence": True}, {"kind": "media", "yen": 500}]
    again = ask("costs", service=service, lines=lines, reperformance=True)
    assert (again["answer"]["held"], again["answer"]["billed"]) == (["ship"], [])
    assert again["answer"]["borne_by_customer"] == ["media"]
    assert "担当者が判断" in again["reasons"][0]["text"]
    assert answer("costs", service=service, lines=lines, reperformance=False)["billed"] == ["ship"]


@pytest.mark.req("MM-BIL-01")
def test_besides_the_service_fee_nothing_is_charged() -> None:
    lines = [{"kind": kind, "yen": 100, "evidence": True} for kind in (*KINDS, "site_work")]
    found = answer("costs", service="mimamori", lines=lines)
    assert (found["billed"], found["borne_by_customer"], found["total_yen"]) == ([], [], 0)
    assert found["not_billed"] == [line["kind"] for line in lines]


@pytest.mark.req("RC-NET-03", "RC-NET-06")
@pytest.mark.parametrize(
    ("kind", "clause"), [("site_work", "第7条 (2)"), ("utilities", "第7条 (2)"), ("communication", "第7条 (4)")]
)
def test_what_a_connection_costs_is_never_invoiced(kind: str, clause: str) -> None:
    result = ask("costs", service="remote-care", lines=[{"kind": kind, "yen": 100, "evidence": True}])
    assert (result["answer"]["borne_by_customer"], result["answer"]["billed"]) == ([kind], [])
    assert result["reasons"][0]["clause"] == clause


def test_kinds_that_go_with_others_need_their_rule() -> None:
    terms = edition("supportpack", "1").costs
    assert terms is not None
    with pytest.raises(ValueError, match="片方しかありません"):
        changed(terms, only_with_others_rule=None)
