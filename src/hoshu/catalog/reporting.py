"""The parameters of the questions about what units report: what may be taken, from whom, for what, and shown to whom.

Like the tables of `sections`, they are named after the question: another service fills them with its own numbers.
"""

from datetime import date
from typing import Literal

from .parts import Rule, Section, Shown, Table


class ListVersion(Shown):
    """A version of the list of fields, from its first day on; the day before the next version starts is its last."""

    number: int
    starts: date
    approved_by: str
    approved_on: date


class FieldCategory(Rule):
    """A kind of information that may be taken."""

    code: str
    name: str
    text: str


class ReportField(Table):
    """A field that a report may carry. `[]` in its path stands for any position of a list."""

    path: str
    name: str
    category: str
    type: Literal["integer", "decimal", "text", "moment", "code", "bytes"]
    reason: str
    """Why it is needed; without a reason nothing is taken."""
    least: int | None = None
    most: int | None = None
    """The largest value; for a text or bytes, the greatest length."""
    unit: str = ""
    personal: bool = False
    """Whether it may tell something about a person."""
    only_on: str = ""
    """The occasion without which it is not taken."""
    since: int = 1
    until: int | None = None
    """The first and the last version of the list that hold it."""


class Occasion(Rule):
    """What must have happened for some fields to be taken; `says` is the sentence to read out."""

    code: str
    name: str
    says: str


class ReceivingService(Table):
    """A service that customers apply for one by one, and the fields it needs: it never receives others."""

    id: str
    name: str
    fields: tuple[str, ...] = ()


class TelemetryTerms(Section):
    """Which fields of a report may be taken; everything else is dropped before it is stored."""

    unlisted: Rule
    not_needed: Rule | None = None
    """A listed field that no service in use needs; only where `service` lists services."""
    no_service: Rule | None = None
    """Without a service in use nothing is taken."""
    version: tuple[ListVersion, ...]
    category: tuple[FieldCategory, ...]
    occasion: tuple[Occasion, ...] = ()
    service: tuple[ReceivingService, ...] = ()
    field: tuple[ReportField, ...]

    def __post_init__(self) -> None:
        if [each.number for each in self.version] != list(range(1, len(self.version) + 1)):
            raise ValueError("一覧の版の番号が続いていません。number を1から順に、抜けのないように付けてください。")
        starts = [each.starts for each in self.version]
        if sorted(set(starts)) != starts:
            raise ValueError("一覧の版が古い順に並んでいません。starts を、前の版より後の日付にしてください。")
        categories = {each.code for each in self.category}
        occasions = {each.code for each in self.occasion}
        paths = [each.path for each in self.field]
        for each in self.field:
            if paths.count(each.path) > 1:
                raise ValueError(f"項目「{each.path}」が2度あります。どちらかを消してください。")
            if each.category not in categories:
                raise ValueError(
                    f"項目「{each.path}」の種類「{each.category}」がありません。"
                    f"{'、'.join(sorted(categories))} から選んでください。"
                )
            if each.only_on and each.only_on not in occasions:
                raise ValueError(
                    f"項目「{each.path}」を受け取る場面「{each.only_on}」がありません。"
                    "綴りを直すか、[[telemetry.occasion]] に書き足してください。"
                )
            if not each.reason:
                raise ValueError(f"項目「{each.path}」に、必要な理由がありません。reason に書いてください。")
            if not 1 <= each.since <= (each.until or len(self.version)) <= len(self.version):
                raise ValueError(
                    f"項目「{each.path}」の載る版がありません。"
                    "since と until を、[[telemetry.version]] にある番号にしてください。"
                )
        for service in self.service:
            if unknown := set(service.fields).difference(paths):
                raise ValueError(
                    f"サービス「{service.id}」の項目「{min(unknown)}」が一覧にありません。"
                    "綴りを直すか、[[telemetry.field]] に書き足してください。"
                )
        if self.service and not (self.not_needed and self.no_service):
            raise ValueError(
                "個別のサービスが受け取らない項目の根拠がありません。not_needed と no_service を書いてください。"
            )

    def version_on(self, day: date) -> ListVersion | None:
        """The version in force on a day; none before the first."""
        return next((each for each in reversed(self.version) if each.starts <= day), None)


class AnswerKeys(Rule):
    """What an answer to a unit may carry."""

    keys: tuple[str, ...]


class ContactTerms(Section):
    """Who may open a connection, to what, and what may be answered."""

    from_unit: Rule
    by_name: Rule
    answer: AnswerKeys


class Admission(Rule):
    """A condition of taking a report; `code` is what the unit is answered where it is not met."""

    code: str


class LeastVersion(Admission):
    """The oldest version of the encryption that is allowed."""

    version: Literal["1.0", "1.1", "1.2", "1.3"]


class Tolerance(Admission):
    """How far the clock of a unit may run ahead of the centre's."""

    minutes: int


class Backlog(Admission):
    """How old a value may be when it is sent."""

    hours: int


class Lateness(Rule):
    """From which age on a value counts as delivered late; at exactly so many minutes it is in time."""

    minutes: int


class AdmissionTerms(Section):
    """Whether a report is taken. The conditions are checked in this order, and the first that fails decides."""

    encryption: LeastVersion
    certificate: Admission
    identity: Admission
    in_force: Admission
    sequence: Admission
    replay: Admission
    before_acceptance: Admission
    values_before_acceptance: Literal["not_taken", "taken"]
    clock: Tolerance
    backlog: Backlog
    repeated: Rule
    """The same report again: acknowledged, not written a second time."""
    admitted: Rule
    late: Lateness


class Purpose(Rule):
    """What information may be used for."""

    code: str
    name: str
    text: str
    personal: Literal["as_it_is", "deidentified", "opt_in"]
    """What personal information it may use: all, none that still tells who it is, or that of people who agreed."""
    after_end: bool
    """Whether it goes on when the terms have ended."""
    on_request: bool = False
    """Whether somebody must have asked for it."""
    correspondence: bool = False
    """Whether the operator writes to the customer for it, about the running of the service."""


class SmallestGroup(Rule):
    """Of how many customers a figure must be made before others may see it."""

    customers: int


class UseTerms(Section):
    """For which purposes information is used, and under which conditions."""

    purpose: tuple[Purpose, ...]
    listed: Rule
    """Nothing but these purposes."""
    ended: Rule
    requested: Rule
    opted_out: Rule
    needed: Rule
    """Data of a unit: no more than the service needs."""
    deidentified: Rule
    """Data of a unit that may tell something about a person."""
    personal: Rule
    """Personal information that somebody wrote in a form."""
    group: SmallestGroup

    def __post_init__(self) -> None:
        if sum(each.correspondence for each in self.purpose) > 1:
            raise ValueError("お客様に連絡する目的（correspondence）が2つ以上あります。1つにしてください。")

    @property
    def of_mails(self) -> Purpose | None:
        """For what an address is used where the operator writes to it about the running of the service."""
        return next((each for each in self.purpose if each.correspondence), None)


class Consent(Rule):
    """What counts as the written consent of the customer."""

    electronic_counts: bool


class DisclosureTerms(Section):
    """To whom personal information may be shown."""

    inside: Rule
    consent: Consent
    agreement: Rule
    needed: Rule
