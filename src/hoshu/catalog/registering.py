"""The parameters of `[registration]`: by when an application has to arrive, and what stands in its way.

Like the tables of `sections`, they are named after the question: another service fills them with its own numbers.
"""

from typing import Literal

from .agreement import PeriodAfter, Said
from .parts import Period, Rule, Section, Table

Outcome = Literal["accept_late", "incomplete", "refuse"]


class Deadline(PeriodAfter):
    """A last day for the application."""

    required: bool
    """Whether an application without the day it counts from is incomplete; else only its lateness stays open."""


class Late(Rule):
    """What follows where one of the deadlines has passed: a person decides, or it is refused."""

    outcome: Literal["accept_late", "refuse"]


class NothingLeft(Rule):
    """What follows where the period of service was over before the application came."""

    in_time: Outcome
    late: Outcome


class DayCheck(Rule):
    """A day of the application that is unknown, or on the wrong side of its receipt; `says` may name it as {day}."""

    fact: str
    wrong: Literal["unknown", "after_receipt", "before_receipt"]
    outcome: Literal["note", "incomplete"]
    flag: str = ""
    """Without a flag the fact itself is named as missing."""
    says: str


class ApplicationCheck(Rule):
    """A fact that stands in the way of an application; `says` is the sentence to read out."""

    fact: str
    value: bool | None = None
    """The value of a flag that stands in the way."""
    among: tuple[str, ...] = ()
    """The codes that do."""
    more_than: int | None = None
    """The number above which it does."""
    outcome: Literal["note", "incomplete", "refuse"]
    person_decides: bool = False
    """Whether somebody may accept it all the same, with a reason."""
    flag: str = ""
    missing: str = ""
    """What is missing, where that is what the check finds."""
    refund: Literal["none", "due", "paid"] = "none"
    """Whether the price comes back where it is refused for this, or has come back before."""
    says: str

    def __post_init__(self) -> None:
        if (self.value is not None) + bool(self.among) + (self.more_than is not None) != 1:
            raise ValueError(
                "確かめる値の決め方が1つに決まりません。value、among、more_than のどれか1つだけを書いてください。"
            )
        if bool(self.flag) == bool(self.missing):
            raise ValueError(
                "見つけたときの扱いが1つに決まりません。flag か missing のどちらか1つだけを書いてください。"
            )


class FieldCheck(Table):
    """What the content of a form's field must be; `says` may name a day as {day} and the receipt as {received}."""

    must: Literal["be_a_day", "be_received_later", "be_a_weekday", "be_a_count", "be_a_mail_address", "differ"]
    than: str = ""
    """The field from which it differs."""
    flag: str = ""
    """Without a flag the field itself is named as missing."""
    says: str


class RegistrationTerms(Section):
    """Whether an application may be accepted, and by when what must happen."""

    deadline: tuple[Deadline, ...] = ()
    late: Late | None = None
    answer_within: Period | None = None
    """By when a refusal has to reach the customer; None where the terms set no time."""
    refusal: Rule
    """That the provider refuses with a reason."""
    refund: Said | None = None
    """Who returns the price after a refusal; None where the terms do not say so."""
    nothing_left: NothingLeft | None = None
    day: tuple[DayCheck, ...] = ()
    check: tuple[ApplicationCheck, ...] = ()
    options: Rule | None = None
    option_quantity: Rule | None = None
    application: Rule
    """What an application that lacks nothing is accepted by."""

    def __post_init__(self) -> None:
        if bool(self.deadline) != (self.late is not None):
            raise ValueError("deadline と late の片方しかありません。両方を書くか、両方を消してください。")
