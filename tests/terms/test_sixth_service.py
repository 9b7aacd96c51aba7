"""A service that no code knows is served from its file alone: nothing but data makes the five services differ."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hoshu.catalog import Source, services
from hoshu.terms import adopt, decide

SIX_DAYS = ["mon", "tue", "wed", "thu", "fri", "sat"]
"""2025-10-13 was a Monday and a public holiday; 2025-10-19 a Sunday."""


@pytest.fixture(autouse=True)
def adopted() -> Iterator[None]:
    adopt([Source.of(Path(__file__).with_name("sixth.toml"))])
    yield
    adopt([])


def asked(ask: str, **facts: Any) -> dict[str, Any]:
    return decide({"id": 1, "ask": ask, "service": "coffee", "plan": "six-2y", "explain": True, "facts": facts})


def answer(ask: str, **facts: Any) -> dict[str, Any]:
    found = asked(ask, **facts)
    assert "answer" in found, found
    assert found["reasons"]
    assert found["edition"] == "2024-01"
    answered: dict[str, Any] = found["answer"]
    return answered


def window(at: str, **facts: Any) -> tuple[Any, ...]:
    found = answer("window", at=f"{at}+09:00", **{"service_days": SIX_DAYS} | facts)
    return found["open"], *(each and each[:16] for each in (found["opens_at"], found["closes_at"], found["attend_by"]))


def test_it_is_a_service_like_the_others_and_leaves_nothing_behind() -> None:
    assert "coffee" in services()
    adopt([])
    assert "coffee" not in services()
    assert asked("coverage", shipped="2024-04-01", registered="2024-04-10")["error"]["field"] == "service"


@pytest.mark.parametrize(
    ("shipped", "counted_from", "end"),
    [
        ("2024-03-31", "2024-04-01", "2026-03-31"),
        ("2024-02-28", "2024-02-29", "2026-02-28"),
        ("2023-12-31", "2024-01-01", "2025-12-31"),
    ],
)
def test_two_years_from_the_day_after_the_shipment(shipped: str, counted_from: str, end: str) -> None:
    found = answer("coverage", shipped=shipped, registered="2024-05-01")
    assert (found["counted_from"], found["start"], found["end"]) == (counted_from, "2024-05-01", end)
    assert "purchase_basis" not in found
    assert "hardware_end" not in found


def test_a_kit_adds_a_year_and_an_early_end_cuts_it() -> None:
    found = answer("coverage", shipped="2024-03-31", registered="2024-05-01", extension_kits=1)
    assert found["end"] == "2027-03-31"
    found = answer(
        "coverage", shipped="2024-03-31", registered="2024-05-01", extension_kits=1, ended_early="2025-01-15"
    )
    assert (found["end"], found["cap"]) == ("2025-01-15", "ended_early")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2025-10-14T08:59", (False, "2025-10-14T09:00", "2025-10-14T12:00", "2025-10-14T18:00")),
        ("2025-10-14T09:00", (True, "2025-10-14T09:00", "2025-10-14T12:00", "2025-10-14T18:00")),
        ("2025-10-14T12:00", (False, "2025-10-14T13:00", "2025-10-14T18:00", "2025-10-14T18:00")),
        ("2025-10-14T15:59", (True, "2025-10-14T15:59", "2025-10-14T18:00", "2025-10-14T18:00")),
        ("2025-10-14T16:00", (True, "2025-10-14T16:00", "2025-10-14T18:00", "2025-10-15T18:00")),
        ("2025-10-14T18:00", (False, "2025-10-15T09:00", "2025-10-15T12:00", "2025-10-15T18:00")),
        # A public holiday and the Sunday that was not chosen are closed; a call on them is served on the next day.
        ("2025-10-13T10:00", (False, "2025-10-14T09:00", "2025-10-14T12:00", "2025-10-14T18:00")),
        ("2025-10-18T17:00", (True, "2025-10-18T17:00", "2025-10-18T18:00", "2025-10-20T18:00")),
        # The service's own closed days: the 29th of December is none of them here, the 30th is.
        ("2025-12-29T10:00", (True, "2025-12-29T10:00", "2025-12-29T12:00", "2025-12-29T18:00")),
        ("2025-12-30T10:00", (False, "2026-01-05T09:00", "2026-01-05T12:00", "2026-01-05T18:00")),
        ("2025-08-14T10:00", (False, "2025-08-15T09:00", "2025-08-15T12:00", "2025-08-15T18:00")),
    ],
)
def test_two_windows_a_day_on_six_chosen_days_and_a_cut_off(at: str, expected: tuple[Any, ...]) -> None:
    assert window(at) == expected


def test_the_customer_chooses_the_days() -> None:
    without_tuesday = ["mon", "wed", "thu", "fri", "sat", "sun"]
    assert window("2025-10-14T10:00", service_days=without_tuesday)[:2] == (False, "2025-10-15T09:00")
    assert window("2025-10-19T10:00", service_days=without_tuesday)[0]
    assert asked("window", at="2025-10-14T10:00+09:00")["error"]["field"] == "service_days"
    for wrong in (SIX_DAYS[:5], [*SIX_DAYS, "sun"], ["mon"] * 6):
        refused = asked("window", at="2025-10-14T10:00+09:00", service_days=wrong)
        assert refused["error"]["field"] == "service_days"
        assert "6日" in refused["error"]["message"]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2025-10-14T19:59", (False, "2025-10-14T20:00", "2025-10-15T02:00")),
        ("2025-10-14T23:59", (True, "2025-10-14T23:59", "2025-10-15T02:00")),
        ("2025-10-15T01:59", (True, "2025-10-15T01:59", "2025-10-15T02:00")),
        ("2025-10-15T02:00", (False, "2025-10-15T20:00", "2025-10-16T02:00")),
        # Friday's window runs into Saturday, on which none opens; a holiday's night never opens.
        ("2025-10-18T01:00", (True, "2025-10-18T01:00", "2025-10-18T02:00")),
        ("2025-10-13T21:00", (False, "2025-10-14T20:00", "2025-10-15T02:00")),
        ("2025-10-14T01:00", (False, "2025-10-14T20:00", "2025-10-15T02:00")),
    ],
)
def test_a_night_window_is_one_window_and_belongs_to_the_day_it_opens(at: str, expected: tuple[Any, ...]) -> None:
    assert window(at, part="desk") == (*expected, None)


def test_a_request_is_judged_with_its_own_clauses() -> None:
    coverage = {"start": "2024-05-01", "end": "2026-03-31"}
    served = asked("entitlement", at="2025-10-13T10:00+09:00", coverage=coverage, service_days=SIX_DAYS)
    assert served["answer"]["outcome"] == "covered"
    assert served["answer"]["attend_from"] == "2025-10-14T09:00+09:00"
    assert {reason["clause"] for reason in served["reasons"]} == {"第2条", "第3条"}
    paid = answer(
        "entitlement", at="2025-10-14T10:00+09:00", coverage=coverage, service_days=SIX_DAYS, cause="CM-EX-01"
    )
    assert (paid["outcome"], paid["needs"]) == ("chargeable", ["consent"])
    late = answer("entitlement", at="2026-03-31T18:00+09:00", coverage=coverage, service_days=SIX_DAYS)
    assert late["outcome"] == "not_covered"
    unknown = answer("entitlement", at="2025-10-14T10:00+09:00", serial_registered=False)
    assert (unknown["outcome"], unknown["needs"]) == ("not_covered", ["serial"])


def test_what_its_file_does_not_offer_is_refused() -> None:
    refused = asked("damages", price_yen=1)
    assert refused["error"]["field"] == "ask"
