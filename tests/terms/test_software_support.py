"""software_support: who is answered, from when an inquiry counts as received, and what it counts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.dates import moment_of
from tests.terms.asking import answer, ask, clauses, refused_field, unhurried

AT = "2025-10-14T10:00+09:00"


def support(**facts: Any) -> dict[str, Any]:
    return answer("software_support", service="video", **{"at": AT, **facts})


@pytest.mark.req("VA-PPS-08")
@pytest.mark.parametrize(
    ("plan", "at", "received"),
    [
        ("9x5-5y", "2025-10-10T17:45", "2025-10-14T08:30"),
        ("9x5-5y", "2025-10-14T08:29", "2025-10-14T08:30"),
        ("9x5-5y", "2025-10-14T08:30", "2025-10-14T08:30"),
        ("9x5-5y", "2025-10-14T17:29", "2025-10-14T17:29"),
        ("9x5-5y", "2025-10-14T17:30", "2025-10-15T08:30"),
        ("9x5-5y", "2025-12-26T18:00", "2026-01-05T08:30"),
        ("24x7-5y", "2026-01-01T00:00", "2026-01-01T00:00"),
    ],
)
def test_an_inquiry_counts_as_received_in_the_hours_of_the_software(plan: str, at: str, received: str) -> None:
    found = answer("software_support", service="video", plan=plan, at=f"{at}+09:00")
    assert found["received_at"] == f"{received}+09:00"
    assert found["outcome"] == "accept"


@pytest.mark.req("VA-PPS-02")
def test_the_hours_of_a_specification_prevail_and_it_is_said_who_decided() -> None:
    spec = {"at": "2025-10-14T08:45+09:00", "spec_hours": {"from": "09:00", "to": "17:00"}}
    assert support(**spec)["received_at"] == "2025-10-14T09:00+09:00"
    assert support(**spec)["decided_by"] == support(spec_limit=5, used=0)["decided_by"] == "spec"
    assert support(spec_limit=5, used=5)["decided_by"] == "spec"
    assert support()["decided_by"] == support(spec_limit=5, used=0, modified=True)["decided_by"] == "terms"


@pytest.mark.req("VA-PPS-03", "VA-PPS-16")
@given(limit=st.integers(0, 9) | st.none(), used=st.integers(0, 12), same=st.booleans())
@unhurried
def test_an_accepted_inquiry_counts_once_and_never_more_than_the_limit(
    limit: int | None, used: int, same: bool
) -> None:
    found = support(spec_limit=limit, used=used, same_inquiry=same)
    is_refused = limit is not None and used >= limit and not same
    assert found["outcome"] == ("refused" if is_refused else "accept")
    assert found["used"] == used + (0 if is_refused or same else 1)
    assert found["remaining"] == (None if limit is None else max(limit - found["used"], 0))
    assert found["code"] is None


@pytest.mark.req("VA-PPS-03")
def test_a_count_nobody_knows_stays_unknown() -> None:
    assert support()["used"] is None
    assert support(spec_limit=None, used=3)["remaining"] is None


STOPS = [
    ({"pp_on_contract": False}, "refused", "PX-02", "第3章 3.4(3)②"),
    ({"licence_valid": False}, "refused", "OS-1", "第3章 3.4(1)①"),
    ({"licence_until": "2025-10-13"}, "refused", "OS-1", "第3章 3.4(1)①"),
    ({"modified": True}, "refused", "OS-2", "第3章 3.4(1)②"),
    ({"replaced_on": "2025-10-14"}, "refused", None, "第3章 3.2(1)⑤"),
    ({"in_japan": False}, "refused", None, "第3章 3.5"),
    ({"japanese": False}, "refused", None, "第3章 3.5"),
    ({"disturbing_product": True}, "on_hold", None, "第3章 3.4(2)"),
    *(
        ({"subject": f"PX-0{number}"}, "refused", f"PX-0{number}", f"第3章 3.4(3){'①②③④⑤⑥'[number - 1]}")
        for number in range(1, 7)
    ),
]


@pytest.mark.req("VA-PRO-05", "VA-PPS-07", "VA-PPS-12", "VA-PPS-13", "VA-PPS-14", "VA-PPS-18")
@pytest.mark.parametrize(("facts", "outcome", "code", "clause"), STOPS)
def test_what_is_not_served_is_refused_with_its_clause_and_never_counted(
    facts: dict[str, Any], outcome: str, code: str | None, clause: str
) -> None:
    found = support(spec_limit=5, used=2, **facts)
    assert (found["outcome"], found["code"], found["used"], found["remaining"]) == (outcome, code, 2, 3)
    assert clauses("software_support", service="video", at=AT, **facts)[0] == clause


@pytest.mark.req("VA-PPS-07", "VA-PPS-12")
@pytest.mark.parametrize(
    "facts",
    [
        {"licence_until": "2025-10-14"}, {"replaced_on": "2025-10-15"}, {"licence_valid": True}, {"modified": False},
        {"pp_on_contract": True}, {"in_japan": True, "japanese": True}, {"disturbing_product": False},
        {"subject": None},
    ],
)  # fmt: skip
def test_what_is_served_is_accepted(facts: dict[str, Any]) -> None:
    assert support(**facts)["outcome"] == "accept"


@pytest.mark.req("VA-PPS-13")
def test_a_refusal_outweighs_a_hold_and_both_are_said() -> None:
    found = support(disturbing_product=True, japanese=False)
    assert found["outcome"] == "refused"
    cited = clauses("software_support", service="video", at=AT, disturbing_product=True, japanese=False)
    assert cited[:2] == ["第3章 3.5", "第3章 3.4(2)"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"at": "2025-10-14T10:00"}, "at"),
        ({"at": None}, "at"),
        ({"subject": "PX-07"}, "subject"),
        ({"subject": "EX-01"}, "subject"),
        ({"spec_limit": 5}, "used"),
        ({"spec_limit": -1, "used": 0}, "spec_limit"),
        ({"used": "3"}, "used"),
        ({"licence_until": "2025-02-29"}, "licence_until"),
        ({"spec_hours": {"from": "25:00", "to": "17:00"}}, "spec_hours"),
    ],
)
def test_bad_input_is_refused_with_its_field(facts: dict[str, Any], field: str) -> None:
    assert refused_field("software_support", service="video", **{"at": AT, **facts}) == field


def test_the_explanation_says_why_a_limit_did_not_decide() -> None:
    def lost(**facts: Any) -> str:
        result = ask("software_support", service="video", explain=True, at=AT, **facts)
        return "".join(each["text"] for each in result["losing"])

    assert "定めがない" in lost()
    assert "続き" in lost(spec_limit=5, used=5, same_inquiry=True)
    assert "まだ2回" in lost(spec_limit=5, used=2)


@pytest.mark.req("VA-PPS-08")
@given(st.integers(min_value=739_252 * 1440, max_value=740_300 * 1440))
@unhurried
def test_nothing_is_refused_for_the_hour_and_nothing_counts_before_it_came(minute: int) -> None:
    at = f"{moment_of(minute):%Y-%m-%dT%H:%M}+09:00"
    found = support(at=at)
    assert found["outcome"] == "accept"
    assert found["received_at"] >= at
    assert found["received_at"] == answer("window", service="video", at=at, part="software")["opens_at"]
