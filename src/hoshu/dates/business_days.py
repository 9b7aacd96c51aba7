"""Business days in Japan: not Saturday, not Sunday, no public holiday, none of the operator's closed days."""

from collections.abc import Collection
from datetime import date, timedelta

from .holidays_act import public_holidays
from .windows import WEEKDAY_NAMES

YEAR_END: Collection[tuple[int, int]] = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})
"""(month, day) of the days closed every year unless the operator says otherwise: 29 December to 3 January."""

ANNOUNCED_UNTIL = date(2027, 12, 31)
"""The last day whose public holidays the Cabinet Office has announced (内閣府「国民の祝日について」).

Each February it announces the following year's, which fixes the two equinox days. Later days are computed, and an Act
may still move a holiday, as it did in 2019, 2020 and 2021. Raise this once a year, with the test against the list.
"""


class BusinessCalendar:
    """Answers whether somebody works on a day. Immutable; safe to share between threads."""

    def __init__(
        self,
        *,
        closed_annually: Collection[tuple[int, int]] = YEAR_END,
        closed_days: Collection[date] | None = None,
    ) -> None:
        """`closed_days` names single closed days and then replaces `closed_annually`."""
        self._closed_annually = frozenset(closed_annually if closed_days is None else ())
        self._closed_days = frozenset(closed_days or ())

    def is_business_day(self, day: date) -> bool:
        return (
            day.weekday() < 5
            and (day.month, day.day) not in self._closed_annually
            and day not in self._closed_days
            and day not in public_holidays(day.year)
        )

    def closed_on(self, day: date) -> str | None:
        """Why everybody is off on a day whatever its weekday, in Japanese; None where the weekday alone decides.

        Made for `Timetable(week, closed=calendar.closed_on)`: hours that holidays close, with their names.
        """
        closed = (day.month, day.day) in self._closed_annually
        if closed and (day.month, day.day) in YEAR_END:
            return "年末年始"
        if holiday := public_holidays(day.year).get(day):
            return f"祝日（{holiday}）"
        return "休業日" if closed or day in self._closed_days else None

    def day_off(self, day: date) -> str | None:
        """Why a day is no business day, in Japanese; None where it is one."""
        return self.closed_on(day) or (f"{WEEKDAY_NAMES[day.weekday()]}曜日" if day.weekday() >= 5 else None)

    def add(self, day: date, count: int) -> date:
        """The `count`-th business day after `day`, which itself is not counted; `day` for a count of 0."""
        for _ in range(count):
            day = self.on_or_after(day + timedelta(days=1))
        return day

    def on_or_after(self, day: date) -> date:
        """`day` where it is a business day, else the next one (the day that 民法 142条 would move a last day to)."""
        while not self.is_business_day(day):
            day += timedelta(days=1)
        return day

    @staticmethod
    def is_announced(day: date) -> bool:
        """Whether the public holidays of that year have been officially announced."""
        return day <= ANNOUNCED_UNTIL

    @classmethod
    def warning(cls, day: date) -> str | None:
        """A sentence for the reader where an answer rests on holidays not yet announced, else None."""
        if cls.is_announced(day):
            return None
        return (
            f"{day.year}年の祝日はまだ公表されていません（公表済みは{ANNOUNCED_UNTIL.year}年まで）。"
            "計算上の祝日で数えているため、後で変わることがあります。"
        )
