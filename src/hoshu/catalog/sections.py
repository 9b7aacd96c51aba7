"""The parameters of each question: `[coverage]`, `[window]` and so on. Without its table a service does not offer it.

Named after the question, never after a service: another service fills the same tables with its own numbers.
"""

from datetime import date, timedelta
from typing import Literal

from hoshu.dates import elapsed, month_end, within_years

from .parts import Rule, Section, days_of_the_year


class Origin(Rule):
    """A date from which the years may be counted; the earliest of all origins that are known is."""

    fact: str
    label: str
    plus_days: int = 0
    instead: str | None = None
    """A date that prevails where it is known."""
    instead_label: str = ""
    unproven: str | None = None
    """The fact that stands in where the date is not proven (`purchase_proof` is false)."""
    unproven_label: str = ""
    unproven_rule: Rule | None = None


class YearsElapsed(Rule):
    """How the years of the plan end.

    On the day on which they have elapsed (`none`), the day before, at the end of that month, or, where the first day is
    not counted in, on the last day within the years (民法 140条; it differs from `none` only at the end of February).
    """

    rounding: Literal["none", "day_before", "month_end", "first_day_not_counted"]

    def last_day(self, counted_from: date, years: int) -> date:
        """IX-COV-02, VA-TRM-01, SP-TRM-02: the last day of so many years."""
        if self.rounding == "first_day_not_counted":
            return within_years(counted_from, years)
        elapsed_on = elapsed(counted_from, years)
        if self.rounding == "month_end":
            return month_end(elapsed_on)
        return elapsed_on - timedelta(days=1) if self.rounding == "day_before" else elapsed_on


class Start(Rule):
    """From when the service can be used."""

    fact: str
    says: str
    """The sentence, with `{day}`."""
    not_before_origin: bool = False
    not_before_says: str = ""
    """The sentence where the first origin is later than `fact`."""
    later: str | None = None
    """A date that prevails where it is known, and is never before `fact`: a day of effect that a notice names."""
    later_label: str = ""


class OpenEnd(Rule):
    """How a service without a term ends: it runs until `fact` is known."""

    fact: str
    label: str
    last_day: Literal["day_before", "month_end"]
    says: str
    """The sentence, with `{day}`."""
    unknown_says: str

    def last_served(self, event: date) -> date:
        """RC-GEN-07, MM-TRM-01: the last day of service where it ends by an event of this day."""
        return month_end(event) if self.last_day == "month_end" else event - timedelta(days=1)


class Kit(Rule):
    """A purchase that lengthens the period by whole years, counted from the day after its end, not rounded."""

    fact: str
    years: int


class Cap(Rule):
    """A day past which nothing is served: `years` after `fact`, or `recorded` where the provider has fixed it."""

    name: str
    fact: str | None = None
    label: str = ""
    years: int = 0
    recorded: str | None = None
    limit_label: str
    part: str | None = None
    """The only part of the service that it ends; else the whole."""
    exempt_years: tuple[int, ...] = ()
    """Plans of so many years that it does not touch."""
    exempt_in_time: str | None = None
    """The event of the `[[registration.deadline]]` that an exempt plan must have kept; else it is always exempt."""
    exempt: Rule | None = None


class Warranty(Rule):
    """The free warranty beside the service: years from a proven purchase, else to the end of a printed month."""

    years: str
    printed: str


class EarlyEnd(Rule):
    """A day on which the service ends before its time."""

    must_be_early: bool = False
    """Whether a day after the end is refused, as nobody can have agreed to it; else it changes nothing."""


class CoverageTerms(Section):
    """From when to when a unit is served: years counted from a date, or open until an event ends it."""

    origin: tuple[Origin, ...]
    elapsed: YearsElapsed | None = None
    open_end: OpenEnd | None = None
    start: Start
    unmoved: Rule | None = None
    kit: Kit | None = None
    cap: tuple[Cap, ...] = ()
    ended_early: EarlyEnd
    parts: tuple[str, ...] = ()
    """Parts of the service that may end on days of their own: the answer then gives the end of each."""
    says_in_time: bool = False
    """Whether the answer says that the application kept every `[[registration.deadline]]`."""
    warranty: Warranty | None = None

    def __post_init__(self) -> None:
        if (self.elapsed is None) == (self.open_end is None):
            raise ValueError(
                "期間の終わり方が1つに決まりません。"
                "年数で終わる elapsed か、終わりの定めのない open_end のどちらか1つだけを書いてください。"
            )
        if not self.origin:
            raise ValueError("期間の起点がありません。[[coverage.origin]] を1つは書いてください。")


class Attend(Rule):
    """By when work begins: so many open `minutes` after receipt, or, received before `cut_off`, by the day's close."""

    part: str
    received_in: str
    """The window in which a call must come for the target to be given."""
    minutes: int | None = None
    cut_off: str | None = None

    def __post_init__(self) -> None:
        if (self.minutes is None) == (self.cut_off is None):
            raise ValueError(
                "着手の目標の決め方が1つに決まりません。minutes か cut_off のどちらか1つだけを書いてください。"
            )


class SpecHours(Rule):
    """Parts whose hours a product's own specification may set."""

    parts: tuple[str, ...]


class WindowTerms(Section):
    """Which part of the service works when; the windows themselves stand in the plans."""

    default_part: str
    run_of_days: Rule | None = None
    changed: Rule | None = None
    chosen_days: Rule | None = None
    no_holidays: Rule | None = None
    holidays: Rule | None = None
    """The days on which the windows stay closed that are `closed_on_holidays`."""
    closed_annually: tuple[str, ...] = ("12-29", "12-30", "12-31", "01-01", "01-02", "01-03")
    """The provider's own closed days `MM-DD` of every year, unless a question names its `closed_days`."""
    attend: tuple[Attend, ...] = ()
    spec_hours: SpecHours | None = None

    def __post_init__(self) -> None:
        days_of_the_year(self.closed_annually)


class Check(Rule):
    """A fact that stands against serving a request, or makes it wait for a person or for something missing."""

    fact: str
    value: bool | str
    """The value that stops."""
    outcome: Literal["on_hold", "refused", "not_covered"]
    needs: str | None = None
    says: str
    """What is found, as a clause that 「ため、」 or 「ものの、」 joins to what follows."""
    until: str
    """The other half: what it waits for, or what cannot be done."""
    parts: tuple[str, ...] = ()
    """The only parts of the service that it concerns; else all."""
    before_period: bool = False
    """Whether it is looked at before the period, as who asks and for what."""
    before_exclusions: bool = False
    """Whether it is looked at after the period but before the exclusions; else after both."""
    lifted_by_decision: bool = False
    """Whether a person may decide to serve nevertheless."""


class Element(Rule):
    """A part of the work that the terms tell apart: what becomes of it where the request is served."""

    element: Literal["work", "parts", "consumables", "travel", "media", "settings", "software", "data", "utilities"]
    outcome: Literal["covered", "customer_pays", "excluded", "on_condition"]
    says: str


class OutOfHours(Rule):
    """Work outside the hours with the customer's consent, which the customer pays by the fee table."""

    parts: tuple[str, ...]
    cost: str
    """The code of the cost."""


class SaidOfParts(Rule):
    """What holds for some parts of a service only, and the sentence that says it."""

    parts: tuple[str, ...]
    says: str


class EntitlementTerms(Section):
    """What happens with a request for service."""

    covered: Rule
    not_started: Rule
    unregistered: Rule
    expired: Rule
    open_period: bool = False
    """Whether a period without an end runs on; else a last day is asked for."""
    part_ended: Rule | None = None
    beyond_limit: Rule | None = None
    after_expiry: Rule
    after_expiry_served: bool
    before_start: SaidOfParts | None = None
    """The parts that serve already while the agreement runs but the service has not started."""
    still_served: SaidOfParts | None = None
    """What these parts go on doing after the end."""
    accepted: Rule | None = None
    """What asks that a request be accepted before the end too."""
    check: tuple[Check, ...] = ()
    refused: Rule | None = None
    """What a person decides by not to come."""
    attend: Rule
    no_promise: Rule | None = None
    no_hours: Rule | None = None
    """What says the hours where the terms themselves name none."""
    item_parts: tuple[str, ...] = ()
    """The only parts of the service that leave out the kinds of device listed as excluded; else all."""
    mounting_height_cm: int | None = None
    mounting_exclusion: str = ""
    consent: Rule | None = None
    """How excluded work is done that the customer may pay for."""
    out_of_hours: OutOfHours | None = None
    warranty: Rule | None = None
    """How the free warranty stands beside the service."""
    warranty_unproven: Rule | None = None
    no_waiver: Rule | None = None
    """That serving where the terms would not owe it gives up no right."""
    element: tuple[Element, ...] = ()
