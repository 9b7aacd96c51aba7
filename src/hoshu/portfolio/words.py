"""How the columns of a book are named: as in the decision interface, and in Japanese for people."""

from collections.abc import Iterable, Mapping
from typing import Literal

from hoshu.catalog import Edition, every_edition
from hoshu.terms import known_facts

Kind = Literal["day", "number", "flag", "text"]

KEYS = {"service": "サービス", "plan": "プラン", "edition": "版"}
"""What decides which terms answer."""

SERIAL = {"serial": "製造番号"}

_MEMBERS: Mapping[str, tuple[Kind, str]] = {
    "counted_from": ("day", "起点"),
    "start": ("day", "提供開始日"),
    "end": ("day", "サポート満了日"),
    "warranty_end": ("day", "無償保証の満了日"),
    "cap": ("text", "満了を早めたもの"),
    "purchase_basis": ("text", "購入日の根拠"),
    "in_time": ("flag", "期限内の申し込み"),
    "days_used": ("number", "登録前に過ぎた日数"),
}
_PARTS = {"hardware": "ハードウェア", "software": "ソフトウェア"}

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
    terms = [edition.coverage for edition in editions if edition.coverage is not None]
    for part in dict.fromkeys(part for coverage in terms for part in coverage.parts):
        found[f"{part}_end"] = ("day", f"{_PARTS.get(part, part)}の満了日")
    return found


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
    terms = [edition.coverage for edition in every_edition() if edition.coverage is not None]
    facts = {name: fact.label for name, fact in known_facts("coverage").items()}
    caps = {cap.name: cap.limit_label for coverage in terms for cap in coverage.cap}
    return {**headings(), **facts, **caps, "proof": "購入日の証明", "line": "行"}
