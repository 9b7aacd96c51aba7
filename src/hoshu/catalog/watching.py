"""The parameters of the questions about watching: alerts, mails about them, silent units, kept data.

Like the tables of `sections`, they are named after the question: another service fills them with its own numbers.
"""

from typing import Literal

from hoshu.dates import hours

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
    subject: Rule
    """A mail about several alerts shows the highest level."""
    any_time: Rule
    """Mails go out at every hour of every day."""


class DailyMail(Rule):
    """A mail at a fixed time of each day."""

    at: str
    """`HH:MM` in Japan, where the question names no other."""

    def __post_init__(self) -> None:
        hours(self.at, "24:00")


class DoubleMail(Rule):
    """What happens where the daily mail would come soon after the first."""

    left_out_within_minutes: int
    """The daily mail is left out at most so many minutes after the first; 0 leaves none out."""


class StopNoticeTerms(Section):
    """When somebody is told that a unit has stopped."""

    first: Rule
    daily: DailyMail
    double: DoubleMail
    recovered: Rule
    any_time: Rule
    """Mails go out at every hour of every day."""


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


class TableOnly(Rule):
    """Paths that only the table of the document marks as inspected, not its text; `says` tells the customer so."""

    paths: tuple[tuple[str, ...], ...]
    """Pairs of ports, sender and receiver."""
    says: str


class TrafficTerms(Section):
    """Which traffic is inspected."""

    unit: str
    """What people call the unit that inspects."""
    port: tuple[Port, ...]
    paths: Rule
    inspected: dict[str, tuple[str, ...]]
    """By the port of the sender: the ports of the receivers to which traffic is inspected."""
    table_only: TableOnly | None = None
    protocols: Rule
    inspected_protocols: dict[str, str]
    """What people call the protocols that are inspected, by their codes."""
    through_unit: Rule

    def __post_init__(self) -> None:
        paths = () if self.table_only is None else self.table_only.paths
        named = {*self.inspected}.union(*self.inspected.values(), *paths)
        ports = {port.code for port in self.port}
        if unknown := named - ports:
            raise ValueError(
                f"「{min(unknown)}」という通信の口はありません。"
                f"{'、'.join(sorted(ports))} から選ぶか、[[traffic.port]] に書き足してください。"
            )


class DataHold(Rule):
    """Why data is kept longer than it would be."""

    code: str
    name: str
    lasts: Period | None = None
    """How long after its event it stands, where the question names no last day of it."""


class RetentionTerms(Section):
    """How long what was detected is kept."""

    keep: Period
    end_of_use: Rule
    """Nothing is kept past the end of use."""
    held: Rule
    """A reason to keep data that `hold` does not list."""
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
    backups: Period
    """How long copies may live on after the end of use, or after the last day of a hold."""
    kind: tuple[DataKind, ...]
    held: Rule
    """A reason to keep data that `hold` does not list."""
    hold: tuple[DataHold, ...]


class LongestPeriod(Rule):
    """How many whole days may be compared at once."""

    days: int


class SmallestGroup(Rule):
    """How many companies an average needs, so that it reveals none of them."""

    companies: int


class CountedCompanies(Rule):
    """Which companies an average counts: all under contract, or those that have a unit in use."""

    which: Literal["in_use", "under_contract"]


class AverageTerms(Section):
    """How the own figure is compared with the average of all companies."""

    mean: Rule
    counted: CountedCompanies
    smallest: SmallestGroup
    period: LongestPeriod


class MonthOnly(Rule):
    """Which day stands in where only the month is known."""

    counts_from: Literal["first_day", "last_day"]


class ReplacementAgeTerms(Section):
    """By when a unit must be replaced because of its age."""

    unit: str
    """What people call the unit."""
    life: Period
    warn_days: tuple[int, ...]
    """How many days before the last one somebody is warned."""
    month_only: MonthOnly
    due: Rule
    """What happens to a unit that is older."""
    due_says: str
