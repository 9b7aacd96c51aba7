"""slo: the seconds of a month, overlap counted once, the share cut and never rounded up."""

from datetime import UTC, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.catalog import edition
from hoshu.dates import JST
from hoshu.terms.slo import FACTS, compile_slo
from tests.terms import asking
from tests.terms.asking import changed, unhurried

MIMAMORI = edition("mimamori", "2020-03")
JUNE = datetime(2025, 6, 1, tzinfo=JST)
JUNE_S = 30 * 86_400


def answer(**facts: Any) -> dict[str, Any]:
    return asking.answer("slo", service="mimamori", **facts)


def refused_field(**facts: Any) -> str:
    return asking.refused_field("slo", service="mimamori", **facts)


def at(seconds: int) -> str:
    return (JUNE + timedelta(seconds=seconds)).isoformat()


def stop(first: int, last: int, **more: Any) -> dict[str, Any]:
    return {"from": at(first), "to": at(last), **more}


def announced(first: int, last: int, code: str = "X2") -> dict[str, Any]:
    """A stop inside a window of its own length that was announced as it began."""
    return stop(first, last, code=code, noticed=at(first), window_from=at(first), window_to=at(last))


spans = st.lists(
    st.tuples(st.integers(-4000, JUNE_S + 4000), st.integers(0, 90_000)).map(lambda span: (span[0], span[0] + span[1])),
    max_size=5,
)


@pytest.mark.req("MM-SLO-01", "MM-SLO-03")
@unhurried
@given(unplanned=spans, planned=spans)
def test_the_seconds_are_those_of_a_count_one_by_one_and_the_share_is_cut(
    unplanned: list[tuple[int, int]], planned: list[tuple[int, int]]
) -> None:
    outages = [stop(*span) for span in unplanned] + [announced(*span) for span in planned]
    found = answer(month="2025-06", outages=outages)
    excluded = {second for first, last in planned for second in range(max(first, 0), min(last, JUNE_S))}
    down = {second for first, last in unplanned for second in range(max(first, 0), min(last, JUNE_S))} - excluded
    assert (found["total_s"], found["excluded_s"], found["down_s"]) == (JUNE_S, len(excluded), len(down))
    base = JUNE_S - len(excluded)
    exact = Decimal(100 * (base - len(down))) / base
    assert Decimal(str(found["availability"])) == exact.quantize(Decimal("0.001"), ROUND_DOWN)
    assert found["met"] is (100 * len(down) <= base)


@pytest.mark.req("MM-SLO-01", "MM-SLO-03")
def test_one_second_decides_at_the_border_and_is_not_rounded_away() -> None:
    assert answer(month="2025-06", outages=[stop(0, 432 * 60)])["met"] is True
    over = answer(month="2025-06", outages=[stop(0, 432 * 60 + 1)])
    assert (over["met"], over["availability"]) == (False, 98.999)
    assert answer(month="2025-06", outages=[stop(0, 1)])["availability"] == 99.999


@pytest.mark.req("MM-SLO-03")
def test_a_month_without_a_stop_is_whole() -> None:
    found = answer(month="2025-12", outages=[])
    assert (found["availability"], found["met"], found["total_s"], found["state"]) == (
        100.0,
        True,
        31 * 86_400,
        "final",
    )


@pytest.mark.req("MM-SLO-02", "MM-SLO-03")
@pytest.mark.parametrize("left_out", ["code", "noticed", "window_from", "window_to"])
def test_a_record_that_lacks_a_part_excludes_nothing(left_out: str) -> None:
    outage = announced(3600, 7200)
    del outage[left_out]
    found = answer(month="2025-06", outages=[outage])
    assert (found["excluded_s"], found["down_s"]) == (0, 3600)


@pytest.mark.req("MM-SLO-03")
def test_a_notice_a_second_after_the_window_opened_is_too_late() -> None:
    outage = announced(3600, 7200) | {"noticed": at(3601)}
    found = answer(month="2025-06", outages=[outage])
    assert (found["excluded_s"], found["down_s"]) == (0, 3600)
    assert found["availability_excluding_unannounced"] == 100.0
    result = asking.ask("slo", service="mimamori", month="2025-06", outages=[outage])
    assert "除いて数えると100.000％です" in result["reasons"][-1]["text"]


@pytest.mark.req("MM-SLO-03")
def test_the_other_reading_excludes_work_without_a_notice() -> None:
    assert MIMAMORI.slo is not None
    decider = compile_slo(changed(MIMAMORI, slo=changed(MIMAMORI.slo, unannounced_counts=False)), None)
    facts = {"month": "2025-06", "outages": [stop(3600, 7200, code="X4"), stop(9000, 9060)]}
    found, _ = decider({name: FACTS[name].kind.read(value) for name, value in facts.items()}, None)
    assert (found["excluded_s"], found["down_s"]) == (3600, 60)


@pytest.mark.req("MM-SLO-03")
def test_a_stop_at_the_month_border_belongs_to_the_later_month() -> None:
    outage = [stop(-60, 60)]
    assert answer(month="2025-05", outages=outage)["down_s"] == 60
    assert answer(month="2025-06", outages=outage)["down_s"] == 60
    assert answer(month="2025-07", outages=outage)["down_s"] == 0


@pytest.mark.req("MM-SLO-03")
def test_a_moment_of_another_offset_counts_in_japan() -> None:
    utc = {"from": "2025-05-31T15:00:00+00:00", "to": datetime(2025, 5, 31, 15, 1, tzinfo=UTC).isoformat()}
    assert answer(month="2025-06", outages=[utc])["down_s"] == 60


@pytest.mark.req("MM-SLO-03")
def test_an_open_stop_of_a_later_month_leaves_this_one_final() -> None:
    assert answer(month="2025-06", outages=[{"from": at(JUNE_S)}])["state"] == "final"
    assert answer(month="2025-06", outages=[{"from": at(JUNE_S - 1)}])["state"] == "open"


@pytest.mark.req("MM-SLO-02")
def test_explaining_names_the_kinds_of_work_that_there_were_none_of() -> None:
    result = asking.ask("slo", service="mimamori", explain=True, month="2025-06", outages=[announced(0, 60, "X3")])
    assert [lost["rule"] for lost in result["losing"]] == ["MM-SLO-02"] * 3


@pytest.mark.req("MM-SLO-02", "MM-SLO-03")
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"outages": []}, "month"),
        ({"month": "2025-06"}, "outages"),
        ({"month": "2025-06-01", "outages": []}, "month"),
        ({"month": "2025-06", "outages": [{"to": at(0)}]}, "outages"),
        ({"month": "2025-06", "outages": [stop(1, 0)]}, "outages"),
        ({"month": "2025-06", "outages": [stop(0, 60, window_from=at(60), window_to=at(0))]}, "outages"),
        ({"month": "2025-06", "outages": [announced(0, 60, "X9")]}, "outages"),
        ({"month": "2025-06", "outages": [announced(0, 60, "X4") | {"approver": False}]}, "outages"),
        ({"month": "2025-06", "outages": [{"from": "2025-06-10T10:00"}]}, "outages"),
    ],
)
def test_what_contradicts_itself_is_refused(facts: dict[str, Any], field: str) -> None:
    assert refused_field(**facts) == field
