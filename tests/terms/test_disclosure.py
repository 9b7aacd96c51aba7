"""disclosure: to a third party with the customer's earlier written consent, to a subcontractor under equal duties."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.dates import JST
from tests.terms.asking import unhurried
from tests.terms.reporting import answer, answer_of, ask, clauses, invented, refused_field

NOON = datetime(2025, 6, 10, 12, tzinfo=JST)
CONSENT = {"given": "2025-06-01T10:00+09:00", "recipient": "R", "items": ["name", "phone"], "form": "paper"}
THIRD: dict[str, Any] = {"recipient": "third_party", "at": NOON.isoformat(), "items": ["name"], "consent": CONSENT}
AGREEMENT = {"from": "2025-04-01", "to": "2026-03-31"}
SUB: dict[str, Any] = {
    "recipient": "re_subcontractor",
    "at": NOON.isoformat(),
    "items": ["name", "mail"],
    "needed": ["name"],
    "agreement": AGREEMENT,
}

names = st.lists(st.sampled_from(["name", "phone", "mail", "address"]), min_size=1, unique=True)
seconds = st.integers(-86400, 86400)


def after_noon(second: int) -> str:
    return (NOON + timedelta(seconds=second)).isoformat()


@pytest.mark.req("RC-PII-01")
@unhurried
@given(items=names, agreed=names, given_at=seconds, withdrawn=seconds, days=st.integers(-2, 2))
def test_a_third_party_sees_what_was_agreed_before_and_not_yet_withdrawn_or_over(
    items: list[str], agreed: list[str], given_at: int, withdrawn: int, days: int
) -> None:
    until = NOON.date() + timedelta(days=days)
    consent = CONSENT | {"items": agreed, "given": after_noon(given_at), "withdrawn": after_noon(withdrawn)}
    found = answer("disclosure", **THIRD | {"items": items, "consent": consent | {"until": until.isoformat()}})
    open_now = given_at < 0 < withdrawn and days >= 0
    assert found["allowed"] == [item for item in items if open_now and item in agreed]
    assert found["refused"] == [item for item in items if item not in found["allowed"]]
    assert found["needs"] == (["consent"] if found["refused"] else [])


@pytest.mark.req("RC-PII-03")
@unhurried
@given(items=names, required=names, first=st.integers(-3, 3), length=st.integers(0, 3))
def test_a_subcontractor_sees_what_it_needs_on_the_days_of_its_agreement(
    items: list[str], required: list[str], first: int, length: int
) -> None:
    start: date = NOON.date() + timedelta(days=first)
    agreement = {"from": start.isoformat(), "to": (start + timedelta(days=length)).isoformat()}
    found = answer("disclosure", **SUB | {"items": items, "needed": required, "agreement": agreement})
    lasts = first <= 0 <= first + length
    assert found["allowed"] == [item for item in items if lasts and item in required]
    assert found["refused"] == [item for item in items if item not in found["allowed"]]
    assert found["needs"] == ([] if lasts else ["agreement"])


@pytest.mark.req("RC-PII-01", "RC-PII-03")
def test_one_basis_does_not_stand_in_for_the_other() -> None:
    assert (
        answer("disclosure", **THIRD | {"consent": None, "agreement": AGREEMENT, "needed": ["name"]})["allowed"] == []
    )
    assert answer("disclosure", **SUB | {"agreement": None, "consent": CONSENT})["allowed"] == []


@pytest.mark.req("RC-PII-01")
@pytest.mark.parametrize("lacking", ["recipient", "items"])
@pytest.mark.parametrize("how", [None, "empty"])
def test_a_consent_that_does_not_say_to_whom_and_what_is_none(lacking: str, how: str | None) -> None:
    empty: Any = {"recipient": "", "items": []}[lacking] if how else None
    assert answer("disclosure", **THIRD | {"consent": CONSENT | {lacking: empty}})["needs"] == ["consent"]


@pytest.mark.req("RC-PII-01")
@pytest.mark.parametrize(("name", "shown"), [("R", True), ("S", False), (None, True)])
def test_a_consent_counts_for_its_recipient(name: str | None, shown: bool) -> None:
    assert bool(answer("disclosure", **THIRD | {"recipient_name": name})["allowed"]) is shown


STRICT = """
[disclosure]
required = ["recipient", "items", "at"]
inside = { clause = "1", rule = "W-01" }
consent = { electronic_counts = false, clause = "1", rule = "W-01" }
agreement = { clause = "1", rule = "W-01" }
needed = { clause = "1", rule = "W-01" }
"""


@pytest.mark.req("RC-PII-01")
@pytest.mark.parametrize(
    ("form", "usually", "strictly"), [("paper", True, True), ("electronic", True, False), (None, True, False)]
)
def test_whether_an_electronic_consent_counts_is_a_setting(
    tmp_path: Path, form: str | None, usually: bool, strictly: bool
) -> None:
    facts = THIRD | {"consent": CONSENT | {"form": form}}
    result = ask("disclosure", **facts)
    assert bool(result["answer"]["allowed"]) is usually
    assert ("電子的な承諾" in result["reasons"][0]["text"]) is (form == "electronic")
    assert bool(answer_of(invented(tmp_path, STRICT), "disclosure", **facts)["allowed"]) is strictly


def test_inside_the_organisation_all_items_stay_open() -> None:
    found = answer("disclosure", **SUB | {"recipient": "organisation", "agreement": None})
    assert found == {"allowed": ["name", "mail"], "refused": [], "needs": []}
    assert clauses("disclosure", **SUB | {"recipient": "organisation"}) == ["第10条 (1)"]


def test_no_sentence_repeats_the_items() -> None:
    result = ask("disclosure", **SUB | {"items": ["name", "ZZ-SECRET-0001"]})
    assert not any("SECRET" in each["text"] for each in result["reasons"])


@pytest.mark.parametrize(("facts", "losing"), [(THIRD, "第10条 (2)"), (SUB, "第10条 (1)")])
def test_explaining_names_the_basis_that_was_not_used(facts: dict[str, Any], losing: str) -> None:
    result = ask("disclosure", explain=True, **facts)
    assert [lost["clause"] for lost in result["losing"]] == [losing]
    assert result["derivation"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (THIRD | {"items": []}, "items"),
        (THIRD | {"items": None}, "items"),
        (THIRD | {"at": "2025-06-10T12:00"}, "at"),
        (THIRD | {"recipient": "friend"}, "recipient"),
        (THIRD | {"consent": CONSENT | {"given": None}}, "consent"),
        (THIRD | {"consent": CONSENT | {"given": "2025-06-01"}}, "consent"),
        (THIRD | {"consent": CONSENT | {"colour": "red"}}, "consent"),
        (THIRD | {"consent": []}, "consent"),
        (SUB | {"agreement": {"from": "2025-04-01"}}, "agreement"),
        (SUB | {"agreement": {"from": "2025-04-02", "to": "2025-04-01"}}, "agreement"),
        (SUB | {"needed": None}, "needed"),
        (SUB | {"needed": "name"}, "needed"),
    ],
)
def test_what_cannot_be_read_or_contradicts_itself_is_refused_by_its_field(facts: dict[str, Any], field: str) -> None:
    assert refused_field("disclosure", **facts) == field
