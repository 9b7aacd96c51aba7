"""A date as a sentence says it."""

from datetime import UTC, date, datetime

import pytest

from hoshu.dates import read_date, said


@pytest.mark.req("MM-CND-28")
def test_a_day_and_a_moment_are_said_without_leading_noughts_in_japan() -> None:
    assert said(date(2025, 6, 10)) == "2025年6月10日"
    assert said(date(2025, 12, 1)) == "2025年12月1日"
    assert said(datetime(2025, 6, 10, 0, 58, tzinfo=UTC)) == "2025年6月10日 09:58"
    assert said(datetime(2025, 6, 9, 15, 0, tzinfo=UTC)) == "2025年6月10日 00:00"


def test_what_is_said_can_be_typed() -> None:
    assert read_date(said(date(2025, 6, 10))) == date(2025, 6, 10)
