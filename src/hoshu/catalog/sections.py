"""The parameters of each question: `[coverage]`, `[window]` and so on. Without its table a service does not offer it.

Named after the question, never after a service: another service fills the same tables with its own numbers.
"""

from typing import Literal

from .parts import Period, Rule, Section


class Origin(Rule):
    """A date from which the years may be counted; the earliest of all origins that are known is."""

    fact: str
    label: str
    plus_days: int = 0
    unproven: str | None = None
    """The fact that stands in where the date is not proven (`purchase_proof` is false)."""
    unproven_label: str = ""
    unproven_rule: Rule | None = None


class YearsElapsed(Rule):
    """How the years of the plan end."""

    rounding: Literal["month_end", "none"]


class Kit(Rule):
    """A purchase that lengthens the period by whole years, counted from the day after its end, not rounded."""

    fact: str
    years: int


class Cap(Rule):
    """A day past which nothing is served: `years` after `fact`, or `recorded` where the provider has fixed it."""

    name: str
    fact: str
    label: str
    years: int
    recorded: str
    limit_label: str


class CoverageTerms(Section):
    """From when to when a unit is served, for services that count years from a date."""

    origin: tuple[Origin, ...]
    elapsed: YearsElapsed
    start: Rule
    unmoved: Rule
    kit: Kit | None = None
    cap: tuple[Cap, ...] = ()
    ended_early: Rule


class RegistrationTerms(Section):
    """Whether an application may be accepted, and by when what must happen."""

    apply_within: Period
    late: Rule
    answer_within: Period
    refund: Rule
    one_body: Rule
    options: Rule
    option_quantity: Rule
    in_japan: Rule
    serial: Rule
    purchase_date: Rule
    card_deadline: Rule
    application: Rule
    approval: Rule
    nothing_left: Rule


class WindowTerms(Section):
    """Which part of the service works when; the windows themselves stand in the plans."""

    default_part: str
    run_of_days: Rule
    changed: Rule
    no_holidays: Rule


class Hold(Rule):
    """A fact on which the service waits for a person or for something missing."""

    fact: str
    holds_on: bool
    needs: str
    says: str
    """What is found, as a clause that 「ため、」 or 「ものの、」 joins to what follows."""
    until: str
    """The other half: what it waits for."""
    lifted_by_decision: bool = True


class EntitlementTerms(Section):
    """What happens with a request for service."""

    covered: Rule
    unregistered: Rule
    in_japan: Rule
    not_started: Rule
    expired: Rule
    beyond_limit: Rule
    after_expiry: Rule
    after_expiry_served: bool
    hold: tuple[Hold, ...]
    refused: Rule
    attend: Rule
    no_promise: Rule
    mounting_height_cm: int
    mounting_exclusion: str


class RestorationStep(Rule):
    """A step that depends on what the customer provides, with the sentence for each case."""

    code: str
    done: str
    left: str


class RestorationLevel(Rule):
    """A row of the table of work: what is given decides what is done."""

    level: int
    version: bool
    backup: bool
    steps: tuple[str, ...]
    left: tuple[str, ...] = ()
    says: str


class RestorationTerms(Section):
    """Which work is done after an exchange."""

    level: tuple[RestorationLevel, ...]
    step: tuple[RestorationStep, ...]
    unreadable: Rule
