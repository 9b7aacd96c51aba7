"""maintenance: a month ahead, before the start, or without a notice."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.catalog import edition
from hoshu.dates import month_end, months_before
from hoshu.terms.maintenance import FACTS, compile_maintenance
from tests.terms import asking
from tests.terms.asking import changed, unhurried

MIMAMORI = edition("mimamori", "2020-03")
PLANNED = {"kind": "planned", "start": "2025-04-30T02:00+09:00"}
EMERGENCY = {"kind": "emergency", "start": "2025-06-10T13:10:00+09:00"}


def answer(**facts: Any) -> dict[str, Any]:
    return asking.answer("maintenance", service="mimamori", **facts)


def refused_field(**facts: Any) -> str:
    return asking.refused_field("maintenance", service="mimamori", **facts)


@pytest.mark.req("MM-MNT-01")
@unhurried
@given(day=st.dates(date(2000, 1, 1), date(2060, 12, 31)))
def test_the_notice_is_due_on_the_same_day_number_or_the_last_of_a_shorter_month(day: date) -> None:
    found = date.fromisoformat(answer(kind="planned", start=f"{day}T00:00+09:00")["notice_by"])
    assert found == months_before(day, 1)
    assert found.day == day.day or (found == month_end(found) and found.day < day.day)


@pytest.mark.req("MM-MNT-01", "MM-MNT-05")
@pytest.mark.parametrize(
    ("posted", "mailed", "in_time", "needs"),
    [
        (None, None, None, ["posted", "mailed"]),
        ("2025-03-30T23:59:59+09:00", None, None, ["mailed"]),
        (None, "2025-03-30T23:59:59+09:00", None, ["posted"]),
        ("2025-03-30T23:59:59+09:00", "2025-03-30T23:59:59+09:00", True, []),
        ("2025-03-31T00:00:00+09:00", "2025-03-30T23:59:59+09:00", False, ["reason"]),
        ("2025-03-31T00:00:00+09:00", None, False, ["mailed", "reason"]),
    ],
)
def test_both_notices_are_looked_at(
    posted: str | None, mailed: str | None, in_time: bool | None, needs: list[str]
) -> None:
    found = answer(**PLANNED, posted=posted, mailed=mailed)
    assert (found["in_time"], found["needs"]) == (in_time, needs)


@pytest.mark.req("MM-MNT-01")
def test_the_other_reading_is_content_with_one_notice() -> None:
    terms = MIMAMORI.maintenance
    assert terms is not None
    planned, *others = terms.kind
    terms = changed(terms, kind=(changed(planned, channels="any"), *others))
    decider = compile_maintenance(changed(MIMAMORI, maintenance=terms), None)

    def read(**facts: Any) -> tuple[bool | None, list[str]]:
        found, _ = decider({name: FACTS[name].kind.read(value) for name, value in {**PLANNED, **facts}.items()}, None)
        return found["in_time"], found["needs"]

    assert read(posted="2025-03-30T10:00+09:00") == (True, [])
    assert read(posted="2025-03-31T10:00+09:00") == (None, ["mailed"])
    assert read(posted="2025-03-31T10:00+09:00", mailed="2025-03-31T10:00+09:00") == (False, ["reason"])


@pytest.mark.req("MM-MNT-02", "MM-MNT-06")
def test_of_two_notices_of_an_emergency_the_earlier_one_counts_to_the_second() -> None:
    assert answer(**EMERGENCY, posted="2025-06-10T13:10:01+09:00")["in_time"] is False
    found = answer(**EMERGENCY, posted="2025-06-10T13:10:01+09:00", mailed="2025-06-10T13:10:00+09:00")
    assert (found["in_time"], found["needs"]) == (True, [])


@pytest.mark.req("MM-MNT-02")
def test_a_late_notice_of_an_emergency_takes_what_no_notice_takes() -> None:
    late = {**EMERGENCY, "posted": "2025-06-10T13:11+09:00"}
    assert answer(**late)["needs"] == ["reason", "approver"]
    assert answer(**late, reason=True)["needs"] == ["approver"]
    assert answer(**late, reason=True, approver=False)["needs"] == ["approver"]
    assert answer(**late, reason=True, approver=True)["needs"] == []


@pytest.mark.req("MM-MNT-01")
def test_what_is_already_over_cannot_be_planned_but_may_have_been_an_emergency() -> None:
    assert refused_field(**PLANNED, at="2025-04-30T02:01+09:00") == "start"
    assert answer(**PLANNED, at="2025-04-30T02:00+09:00")["notice_by"] == "2025-03-30"
    assert answer(**EMERGENCY, at="2025-06-11T00:00+09:00")["notice_by"] is None


@pytest.mark.req("MM-MNT-01", "MM-MNT-07")
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": "planned"}, "start"),
        ({"start": "2025-04-30T02:00+09:00"}, "kind"),
        ({"kind": "sudden", "start": "2025-04-30T02:00+09:00"}, "kind"),
        ({"kind": "planned", "start": "2025-04-30"}, "start"),
        ({**PLANNED, "end": "2025-04-30T01:59:59+09:00"}, "end"),
        ({"kind": "disaster", "start": "2025-08-20T04:15+09:00", "end": "2025-08-20T04:14+09:00"}, "end"),
    ],
)
def test_what_contradicts_itself_is_refused(facts: dict[str, Any], field: str) -> None:
    assert refused_field(**facts) == field


@pytest.mark.req("MM-MNT-05", "MM-MNT-06")
def test_explaining_gives_the_days_and_the_kinds_that_it_is_not() -> None:
    result = asking.ask("maintenance", service="mimamori", explain=True, **PLANNED)
    assert [step["date"] for step in result["derivation"]] == ["2025-03-30", "2025-04-27"]
    assert [lost["rule"] for lost in result["losing"]] == ["MM-MNT-02", "MM-MNT-07"]


@pytest.mark.req("MM-MNT-02")
def test_a_notice_that_is_not_recorded_is_not_said_to_be_late() -> None:
    facts = {"kind": "emergency", "start": "2025-06-10T13:10+09:00"}
    unknown = asking.ask("maintenance", service="mimamori", **facts)
    assert unknown["reasons"][-1]["text"].startswith("前もって知らせずに止めるときは、理由と承認者の記録が必要")
    late = asking.ask("maintenance", service="mimamori", **facts, posted="2025-06-10T13:11+09:00")
    assert late["reasons"][-1]["text"].startswith("お知らせが間に合っていない")
