"""window: part by part, with changed start weekdays and what never closes it."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.dates import WEEKDAYS
from tests.terms.asking import answer, ask, refused_field, unhurried

moments = st.builds(
    lambda day, minute: (day, minute),
    st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31)),
    st.integers(min_value=0, max_value=1439),
)


def written(day: date, minute: int) -> str:
    return f"{day}T{minute // 60:02}:{minute % 60:02}+09:00"


@pytest.mark.req("IX-WIN-02", "IX-WIN-03", "IX-WIN-04", "IX-WIN-06")
@unhurried
@given(moments, st.sampled_from(sorted(WEEKDAYS)))
def test_open_on_five_weekdays_in_a_row_whatever_the_holiday(moment: tuple[date, int], first: str) -> None:
    day, minute = moment
    found = answer("window", at=written(day, minute), start_weekday=first)
    assert found["open"] == ((day.weekday() - WEEKDAYS[first]) % 7 < 5 and 510 <= minute < 1260)
    served = day if minute < 1260 else day + timedelta(days=1)
    while (served.weekday() - WEEKDAYS[first]) % 7 >= 5:
        served += timedelta(days=1)
    assert found["closes_at"] == written(served, 1260)
    assert found["opens_at"] == (written(day, minute) if found["open"] else written(served, 510))


@pytest.mark.req("IX-WIN-01", "IX-WIN-05")
@unhurried
@given(moments, st.sampled_from([("5d-4y", "reception"), ("7d-4y", "reception"), ("7d-4y", "hardware")]))
def test_reception_and_seven_day_plans_are_always_open(moment: tuple[date, int], part: tuple[str, str]) -> None:
    at = written(*moment)
    found = answer("window", plan=part[0], at=at, part=part[1], start_weekday="wed")
    assert found == {"open": True, "opens_at": at, "closes_at": None, "attend_by": None}


@pytest.mark.req("IX-WIN-07")
@unhurried
@given(moments, st.sampled_from(sorted(WEEKDAYS)), st.sampled_from(sorted(WEEKDAYS)), st.integers(-20, 20))
def test_a_change_splits_time_at_its_midnight(moment: tuple[date, int], old: str, new: str, offset: int) -> None:
    day, minute = moment
    changes = [{"from": str(day + timedelta(days=offset)), "start_weekday": new}]
    found = answer("window", at=written(day, minute), start_weekday=old, weekday_changes=changes)
    valid = new if offset <= 0 else old
    assert found["open"] == answer("window", at=written(day, minute), start_weekday=valid)["open"]


@pytest.mark.req("IX-WIN-07")
def test_several_changes_in_any_order_and_the_one_in_force_is_said() -> None:
    changes = [{"from": "2025-07-01", "start_weekday": "sat"}, {"from": "2025-06-11", "start_weekday": "thu"}]
    result = ask("window", at="2025-06-11T10:00+09:00", start_weekday="mon", weekday_changes=changes)
    assert result["answer"]["opens_at"] == "2025-06-12T08:30+09:00"
    assert [reason["rule"] for reason in result["reasons"]] == ["IX-WIN-07", "IX-WIN-07", "IX-WIN-02", "IX-WIN-03"]
    assert "木曜日から月曜日まで" in result["reasons"][2]["text"]


@pytest.mark.req("IX-WIN-07")
@pytest.mark.parametrize(("earlier", "later", "opens"), [("thu", "wed", "11T10:00"), ("wed", "thu", "12T08:30")])
def test_of_two_changes_on_one_day_the_later_one_counts_and_is_said(earlier: str, later: str, opens: str) -> None:
    changes = [{"from": "2025-06-11", "start_weekday": weekday} for weekday in (earlier, later)]
    result = ask("window", at="2025-06-11T10:00+09:00", start_weekday="mon", weekday_changes=changes)
    assert result["answer"]["opens_at"] == f"2025-06-{opens}+09:00"
    assert f"開始基準曜日が{'水' if later == 'wed' else '木'}曜日" in result["reasons"][2]["text"]


@pytest.mark.req("IX-WIN-01", "IX-WIN-07")
def test_a_changed_start_weekday_does_not_keep_the_reception_from_answering() -> None:
    facts: dict[str, Any] = {"at": "2025-06-15T03:10+09:00", "part": "reception", "start_weekday": "mon"}
    changes = [{"from": "2025-06-11", "start_weekday": "thu"}]
    assert answer("window", **facts, weekday_changes=changes)["open"] is True
    coverage = {"start": "2025-06-03", "end": "2028-05-31"}
    assert answer("entitlement", **facts, weekday_changes=changes, coverage=coverage)["outcome"] == "covered"


@pytest.mark.req("IX-WIN-04")
def test_closed_days_never_close_it() -> None:
    facts: dict[str, Any] = {"at": "2025-05-05T10:00+09:00", "start_weekday": "mon"}
    result = ask("window", explain=True, **facts, closed_days=["2025-05-05"])
    assert result["answer"]["open"] is True
    assert "IX-WIN-04" in {each["rule"] for each in result["losing"]}


@pytest.mark.req("IX-WIN-02", "IX-WIN-07")
def test_what_the_start_weekday_must_be() -> None:
    at = "2025-05-05T10:00+09:00"
    assert refused_field("window", at=at) == "start_weekday"
    assert refused_field("window", at=at, start_weekday="Monday") == "start_weekday"
    assert refused_field("window", at=at, start_weekday=["mon"]) == "start_weekday"
    changes = [{"from": "2025-06-11", "start_weekday": "thu"}]
    assert refused_field("window", plan="7d-3y", at=at, weekday_changes=changes) == "weekday_changes"
    assert refused_field("window", at=at, start_weekday="mon", weekday_changes=[{"from": "x"}]) == "weekday_changes"
    assert refused_field("window", at=at, start_weekday="mon", weekday_changes=["thu"]) == "weekday_changes"
    assert answer("window", plan="7d-3y", at=at, weekday_changes=[], start_weekday="mon")["open"] is True


@pytest.mark.parametrize("part", ["software", "desk", "vendor", "mail", "alarm_call", "kitchen"])
def test_a_part_that_the_service_does_not_have_is_refused(part: str) -> None:
    assert refused_field("window", at="2025-05-05T10:00+09:00", start_weekday="mon", part=part) == "part"


@pytest.mark.req("IX-WIN-08")
def test_no_time_of_arrival_is_promised() -> None:
    assert answer("window", at="2025-05-05T10:00+09:00", start_weekday="mon")["attend_by"] is None


@pytest.mark.req("VA-PPS-02")
@pytest.mark.parametrize(
    ("begins", "ends", "told"),
    [
        ("09:00", "17:00", "09:00から17:00まで"),
        ("17:00", "24:00", "17:00から24:00まで"),
        ("17:00", "09:00", "17:00から翌日の09:00まで"),
    ],
)
def test_hours_of_a_specification_are_told_as_times_of_day(begins: str, ends: str, told: str) -> None:
    hours = {"from": begins, "to": ends}
    result = ask("window", service="video", at="2025-10-14T10:00+09:00", part="software", spec_hours=hours)
    assert result["reasons"][0]["text"] == f"製品の仕様書に{told}とあり、その定めが優先します。"
