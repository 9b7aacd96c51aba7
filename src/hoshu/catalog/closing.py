"""`[ending]`, how an agreement ends before its time, `[after_end]`, what follows, `[handover]`, data nobody may handle.

Like the tables of `sections`, they are named after the question: another service fills them with its own numbers.
"""

from typing import Literal

from .agreement import Said
from .parts import Rule, Section, Shown
from .telling import Note


class EndingGround(Said):
    """Why a side may end the agreement; `says` is the sentence where it may, with the day as {day}."""

    code: str
    label: str
    """What the ground is called, in a sentence that says that it does not suffice."""
    open_to: tuple[str, ...]
    """The sides that may end on it: `provider`, `customer`."""
    needs: Literal["demand", "evidence", "nothing"]
    """A demand with a period that has passed in vain, evidence on record, or nothing but the wish."""
    ends: Literal["at_once", "next_day", "next_month"] = "at_once"
    """The first day without service: the day of the ending itself, the day after it, or the first of the next month."""
    back_dated: bool = True
    """Whether the day may lie before the day on which the ending was notified."""
    refund: Literal["no", "person_decides"]
    """What becomes of the price where the provider ends on it."""
    refund_to_customer: Literal["no", "person_decides"] = "person_decides"
    """What becomes of it where the customer does."""
    over: str | None = None
    """The part of the service whose product the ground is about: it may end for everybody who has the product."""
    debts_fall_due: bool = False
    """Whether every debt of the side that the ground meets falls due with it."""


class EndingTerms(Section):
    """On which grounds an agreement may be ended, by whom and from when."""

    ground: tuple[EndingGround, ...]
    shortest_period_days: int = 1
    """The shortest period that a demand may set; the terms only call it reasonable."""
    no_other: Rule | None = None
    """That no other ground ends it; without it, other grounds cannot be answered."""
    worn_out: Shown | None = None
    """That both sides agree how to go on with a machine too old to work; people record it."""
    no_refund: Rule | None = None
    """That the price is not returned after an ending."""
    debts: Rule | None = None
    """That debts fall due."""

    def __post_init__(self) -> None:
        if self.no_refund is None and any("no" in (each.refund, each.refund_to_customer) for each in self.ground):
            raise ValueError("返金しない理由があるのに、その根拠がありません。no_refund を書き足してください。")
        if self.debts is None and any(each.debts_fall_due for each in self.ground):
            raise ValueError("期限の利益を失う理由があるのに、その根拠がありません。debts を書き足してください。")


class AfterEnd(Shown):
    """That the end of the whole service for a customer is carried out in one run, which tells the customer once."""

    records: Note
    """What is said of the customer's own records: from the end on they are read and not written."""
    again: Note
    """How the service can be used again; said too to who wants to undo the end."""


class Noticed(Said):
    """What is done with data about which the customer has spoken before."""

    treatment: Literal["hold_unopened", "decline"]


class Unnoticed(Said):
    """Data without a word before count as free of personal numbers; `late_says` is for a word that came too late."""

    late_says: str


class HandoverTerms(Section):
    """What is done with data and prints that may contain personal numbers."""

    asked: tuple[str, ...]
    """The kinds of hand-over at which the customer is asked whether there are any."""
    unanswered: Said
    noticed: Noticed
    unnoticed: Unnoticed
    dump: Said
    """How a memory dump is worked with."""
    found: Said
