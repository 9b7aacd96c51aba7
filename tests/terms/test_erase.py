"""erase: everything goes with the end of use, except what the law, evidence or a running matter holds."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terms.asking import answer, ask, refused_field, unhurried

END = date(2025, 6, 30)
FACTS = {"usable_until": "2025-06-30", "on": "2025-07-01", "kind": "detection"}
near_days = st.dates(min_value=date(2025, 5, 1), max_value=date(2025, 9, 30))


@pytest.mark.req("MM-TRM-02")
@pytest.mark.parametrize(
    ("kind", "destroyed"),
    [("detection", True), ("account", True), ("application", True), ("billing", False), ("evidence", False)],
)
def test_what_goes_and_what_stays(kind: str, destroyed: bool) -> None:
    after = answer("erase", service="mimamori", **{**FACTS, "kind": kind})
    assert (after["destroy"], after["release"]) == (destroyed, None)
    assert after["destroy_from"] == ("2025-07-01" if destroyed else None)
    assert after["backups_by"] == ("2025-08-04" if destroyed else None)
    assert answer("erase", service="mimamori", **{**FACTS, "kind": kind, "on": "2025-06-30"})["destroy"] is False
    assert answer("erase", service="mimamori", **{**FACTS, "kind": kind, "on": "2035-06-30"})["destroy"] is destroyed


@pytest.mark.req("MM-TRM-02")
@unhurried
@given(on=near_days, untils=st.lists(st.none() | near_days, max_size=3))
def test_destroyed_once_the_use_and_every_hold_have_ended(on: date, untils: list[date | None]) -> None:
    holds: list[Any] = [
        "insurance" if until is None else {"code": "dispute", "until": until.isoformat()} for until in untils
    ]
    found = answer("erase", service="mimamori", **{**FACTS, "on": on.isoformat(), "holds": holds})
    known = [until for until in untils if until is not None]
    last = None if len(known) < len(untils) else max([END, *known])
    assert found["destroy"] is (last is not None and on > last)
    released = None if last is None or last == END else (last + timedelta(days=1)).isoformat()
    assert found["release"] == released
    assert found["backups_by"] == (last and (last + timedelta(days=35)).isoformat())


@pytest.mark.req("MM-TRM-02")
def test_three_stars_hold_for_the_thirty_days_of_the_call_out() -> None:
    hold = {"code": "three_star", "since": "2025-06-29"}
    result = ask("erase", service="mimamori", **FACTS, holds=[hold], explain=True)
    assert (result["answer"]["destroy"], result["answer"]["release"]) == (False, "2025-07-30")
    assert "別紙2 注意事項" in [reason["clause"] for reason in result["reasons"]]
    assert len(result["losing"]) == 1
    # A case that was opened holds on; the day alone does not say how long.
    assert answer("erase", service="mimamori", **FACTS, holds=[hold, "insurance"])["release"] is None
    # An alert of long ago holds nothing any more.
    old = {"code": "three_star", "since": "2025-05-31"}
    assert answer("erase", service="mimamori", **FACTS, holds=[old])["destroy"] is True
    # A last day that is named prevails.
    named = {**hold, "until": "2025-07-10"}
    assert answer("erase", service="mimamori", **FACTS, holds=[named])["release"] == "2025-07-11"
    # Without the day of the alert nobody knows when it ends.
    assert answer("erase", service="mimamori", **FACTS, holds=["three_star"])["destroy"] is False


@pytest.mark.req("MM-TRM-02")
def test_a_reason_that_the_document_does_not_know_holds_too_and_is_named() -> None:
    result = ask("erase", service="mimamori", **FACTS, holds=["捜査への協力"])
    assert result["answer"]["destroy"] is False
    assert any("捜査への協力" in reason["text"] for reason in result["reasons"])


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": "photo"}, "kind"),
        ({"kind": None}, "kind"),
        ({"kind": 1}, "kind"),
        ({"usable_until": None}, "usable_until"),
        ({"usable_until": "9999-12-31", "on": "2025-07-01"}, "usable_until"),
        ({"on": "2025-06-31"}, "on"),
        ({"holds": [{"code": "three_star", "since": "9999-12-31"}]}, "holds"),
        ({"holds": {"code": "three_star"}}, "holds"),
    ],
)
def test_what_cannot_be_read_is_refused(facts: dict[str, object], field: str) -> None:
    assert refused_field("erase", service="mimamori", **FACTS | facts) == field
