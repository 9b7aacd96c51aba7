"""A service edition: one published document of terms, as data."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, NoReturn

from hoshu.dates import ALWAYS, WEEKDAYS, Week, hours, run_of_days

from .agreement import (
    ChangeTerms,
    ConfidentialityTerms,
    CostsTerms,
    DamagesTerms,
    ExtensionTerms,
    RefundTerms,
    ReperformanceTerms,
    TermsChangeTerms,
    TransferTerms,
)
from .applying import ApplicationTerms, FormField, FormStep
from .closing import AfterEnd, EndingTerms, HandoverTerms
from .desk import (
    BillingTerms,
    DeskScopeTerms,
    FailureLevelTerms,
    InquiryTerms,
    InsuranceTerms,
    Listing,
    MaintenanceTerms,
    SloTerms,
)
from .parts import Rule, Shown, Table
from .registering import RegistrationTerms
from .repair import AlarmTerms, FeeTerms
from .reporting import AdmissionTerms, ContactTerms, DisclosureTerms, TelemetryTerms, UseTerms
from .sections import CoverageTerms, EntitlementTerms, WindowTerms
from .telling import IndividualService, Note, Notice, Promise, Question, Word, Works
from .watching import (
    AlertLevel,
    AlertMailTerms,
    AverageTerms,
    EraseTerms,
    HeartbeatTerms,
    RatingTerms,
    ReplacementAgeTerms,
    RetentionTerms,
    StopNoticeTerms,
    TrafficTerms,
)
from .work import RestorationTerms, SoftwareSupportTerms, UpgradeTerms


class Clause(Table):
    """A place in the document, with our own short sentence about it."""

    id: str
    text: str
    not_computed: str | None = None
    """Why no answer is computed from it."""


class ServiceWindow(Rule):
    """Weekly hours on `weekdays`, on `run_of_days` consecutive days, or on as many as `chosen_days` that are chosen."""

    id: str
    label: str
    hours: tuple[tuple[str, ...], ...]
    weekdays: tuple[str, ...] = ()
    run_of_days: int | None = None
    """They run from the customer's start weekday."""
    chosen_days: int | None = None
    """The customer names them."""
    closed_on_holidays: bool = False
    """Whether it stays closed on public holidays and the provider's closed days; else it knows none."""

    def __post_init__(self) -> None:
        if sum(map(bool, (self.weekdays, self.run_of_days, self.chosen_days))) != 1:
            raise ValueError(
                "曜日の決め方が1つに決まりません。weekdays、run_of_days、chosen_days のどれか1つだけを書いてください。"
            )
        if unknown := [code for code in self.weekdays if code not in WEEKDAYS]:
            raise ValueError(f"「{unknown[0]}」という曜日はありません。{'、'.join(WEEKDAYS)} から選んでください。")
        self.week(range(7))

    def days_from(self, start_weekday: str) -> frozenset[int]:
        """The weekdays of a run of days."""
        assert self.run_of_days is not None
        return run_of_days(WEEKDAYS[start_weekday], self.run_of_days)

    def week(self, days: Iterable[int] | None = None) -> Week:
        """The week's windows; `days` are needed where the customer decides them."""
        if days is None:
            days = frozenset(WEEKDAYS[code] for code in self.weekdays)
        week = Week.same(days, [hours(opens, closes) for opens, closes in self.hours])
        return ALWAYS if week == ALWAYS else week


class Plan(Shown):
    """What is sold: years of service and the window of each part of it."""

    id: str
    name: str
    years: int | None = None
    """The years that are sold; None where the agreement has no fixed term."""
    days_name: str = ""
    hours_name: str = ""
    windows: dict[str, str]
    """Window id by part of the service."""


class Exclusion(Rule):
    """Work that the service does not include. `short` names it, `text` says it in a sentence."""

    code: str
    short: str
    text: str
    as_cause: Literal["excluded", "person_decides"] = "excluded"
    """What follows where it is the cause of a fault and not the work asked for."""
    of: Literal["work", "item", "inquiry"] = "work"
    """What is excluded: a kind of work or its cause, a kind of device, or a kind of question."""
    price: Literal["none", "agreed", "fee"] = "none"
    """What it costs where the customer consents to pay: not offered, an amount agreed for it, or the fee table."""


class CostItem(Rule):
    """A cost that the customer bears."""

    code: str
    name: str
    kinds: tuple[str, ...]
    invoiced: bool
    """Whether the provider bills it; else the customer bears it directly."""


class ChangeField(Shown):
    """A field of the printed change form."""

    id: str
    name: str
    number: str
    label: str
    required: Literal["printed", "always", "if_changed"]
    hint: str


class FaultInformation(Shown):
    """A piece of information that a fault call needs."""

    id: str
    number: str
    label: str
    hint: str
    blocks_dispatch: bool
    choices: tuple[str, ...] = ()


class Reading(Table):
    """A place that can be read in two ways, and the reading taken."""

    id: str
    rule: str
    question: str
    taken: str
    other: str
    setting: str | None = None
    """The key of this file that holds the reading, where it can be set."""


class Edition(Table):
    """One edition of one service. Published editions are never edited; a new edition is a new file."""

    service: str
    edition: str
    name: str
    title: str
    document_number: str = ""
    contact_details_as_of: str = ""
    in_force: date
    published: date | None = None
    """When it was made known. The edition before it says how long after that this one may be in force."""
    families: tuple[str, ...] = ()
    courts: tuple[str, ...] = ()
    personal_information_uses: tuple[str, ...] = ()
    surviving_clauses: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    """What is new in this edition, for its readers."""
    read_before_registering: tuple[str, ...] = ()
    plan: tuple[Plan, ...]
    window_hours: tuple[ServiceWindow, ...] = ()
    coverage: CoverageTerms | None = None
    registration: RegistrationTerms | None = None
    window: WindowTerms | None = None
    entitlement: EntitlementTerms | None = None
    restoration: RestorationTerms | None = None
    change: ChangeTerms | None = None
    extension: ExtensionTerms | None = None
    refund: RefundTerms | None = None
    terms_change: TermsChangeTerms | None = None
    reperformance: ReperformanceTerms | None = None
    confidentiality: ConfidentialityTerms | None = None
    damages: DamagesTerms | None = None
    costs: CostsTerms | None = None
    transfer: TransferTerms | None = None
    ending: EndingTerms | None = None
    after_end: AfterEnd | None = None
    handover: HandoverTerms | None = None
    fee: FeeTerms | None = None
    alarm: AlarmTerms | None = None
    software_support: SoftwareSupportTerms | None = None
    upgrade: UpgradeTerms | None = None
    inquiry: InquiryTerms | None = None
    billing: BillingTerms | None = None
    insurance: InsuranceTerms | None = None
    failure_level: FailureLevelTerms | None = None
    slo: SloTerms | None = None
    maintenance: MaintenanceTerms | None = None
    desk_scope: DeskScopeTerms | None = None
    rating: RatingTerms | None = None
    alert_mail: AlertMailTerms | None = None
    stop_notice: StopNoticeTerms | None = None
    heartbeat: HeartbeatTerms | None = None
    traffic: TrafficTerms | None = None
    retention: RetentionTerms | None = None
    average: AverageTerms | None = None
    replacement_age: ReplacementAgeTerms | None = None
    erase: EraseTerms | None = None
    alert_level: tuple[AlertLevel, ...] = ()
    telemetry: TelemetryTerms | None = None
    contact: ContactTerms | None = None
    admission: AdmissionTerms | None = None
    use: UseTerms | None = None
    disclosure: DisclosureTerms | None = None
    exclusion: tuple[Exclusion, ...] = ()
    cost_item: tuple[CostItem, ...] = ()
    application: ApplicationTerms | None = None
    form_step: tuple[FormStep, ...] = ()
    card_field: tuple[FormField, ...] = ()
    change_field: tuple[ChangeField, ...] = ()
    fault_information: tuple[FaultInformation, ...] = ()
    listing: tuple[Listing, ...] = ()
    duty: tuple[Note, ...] = ()
    notice: tuple[Notice, ...] = ()
    declaration: tuple[Note, ...] = ()
    promise: Promise | None = None
    individual_service: tuple[IndividualService, ...] = ()
    word: tuple[Word, ...] = ()
    question: tuple[Question, ...] = ()
    works: Works | None = None
    reading: tuple[Reading, ...] = ()
    clause: tuple[Clause, ...]

    def plan_of(self, plan_id: str) -> Plan:
        """The plan, or KeyError."""
        return next((plan for plan in self.plan if plan.id == plan_id), None) or _missing(plan_id)

    def has_start_weekday(self, plan: Plan) -> bool:
        """Whether a part of the plan is served on a run of days, which the customer's start weekday begins."""
        runs = {window.id for window in self.window_hours if window.run_of_days is not None}
        return not runs.isdisjoint(plan.windows.values())

    def notices(self, place: str) -> list[Notice]:
        """What is to be told at a place, one that `Notice.on` knows, in the order of the file."""
        return [notice for notice in self.notice if place in notice.on]

    def clause_text(self, clause_id: str) -> str:
        """Our sentence about a clause, or KeyError."""
        return next((clause.text for clause in self.clause if clause.id == clause_id), None) or _missing(clause_id)

    def cited(self) -> Iterator[tuple[tuple[str | int, ...], Shown]]:
        """Every table of the edition that cites a clause, with its place in the file."""
        yield from _citing(self, ())


def _citing(value: object, place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Shown]]:
    if isinstance(value, Shown):
        yield place, value
    if isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _citing(item, (*place, number))
    elif isinstance(value, Table):
        for name in value.members:
            yield from _citing(getattr(value, name), (*place, name))


def _missing(key: str) -> NoReturn:
    raise KeyError(key)
