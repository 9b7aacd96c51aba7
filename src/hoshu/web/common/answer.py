"""The one shape of every screen that decides: answer, three facts, why, what is missing, next step.

A view builds an `AnswerView` from the engine's answer; `{% answer view %}` draws it, the same at every door.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from urllib.parse import quote

from django.urls import reverse

from hoshu import catalog
from hoshu.catalog import Edition
from hoshu.terms import SAYS_THE_SAME

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
    also: Sequence["Reason"] = ()
    """The further clauses that say the same: they open in the same row."""

    @property
    def clauses(self) -> "Sequence[Reason]":
        """Each clause that opens beside the sentence."""
        return (self, *self.also)


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Something the answer still lacks; `field` is the id of the input that fills it, on this page or on `page`."""

    text: str
    field: str = ""
    page: str = ""


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


def reasons_of(kept: Iterable[Mapping[str, str]], *, service: str, edition: str) -> list[Reason]:
    """The reasons of an answer or a stored decision, each sentence once, beside every clause it rests on.

    A further clause that says the same is a reason of its own in the answer, after the first (IX-CND-02). Read out it
    would only repeat.
    """
    return reasons_under(
        catalog.edition(service, edition), kept, document=reverse("entrance:edition", args=[service, edition])
    )


def reasons_under(terms: Edition, kept: Iterable[Mapping[str, str]], *, document: str = "") -> list[Reason]:
    """The same under any edition: of a draft there is no `document` to read on in."""
    clauses = {clause.id: clause.text for clause in terms.clause}
    found: list[Reason] = []
    for reason in kept:
        shown = Reason(
            text=reason["text"],
            clause=reason["clause"],
            clause_text=clauses.get(reason["clause"], ""),
            edition=terms.edition,
            law=reason.get("law", ""),
            url=document and f"{document}#{quote(reason['clause'].replace(' ', '-'))}",
        )
        if found and reason["text"].endswith(SAYS_THE_SAME):
            found[-1] = replace(found[-1], also=(*found[-1].also, shown))
        else:
            found.append(shown)
    return found
