"""Our own computation of the public holidays, day by day against an independent library."""

import subprocess
import sys
from datetime import date

import pytest
from holidays.countries.japan import Japan

from hoshu.dates import public_holidays

d = date.fromisoformat


@pytest.mark.req("IX-CAL-07")
def test_every_holiday_from_1949_to_2099_with_its_name() -> None:
    for year in range(1949, 2100):
        assert public_holidays(year) == dict(Japan(years=year, language="ja").items()), year


def test_holidays_are_in_order() -> None:
    assert all(list(public_holidays(year)) == sorted(public_holidays(year)) for year in (1990, 2009, 2026))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2019-04-30", "国民の休日"),
        ("2019-05-01", "天皇の即位の日"),
        ("2019-05-02", "国民の休日"),
        ("2019-05-06", "振替休日"),
        ("2019-10-22", "即位礼正殿の儀が行われる日"),
        ("2020-07-23", "海の日"),
        ("2020-07-24", "スポーツの日"),
        ("2020-08-10", "山の日"),
        ("2021-08-08", "山の日"),
        ("2021-08-09", "振替休日"),
        ("2009-09-22", "国民の休日"),
        ("1973-04-30", "振替休日"),
        ("1988-05-04", "国民の休日"),
    ],
)
def test_special_years(day: str, name: str) -> None:
    assert public_holidays(d(day).year)[d(day)] == name


@pytest.mark.parametrize(
    "day", ["2019-12-23", "2020-07-20", "2020-10-12", "2021-08-11", "1973-02-12", "1985-05-04", "1986-05-04"]
)
def test_days_that_are_none(day: str) -> None:
    assert d(day) not in public_holidays(d(day).year)


def test_before_the_act_there_are_none_and_its_first_year_has_three() -> None:
    assert public_holidays(1947) == {}
    assert list(public_holidays(1948)) == [d("1948-09-23"), d("1948-11-03"), d("1948-11-23")]


def test_a_century_without_its_leap_day_moves_the_equinoxes_on() -> None:
    assert {d("2100-03-20"), d("2100-09-23")} < set(public_holidays(2100))
    assert {d("2150-03-21"), d("2150-09-23")} & set(public_holidays(2150))


def test_no_library_is_imported_for_them() -> None:
    code = "import sys, hoshu.dates as d; d.public_holidays(2026); print('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"
