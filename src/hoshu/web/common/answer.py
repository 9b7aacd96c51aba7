"""The one shape of every screen that decides: answer, three facts, why, what is missing, next step.

A view builds an `AnswerView` from the engine's answer; `{% answer view %}` draws it, the same at every door.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Outcome = Literal["covered", "chargeable", "excluded", "on_hold", "not_covered", "refused"]


@dataclass(frozen=True, kw_only=True)
class Tone:
    """A word, its sign and its colour, which always go together."""

    word: str
    sign: str
    tone: str


OUTCOMES: dict[str, Tone] = {
    "covered": Tone(word="対象", sign="✓", tone="ok"),
    "chargeable": Tone(word="有償", sign="¥", tone="pay"),
    "excluded": Tone(word="対象外", sign="✕", tone="no"),
    "on_hold": Tone(word="保留", sign="…", tone="hold"),
    "not_covered": Tone(word="期間外", sign="―", tone="out"),
    "refused": Tone(word="受付拒否", sign="⊘", tone="refused"),
}

SIGNS = {"ok": "✓", "pay": "¥", "no": "✕", "hold": "…", "out": "―", "refused": "⊘", "late": "!", "info": "i"}
"""The sign of a tone where a badge names none."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One large fact: a date or moment, or a text. `counts` adds the distance from now below it."""

    label: str
    when: date | datetime | None = None
    text: str = ""
    note: str = ""
    counts: Literal["from", "until", ""] = ""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """A sentence to read out, the clause it rests on, and that clause's text, which opens beside it."""

    text: str
    clause: str
    clause_text: str = ""
    edition: str = ""
    law: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Something the answer still lacks; `field` is the id of the input that fills it."""

    text: str
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """A button named by what happens: a link (`url`), or a submit of the form with the id `form`."""

    label: str
    url: str = ""
    form: str = ""
    name: str = ""
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class AnswerView:
    """`facts` are three: from when, until when, who pays. `steps[0]` is the one primary button."""

    outcome: Outcome
    sentence: str
    facts: Sequence[Fact] = ()
    reasons: Sequence[Reason] = ()
    missing: Sequence[Missing] = ()
    steps: Sequence[Step] = ()
    derivation: Sequence[str] = ()
    word: str = ""
    """Replaces the outcome's usual word where a topic has a better one (受理, 期限超過 …)."""
