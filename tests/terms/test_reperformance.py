"""reperformance: three months for the same fault from the same cause, and one year after the coverage."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.catalog import edition
from hoshu.dates import within_months, within_years
from hoshu.terms.reperformance import compile_reperformance
from tests.terms.asking import answer, ask, changed, refused_field, unhurried

SAME = {"same_cause": True, "same_failure": True}
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2080, 12, 31))


@pytest.mark.req("IX-GUA-01", "IX-GUA-02", "IX-CAL-03")
@unhurried
@given(served=days, after=st.integers(0, 120), reported=st.integers(0, 30), end=days)
def test_done_again_inside_both_periods_and_not_otherwise(served: date, after: int, reported: int, end: date) -> None:
    failed = served + timedelta(days=after)
    claimed = failed + timedelta(days=reported)
    found = answer(
        "reperformance",
        served=served.isoformat(),
        failed=failed.isoformat(),
        claimed=claimed.isoformat(),
        coverage_end=end.isoformat(),
        **SAME,
    )
    recur_by, claim_by = within_months(served, 3), within_years(end, 1)
    assert (found["recur_by"], found["claim_by"]) == (recur_by.isoformat(), claim_by.isoformat())
    assert found["until"] == min(found["recur_by"], found["claim_by"])
    assert found["free"] is (failed <= recur_by and claimed <= claim_by)


@pytest.mark.req("IX-GUA-02")
def test_a_claim_made_on_the_last_day_counts_although_the_work_follows() -> None:
    facts = {"served": "2026-02-10", "failed": "2026-04-20", "coverage_end": "2025-04-30", **SAME}
    assert answer("reperformance", claimed="2026-04-30", **facts)["free"] is True
    assert answer("reperformance", claimed="2026-05-01", **facts)["free"] is False


@pytest.mark.req("IX-GUA-03")
def test_doing_it_again_is_said_to_be_the_whole_duty() -> None:
    result = ask("reperformance", served="2025-04-10", failed="2025-05-10", coverage_end="2028-05-31", **SAME)
    only = [reason for reason in result["reasons"] if reason["clause"] == "第4章 6.(2)"]
    assert len(only) == 1
    assert "やり直しに限ります" in only[0]["text"]


@pytest.mark.req("IX-GUA-01")
@pytest.mark.parametrize("open_question", ["same_cause", "same_failure"])
def test_what_is_not_decided_is_provisional_and_never_decided_by_itself(open_question: str) -> None:
    facts = {"served": "2025-04-10", "failed": "2025-05-10", "coverage_end": "2028-05-31", **SAME}
    del facts[open_question]
    found = answer("reperformance", **facts)
    assert (found["free"], found["provisional"]) == (True, True)
    late = answer("reperformance", **{**facts, "failed": "2025-07-11"})
    assert (late["free"], late["provisional"]) == (False, False)


@pytest.mark.req("IX-GUA-01")
def test_the_day_of_the_fault_goes_before_the_day_of_the_call() -> None:
    facts = {"served": "2025-04-10", "coverage_end": "2028-05-31", **SAME}
    assert answer("reperformance", failed="2025-07-10", claimed="2025-07-20", **facts)["free"] is True
    assert answer("reperformance", claimed="2025-07-20", **facts)["free"] is False


@pytest.mark.req("IX-GUA-01")
def test_days_that_contradict_each_other_are_refused() -> None:
    facts = {"served": "2025-04-10", "coverage_end": "2028-05-31", **SAME}
    assert refused_field("reperformance", failed="2025-04-09", **facts) == "failed"
    assert refused_field("reperformance", failed="2025-05-10", claimed="2025-05-09", **facts) == "claimed"
    assert refused_field("reperformance", **facts) == "failed"


@pytest.mark.req("IX-CAL-07")
def test_last_days_on_days_off_are_named() -> None:
    found = answer("reperformance", served="2027-12-20", failed="2028-03-20", coverage_end="2028-02-29", **SAME)
    # 20 March 2028 is the equinox day.
    assert found["day_off"] == ["recur_by", "until"]


@pytest.mark.req("IX-GUA-01", "IX-GUA-02")
@pytest.mark.parametrize(("end", "losing"), [("2028-05-31", "IX-GUA-02"), ("2024-04-30", "IX-GUA-01")])
def test_explaining_names_the_later_of_the_two_periods(end: str, losing: str) -> None:
    result = ask("reperformance", explain=True, served="2025-04-10", failed="2025-04-20", coverage_end=end, **SAME)
    assert [lost["rule"] for lost in result["losing"]] == [losing]


GUARANTEES = ("ix", "video", "supportpack")


@pytest.mark.req("VA-LIA-01", "VA-LIA-02", "VA-LIA-04", "SP-LIA-01", "VA-CAL-04", "SP-CAL-04")
@pytest.mark.parametrize("service", GUARANTEES)
@unhurried
@given(served=days, again=st.integers(0, 200), after=st.integers(0, 120), end=days)
def test_work_done_again_opens_the_three_months_anew_inside_the_year_after_the_end(
    service: str, served: date, again: int, after: int, end: date
) -> None:
    redone = served + timedelta(days=again)
    failed = redone + timedelta(days=after)
    facts = {"served": served.isoformat(), "redone": redone.isoformat(), "coverage_end": end.isoformat()}
    found = answer("reperformance", service=service, failed=failed.isoformat(), **facts, **SAME)
    recur_by, claim_by = within_months(redone, 3), within_years(end, 1)
    assert (found["recur_by"], found["claim_by"]) == (recur_by.isoformat(), claim_by.isoformat())
    assert found["free"] is (failed <= min(recur_by, claim_by))


@pytest.mark.req("VA-LIA-03", "SP-LIA-02")
@pytest.mark.parametrize(("service", "clause"), [("video", "第3章 1.5(3)"), ("supportpack", "第7条 (2)")])
def test_no_other_remedy_is_named_with_its_clause(service: str, clause: str) -> None:
    facts = {"served": "2025-04-10", "failed": "2025-05-10", "coverage_end": "2028-05-31", **SAME}
    (only,) = [r for r in ask("reperformance", service=service, **facts)["reasons"] if r["clause"] == clause]
    assert "やり直しに限ります" in only["text"]


@pytest.mark.req("VA-LIA-02")
def test_the_clause_on_repeated_work_is_cited_only_where_work_was_repeated() -> None:
    facts = {"served": "2025-08-10", "failed": "2025-11-06", "coverage_end": "2028-05-31", **SAME}
    once = ask("reperformance", service="video", **facts)
    assert "第3章 1.5(2)" not in {reason["clause"] for reason in once["reasons"]}
    again = ask("reperformance", service="video", redone="2025-11-05", **facts)
    assert "2025年11月5日" in again["reasons"][-1]["text"]
    assert again["reasons"][-1]["clause"] == "第3章 1.5(2)"


@pytest.mark.req("SP-LIA-01")
def test_where_the_terms_are_read_so_repeated_work_opens_nothing() -> None:
    pack = edition("supportpack", "1")
    assert pack.reperformance is not None
    decider = compile_reperformance(changed(pack, reperformance=changed(pack.reperformance, again=None)), None)
    facts = {"served": date(2025, 8, 10), "redone": date(2025, 11, 5), "coverage_end": date(2029, 4, 10)}
    found, _ = decider({**facts, "failed": date(2025, 11, 11), **SAME}, None)
    assert (found["free"], found["recur_by"]) == (False, "2025-11-10")


@pytest.mark.req("VA-LIA-02")
@pytest.mark.parametrize("service", GUARANTEES)
def test_days_of_repeated_work_that_contradict_each_other_are_refused(service: str) -> None:
    facts = {"served": "2025-04-10", "coverage_end": "2028-05-31", **SAME}
    before = refused_field("reperformance", service=service, redone="2025-04-09", failed="2025-05-10", **facts)
    assert before == "redone"
    between = refused_field("reperformance", service=service, redone="2025-05-10", failed="2025-05-09", **facts)
    assert between == "failed"
