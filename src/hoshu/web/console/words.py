"""A stored question and its answer as people read them: each fact and member with its name, each code in words."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from hoshu import terms
from hoshu.catalog import Edition
from hoshu.contracts.form import WEEKDAY_NAMES
from hoshu.web.common.formats import japanese_moment, yen

LEVELS = terms.code_labels("restoration", "level")
"""IX-WRK-04: how far the work on site goes."""

TELLING: Mapping[str, tuple[str, ...]] = {
    "coverage": ("end", "start"),
    "registration": ("outcome",),
    "window": ("opens_at",),
    "entitlement": ("outcome",),
    "restoration": ("level", "result", "steps"),
    "fee": ("total_yen",),
    "alarm": ("call_from", "acted_on"),
    "software_support": ("outcome",),
    "upgrade": ("supply",),
    "change": ("allowed",),
    "extension": ("new_end", "buyable"),
    "refund": ("refund",),
    "terms_change": ("effective",),
    "reperformance": ("free",),
    "confidentiality": ("until", "confidential"),
    "damages": ("payable_yen",),
    "costs": ("total_yen",),
    "transfer": ("allowed",),
    "ending": ("allowed",),
    "handover": ("treatment",),
    "inquiry": ("answer_due_at",),
    "billing": ("first_billed", "months"),
    "insurance": ("result",),
    "failure_level": ("level",),
    "slo": ("availability", "state"),
    "maintenance": ("notice_by", "in_time"),
    "desk_scope": ("allowed",),
    "rating": ("mail",),
    "alert_mail": ("mails",),
    "stop_notice": ("mails",),
    "heartbeat": ("state",),
    "traffic": ("inspected",),
    "retention": ("keep_until",),
    "average": ("average",),
    "replacement_age": ("replace_by",),
    "erase": ("destroy",),
    "telemetry": ("allowed",),
    "contact": ("allowed",),
    "admission": ("admit",),
    "use": ("allowed",),
    "disclosure": ("allowed",),
}
"""By question: what of its answer says it in one line, the first that is known before the others."""

_COLUMNS: Mapping[str, tuple[str, str]] = {
    "capped_by": ("coverage", "cap"),
    "code": ("entitlement", "cause"),
}
"""Columns of the records that hold codes of the terms: the question and the member of these codes."""


class _Speech(NamedTuple):
    """How the members of one question, or of one answer, are said."""

    topic: str
    edition: Edition
    label: Callable[[str, str, Edition], str]

    def pairs(self, values: Mapping[str, Any], of: str = "") -> Iterator[tuple[str, str]]:
        """Each member with its value; `of` is the member whose own members they are, with a dot."""
        for name, value in values.items():
            member = f"{of}{name}"
            yield self._called(member), self.said(member, value)

    def said(self, member: str, value: Any) -> str:
        """One value: dates, moments and money as people write them, codes as words."""
        if isinstance(value, Mapping):
            filled = {part: given for part, given in value.items() if given not in (None, "")}
            return "、".join(f"{label}: {text}" for label, text in self.pairs(filled, f"{member}."))
        if isinstance(value, list):
            return self._listed(member, value)
        if isinstance(value, bool):
            return "はい" if value else "いいえ"
        return self._code(member, value) or _plain(member, value)

    def _listed(self, member: str, values: list[Any]) -> str:
        """The values in their order; one that is said alike only once, with how often it stands there."""
        if not values:
            return "なし"
        if member == "order":
            return " ／ ".join("、".join(f"{place + 1}番目" for place in places) for places in values)
        said = [self.said(member, each) for each in values]
        if isinstance(values[0], Mapping):
            return " ／ ".join(said)
        often = Counter(said)
        return "、".join(each if often[each] == 1 else f"{each}（{often[each]}件）" for each in often)

    def _called(self, member: str) -> str:
        return self.label(self.topic, member, self.edition)

    def _choices(self, name: str) -> Mapping[str, str]:
        """What the choices of a field of the form are called."""
        at = next((each for each in self.edition.card_field if name in (each.name, each.id)), None)
        if at is None:
            return {}
        return WEEKDAY_NAMES if at.kind == "weekday" else at.codes

    def _code(self, member: str, value: Any) -> str | None:
        if member.startswith("form."):
            parts = value.split(",") if isinstance(value, str) else ()
            names = self._choices(member.removeprefix("form."))
            return "、".join(names[part] for part in parts) if parts and names.keys() >= {*parts} else None
        return terms.code_label(self.topic, member, value, self.edition)


def facts(topic: str, values: Mapping[str, Any], edition: Edition) -> list[tuple[str, str]]:
    """The facts of a question as (name, value) in Japanese, in their own order."""
    return [*_Speech(topic, edition, terms.fact_label).pairs(values)]


def answer(topic: str, values: Mapping[str, Any], edition: Edition) -> list[tuple[str, str]]:
    """An answer as (name, value) in Japanese, in its own order; no line for missing grounds."""
    told = {name: value for name, value in values.items() if (name, value) != ("basis", None)}
    return [*_Speech(topic, edition, terms.answer_label).pairs(told)]


def gist(topic: str, values: Mapping[str, Any], edition: Edition) -> str:
    """An answer in one line: the first of its telling members that is known, or what it means that none is."""
    telling = [name for name in TELLING.get(topic, ()) if name in values]
    if not telling:
        return ""
    name = next((name for name in telling if values[name] is not None), telling[0])
    value, more = values[name], ""
    if isinstance(value, list) and len(value) > 1:
        value, more = value[:1], f" ほか{len(value) - 1}件"
    [(label, text)] = _Speech(topic, edition, terms.answer_label).pairs({name: value})
    return f"{label}: {text}{more}"


def shown(column: str, value: Any) -> str:
    """What stands in a column of the records, which belongs to no question."""
    topic, member = _COLUMNS.get(column, ("", ""))
    code = None if isinstance(value, bool) else terms.code_label(topic, member, value)
    return code or _plain(column, value)


def _plain(name: str, value: Any) -> str:
    """A value that is no code."""
    if value is None or value == "":
        return "なし"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, int):
        return yen(value) if name.endswith("yen") else f"{value:,}"
    text = str(value)
    try:
        return _day_month_or_moment(text) or text
    except ValueError:  # What somebody wrote is no day of the calendar.
        return text


def _day_month_or_moment(text: str) -> str | None:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return japanese_moment(date.fromisoformat(text))
    if re.fullmatch(r"\d{4}-\d{2}", text):
        first = date.fromisoformat(f"{text}-01")
        return f"{first.year}年{first.month}月"
    if re.match(r"\d{4}-\d{2}-\d{2}T", text):
        moment = datetime.fromisoformat(text)
        return f"{japanese_moment(moment)}:{moment:%S}" if moment.second else japanese_moment(moment)
    return None
