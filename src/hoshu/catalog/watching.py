"""The parameters of the questions about watching: alerts, mails about them, silent units, kept data.

Like the tables of `sections`, they are named after the question: another service fills them with its own numbers.
"""

from typing import Literal

from .parts import Period, Rule, Section, Shown


class AlertLevel(Rule):
    """How much an alert matters; the levels of an edition stand from the highest to the lowest."""

    code: str
    name: str
    stars: str
    """What the subject of a mail shows; empty where it shows none."""
    says: str
    result_follows: bool = False
    """Whether the judgement is still open, so that a second mail tells its result."""


class RatingTerms(Section):
    """Which level a mail about several alerts shows."""

    highest: Rule
    result: Rule
    """The second mail about an alert whose judgement was open."""


class Collecting(Rule):
    """How long alerts are collected for one mail, from the first that no mail has taken yet."""

    minutes: int


class AlertMailTerms(Section):
    """How alerts become mails."""

    collect: Collecting
    one_mail_for: Literal["contract", "unit"]
    """Whether the units of an agreement share a mail. Agreements never do."""
    any_time: Rule
    """Mails go out at every hour of every day."""


class Repetition(Rule):
    """A mail at a fixed time of each day."""

    at: str
    """`HH:MM` in Japan, where the question names none."""
    not_within_minutes: int = 0
    """It is left out where the first mail went out at most so many minutes before it."""


class StopNoticeTerms(Section):
    """When somebody is told that a unit has stopped."""

    first: Rule
    daily: Repetition
    recovered: Rule
    any_time: Rule


class Silence(Rule):
    """How long a unit may stay silent; at exactly so many minutes it still counts as running."""

    minutes: int


class UnitState(Rule):
    """What people call a state of a unit, and what has to be said with it."""

    name: str
    says: str = ""


class CentreDown(Rule):
    """Time in which the centre itself could not receive; in it nothing is judged."""

    counts: bool
    """Whether it counts as silence of the unit."""


class SilenceCause(Rule):
    """To what a stretch of silence is put down; `says` ends the sentence that names its length."""

    code: str
    says: str


class HeartbeatTerms(Section):
    """When a unit that reports by itself is taken to have stopped."""

    silence: Silence
    unregistered: UnitState
    online: UnitState
    stopped: UnitState
    centre_down: CentreDown
    centre_cause: SilenceCause | None = None
    """Of the time in which the centre was down. Without it the causes of a silence are not told apart."""
    open_cause: SilenceCause | None = None
    """Of the rest."""


class Port(Shown):
    """A place where traffic enters or leaves the unit."""

    code: str
    name: str


class TrafficTerms(Section):
    """Which traffic is inspected."""

    port: tuple[Port, ...]
    paths: Rule
    inspected: dict[str, tuple[str, ...]]
    """By the port of the sender: the ports of the receivers to which traffic is inspected."""
    protocols: Rule
    inspected_protocols: dict[str, str]
    """What people call the protocols that are inspected, by their codes."""
    through_unit: Rule

    def __post_init__(self) -> None:
        codes = {port.code for port in self.port}
        for sender, receivers in self.inspected.items():
            if unknown := {sender, *receivers} - codes:
                raise ValueError(f"“{min(unknown)}” is no port; known are {', '.join(sorted(codes))}")


class DataHold(Rule):
    """Why data is kept longer than it would be."""

    code: str
    name: str
    lasts: Period | None = None
    """How long after its event it stands, where no other end of it is known."""


class RetentionTerms(Section):
    """How long what was detected is kept."""

    keep: Period
    end_of_use: Rule
    """Nothing is kept past the end of use for this reason."""
    held: Rule
    hold: tuple[DataHold, ...]


class DataKind(Rule):
    """A kind of data that the service holds, and whether it is destroyed when the use has ended."""

    code: str
    name: str
    destroyed: bool
    says: str


class EraseTerms(Section):
    """What is destroyed at the end of use, and when."""

    end_of_use: Rule
    kind: tuple[DataKind, ...]
    held: Rule
    hold: tuple[DataHold, ...]


class Comparison(Rule):
    """The days over which figures may be compared."""

    most_days: int


class SmallestGroup(Rule):
    """How many companies an average needs, so that it reveals none of them."""

    companies: int


class AverageTerms(Section):
    """How the own figure is compared with the average of all companies."""

    mean: Rule
    counted: Literal["in_use", "under_contract"]
    """Whether companies that have no unit in use are counted, with nothing detected."""
    counted_rule: Rule
    smallest: SmallestGroup
    period: Comparison


class ServiceLife(Period):
    """How long a unit is used after it was made, and how many days before the last one somebody is warned."""

    warn_days: tuple[int, ...]


class ReplacementAgeTerms(Section):
    """By when a unit must be replaced because of its age."""

    life: ServiceLife
    month_only: Rule
    month_counts_from: Literal["first_day", "last_day"]
    """The day that stands in where only the month in which it was made is known."""
    in_use: Rule
    """It keeps working, marked, until it is replaced."""
