"""terms_change: from when a changed text counts, whether it binds what runs, and which use means consent to it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.catalog import edition
from hoshu.terms.terms_change import compile_terms_change
from tests.terms.asking import answer, ask, changed, refused_field, unhurried

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 12, 31))


@pytest.mark.req("IX-GEN-01")
def test_a_changed_guide_binds_no_running_agreement() -> None:
    result = ask("terms_change", published="2025-12-01")
    assert result["answer"] == {"effective": "2025-12-01", "binds_existing": False}
    assert result["reasons"][0]["clause"] == "ご注意 (2)"
    assert "承諾した時の版のまま" in result["reasons"][0]["text"]


@pytest.mark.req("IX-GEN-01")
def test_the_day_of_publication_is_needed() -> None:
    assert refused_field("terms_change") == "published"


@pytest.mark.req("MM-DOC-02")
@unhurried
@given(published=days, later=st.integers(0, 60))
def test_twenty_full_days_lie_between_the_first_publication_and_the_first_day(published: date, later: int) -> None:
    supplied = published + timedelta(days=later)
    for first, second in ((published, supplied), (supplied, published)):
        facts = {"published": first.isoformat(), "supplied": second.isoformat()}
        found = answer("terms_change", service="mimamori", **facts)
        assert date.fromisoformat(found["effective"]) - published == timedelta(days=21)
        assert found["binds_existing"] is True


@pytest.mark.req("MM-DOC-02")
def test_the_later_of_two_publications_counts_where_the_terms_are_read_so() -> None:
    mimamori = edition("mimamori", "2020-03")
    assert mimamori.terms_change is not None
    other = changed(mimamori, terms_change=changed(mimamori.terms_change, counted_from="last"))
    decider = compile_terms_change(other, None)
    found, _ = decider({"published": date(2025, 4, 5), "supplied": date(2025, 4, 1)}, None)
    assert found["effective"] == "2025-04-26"


@pytest.mark.req("MM-DOC-02")
def test_a_day_that_is_set_goes_before_the_days_and_never_before_the_publication() -> None:
    facts = {"service": "mimamori", "published": "2025-04-01"}
    assert answer("terms_change", set_effective="2025-05-01", **facts)["effective"] == "2025-05-01"
    assert answer("terms_change", set_effective="2025-04-01", **facts)["effective"] == "2025-04-01"
    assert refused_field("terms_change", set_effective="2025-03-31", **facts) == "set_effective"
    assert refused_field("terms_change", service="mimamori") == "published"


@pytest.mark.req("MM-DOC-04")
@pytest.mark.parametrize(
    ("used", "consented"),
    [
        ("2025-04-21T23:59:59+09:00", False),
        ("2025-04-22T00:00+09:00", True),
        ("2025-04-21T15:00Z", True),
        (None, None),
    ],
)
def test_only_a_use_after_the_first_midnight_means_consent(used: str | None, consented: bool | None) -> None:
    found = answer("terms_change", service="mimamori", published="2025-04-01", used=used)
    assert found["consented"] is consented


@pytest.mark.req("MM-DOC-02")
def test_explaining_names_both_days() -> None:
    steps = ask("terms_change", service="mimamori", explain=True, published="2025-04-01")["derivation"]
    assert [step["date"] for step in steps] == ["2025-04-01", "2025-04-22"]


@pytest.mark.req("MM-DOC-02")
@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"published": "2025-04-10", "supplied": "2025-04-01"}, "2025年4月1日に販売元へ渡した版は"),
        ({"published": "2025-04-01", "supplied": "2025-04-10"}, "2025年4月1日に公表した版は"),
        ({"published": "2025-04-01", "supplied": "2025-04-01"}, "2025年4月1日に公表した版は"),
    ],
)
def test_the_reason_says_in_which_way_a_version_was_made_known(facts: dict[str, str], said: str) -> None:
    result = ask("terms_change", service="mimamori", **facts)
    assert result["answer"]["effective"] == "2025-04-22"
    assert result["reasons"][0]["text"].startswith(said)
