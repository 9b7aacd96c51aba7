"""How one applies for a service: the form and its parts, what is confirmed, who takes it in, what an acceptance brings.

Screens, bulk uploads and letters are drawn from these tables, so a service of another operator needs no code.
"""

from typing import Literal

from .parts import Rule, Shown, Table
from .registering import FieldCheck

PARTIES = ("contact", "site", "writer", "administrator", "deputy", "alarm", "delivery")
"""Whom an agreement knows, each with the parts below."""
PARTS = ("company", "department", "title", "name", "email", "phone", "fax", "postal_code", "address")
FILLED = frozenset(
    {
        *(f"{party}.{part}" for party in PARTIES for part in PARTS),
        *("licence.serial", "licence.purchased", "licence.inspected"),
        *("device.serial", "device.model", "device.product", "device.purchased", "device.inspected"),
        *(
            "entered_on",
            "plan.altered",
            "start_weekday",
            "options",
            "options.none",
            "options.quantity",
            "quantity",
            "support_id",
        ),
        *("copy.contact", "copy.site", "copy.from", "same.writer"),
        *("owner.is", "owner.name", "owner.confirmed", "personal_numbers.may", "personal_numbers.guarded"),
        *("contract_start", "services", "payment.confirmed_on", "payment.deferred_for"),
    }
)
"""What a field may mean to the product, besides `fact.` and a fact of the question `registration`."""


class Choice(Table):
    """Something to choose, by the code that is kept and the name that people read."""

    code: str
    name: str


class FormField(Rule):
    """A field of the registration form, on paper or of a `screen`. `required` says when it must be filled."""

    id: str
    name: str
    number: str
    label: str
    short: str = ""
    """What it is called under the heading of its part."""
    kind: Literal[
        "text",
        "code",
        "address",
        "mail",
        "phone",
        "postal_code",
        "date",
        "count",
        "serial",
        "choice",
        "choices",
        "tick",
        "weekday",
        "options",
        "secret",
    ] = "text"
    fills: str = ""
    """What it means to the product: a part of a party, of the machine or the licence, or a fact of the registration."""
    choice: tuple[Choice, ...] = ()
    required: Literal[
        "printed",
        "always",
        "run_of_days",
        "listed_models",
        "optional",
        "beside",
        "online",
    ]
    spared_by: str = ""
    """Another field that, filled, spares this one."""
    wanted_with: tuple[str, ...] = ()
    """Other fields of which one, filled, makes this one necessary although it is optional else."""
    check: tuple[FieldCheck, ...] = ()
    asks: str = ""
    """The sentence for a field that is empty and must not be."""
    example: str = ""
    hint: str
    help: tuple[str, ...] = ()
    """Where to find it, unfolded on demand; the last sentence of several is a warning."""
    longest: int = 200
    """Characters that it holds."""
    future: bool = False
    """Whether a day may lie ahead."""
    per_machine: int | None = None
    """Of what is counted, about how many one machine serves; above it, as many machines are suggested, nothing more."""
    by: Literal["applicant", "seller", "provider"] = "applicant"
    """Who fills it."""
    screen: str = ""
    """The step of an online registration that asks for it."""

    def __post_init__(self) -> None:
        if self.fills and self.fills not in FILLED and not self.fills.startswith("fact."):
            raise ValueError(f"「{self.fills}」という意味はありません。書き方の説明の一覧から選んでください。")
        if (self.kind in ("choice", "choices")) != bool(self.choice):
            raise ValueError(
                "選ぶ欄には choice が、ほかの欄には choice のないことが必要です。kind と choice を合わせてください。"
            )

    @property
    def is_prose(self) -> bool:
        """Free text, in which a personal number may hide; numbers of machines and telephones are never judged."""
        return self.kind in ("text", "address")

    @property
    def codes(self) -> dict[str, str]:
        """What may be chosen: code → name."""
        return {each.code: each.name for each in self.choice}


class FormStep(Table):
    """A part of the form under a heading of its own; fields belong to it by their `screen`."""

    id: str
    title: str
    number: str = ""
    lede: str = ""
    page: str = ""
    """Parts of one page are filled together; without it, all parts stand on one page."""
    each_machine: bool = False
    """Whether it is filled once for each machine."""


class Confirmation(Shown):
    """A sentence that is confirmed before an application counts; kept with its words, its clauses and the edition."""

    id: str
    text: str
    also: tuple[str, ...] = ()
    before_entry: bool = False
    """Whether it comes before anything personal is typed."""
    optional: bool = False
    """Whether the application counts without it."""
    wanted_with: str = ""
    """The field that, filled, makes it necessary."""
    grants: str = ""
    """The fact of the question `registration` that is true once it was confirmed."""


class Numbering(Shown):
    """A number that each machine gets on its acceptance: letters, then so many digits."""

    name: str
    letters: str
    digits: int


class Milestone(Shown):
    """A turn on the way from the application to the use of the service, as everybody concerned sees it."""

    at: Literal[
        "applied",
        "forwarded",
        "received",
        "accepted",
        "notified",
        "shipped",
        "arrived",
        "installed",
        "set_up",
        "started",
    ]
    number: str = ""
    label: str
    by: Literal["customer", "seller", "provider"]


class ApplicationTerms(Shown):
    """How an application comes in, who takes it in, and what follows from its acceptance."""

    on: tuple[Literal["web", "paper"], ...]
    """The ways in which it may come."""
    signs_up: bool = False
    """Whether somebody unknown may make a login and register."""
    taken_in_by: Literal["arrival", "provider", "seller"] = "arrival"
    """What makes a sent form a received one: its arrival, or a person of the provider or of the seller."""
    through: Shown | None = None
    """That one applies through a seller only."""
    further: Shown | None = None
    """That a further machine is asked for at the desk and belongs to the running agreement; None: like the first."""
    contact_confirms: Shown | None = None
    """That the contact confirms by a mailed link what was applied for in its name, which proves the address."""
    returned: Shown | None = None
    """That an application is sent back to be corrected; None where it is only asked about."""
    withdrawn: Shown | None = None
    """That the applicant may take it back."""
    purchase: Literal["proven", "declared", "none"] = "none"
    """What the day of purchase rests on: a document, else the shipment; the word of the applicant; nothing."""
    proof: Shown | None = None
    """That the day of purchase is shown by a document."""
    unproven: Shown | None = None
    """What stands in for a document that does not come."""
    unit: Literal["customers", "lent"] = "customers"
    """Whose machine it is: a lent one is known only when it is shipped."""
    correction: Shown | None = None
    """That what was registered may be corrected, besides the changes that `[change]` knows."""
    personal_numbers: Shown | None = None
    """That personal numbers are not taken in; without it, only the statute says so."""
    stops_refused: bool = False
    """Whether what the terms refuse cannot even be sent."""
    number_name: str = "サービス手配番号"
    """What the number of the agreement is called."""
    paper_name: str = "お客様登録カード"
    """What the form on paper is called."""
    states: dict[str, str] = {}
    """What the states of an application are called, where it is otherwise than usual."""
    device_number: Numbering | None = None
    support_id: Shown | None = None
    """That the customer gets a number for support questions; None where there is none."""
    parcel: Shown | None = None
    """That something is sent by parcel on the acceptance."""
    parcel_name: str = ""
    notice_title: str = "登録完了のお知らせ"
    notice_by: Literal["mail", "post"] = "mail"
    notice_steps: tuple[str, ...] = ()
    """What the notice of the acceptance asks the customer to do."""
    notice_notes: tuple[str, ...] = ()
    confirmation: tuple[Confirmation, ...] = ()
    milestone: tuple[Milestone, ...] = ()
