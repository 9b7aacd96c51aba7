"""use: six purposes and no other, nothing more than needed, and persons only where they agreed or cannot be told."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terms.asking import unhurried
from tests.terms.reporting import answer, answer_of, ask, clauses, invented, refused_field

PURPOSES = ("P1", "P2", "P3", "P4", "P5", "P6")
FORM: dict[str, Any] = {"data": "form", "personal": False}
DEVICE: dict[str, Any] = {"data": "device", "personal": False, "needed_by_service": True}

flags = st.sampled_from([True, False, None])


@pytest.mark.req("RC-PUR-01", "RC-COL-01")
@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("facts", [FORM, DEVICE])
def test_each_of_the_six_purposes_serves_both_kinds_of_information(purpose: str, facts: dict[str, Any]) -> None:
    assert answer("use", purpose=purpose, **facts)["allowed"] is True
    assert clauses("use", purpose=purpose, **facts)[0] == f"第4条 ({purpose[1]})"


@pytest.mark.req("RC-PUR-02", "RC-PII-02")
@unhurried
@given(purpose=st.text().filter(lambda text: text not in PURPOSES), agreed=flags, cut=flags)
def test_no_agreement_opens_a_purpose_outside_the_list(purpose: str, agreed: bool | None, cut: bool | None) -> None:
    found = answer("use", purpose=purpose, opt_in=agreed, deidentified=cut, **FORM)
    assert found == {"allowed": False, "needs": []}
    assert clauses("use", purpose=purpose, **FORM) == ["第4条 前文", "第5条 (1)"]


@pytest.mark.req("RC-COL-12", "RC-PII-02", "RC-PUR-06", "RC-PUR-08")
@unhurried
@given(st.sampled_from(PURPOSES), st.sampled_from(["form", "device"]), flags, flags, flags)
def test_persons_are_free_to_the_customers_own_service_only(
    purpose: str, data: str, personal: bool | None, cut: bool | None, agreed: bool | None
) -> None:
    facts: dict[str, Any] = {"personal": personal, "deidentified": cut, "opt_in": agreed, "needed_by_service": True}
    found = answer("use", purpose=purpose, data=data, **facts)
    told = personal is not False and cut is not True
    agreeing = purpose == "P6" and data == "form" and agreed is True
    assert found["allowed"] is (purpose in PURPOSES[:4] or not told or agreeing)


@pytest.mark.req("RC-PUR-07")
@pytest.mark.parametrize(("size", "shown"), [(None, False), (1, False), (4, False), (5, True), (6, True)])
def test_others_see_figures_of_five_customers_or_more(size: int | None, shown: bool) -> None:
    found = answer("use", purpose="P5", to_others=True, group_size=size, **DEVICE)
    assert (found["allowed"], found["needs"]) == (shown, [] if shown else ["group_size"])


@pytest.mark.req("RC-PUR-07")
@pytest.mark.parametrize("purpose", ["P2", "P5"])
def test_others_never_see_who_it_is(purpose: str) -> None:
    facts = {"purpose": purpose, "to_others": True, "group_size": 9, **DEVICE, "personal": True}
    assert answer("use", **facts) == {"allowed": False, "needs": ["deidentified"]}
    assert answer("use", **facts, deidentified=True)["allowed"] is True


@pytest.mark.req("RC-PUR-07", "RC-COL-12")
def test_all_that_is_missing_is_named_at_once() -> None:
    facts: dict[str, Any] = {"data": "device", "personal": True, "to_others": True, "group_size": 1}
    result = ask("use", purpose="P5", **facts)
    assert result["answer"]["needs"] == ["needed_by_service", "deidentified", "group_size"]
    assert [each["rule"] for each in result["reasons"] if "同じ定め" not in each["text"]] == [
        "RC-COL-11",
        "RC-COL-12",
        "RC-PUR-07",
    ]


@pytest.mark.req("RC-COL-11")
@pytest.mark.parametrize(("needed", "allowed"), [(True, True), (False, False), (None, False)])
def test_data_of_a_unit_is_used_where_the_service_needs_it(needed: bool | None, allowed: bool) -> None:
    assert answer("use", purpose="P1", **DEVICE | {"needed_by_service": needed})["allowed"] is allowed
    assert answer("use", purpose="P1", **FORM | {"needed_by_service": needed})["allowed"] is True


@pytest.mark.req("RC-PUR-08")
@pytest.mark.parametrize("facts", [FORM, FORM | {"personal": True, "opt_in": True}])
def test_who_declined_the_news_gets_none(facts: dict[str, Any]) -> None:
    assert answer("use", purpose="P6", opted_out=False, **facts)["allowed"] is True
    assert answer("use", purpose="P6", opted_out=True, **facts)["allowed"] is False
    assert answer("use", purpose="P2", opted_out=True, **facts)["allowed"] is True


@pytest.mark.req("RC-PUR-04")
@pytest.mark.parametrize(
    ("requested", "allowed", "needs"),
    [(True, True, []), (False, False, ["requested"]), (None, True, ["requested"])],
)
def test_material_goes_to_those_who_asked_for_it(requested: bool | None, allowed: bool, needs: list[str]) -> None:
    found = answer("use", purpose="P3", requested=requested, **FORM)
    assert (found["allowed"], found["needs"]) == (allowed, needs)


@pytest.mark.req("RC-SUR-01", "RC-SUR-02")
@pytest.mark.parametrize("purpose", PURPOSES)
def test_after_the_end_delivery_material_and_news_stop_and_the_rest_goes_on(purpose: str) -> None:
    stops = purpose in ("P1", "P3", "P6")
    assert answer("use", purpose=purpose, ended=True, requested=True, **FORM)["allowed"] is not stops
    assert answer("use", purpose=purpose, ended=False, requested=True, **FORM)["allowed"] is True


PURPOSE = """
[use]
required = ["purpose", "data"]
purpose = [{ code = "研究", name = "研究", text = "調べます。", personal = "deidentified", after_end = true, \
clause = "1", rule = "W-01" }]
listed = { clause = "1", rule = "W-01" }
ended = { clause = "1", rule = "W-01" }
requested = { clause = "1", rule = "W-01" }
opted_out = { clause = "1", rule = "W-01" }
needed = { clause = "1", rule = "W-01" }
deidentified = { clause = "1", rule = "W-01" }
personal = { clause = "1", rule = "W-01" }
group = { customers = 2, clause = "1", rule = "W-01" }
"""


@pytest.mark.req("RC-PUR-01")
def test_another_edition_has_its_own_purposes_and_its_own_smallest_group(tmp_path: Path) -> None:
    path = invented(tmp_path, PURPOSE)
    assert answer_of(path, "use", purpose="研究", **FORM, to_others=True, group_size=2)["allowed"] is True
    assert answer_of(path, "use", purpose="研究", **FORM, to_others=True, group_size=1)["allowed"] is False
    assert answer_of(path, "use", purpose="P1", **FORM)["allowed"] is False


def test_explaining_says_that_the_purpose_is_listed() -> None:
    assert [lost["rule"] for lost in ask("use", explain=True, purpose="P1", **FORM)["losing"]] == ["RC-PUR-02"]
    changes = ask("use", explain=True, purpose="P6", data="form", personal=True)["what_would_change"]
    assert {"opt_in", "deidentified", "personal"} == {each["fact"] for each in changes if each["answer"].get("allowed")}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"purpose": None}, "purpose"),
        ({"purpose": ["P1", "P2"]}, "purpose"),
        ({"data": "cloud"}, "data"),
        ({"data": None}, "data"),
        ({"personal": "no"}, "personal"),
        ({"group_size": 0}, "group_size"),
        ({"group_size": 5.0}, "group_size"),
        ({"group_size": True}, "group_size"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_field(facts: dict[str, Any], field: str) -> None:
    assert refused_field("use", **({"purpose": "P1", "data": "form"} | facts)) == field


@pytest.mark.req("RC-PUR-08", "RC-PUR-04")
@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"purpose": "P6", "personal": False, "opted_out": True}, "お客様が「新商品・新サービスの案内」を断っている"),
        ({"purpose": "P3", "requested": False}, "お客様の求めの記録がないため、利用できません。"),
    ],
)
def test_a_refused_use_says_whose_word_stands_against_it(facts: dict[str, Any], said: str) -> None:
    (reason,) = ask("use", data="form", **facts)["reasons"]
    assert reason["text"].startswith(said)
