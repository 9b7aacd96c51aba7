"""extension: when a kit is sold, and that it never gives more than the coverage would."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.catalog import Cap, edition
from hoshu.terms.extension import compile_extension
from tests.terms.asking import PLANS, answer, ask, changed, unhurried

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2080, 12, 31))


@pytest.mark.req("IX-EXT-01", "IX-EXT-03")
@unhurried
@given(end=days, shift=st.integers(-200, 500), limit=st.one_of(st.none(), st.integers(-400, 800)))
def test_sold_only_in_its_window_and_only_for_a_whole_year(end: date, shift: int, limit: int | None) -> None:
    on = end + timedelta(days=shift)
    facts = {"on": on.isoformat(), "end": end.isoformat()}
    if limit is not None:
        facts["support_limit"] = (end + timedelta(days=limit)).isoformat()
    found = answer("extension", **facts)
    if found["buyable"]:
        assert found["from"] <= facts["on"] <= facts["end"]
        assert not found["by_approval"]
    if found["buyable"] or found["by_approval"]:
        assert facts["on"] <= found["new_end"]
        assert facts["end"] < found["new_end"] <= facts.get("support_limit", found["new_end"])


@pytest.mark.req("IX-EXT-02")
@unhurried
@given(purchased=days, plan=st.sampled_from(PLANS), end_of_sale=st.one_of(st.none(), days))
def test_the_new_end_is_the_end_of_the_coverage_with_one_more_kit(
    purchased: date, plan: str, end_of_sale: date | None
) -> None:
    facts: dict[str, Any] = {"purchased": purchased.isoformat(), "registered": purchased.isoformat()}
    model = {} if end_of_sale is None else {"end_of_sale": end_of_sale.isoformat()}
    now = answer("coverage", plan=plan, **facts, **model)
    later = answer("coverage", plan=plan, **facts, **model, extension_kits=1)
    if now["end"] is None:
        return
    sold = answer("extension", plan=plan, on=now["end"], end=now["end"], **model)
    if sold["new_end"] is None:
        assert later["end"] == now["end"]
    else:
        assert sold["new_end"] == later["end"]


@pytest.mark.req("IX-EXT-03")
def test_the_day_on_which_the_sale_of_kits_stops_is_its_last() -> None:
    facts = {"end": "2025-05-31", "kit_sales_stopped": "2025-03-31"}
    assert answer("extension", on="2025-03-31", **facts)["buyable"] is True
    assert answer("extension", on="2025-04-01", **facts)["buyable"] is False


@pytest.mark.req("IX-EXT-03", "IX-EXT-01")
def test_a_kit_whose_sale_stops_before_it_opens_is_never_promised() -> None:
    result = ask("extension", on="2025-02-01", end="2025-05-31", kit_sales_stopped="2025-02-15")
    assert (result["answer"]["by_approval"], result["answer"]["new_end"]) == (False, None)
    assert "2025年2月15日まで" in result["reasons"][0]["text"]


@pytest.mark.req("IX-EXT-01", "IX-EXT-03")
def test_a_late_and_shortened_sale_names_both_reasons_for_the_approval() -> None:
    result = ask("extension", on="2027-10-01", end="2027-09-30", support_limit="2028-03-15")
    assert (result["answer"]["buyable"], result["answer"]["by_approval"]) == (False, True)
    assert {"IX-EXT-01", "IX-EXT-03"} == {reason["rule"] for reason in result["reasons"]}


@pytest.mark.req("IX-EXT-03")
def test_a_recorded_limit_prevails_over_the_calculated_one() -> None:
    facts = {"on": "2027-08-01", "end": "2027-09-30", "end_of_sale": "2022-09-30"}
    assert answer("extension", **facts)["new_end"] is None
    assert answer("extension", **facts, support_limit="2028-09-30")["buyable"] is True


@pytest.mark.req("IX-EXT-01")
def test_nothing_is_left_to_approve_once_the_further_year_is_over() -> None:
    last = answer("extension", on="2026-05-31", end="2025-05-31")
    assert (last["by_approval"], last["new_end"]) == (True, "2026-05-31")
    late = answer("extension", on="2026-06-01", end="2025-05-31")
    assert (late["by_approval"], late["new_end"]) == (False, None)


@pytest.mark.req("IX-EXT-01", "IX-GEN-05")
def test_too_early_says_when_the_sale_opens() -> None:
    result = ask("extension", on="2025-02-27", end="2025-05-31")
    assert result["reasons"][0]["clause"] == "第1章 3."
    assert "2025年2月28日" in result["reasons"][0]["text"]


@pytest.mark.req("IX-EXT-03")
def test_a_cut_year_is_shown_before_it_is_bought() -> None:
    result = ask("extension", on="2027-08-01", end="2027-09-30", support_limit="2028-03-15")
    assert "2028年3月15日" in result["reasons"][0]["text"]
    assert "担当者が判断" in result["reasons"][0]["text"]


@pytest.mark.req("IX-EXT-03")
def test_explaining_names_a_limit_that_cuts_nothing() -> None:
    facts = {"on": "2027-08-01", "end": "2027-09-30", "support_limit": "2028-09-30"}
    assert [lost["rule"] for lost in ask("extension", explain=True, **facts)["losing"]] == ["IX-EXT-03"]


def test_another_vendor_sells_kits_of_two_years_up_to_the_end_of_its_parts() -> None:
    ix = edition("ix", "2022-10")
    coverage = ix.coverage
    assert coverage is not None
    assert coverage.kit is not None
    cap = Cap(
        name="parts_retention",
        fact="production_ended",
        label="生産終了日",
        years=7,
        limit_label="部品の保有期限",
        clause="第1章 3.",
        rule="IX-EXT-03",
    )
    hardware_only = changed(cap, fact="parts_until", years=1, part="hardware")
    two_years = changed(coverage, kit=changed(coverage.kit, years=2), cap=(cap, hardware_only))
    decider = compile_extension(changed(ix, coverage=two_years), None)
    facts = {"on": date(2025, 3, 1), "end": date(2025, 5, 31)}
    whole, _ = decider(facts, None)
    assert (whole["buyable"], whole["new_end"]) == (True, "2027-05-31")
    cut, reasons = decider({**facts, "production_ended": date(2020, 3, 31), "parts_until": date(2025, 6, 1)}, None)
    assert (cut["by_approval"], cut["new_end"]) == (True, "2027-03-31")
    assert "部品の保有期限のため、2年に満たない2027年3月31日まで" in reasons[0]["text"]
