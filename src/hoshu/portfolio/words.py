"""How the columns of a book are named: as in the decision interface, and in Japanese for people."""

from collections.abc import Iterable, Mapping
from typing import Literal

from hoshu.catalog import Edition, every_edition
from hoshu.terms import answer_label, code_labels, known_facts

Kind = Literal["day", "number", "flag", "text"]

KEYS = {"service": "サービス", "plan": "プラン", "edition": "版"}
"""What decides which terms answer."""

SERIAL = {"serial": "製造番号"}

_MEMBERS: Mapping[str, Kind] = {
    "counted_from": "day",
    "start": "day",
    "end": "day",
    "warranty_end": "day",
    "cap": "text",
    "purchase_basis": "text",
    "in_time": "flag",
    "days_used": "number",
}

FOLLOWING: Mapping[str, tuple[Kind, str]] = {
    "active": ("flag", "基準日に有効"),
    "days_left": ("number", "残り日数"),
    "expiring": ("flag", "まもなく満了"),
    "extension_buyable": ("flag", "延長キットの購入可"),
    "extension_by_approval": ("flag", "延長キットは承認が必要"),
    "extension_from": ("day", "延長キットの販売開始日"),
    "extension_new_end": ("day", "延長後の満了日"),
    "gap_days": ("number", "前の契約からの空白日数"),
    "overlap_days": ("number", "前の契約との重複日数"),
}
"""What follows from the coverage on the day of the run."""

ERROR = {"error_field": "直す項目", "error": "答えられない理由"}


def members(editions: Iterable[Edition]) -> dict[str, tuple[Kind, str]]:
    """The members of the answer to `coverage` under any of the editions, in the order of their columns."""
    found = dict(_MEMBERS)
    for edition in editions:
        found |= {f"{part}_end": "day" for part in (edition.coverage.parts if edition.coverage is not None else ())}
    return {name: (kind, answer_label("coverage", name)) for name, kind in found.items()}


def results() -> set[str]:
    """The headings of the columns of answers, both ways."""
    answers = {**members(every_edition()), **FOLLOWING}
    names = {"edition": KEYS["edition"], **{name: heading for name, (_, heading) in answers.items()}, **ERROR}
    return {*names, *names.values()}


def headings() -> dict[str, str]:
    """Every column that a book may have, with its heading for people."""
    answers = {**members(every_edition()), **FOLLOWING}
    facts = {name: fact.label for name, fact in {**known_facts("extension"), **known_facts("coverage")}.items()}
    return {**facts, **KEYS, **SERIAL, **{name: heading for name, (_, heading) in answers.items()}, **ERROR}


def readable() -> dict[str, str]:
    """The codes that stand in answers and the fields that refusals name, in words."""
    facts = {name: fact.label for name, fact in known_facts("coverage").items()}
    codes = {str(code): name for member in _MEMBERS for code, name in code_labels("coverage", member).items()}
    return {**headings(), **facts, **codes, "line": "行"}
