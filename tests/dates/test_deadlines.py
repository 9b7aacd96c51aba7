"""How a deadline came about: its rows cover the whole way, and its sentence says what was skipped."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.dates import (
    JST,
    BusinessCalendar,
    Deadline,
    Timetable,
    Week,
    after_business_days,
    after_open_minutes,
    after_period,
    hours,
    minute_of,
)

CALENDAR = BusinessCalendar()
DESK = Timetable(Week.same(range(5), [hours("09:00", "12:00"), hours("13:00", "17:30")]), closed=CALENDAR.closed_on)
d = date.fromisoformat


def m(text: str) -> int:
    return minute_of(datetime.fromisoformat(text).replace(tzinfo=JST))


def explained(timetable: Timetable, at: str, count: int) -> Deadline:
    found = after_open_minutes(timetable, m(at), count)
    assert found is not None
    return found


def rows(deadline: Deadline) -> list[tuple[str, str, int, str]]:
    return [(str(r["from"])[5:16], str(r["to"])[5:16], int(r["counted"]), str(r["why"])) for r in deadline.rows()]


def test_within_one_window() -> None:
    found = explained(DESK, "2026-11-20T15:30", 120)
    assert found.sentence == "2026年11月20日（金）15:30から対応時間で2時間を数え、17:30までです。"
    assert found.rows() == [
        {"from": "2026-11-20T15:30+09:00", "to": "2026-11-20T17:30+09:00", "counted": 120, "why": "対応時間"}
    ]


def test_over_lunch() -> None:
    found = explained(DESK, "2026-11-20T11:30", 60)
    assert rows(found) == [
        ("11-20T11:30", "11-20T12:00", 30, "対応時間"),
        ("11-20T12:00", "11-20T13:00", 0, "昼休み"),
        ("11-20T13:00", "11-20T13:30", 30, "対応時間"),
    ]
    assert found.sentence.endswith("までです。昼休みは数えません。")
    assert "1時間を数え、13:30まで" in found.sentence


def test_over_a_week_end_and_a_holiday() -> None:
    found = explained(DESK, "2026-11-20T17:00", 60)
    assert rows(found) == [
        ("11-20T17:00", "11-20T17:30", 30, "対応時間"),
        ("11-20T17:30", "11-21T00:00", 0, "夜間"),
        ("11-21T00:00", "11-22T00:00", 0, "土曜日"),
        ("11-22T00:00", "11-23T00:00", 0, "日曜日"),
        ("11-23T00:00", "11-24T00:00", 0, "祝日（勤労感謝の日）"),
        ("11-24T00:00", "11-24T09:00", 0, "夜間"),
        ("11-24T09:00", "11-24T09:30", 30, "対応時間"),
    ]
    assert found.sentence == (
        "2026年11月20日（金）17:00から対応時間で1時間を数え、11月24日（火）09:30までです。"
        "夜間2回、土曜日1日、日曜日1日、祝日1日は数えません。"
    )


def test_what_comes_in_outside_the_hours_counts_from_the_next_opening() -> None:
    found = explained(DESK, "2026-11-18T19:00", 30)
    assert found.sentence == (
        "2026年11月18日（水）19:00は対応時間の外のため、11月19日（木）09:00から30分を数え、"
        "11月19日（木）09:30までです。夜間は数えません。"
    )
    assert rows(found)[0] == ("11-18T19:00", "11-19T09:00", 0, "夜間")


def test_over_the_end_of_a_year() -> None:
    found = explained(DESK, "2026-12-28T17:00", 60)
    assert ("12-29T00:00", "01-04T00:00", 0, "年末年始") in rows(found)
    assert found.sentence == (
        "2026年12月28日（月）17:00から対応時間で1時間を数え、2027年1月4日（月）09:30までです。夜間、年末年始は数えません。"
    )


def test_days_without_service_are_named_by_their_weekday_and_night_hours_leave_the_day() -> None:
    night = Timetable(Week.same([0, 2], [hours("22:00", "06:00")]))
    assert rows(explained(night, "2025-06-09T23:00", 480)) == [
        ("06-09T23:00", "06-10T06:00", 420, "対応時間"),
        ("06-10T06:00", "06-11T00:00", 0, "火曜日"),
        ("06-11T00:00", "06-11T22:00", 0, "時間外"),
        ("06-11T22:00", "06-11T23:00", 60, "対応時間"),
    ]


@pytest.mark.parametrize(
    ("windows", "at", "why"),
    [
        ([("09:00", "15:00"), ("16:00", "18:00")], "2025-06-10T15:30", "休憩時間"),
        ([("09:00", "11:45"), ("12:30", "18:00")], "2025-06-10T12:20", "昼休み"),
        ([("13:00", "18:00")], "2025-06-10T10:00", "時間外"),
        ([("12:00", "18:00")], "2025-06-10T03:00", "時間外"),
        ([("09:00", "12:00")], "2025-06-10T12:00", "時間外"),
        ([("09:00", "18:00")], "2025-06-10T03:00", "夜間"),
        ([("09:00", "18:00")], "2025-06-10T08:00", "時間外"),
        ([("09:00", "18:00")], "2025-06-10T18:00", "夜間"),
    ],
)
def test_what_a_pause_is_called(windows: list[tuple[str, str]], at: str, why: str) -> None:
    timetable = Timetable(Week.same(range(7), [hours(*each) for each in windows]))
    assert rows(explained(timetable, at, 1))[0][3] == why


def test_windows_that_touch_are_one_row() -> None:
    through = Timetable(Week.same(range(7), [(0, 1440)]))
    assert [row[2] for row in rows(explained(through, "2025-06-10T10:00", 3000))] == [3000]


def test_closed_without_a_name_and_never() -> None:
    closed = Timetable(Week.same(range(7), [hours("09:00", "17:00")]), closed=lambda day: day == d("2025-06-11"))
    assert ("06-11T00:00", "06-12T00:00", 0, "休業日") in rows(explained(closed, "2025-06-10T16:59", 2))
    assert after_open_minutes(Timetable(Week.of({})), m("2025-06-10T10:00"), 1) is None


@given(
    st.integers(min_value=m("2024-01-01T00:00"), max_value=m("2028-01-01T00:00")),
    st.integers(min_value=0, max_value=6000),
)
def test_the_rows_cover_the_whole_way_and_count_what_was_asked(since: int, count: int) -> None:
    found = after_open_minutes(DESK, since, count)
    assert found is not None
    assert isinstance(found.due, datetime)
    assert minute_of(found.due) == DESK.add_open(since, count)
    assert sum(step.counted for step in found.steps) == count
    ends = [since, *(minute_of(step.until) for step in found.steps if isinstance(step.until, datetime))]
    assert [minute_of(step.since) for step in found.steps if isinstance(step.since, datetime)] == ends[:-1]
    assert ends[-1] == minute_of(found.due)
    assert found.sentence.endswith("。")


def test_business_days_name_what_they_skip() -> None:
    found = after_business_days(CALENDAR, d("2025-05-01"), 2)
    assert found.due == d("2025-05-07")
    assert rows(found)[0] == ("05-02", "05-02", 1, "営業日")
    assert rows(found)[-1] == ("05-07", "05-07", 1, "営業日")
    assert [row[3] for row in rows(found)[1:-1]] == [
        "祝日（憲法記念日）", "祝日（みどりの日）", "祝日（こどもの日）", "祝日（振替休日）"
    ]  # fmt: skip
    assert (
        found.sentence == "2025年5月1日（木）の翌日から営業日で2日を数え、5月7日（水）までです。祝日4日は数えません。"
    )


def test_the_operators_own_days_are_named() -> None:
    own = BusinessCalendar(closed_days=[d("2025-06-11")])
    assert "休業日は数えません。" in after_business_days(own, d("2025-06-10"), 1).sentence
    founding = BusinessCalendar(closed_annually=[(6, 11)])
    assert founding.day_off(d("2026-06-11")) == "休業日"
    assert founding.day_off(d("2026-01-01")) == "祝日（元日）"


def test_no_business_day_is_the_day_itself() -> None:
    assert after_business_days(CALENDAR, d("2025-05-03"), 0).due == d("2025-05-03")


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)), st.integers(min_value=0, max_value=40))
def test_business_days_in_rows_are_all_days_on_the_way(day: date, count: int) -> None:
    found = after_business_days(CALENDAR, day, count)
    assert found.due == CALENDAR.add(day, count)
    assert sum(step.counted for step in found.steps) == count
    reached = day
    for step in found.steps:
        assert step.since == reached + timedelta(days=1)
        assert isinstance(step.until, date)
        reached = step.until
    assert reached == found.due
    assert all(
        bool(step.counted) == CALENDAR.is_business_day(date(*step.since.timetuple()[:3])) for step in found.steps
    )


@pytest.mark.parametrize(
    ("event", "length", "due", "sentence"),
    [
        ("2025-08-20", {"days": 30}, "2025-09-19", "2025年8月20日（水）の翌日から30日を数え、9月19日（金）までです。"),
        ("2025-04-10", {"months": 3}, "2025-07-10", "2025年4月10日（木）の翌日から3か月を数え、7月10日（木）まで"),
        ("2024-02-28", {"years": 1}, "2025-02-28", "2024年2月28日（水）の翌日から1年を数え、2025年2月28日（金）まで"),
        ("2025-01-30", {"months": 1}, "2025-02-28", "最後の月に31日がないため、その月の末日までです。"),
        ("2025-10-04", {"days": 30}, "2025-11-03", "末日は祝日（文化の日）に当たりますが、動かしていません。"),
    ],
)
def test_calendar_periods(event: str, length: dict[str, int], due: str, sentence: str) -> None:
    found = after_period(d(event), CALENDAR, **length)
    assert found.due == d(due)
    assert [step.counted for step in found.steps] == [0, (d(due) - d(event)).days]
    assert found.steps[0].why == "初日は数えない（民法140条）"
    assert found.day_off == CALENDAR.day_off(d(due))
    assert sentence in found.sentence
    assert ("動かしていません" in found.sentence) == (found.day_off is not None)


def test_a_period_without_a_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="one of days, months, years"):
        after_period(d("2025-01-30"), CALENDAR)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2025-12-29", "年末年始"),
        ("2026-01-03", "年末年始"),
        ("2026-01-04", "日曜日"),
        ("2026-01-05", None),
        ("2026-09-22", "祝日（国民の休日）"),
        ("2025-11-22", "土曜日"),
        ("2025-11-24", "祝日（振替休日）"),
    ],
)
def test_why_a_day_is_no_business_day(day: str, why: str | None) -> None:
    assert CALENDAR.day_off(d(day)) == why
    assert CALENDAR.is_business_day(d(day)) == (why is None)
