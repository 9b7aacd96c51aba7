"""What the terms owe the customer to be told: the promise, notices and where they stand, words, questions, works.

Nothing is computed from these tables. Pages ask an edition for what belongs on them, so a page knows no service.
"""

from typing import Literal

from .parts import Shown


class Note(Shown):
    """A duty, a notice or a declaration in our own words."""

    text: str


class Notice(Note):
    """A notice, and where it stands: on pages, or at the foot of every mail about the service."""

    on: tuple[Literal["service", "application", "agreement", "mail"], ...] = ()
    """The places at which it stands; on none, it is only kept with the clauses."""
    see: str = ""
    """A clause to which it leads the reader on."""
    see_name: str = ""
    """What the link to that clause is called."""

    def __post_init__(self) -> None:
        if bool(self.see) != bool(self.see_name):
            raise ValueError("see と see_name は、両方を書くか、両方を消してください。")


class Promise(Note):
    """What the service is and does, in one paragraph."""

    points: tuple[str, ...] = ()
    """What the paragraph says, item by item."""


class IndividualService(Shown):
    """A service under the roof of this one, with terms of its own."""

    code: str
    """The code under which an application chooses it."""
    name: str
    terms: str = ""
    """The title of its own terms."""
    version: str = ""
    """The version of its own terms."""

    def __post_init__(self) -> None:
        if not (self.terms and self.version):
            raise ValueError(
                f"「{self.name}」の利用規約の名前（terms）と版（version）がそろっていません（{self.clause}）。"
                "書き足してください。"
            )


class Word(Shown):
    """A word of the terms, explained."""

    name: str
    text: str


class Question(Note):
    """A usual question; `text` answers it."""

    question: str


class Works(Shown):
    """Documents and programs that are supplied with the service: whose they are, and until when they may be used."""

    notice: str
    """What stands beside each of them."""
    ended: str
    """What is said to who may not have them, or no longer."""
