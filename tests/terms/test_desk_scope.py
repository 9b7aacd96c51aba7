"""desk_scope: each subject of the two lists, for each person, before and after the end."""

from typing import Any

import pytest

from hoshu.catalog import edition
from tests.terms import asking

SCOPE = edition("mimamori", "2020-03").desk_scope
assert SCOPE is not None
IN = [subject.code for subject in SCOPE.subject if subject.in_scope]
OUT = [subject.code for subject in SCOPE.subject if not subject.in_scope]


def answer(**facts: Any) -> dict[str, Any]:
    return asking.answer("desk_scope", service="mimamori", **facts)


@pytest.mark.req("MM-DSK-07", "MM-DSK-05")
@pytest.mark.parametrize("code", IN)
def test_in_scope_the_administrator_is_served_and_nobody_else(code: str) -> None:
    assert answer(subject=code, requester="administrator") == {"in_scope": True, "allowed": True, "needs": []}
    assert answer(subject=code, requester="unregistered")["allowed"] is False
    assert answer(subject=code, requester="unknown")["allowed"] is False


@pytest.mark.req("MM-DSK-08", "MM-DSK-06")
@pytest.mark.parametrize("code", OUT)
def test_out_of_scope_nobody_is_served_and_the_sentence_names_the_subject_or_the_way(code: str) -> None:
    result = asking.ask("desk_scope", service="mimamori", subject=code, requester="administrator")
    assert (result["answer"]["in_scope"], result["answer"]["allowed"]) == (False, False)
    assert SCOPE is not None
    subject = next(each for each in SCOPE.subject if each.code == code)
    assert result["reasons"][0]["clause"] == subject.clause
    assert subject.label in result["reasons"][0]["text"] or result["reasons"][0]["text"] == subject.answer


@pytest.mark.req("MM-DSK-05")
@pytest.mark.parametrize("code", IN)
def test_after_the_end_only_returns_and_open_insurance_cases_are_taken(code: str) -> None:
    found = answer(subject=code, requester="administrator", contract_active=False)
    assert found["allowed"] is (code in {"IN-04", "IN-X4", "IN-X5"})
    assert found["needs"] == (["open_case"] if code in {"IN-04", "IN-X4"} else [])


@pytest.mark.req("MM-DSK-05")
def test_what_is_not_taken_is_not_said_to_be_taken() -> None:
    facts = {"subject": "IN-02", "requester": "administrator", "contract_active": False}
    scope, ended = asking.ask("desk_scope", service="mimamori", **facts)["reasons"]
    assert scope["text"] == "「ポータル」は、相談窓口の対応範囲です。"
    # A call-out whose thirty days still run needs no case yet.
    assert "駆け付けの期限が残っている" in ended["text"]


@pytest.mark.req("MM-DSK-06")
def test_the_open_subject_asks_for_what_is_not_recorded() -> None:
    facts = {"subject": "OUT-35", "requester": "administrator"}
    assert answer(**facts)["needs"] == ["reason", "approver"]
    assert answer(**facts, reason=True, approver=False)["needs"] == ["approver"]
    assert answer(**facts, reason=True, approver=True)["needs"] == []


@pytest.mark.req("MM-DSK-05", "MM-DSK-06")
def test_what_is_unknown_is_refused() -> None:
    for facts, field in (
        ({"requester": "administrator"}, "subject"),
        ({"subject": "IN-01"}, "requester"),
        ({"subject": "in-01", "requester": "administrator"}, "subject"),
        ({"subject": "IN-01", "requester": "reseller"}, "requester"),
        ({"subject": ["IN-01", "OUT-12"], "requester": "administrator"}, "subject"),
    ):
        assert asking.refused_field("desk_scope", service="mimamori", **facts) == field


@pytest.mark.req("MM-DSK-05")
def test_explaining_says_that_the_person_did_not_matter() -> None:
    facts = {"subject": "OUT-32", "requester": "unknown"}
    result = asking.ask("desk_scope", service="mimamori", explain=True, **facts)
    assert [lost["rule"] for lost in result["losing"]] == ["MM-DSK-05"]
