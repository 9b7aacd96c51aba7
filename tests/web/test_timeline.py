"""The cover as a bar: what it shows, and that nothing in it covers anything else."""

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.authoring import timeline
from hoshu.authoring.timeline import LETTER, NARROWEST

BOUGHT = date(2025, 5, 10)
DONE = date(2025, 6, 3)
ENDS = date(2028, 5, 31)
TODAY = date(2026, 11, 20)


def percent(text: str) -> float:
    return float(text.removesuffix("%"))


@pytest.mark.req("IX-COV-08")
def test_the_bar_is_hatched_from_the_origin_until_registration_and_full_until_the_end() -> None:
    """The digest's own example: 2025-05-10 to 2028-05-31, hatched until 2025-06-03."""
    drawing = timeline.coverage(counted_from=BOUGHT, start=DONE, end=ENDS, today=TODAY)

    assert [(span.kind, span.start, span.end) for span in drawing.spans] == [
        ("waiting", BOUGHT, date(2025, 6, 2)),
        ("covered", DONE, ENDS),
    ]
    assert [(mark.kind, mark.day) for mark in drawing.marks] == [
        ("origin", BOUGHT),
        ("registered", DONE),
        ("today", TODAY),
        ("end", ENDS),
    ]
    assert [year.number for year in drawing.years][:5] == [1, 2, 3, 4, 5]
    waiting, covered = drawing.bars
    assert percent(waiting.x) + percent(waiting.width) == pytest.approx(percent(covered.x), abs=0.02)


@pytest.mark.req("IX-COV-08")
def test_the_extension_year_and_the_support_limit_are_shown_apart() -> None:
    drawing = timeline.coverage(
        counted_from=BOUGHT,
        start=DONE,
        end=date(2029, 5, 31),
        today=TODAY,
        support_limit=date(2030, 3, 15),
        extended_from=date(2028, 6, 1),
    )

    assert [(span.kind, span.start, span.end) for span in drawing.spans][1:] == [
        ("covered", DONE, ENDS),
        ("extension", date(2028, 6, 1), date(2029, 5, 31)),
    ]
    assert ("limit", date(2030, 3, 15)) in [(mark.kind, mark.day) for mark in drawing.marks]


@pytest.mark.req("IX-COV-08")
def test_a_licence_with_no_served_day_left_shows_its_origin_and_no_bar() -> None:
    drawing = timeline.coverage(counted_from=BOUGHT, start=None, end=None, today=TODAY)

    assert drawing.bars == []
    assert [mark.kind for mark in drawing.marks] == ["origin", "today"]


def test_the_end_is_marked_after_its_last_day() -> None:
    drawing = timeline.coverage(counted_from=BOUGHT, start=BOUGHT, end=ENDS, today=TODAY)
    covered = drawing.bars[-1]
    end = next(flag for flag in drawing.flags if flag.mark.kind == "end")
    assert percent(end.x) == pytest.approx(percent(covered.x) + percent(covered.width), abs=0.02)


days = st.integers(0, 2200).map(lambda offset: BOUGHT + timedelta(offset))


@given(start=days, length=st.integers(0, 1830), today=days, limit=st.none() | days)
def test_no_label_meets_another_label_or_the_line_of_one(
    start: date, length: int, today: date, limit: date | None
) -> None:
    drawing = timeline.coverage(
        counted_from=BOUGHT, start=start, end=start + timedelta(length), today=today, support_limit=limit
    )
    assert all(percent(bar.width) > 0 for bar in drawing.bars)
    for flag in drawing.flags:
        assert -0.01 <= percent(flag.x) <= 100.01
    for one, other in combinations(drawing.flags, 2):
        assert not (one.text_y == other.text_y and _overlap(_text(one), _text(other))), drawing.summary
        assert not _crossed(one, other), drawing.summary
        assert not _crossed(other, one), drawing.summary


def _text(flag: timeline.Flag) -> tuple[float, float]:
    width = len(flag.mark.label) * LETTER / NARROWEST * 100
    x = percent(flag.x)
    return (x, x + width) if flag.anchor == "start" else (x - width, x)


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] + 0.02 < other[1] and other[0] + 0.02 < one[1]


def _crossed(flag: timeline.Flag, by: timeline.Flag) -> bool:
    """Does the line of `by`, which hangs from its own row down to the bar, pass through the text of `flag`?"""
    left, right = _text(flag)
    return left + 0.02 < percent(by.x) < right - 0.02 and by.line_y < flag.line_y


def test_days_in_an_impossible_order_draw_no_bar_of_negative_width() -> None:
    drawing = timeline.coverage(counted_from=date(2030, 1, 1), start=DONE, end=ENDS, today=TODAY)
    assert drawing.bars == []
    assert {mark.kind for mark in drawing.marks} == {"origin", "registered", "end", "today"}
