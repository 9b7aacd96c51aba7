"""Dates as people in Japan write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.dates import read_date


@pytest.mark.parametrize(
    "text",
    [
        "2022-04-15", "2022/4/15", "2022.4.15", "2022年4月15日", "20220415", "２０２２年４月１５日",
        "２０２２／０４／１５", "2022−4−15", " 2022 年 4 月 15 日 ", "令和4年4月15日", "令和４年４月１５日",
        "㋿4年4月15日", "R4.4.15", "r4/4/15", "Ｒ４．４．１５",
    ],
)  # fmt: skip
def test_reads_the_usual_ways(text: str) -> None:
    assert read_date(text) == date(2022, 4, 15)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("S64.1.7", date(1989, 1, 7)),
        ("大正15年12月24日", date(1926, 12, 24)),
        ("明治45年7月29日", date(1912, 7, 29)),
    ],
)
def test_reads_eras_to_their_last_day(text: str, expected: date) -> None:
    assert read_date(text) == expected


@pytest.mark.req("IX-CAL-01")
@pytest.mark.parametrize(
    "text", ["2025-02-29", "2025-13-01", "20250230", "令和7年2月29日", "令和0年1月1日", "2025年6月31日"]
)
def test_a_date_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="暦にない日付です"):
        read_date(text)


@pytest.mark.parametrize("text", ["平成31年5月1日", "令和元年4月30日", "昭和64年1月8日", "明治5年12月2日"])
def test_an_era_is_not_read_beyond_its_days(text: str) -> None:
    with pytest.raises(ValueError, match="西暦で書いてください"):
        read_date(text)


@pytest.mark.parametrize(
    "text", ["", "  ", "明日", "22/4/15", "2022/4-15", "4月15日", "2022年4月", "2022-4-15T00:00", "⑳20415"]
)
def test_what_is_no_date_says_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="のように書いてください"):
        read_date(text)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_date(text)
    except ValueError as error:
        message = str(error)
    else:
        return
    assert message.endswith("。")


@given(st.dates(min_value=date(1873, 1, 1)))
def test_round_trip(day: date) -> None:
    assert read_date(f"{day.year:04}年{day.month}月{day.day}日") == day
    assert read_date(day.strftime("%Y").zfill(4) + day.strftime("%m%d")) == day
