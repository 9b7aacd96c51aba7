"""alarm: from which day it is acted on, when the customer is called and called again, and whether somebody is sent."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.dates import JST
from tests.terms.asking import answer, ask, clauses, refused_field, unhurried

COVERAGE = {"start": "2026-01-13", "end": "2028-04-01"}
SATURDAY = "2025-10-18T03:00+09:00"
TUESDAY = "2025-10-14T10:00+09:00"

moments = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2060, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=JST)
)
hours_of_day = st.integers(0, 23)


def alarm(received: str = TUESDAY, *, plan: str = "9x5-5y", **facts: Any) -> dict[str, Any]:
    return answer("alarm", service="video", plan=plan, **{"received": received, "applied": True, **facts})


def explained(received: str = TUESDAY, **facts: Any) -> dict[str, Any]:
    return ask("alarm", service="video", explain=True, **{"received": received, "applied": True, **facts})


def refused(**facts: Any) -> str:
    return refused_field("alarm", service="video", **{"received": TUESDAY, "applied": True, **facts})


def said(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}+09:00"


def next_open(moment: datetime) -> datetime:
    """The next minute of Monday to Friday, 8:30 to 17:30, holidays included."""
    while not (moment.weekday() < 5 and "08:30" <= moment.strftime("%H:%M") < "17:30"):
        step = timedelta(minutes=1) if moment.strftime("%H:%M") < "08:30" else timedelta(days=1)
        moment = moment + step if step.days == 0 else moment.replace(hour=0, minute=0) + step
    return moment


class TestTheCall:
    @pytest.mark.req("VA-ALM-03", "VA-ALM-10")
    @unhurried
    @given(received=moments)
    def test_is_due_at_once_inside_the_hardware_hours_else_at_the_next_opening(self, received: datetime) -> None:
        assert alarm(said(received))["call_from"] == said(next_open(received))

    @pytest.mark.req("VA-ALM-01", "VA-ALM-03")
    @unhurried
    @given(received=moments)
    def test_is_due_at_once_under_the_plan_that_never_closes(self, received: datetime) -> None:
        found = alarm(said(received), plan="24x7-7y")
        assert (found["acted_on"], found["call_from"]) == (True, said(received))

    @pytest.mark.req("VA-ALM-08")
    @unhurried
    @given(received=moments, minutes=st.integers(0, 5_000))
    def test_that_reached_nobody_is_made_again_on_the_next_day_with_hours(
        self, received: datetime, minutes: int
    ) -> None:
        attempted = received + timedelta(minutes=minutes)
        found = alarm(said(received), attempted=said(attempted), reached=False)
        midnight = attempted.replace(hour=0, minute=0) + timedelta(days=1)
        assert found["retry_from"] == said(next_open(midnight))
        always = alarm(said(received), plan="24x7-7y", attempted=said(attempted), reached=False)
        assert always["retry_from"] == said(midnight)

    @pytest.mark.req("VA-ALM-08")
    def test_that_reached_somebody_is_not_made_again(self) -> None:
        assert alarm(attempted="2025-10-14T16:50+09:00", reached=True)["retry_from"] is None
        assert alarm()["retry_from"] is None
        assert alarm(reached=False)["retry_from"] is None

    @pytest.mark.req("VA-ALM-03")
    @unhurried
    @given(received=moments, opens=hours_of_day, length=st.integers(1, 23))
    def test_meets_the_hours_of_the_contact_where_they_meet_the_window(
        self, received: datetime, opens: int, length: int
    ) -> None:
        closes = (opens + length) % 24
        contact = {"from": f"{opens:02}:00", "to": f"{closes:02}:00"}
        call = datetime.fromisoformat(alarm(said(received), contact_hours=contact)["call_from"])
        assert call == next_open(call)
        inside = {(opens + hour) % 24 for hour in range(length)}
        if inside & set(range(9, 17)):
            assert call.hour in inside
            candidate = next_open(received)
            while candidate.hour not in inside:
                candidate = next_open(candidate.replace(minute=0) + timedelta(hours=1))
            assert call == candidate
        elif not inside & {8, 17}:
            assert call == next_open(received)

    @pytest.mark.req("VA-ALM-03")
    @pytest.mark.parametrize(
        ("received", "contact", "call"),
        [
            ("2025-10-14T08:00", ("07:00", "08:31"), "2025-10-14T08:30"),
            ("2025-10-14T09:00", ("07:00", "08:31"), "2025-10-15T08:30"),
            ("2025-10-14T09:00", ("17:29", "18:00"), "2025-10-14T17:29"),
            ("2025-10-14T09:00", ("17:30", "18:00"), "2025-10-14T09:00"),
            ("2025-10-14T12:00", ("22:00", "09:00"), "2025-10-15T08:30"),
            ("2025-10-17T12:00", ("10:00", "12:00"), "2025-10-20T10:00"),
        ],
    )
    def test_is_placed_to_the_minute(self, received: str, contact: tuple[str, str], call: str) -> None:
        found = alarm(f"{received}+09:00", contact_hours={"from": contact[0], "to": contact[1]})
        assert found["call_from"] == f"{call}+09:00"

    @pytest.mark.req("VA-ALM-03")
    def test_says_whether_it_meets_the_contact(self) -> None:
        for hours, words in (
            ({"from": "13:00", "to": "15:00"}, "合わせて"),
            ({"from": "19:00", "to": "20:00"}, "重なりません"),
        ):
            texts = [reason["text"] for reason in explained(contact_hours=hours)["reasons"]]
            assert any(words in text for text in texts), texts


class TestDispatch:
    @pytest.mark.req("VA-ALM-05")
    @pytest.mark.parametrize(("reached", "waits"), [(True, False), (False, True), (None, True)])
    def test_is_arranged_with_the_call_and_waits_for_the_customer(self, reached: bool | None, waits: bool) -> None:
        found = alarm(repair_needed=True, reached=reached)
        assert (found["arrange_dispatch"], found["dispatch_waits"]) == (True, waits)
        assert "第3章 4.1(4)" in clauses("alarm", service="video", received=TUESDAY, applied=True, repair_needed=True)

    @pytest.mark.req("VA-ALM-05")
    @pytest.mark.parametrize("needed", [False, None])
    def test_is_not_arranged_while_nobody_says_that_a_repair_is_needed(self, needed: bool | None) -> None:
        found = alarm(repair_needed=needed, reached=True)
        assert (found["arrange_dispatch"], found["dispatch_waits"]) == (False, False)

    @pytest.mark.req("VA-ALM-11")
    def test_is_never_arranged_for_an_alarm_that_is_only_kept(self) -> None:
        found = alarm(applied=False, repair_needed=True, attempted="2025-10-14T11:00+09:00", reached=False)
        assert found == {
            "acted_on": False,
            "call_from": None,
            "retry_from": None,
            "arrange_dispatch": False,
            "dispatch_waits": False,
            "starts_on": None,
            "late_minutes": None,
        }


class TestTheStart:
    @pytest.mark.req("VA-ALM-06", "VA-ALM-11")
    @pytest.mark.parametrize(
        ("facts", "starts_on"),
        [
            ({"wished": "2026-02-01"}, "2026-02-01"),
            ({"wished": "2026-02-01", "objected_on": "2026-01-28", "agreed_on": "2026-02-16"}, "2026-02-16"),
            ({"wished": "2026-02-01", "agreed_on": "2026-02-16"}, "2026-02-16"),
            ({"wished": "2028-02-29"}, "2028-02-29"),
            ({}, "2026-01-13"),
        ],
    )
    def test_is_the_wished_day_or_the_one_agreed_on(self, facts: dict[str, str], starts_on: str) -> None:
        day = date.fromisoformat(starts_on)
        for received, acted_on in (
            (f"{day - timedelta(days=1)}T23:59+09:00", False),
            (f"{day}T00:00+09:00", True),
        ):
            found = alarm(received, plan="24x7-5y", coverage=COVERAGE, **facts)
            assert (found["starts_on"], found["acted_on"]) == (starts_on, acted_on)

    @pytest.mark.req("VA-ALM-06")
    def test_is_open_between_an_objection_and_an_agreement(self) -> None:
        found = alarm("2026-03-01T10:00+09:00", wished="2026-02-01", objected_on="2026-01-28", coverage=COVERAGE)
        assert (found["acted_on"], found["starts_on"]) == (False, None)

    @pytest.mark.req("VA-ALM-06")
    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"wished": "2026-01-12"}, "wished"),
            ({"wished": "2028-04-02"}, "wished"),
            ({"wished": "2026-02-01", "agreed_on": "2028-04-02"}, "agreed_on"),
            ({"wished": "2026-02-01", "objected_on": "2026-02-01"}, "objected_on"),
            ({"objected_on": "2026-01-13"}, "objected_on"),
            ({"wished": "2026-02-01", "objected_on": "2026-01-28", "agreed_on": "2026-01-27"}, "agreed_on"),
        ],
    )
    def test_lies_in_the_term_and_objections_come_before_it(self, facts: dict[str, Any], field: str) -> None:
        result = ask(
            "alarm", service="video", received="2026-02-20T10:00+09:00", applied=True, coverage=COVERAGE, **facts
        )
        assert result["error"]["field"] == field
        if field in ("wished", "agreed_on") and "objected_on" not in facts:
            assert "第3章 4.2" in result["error"]["message"]

    @pytest.mark.req("VA-ALM-06")
    @pytest.mark.parametrize("day", ["2026-01-13", "2028-04-01"])
    def test_may_be_the_first_or_the_last_day_of_the_term(self, day: str) -> None:
        assert alarm(f"{day}T10:00+09:00", plan="24x7-5y", wished=day, coverage=COVERAGE)["acted_on"] is True


class TestTheEnd:
    @pytest.mark.req("VA-ALM-11", "VA-TRM-08")
    @pytest.mark.parametrize(
        "coverage",
        [
            {"start": "2025-05-07", "end": "2026-04-01"},
            {"start": "2025-05-07", "end": "2026-04-01", "hardware_end": None},
            {"start": "2025-05-07", "end": "2027-06-15", "hardware_end": "2026-04-01", "software_end": "2027-06-15"},
        ],
    )
    def test_is_the_last_minute_of_the_hardware_s_last_day(self, coverage: dict[str, Any]) -> None:
        assert alarm("2026-04-01T23:59+09:00", plan="24x7-5y", coverage=coverage)["acted_on"] is True
        late = ask("alarm", service="video", received="2026-04-02T00:00+09:00", applied=True, coverage=coverage)
        assert late["answer"]["acted_on"] is False
        assert late["reasons"][0]["clause"] == "第1章 4."

    @pytest.mark.req("VA-ALM-11")
    def test_does_not_keep_an_alarm_of_the_term_from_being_told(self) -> None:
        found = alarm("2026-08-01T10:00+09:00", coverage={"start": "2025-08-10", "end": "2026-08-01"})
        assert found["call_from"] == "2026-08-03T08:30+09:00"

    @pytest.mark.req("VA-ALM-11", "VA-HWM-09")
    @pytest.mark.parametrize(
        ("facts", "clause"),
        [
            ({"applied": False}, "第3章 2.1(3)"),
            ({"coverage": None}, "第1章 4."),
            ({"coverage": {"start": None, "end": None}}, "第1章 4."),
        ],
    )
    def test_alarms_without_service_are_kept_and_no_more(self, facts: dict[str, Any], clause: str) -> None:
        result = ask("alarm", service="video", **{"received": TUESDAY, "applied": True, **facts})
        assert result["answer"]["acted_on"] is False
        assert result["reasons"][0]["clause"] == clause
        assert "保存" in result["reasons"][0]["text"]


class TestLateArrival:
    @pytest.mark.req("VA-ALM-07")
    @pytest.mark.parametrize(
        ("sent", "minutes", "late"), [("09:45", 15, False), ("09:44", 16, True), ("10:00", 0, False)]
    )
    def test_is_noted_past_a_quarter_of_an_hour(self, sent: str, minutes: int, late: bool) -> None:
        result = explained(sent=f"2025-10-14T{sent}+09:00")
        assert result["answer"]["late_minutes"] == minutes
        assert ("VA-ALM-07" in {reason["rule"] for reason in result["reasons"]}) is late
        assert result["answer"]["call_from"] == TUESDAY

    @pytest.mark.req("VA-ALM-07")
    def test_is_noted_for_an_alarm_that_is_only_kept_too(self) -> None:
        assert alarm(applied=False, sent="2025-10-13T10:00+09:00")["late_minutes"] == 1_440


class TestBadInput:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("received", "2025-10-14T10:00"),
            ("received", "2025-02-29T10:00+09:00"),
            ("received", None),
            ("applied", "yes"),
            ("applied", None),
            ("wished", "2025-02-29"),
            ("objected_on", 20250201),
            ("agreed_on", "tomorrow"),
            ("sent", "2025-10-14"),
            ("sent", "2025-10-14T10:01+09:00"),
            ("attempted", "2025-10-14T09:59+09:00"),
            ("reached", 1),
            ("repair_needed", "no"),
            ("contact_hours", {"from": "25:00", "to": "26:00"}),
            ("contact_hours", ["09:00", "17:00"]),
            ("coverage", {"start": "2026-01-13"}),
            ("coverage", {"start": "2026-01-13", "end": "2026-01-12"}),
            ("phone", "03-0000-0000"),
        ],
    )
    def test_names_its_field(self, name: str, value: Any) -> None:
        facts = {name: value, "reached": True} if name == "attempted" else {name: value}
        assert refused(**facts) == name

    @pytest.mark.req("VA-ALM-08")
    def test_an_attempt_has_a_result(self) -> None:
        assert refused(attempted="2025-10-14T11:00+09:00") == "reached"

    @pytest.mark.req("VA-ALM-10")
    def test_the_plan_must_be_known(self) -> None:
        assert refused_field("alarm", service="video", plan="9x5-2y", received=TUESDAY, applied=True) == "plan"


def test_explaining_names_the_start_and_what_did_not_decide() -> None:
    result = explained(
        "2026-02-20T10:00+09:00",
        wished="2026-02-01",
        objected_on="2026-01-28",
        agreed_on="2026-02-16",
        repair_needed=False,
        coverage=COVERAGE,
    )
    assert [(step["date"], step["rule"]) for step in result["derivation"]] == [("2026-02-16", "VA-ALM-06")]
    assert [lost["rule"] for lost in result["losing"]] == ["VA-ALM-06", "VA-ALM-05", "VA-ALM-08"]
