"""The parameters of what a repair brings with it: `[fee]`, its price beyond the pack, and `[alarm]`, what one starts.

Like the tables of `sections`, they are named after the question: another service fills them with its own numbers.
"""

from typing import Literal

from hoshu.dates import MINUTES_OF_DAY, hours

from .agreement import Said
from .parts import Rule, Section


class FeeBand(Rule):
    """Hours of every day, half open, and what work costs in them; a band may pass midnight."""

    code: str
    label: str
    opens: str
    closes: str
    base_yen: int
    unit_yen: int

    @property
    def minutes(self) -> frozenset[int]:
        """The minutes of the day that belong to the band."""
        opens, closes = hours(self.opens, self.closes)
        return frozenset(minute % MINUTES_OF_DAY for minute in range(opens, closes))


class FeeBase(Rule):
    """The base fee, in the band of setting out. It covers the first `minutes`, the last of them included."""

    minutes: int


class FeeUnit(Rule):
    """What follows the base fee: units of `minutes`, each in the band in which it starts."""

    minutes: int
    counted: Literal["started", "completed"]

    def __post_init__(self) -> None:
        if self.minutes < 1:
            raise ValueError("料金の単位が1分より短くなっています。minutes を1以上にしてください。")


class OutOfHours(Rule):
    """Work that the pack includes, done outside the hours of `part` of the plan."""

    part: str
    partly_inside: Literal["outside_only", "whole"]
    """What is charged of a call-out that lies partly inside: only what starts outside, or all of it."""


class Engineers(Rule):
    """How many engineers come without an estimate; more need one that the customer has approved."""

    without_estimate: int


class Tax(Rule):
    """What is added to the total; 0 where the table's amounts are charged as they stand."""

    percent: int


class FeeTerms(Section):
    """What work costs that the pack does not include, or that is done outside its hours."""

    band: tuple[FeeBand, ...]
    base: FeeBase
    unit: FeeUnit
    counted: Said
    excluded: Rule
    excluded_consent: Rule | None = None
    out_of_hours: OutOfHours | None = None
    out_of_hours_consent: Rule | None = None
    engineers: Engineers
    tax: Tax

    def __post_init__(self) -> None:
        priced: set[int] = set()
        for band in self.band:
            if twice := priced & band.minutes:
                text = f"「{band.label}」が、ほかの時間帯と{_stretches(twice)}で重なっています。"
                raise ValueError(f"{text}opens と closes を、前の時間帯の終わりに合わせてください。")
            priced |= band.minutes
        if unpriced := {*range(MINUTES_OF_DAY)} - priced:
            raise ValueError(f"{_stretches(unpriced)}の料金がありません。1日の全部の時間に料金を決めてください。")


class AlarmCall(Rule):
    """The customer is told inside the hours of `part` of the plan."""

    part: str


class AlarmEnd(Rule):
    """Alarms are acted on until the end of `part` of the service."""

    part: Literal["hardware", "software"]


class LateAlarm(Rule):
    """A report that took more than `after_minutes` to arrive is noted as late."""

    after_minutes: int


class AlarmTerms(Section):
    """What an automatic report from a device starts, and when the customer is called."""

    monitored: Said
    applied: Rule
    start: Rule
    ended: AlarmEnd
    call: AlarmCall
    retry: Rule
    dispatch: Rule
    late: LateAlarm


def _stretches(minutes: set[int]) -> str:
    """Minutes of the day in words: 05:00から06:00まで."""
    begins = sorted(minute for minute in minutes if minute - 1 not in minutes)
    ends = sorted(minute + 1 for minute in minutes if minute + 1 not in minutes)
    return "と".join(
        f"{begin // 60:02}:{begin % 60:02}から{end // 60:02}:{end % 60:02}まで"
        for begin, end in zip(begins, ends, strict=True)
    )
