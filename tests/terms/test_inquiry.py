"""inquiry: four business days of the desk, an answer on the way, two weeks to closing."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.catalog import edition
from hoshu.dates import BusinessCalendar
from hoshu.terms.facts import Facts
from hoshu.terms.inquiry import FACTS, compile_inquiry
from tests.terms import asking
from tests.terms.asking import changed, unhurried

MIMAMORI = edition("mimamori", "2020-03")
INQUIRY = MIMAMORI.inquiry
assert INQUIRY is not None

RECEIVED = "2025-07-01T10:00+09:00"
ANSWERED = "2025-07-07T15:00+09:00"


def answer(**facts: Any) -> dict[str, Any]:
    return asking.answer("inquiry", service="mimamori", **facts)


def refused_field(**facts: Any) -> str:
    return asking.refused_field("inquiry", service="mimamori", **facts)


def texts(**facts: Any) -> str:
    return "".join(reason["text"] for reason in asking.ask("inquiry", service="mimamori", **facts)["reasons"])


@pytest.mark.req("MM-INQ-02", "MM-INQ-06", "MM-DSK-03")
@unhurried
@given(day=st.dates(date(2000, 1, 1), date(2027, 12, 1)), minute=st.integers(0, 1439), after=st.integers(0, 30))
def test_four_business_days_are_between_receipt_and_deadline(day: date, minute: int, after: int) -> None:
    at = f"T{minute // 60:02}:{minute % 60:02}+09:00"
    answered = day + timedelta(days=after)
    found = answer(received=f"{day}{at}", answered=f"{answered}{at}")
    due = date.fromisoformat(found["answer_due"])
    calendar = BusinessCalendar()
    counted = [day + timedelta(days=n) for n in range(1, (due - day).days + 1)]
    assert sum(map(calendar.is_business_day, counted)) == 4
    assert calendar.is_business_day(due)
    assert found["answer_due_at"] == f"{due}T18:00+09:00"
    assert found["auto_close_after"] == (answered + timedelta(days=14)).isoformat()
    assert ("day_off" in found) is not calendar.is_business_day(answered + timedelta(days=14))


@pytest.mark.req("MM-INQ-02")
def test_a_second_past_the_end_of_the_last_day_is_late() -> None:
    assert answer(received=RECEIVED, answered="2025-07-07T18:00:00+09:00")["in_time"] is True
    late = answer(received=RECEIVED, answered="2025-07-07T18:00:01+09:00")
    assert (late["in_time"], late["interim_required"]) == (False, True)


@pytest.mark.req("MM-INQ-02")
def test_an_hour_after_closing_belongs_to_the_same_day() -> None:
    assert answer(received="2025-07-01T23:59+09:00")["answer_due"] == "2025-07-07"
    assert answer(received="2025-07-01T15:00:00Z")["answer_due"] == "2025-07-08"  # midnight in Japan


@pytest.mark.req("MM-INQ-02", "MM-DOC-10")
def test_closed_days_that_are_given_replace_those_of_every_year() -> None:
    assert answer(received=RECEIVED, closed_days=["2025-07-02", "2025-07-07"])["answer_due"] == "2025-07-09"
    assert answer(received="2025-12-26T16:00+09:00", closed_days=[])["answer_due"] == "2026-01-02"
    result = asking.ask("inquiry", service="mimamori", explain=True, received=RECEIVED, closed_days=[])
    assert "休業日" in result["losing"][0]["text"]


@pytest.mark.req("MM-INQ-02")
def test_holidays_that_are_not_announced_are_said_to_be_computed() -> None:
    assert "まだ公表されていません" in texts(received="2040-07-02T10:00+09:00")
    assert "まだ公表されていません" not in texts(received=RECEIVED)


@pytest.mark.req("MM-INQ-03")
def test_the_desk_is_asked_for_the_date_on_the_third_business_day() -> None:
    found = answer(received=RECEIVED)
    assert found["ask_expected_at"] == "2025-07-04T09:00+09:00"
    assert found["interim_required"] is False
    assert "2025年7月4日（金）09:00に担当者へ尋ね" in texts(received=RECEIVED)


@pytest.mark.req("MM-INQ-03")
@pytest.mark.parametrize(
    ("over", "expected", "required"),
    [(4, "2025-07-07", False), (4, "2025-07-08", True), (5, "2025-07-08", False), (5, "2025-07-09", True)],
)
def test_the_other_reading_asks_for_an_answer_on_the_way_only_after_the_fifth_day(
    over: int, expected: str, required: bool
) -> None:
    assert INQUIRY is not None
    terms = changed(INQUIRY, interim=changed(INQUIRY.interim, over_business_days=over))
    decider = compile_inquiry(changed(MIMAMORI, inquiry=terms), None)
    found, _ = decider(read(received=RECEIVED, expected=expected), None)
    assert found["interim_required"] is required


@pytest.mark.req("MM-INQ-03")
def test_what_rests_on_the_reading_says_so() -> None:
    assert "定めはないため" in texts(received=RECEIVED, expected="2025-07-08")
    assert "定めはないため" not in texts(received=RECEIVED, expected="2025-07-09")


@pytest.mark.req("MM-INQ-04")
def test_a_reply_waits_for_an_answer_of_its_own() -> None:
    facts = {"received": RECEIVED, "answered": ANSWERED, "replied": "2025-07-18T16:00+09:00"}
    found = answer(**facts, expected="2025-07-28")
    assert (found["answer_due"], found["interim_required"]) == ("2025-07-25", True)
    assert found["in_time"] is True
    assert found["remind_on"] is None
    assert refused_field(**facts, expected="2025-07-17") == "expected"


@pytest.mark.req("MM-INQ-06")
def test_unanswered_it_does_not_close_and_answered_the_reminder_comes_three_days_before() -> None:
    assert answer(received=RECEIVED)["auto_close_after"] is None
    assert answer(received=RECEIVED, answered=ANSWERED)["remind_on"] == "2025-07-18"


@pytest.mark.req("MM-INQ-06")
def test_explaining_lists_the_days() -> None:
    result = asking.ask("inquiry", service="mimamori", explain=True, received=RECEIVED, answered=ANSWERED)
    assert [step["date"] for step in result["derivation"]] == ["2025-07-07", "2025-07-04", "2025-07-21"]


@pytest.mark.req("MM-INQ-02", "MM-INQ-03", "MM-INQ-04")
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({}, "received"),
        ({"received": "2025-07-01T10:00"}, "received"),
        ({"received": "2025-07-01"}, "received"),
        ({"received": "9999-12-31T10:00+09:00"}, "received"),
        ({"received": RECEIVED, "answered": "2025-07-01T09:59:59+09:00"}, "answered"),
        ({"received": RECEIVED, "replied": "2025-07-08T10:00+09:00"}, "answered"),
        ({"received": RECEIVED, "answered": ANSWERED, "replied": "2025-07-07T14:59+09:00"}, "replied"),
        ({"received": RECEIVED, "expected": "2025-06-30"}, "expected"),
        ({"received": RECEIVED, "closed_days": ["2025-02-30"]}, "closed_days"),
    ],
)
def test_what_contradicts_itself_is_refused(facts: dict[str, Any], field: str) -> None:
    assert refused_field(**facts) == field


def read(**facts: Any) -> Facts:
    """Facts as the engine reads them."""
    return {name: FACTS[name].kind.read(value) for name, value in facts.items()}
