"""rating: the highest level of the alerts is shown; what is under investigation is lower than every star."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.catalog import edition
from tests.terms.asking import answer, ask, refused_field, unhurried

LEVELS = {"high": "★★★", "medium": "★★☆", "low": "★☆☆", "investigating": ""}
some_levels = st.lists(st.sampled_from([*LEVELS]), min_size=1, max_size=8)


@pytest.mark.req("MM-ALM-02")
def test_the_scale_has_four_values_in_this_order() -> None:
    levels = edition("mimamori", "2020-03").alert_level
    assert {level.code: level.stars for level in levels} == LEVELS
    assert [level.code for level in levels] == [*LEVELS]
    assert [level.result_follows for level in levels] == [False, False, False, True]
    assert ["強くお勧め" in levels[0].says, "お勧めします" in levels[1].says] == [True, True]


@pytest.mark.req("MM-ALM-02", "MM-ALM-03", "MM-ALM-04")
@unhurried
@given(alerts=some_levels)
def test_the_most_stars_are_shown_whatever_the_order(alerts: list[str]) -> None:
    found = answer("rating", service="mimamori", alerts=alerts)
    assert found["stars"] == max((LEVELS[code] for code in alerts), key=lambda stars: stars.count("★"))
    assert found["stars"] == LEVELS[found["mail"]]
    assert found["follow_up"] is ("investigating" in alerts)
    assert answer("rating", service="mimamori", alerts=alerts[::-1]) == found


@pytest.mark.req("MM-ALM-02")
def test_the_sentences_say_what_was_weighed() -> None:
    result = ask("rating", service="mimamori", alerts=["low", "investigating", "low"], explain=True)
    texts = [reason["text"] for reason in result["reasons"]]
    assert "可能性は低い" in texts[0]
    assert "3件" in texts[1]
    assert "「調査中」は「低」より低い" in texts[2]
    assert [lost["text"] for lost in result["losing"]] == ["より高い「低」があるため、「調査中」は件名に示しません。"]


@pytest.mark.req("MM-ALM-02")
@pytest.mark.parametrize("alerts", [[], ["none"], [3], ["high", None], "high", None, {"high": 1}])
def test_what_is_no_level_is_refused(alerts: object) -> None:
    assert refused_field("rating", service="mimamori", alerts=alerts) == "alerts"
