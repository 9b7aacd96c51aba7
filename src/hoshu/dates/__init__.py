"""Civil-Code periods, business days, half-open windows, Japanese date notation. Pure: nothing here reads a clock."""

from .business_days import ANNOUNCED_UNTIL, YEAR_END, BusinessCalendar, public_holidays
from .periods import (
    JST,
    days_before,
    elapsed,
    extend_years,
    month_end,
    months_before,
    within_days,
    within_months,
    within_years,
)
from .reading import is_before, read_date
from .windows import (
    ALWAYS,
    MINUTES_OF_DAY,
    WEEKDAYS,
    Hours,
    Opening,
    Timetable,
    Week,
    hours,
    minute_of,
    moment_of,
    run_of_days,
)

__all__ = [
    "ALWAYS",
    "ANNOUNCED_UNTIL",
    "JST",
    "MINUTES_OF_DAY",
    "WEEKDAYS",
    "YEAR_END",
    "BusinessCalendar",
    "Hours",
    "Opening",
    "Timetable",
    "Week",
    "days_before",
    "elapsed",
    "extend_years",
    "hours",
    "is_before",
    "minute_of",
    "moment_of",
    "month_end",
    "months_before",
    "public_holidays",
    "read_date",
    "run_of_days",
    "within_days",
    "within_months",
    "within_years",
]
