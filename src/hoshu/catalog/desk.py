"""The parameters of the questions that a desk answers beside repairs: inquiries, fees by the month, insured call-outs.

Like the tables of `sections`, they are named after the question: another service fills them with its own numbers.
"""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

from hoshu.dates import BusinessCalendar, hours

from .agreement import Said
from .parts import Period, Rule, Section, Shown, days_of_the_year


class BusinessDays(Rule):
    """The days on which somebody works: not at weekends, on public holidays, or on these days of every year."""

    closed_annually: tuple[str, ...] = ()
    """`MM-DD`."""

    def __post_init__(self) -> None:
        days_of_the_year(self.closed_annually)

    def calendar(self, closed_days: tuple[date, ...] | None = None) -> BusinessCalendar:
        """Its calendar; `closed_days` replace the days closed every year."""
        return BusinessCalendar(closed_annually=days_of_the_year(self.closed_annually), closed_days=closed_days)


class BusinessDeadline(Rule):
    """So many business days after an event, its day not counted, up to a time of that day."""

    business_days: int
    until: str
    """`HH:MM`."""

    def __post_init__(self) -> None:
        if self.business_days < 1:
            raise ValueError("期限が1営業日より短くなっています。business_days を1以上にしてください。")
        _minute_of_day(self.until)

    @property
    def minute(self) -> int:
        """The minute of the day up to which it is in time."""
        return _minute_of_day(self.until)


class Interim(Rule):
    """An answer on the way, where the last one is expected later than so many business days after receipt."""

    over_business_days: int
    silent_up_to: int = 0
    """Where the document is silent about a last answer after the deadline, but within so many business days."""


class AskAhead(Rule):
    """A question to whoever works on it, at a time of the given business day after receipt."""

    business_day: int
    at: str

    def __post_init__(self) -> None:
        _minute_of_day(self.at)

    @property
    def minute(self) -> int:
        """The minute of the day at which it is asked."""
        return _minute_of_day(self.at)


class Remind(Rule):
    """A reminder so many days after or before the event."""

    days: int


class InquiryTerms(Section):
    """By when an inquiry is answered, and when it closes by itself."""

    days: BusinessDays
    answer: BusinessDeadline
    interim: Interim
    ask_expected: AskAhead
    again: Rule
    """A reply to the answer: a new period for the same inquiry."""
    close: Period
    late_reply: Rule
    """A reply after the inquiry was closed."""
    remind: Remind


class FirstMonth(Rule):
    """The month from whose first day the fee is charged: so many months after that of the start."""

    months_after: int


class BillingTerms(Section):
    """Which months are charged."""

    first_month: FirstMonth
    whole_months: Rule
    free: Rule
    despite_outage: Rule
    last: Rule
    """Use lasts to the end of the month of the cancellation, which is charged in full."""
    not_before_acceptance: Rule
    not_backdated: Rule


class StarRule(Rule):
    """What an alert of so many stars entitles to, and the proofs of a scan that do for it."""

    stars: int
    name: str
    entitled: bool
    scan: tuple[Literal["done", "proof", "exempt"], ...]
    says: str
    """Why it entitles or not, as a whole sentence."""


ConditionKind = Literal[
    "entitled",
    "mail_issued",
    "in_period",
    "charged_month",
    "in_use",
    "scan",
    "recommended",
    "operator_listed",
    "in_time",
    "calls_left",
    "own_network",
    "danger_evident",
    "covered_cost",
    "not_known_before",
    "no_crime",
    "no_violation",
    "mandates",
    "still_needed",
]


class Condition(Rule):
    """A condition of the insurance: what it looks at, the code under which it fails, and what is said then."""

    code: str
    of: ConditionKind
    decided_by: str
    fails: str
    waits: str
    """What is still missing where it is undecided or can be cured."""


class InsurancePeriod(Rule):
    """The first period begins on the first day of a month after the start, and renews itself."""

    months_after_start: int
    months: int


class CallLimits(Rule):
    """How much is paid, at most, in each period of one agreement."""

    calls: int
    yen_per_call: int
    yen: int


class CostCode(Rule):
    """A kind of cost on the invoice of a call-out."""

    code: str
    name: str
    covered: bool


class Promotion(Rule):
    """A later mail that puts an alert on a level with an insured one."""

    counts: bool
    """Whether the alert is insured from then on."""
    says: str
    """The sentence that follows the moment of the mail."""


class InsuranceTerms(Section):
    """Whether a call-out after an alert is likely to be paid by the attached insurance."""

    star: tuple[StarRule, ...]
    promoted: Promotion
    period: InsurancePeriod
    period_of: Literal["first_alert", "entitling_mail"]
    """Which moment decides the period and the month of an alert that became insured later."""
    charged: FirstMonth
    """The first month that is charged; the months before it count as free."""
    renewal: Rule
    visit: Period
    visit_counts: Literal["work_start", "request"]
    """What must lie inside the days after the alert."""
    days: BusinessDays
    unrequested: Said
    """Of a call-out that began before the desk was asked."""
    limits: CallLimits
    cost: tuple[CostCode, ...]
    expectation: Rule
    condition: tuple[Condition, ...]


class FailureLevel(Rule):
    """A level of failures: the facts that make it, who is told, and by when."""

    level: str
    when: dict[str, bool]
    """Facts and their values; the first level of the list whose facts all hold is the level."""
    criterion: str
    contact: bool
    contact_rule: Rule
    within_minutes: int | None = None
    by: BusinessDeadline | None = None
    within_rule: Rule | None = None

    def __post_init__(self) -> None:
        if self.contact and (self.within_minutes is None) == (self.by is None):
            raise ValueError(
                "いつまでに知らせるかが1つに決まりません。within_minutes か by のどちらか1つだけを書いてください。"
            )
        if self.within_minutes is not None and self.within_rule is None:
            raise ValueError("within_minutes の根拠がありません。within_rule を書き足してください。")


class FailureLevelTerms(Section):
    """How grave a failure is, and whether the customer is told."""

    days: BusinessDays
    level: tuple[FailureLevel, ...]
    undecided: Rule


class Target(Rule):
    """The share of the time, in percent, that the service is to be there."""

    percent: str

    def __post_init__(self) -> None:
        try:
            found = Decimal(self.percent)
        except InvalidOperation:
            found = Decimal(-1)
        if not 0 < found <= 100:
            raise ValueError(
                "割合が0より大きく100以下の数ではありません。「99.8」のように、引用符で囲んだ数にしてください。"
            )


class ExcludedWork(Rule):
    """Work whose announced stop does not count against the service."""

    code: str
    name: str
    needs_approver: bool = False


class SloTerms(Section):
    """Whether the service was there often enough in a month."""

    target: Target
    month: Rule
    excluded: tuple[ExcludedWork, ...]
    announced: Rule
    unannounced_counts: bool
    """Whether a stop without a notice before it counts against the service, whatever its reason."""
    nothing_left: Rule


class StopKind(Rule):
    """A kind of stop for maintenance: how it is announced, and what its record needs where it was not."""

    kind: str
    name: str
    notice: Literal["months_ahead", "before_start", "none"]
    months: int = 0
    channels: Literal["all", "any"] = "any"
    """Whether a notice is given once it went out on all channels, or on any."""
    needs: tuple[str, ...] = ()
    """What the record needs where the notice is late or missing."""
    remind: Remind | None = None
    also_announced: Rule | None = None
    """The clause that asks for the further channel."""
    says: str


class MaintenanceTerms(Section):
    """By when a stop for maintenance is announced."""

    kind: tuple[StopKind, ...]


class DeskSubject(Rule):
    """A subject of inquiries. `answer` is the desk's standard sentence where it is out of scope."""

    code: str
    label: str
    in_scope: bool
    after_end: bool = False
    """Whether the desk still takes it once the agreement has ended."""
    needs_after_end: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    answer: str = ""


class DeskScopeTerms(Section):
    """What the desk answers, and to whom."""

    administrator: Said
    unregistered: Said
    unknown: Said
    ended: Said
    ended_served: Said
    """Of a subject that the desk still takes after the end."""
    recorded: Said
    """Of a subject whose record needs something more."""
    subject: tuple[DeskSubject, ...]


class Listing(Shown):
    """A table of the document with its columns, for screens and exports."""

    id: str
    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(
                    f"列の数が見出しと違う行があります（{len(self.columns)}列のうち{len(row)}列）。"
                    f"{'、'.join(row)} の行を直してください。"
                )


def _minute_of_day(time: str) -> int:
    """The minute of a time of day `HH:MM` after midnight; ValueError where it is none."""
    return hours("00:00", time)[1]
