"""Civil-Code periods, business days, half-open windows, Japanese date notation. Pure: nothing here reads a clock.

Hours are `Timetable(week, changes=…, closed=…)`: `at` and `is_open` for a moment, `add_open` for what is due after so
many open minutes, `open_between` for the open minutes between two moments. The functions of `deadlines` say how a date
came about.
"""

from .business_days import ANNOUNCED_UNTIL, YEAR_END, BusinessCalendar
from .deadlines import Deadline, Step, after_business_days, after_open_minutes, after_period, before
from .holidays_act import public_holidays
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
    WEEKDAY_NAMES,
    WEEKDAYS,
    Closed,
    Hours,
    Opening,
    Timetable,
    Week,
    hours,
    minute_of,
    moment_of,
    run_of_days,
)
from .writing import said

__all__ = [
    "ALWAYS",
    "ANNOUNCED_UNTIL",
    "JST",
    "MINUTES_OF_DAY",
    "WEEKDAYS",
    "WEEKDAY_NAMES",
    "YEAR_END",
    "BusinessCalendar",
    "Closed",
    "Deadline",
    "Hours",
    "Opening",
    "Step",
    "Timetable",
    "Week",
    "after_business_days",
    "after_open_minutes",
    "after_period",
    "before",
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
    "said",
    "within_days",
    "within_months",
    "within_years",
]
