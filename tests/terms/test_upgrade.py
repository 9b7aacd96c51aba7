"""upgrade: what is supplied, and which version is supported until when."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terms.asking import answer, ask, clauses, refused_field, unhurried


def upgrade(**facts: Any) -> dict[str, Any]:
    return answer("upgrade", service="video", **{"type": "REV", **facts})


@pytest.mark.req("VA-PPS-06")
@given(st.lists(st.booleans(), max_size=6))
@unhurried
def test_a_version_up_needs_every_condition(conditions: list[bool]) -> None:
    assert upgrade(type="VER", conditions=conditions)["supply"] == (False not in conditions)


@pytest.mark.req("VA-PPS-06")
def test_the_unmet_conditions_are_named() -> None:
    result = ask("upgrade", service="video", type="VER", conditions=[False, True, False])
    assert "1、3番目" in result["reasons"][0]["text"]
    assert result["reasons"][0]["clause"] == "第3章 3.2(1)④"


@pytest.mark.req("VA-PPS-05")
def test_a_revision_up_has_no_conditions_and_does_not_include_its_installation() -> None:
    assert upgrade(conditions=[False])["supply"] is True
    result = ask("upgrade", service="video", type="REV", installation_wanted=True)
    assert result["answer"]["supply"] is True
    assert "入れる作業は含まない" in result["reasons"][0]["text"]
    assert upgrade(pp_on_contract=False)["supply"] is False
    assert clauses("upgrade", service="video", type="REV", pp_on_contract=False) == ["第3章 3.4(3)②"]


@pytest.mark.req("VA-PPS-07")
@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2090, 1, 1)), st.integers(0, 3000))
@unhurried
def test_the_old_version_ends_the_day_before_the_new_one_is_used(in_use: date, later: int) -> None:
    end = in_use + timedelta(days=later)
    found = upgrade(in_use=str(in_use), supplied=str(in_use), end=str(end))
    assert found["old_until"] == str(in_use - timedelta(days=1))
    assert (found["new_from"], found["new_until"]) == (str(in_use), str(end))


@pytest.mark.req("VA-PPS-07")
def test_what_is_not_used_yet_changes_nothing() -> None:
    found = upgrade(supplied="2026-01-13", end="2030-04-01")
    assert found == {"supply": True, "old_until": None, "new_from": None, "new_until": None}
    assert clauses("upgrade", service="video", type="REV", supplied="2026-01-13") == ["第3章 3.2(1)③"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"type": "PATCH"}, "type"),
        ({"type": None}, "type"),
        ({"type": "VER"}, "conditions"),
        ({"type": "VER", "conditions": [None]}, "conditions"),
        ({"type": "VER", "conditions": [False], "in_use": "2026-02-01"}, "in_use"),
        ({"type": "VER", "conditions": [False], "supplied": "2026-02-01"}, "supplied"),
        ({"requested": "2026-01-09", "supplied": "2026-01-08"}, "supplied"),
        ({"requested": "2026-01-09", "in_use": "2026-01-08"}, "in_use"),
        ({"supplied": "2026-01-13", "in_use": "2026-01-12"}, "in_use"),
        ({"in_use": "2030-04-02", "end": "2030-04-01"}, "in_use"),
        ({"in_use": "2026-02-30"}, "in_use"),
    ],
)
def test_bad_input_is_refused_with_its_field(facts: dict[str, Any], field: str) -> None:
    assert refused_field("upgrade", service="video", **{"type": "REV", **facts}) == field


def test_equal_days_are_in_order() -> None:
    day = "2026-01-13"
    assert upgrade(requested=day, supplied=day, in_use=day, end=day)["new_from"] == day


def test_the_explanation_names_the_two_days_or_why_there_are_none() -> None:
    result = ask("upgrade", service="video", explain=True, type="REV", in_use="2028-03-01")
    assert [step["date"] for step in result["derivation"]] == ["2028-02-29", "2028-03-01"]
    assert "使い始めていない" in ask("upgrade", service="video", explain=True, type="REV")["losing"][0]["text"]
