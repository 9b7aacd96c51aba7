"""What people call a fact, a member of an answer and a code: one place for every screen, sheet and command.

Nothing raises for what is not known: an old answer, or what somebody sent, has to be shown as well.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from hoshu.catalog import Edition, every_edition

from .answers import (
    ADMISSION,
    ANSWERS,
    CODES,
    CONDITIONS,
    OUT_OF_HOURS,
    QUESTION,
    RECORDS,
    SHARED_CODES,
    SILENCE,
    UNLISTED,
    Code,
    Names,
)
from .asking import known_facts
from .topics import TOPICS


def fact_label(topic: str, name: str, edition: Edition | None = None) -> str:
    """What people call a fact, or a member of it (`lines.yen`, `form.seller`); an unknown name is its own label.

    The members of a question beside its facts (`plan`) are known as well, as a refusal may name one.
    """
    first, _, member = name.partition(".")
    fact = known_facts(topic).get(first) if topic in TOPICS else None
    if fact is None:
        return QUESTION.get(name, name)
    if not member:
        return fact.label
    kind = fact.kind if fact.kind.item is None else fact.kind.item
    if kind.members is not None and member in kind.members:
        return kind.members[member].label
    return RECORDS.get(first, {}).get(member) or _defined(topic, f"{first}.*", member, edition) or member


def answer_label(topic: str, name: str, edition: Edition | None = None) -> str:
    """What people call a member of an answer, or a member of that (`deadlines.last_day`, `units.night`)."""
    known = ANSWERS.get(topic, {}).get(name)
    if known is not None:
        return known
    first, _, member = name.partition(".")
    return _defined(topic, f"{first}.*", member, edition) or member or name


def code_label(topic: str, member: str, code: Code, edition: Edition | None = None) -> str | None:
    """What people call a code of a fact or of a member of an answer; None where it is none, but a text as it stands.

    What the edition itself defines goes before what others do. A record whose members have names of their own, such as
    one by field, holds codes of the whole: `category.serial` those of `category`.
    """
    found = CODES.get(topic, {}).get(member, {}).get(code) or _defined(topic, member, code, edition)
    if found is not None:
        return found
    if not isinstance(code, str):
        return None
    whole = member.partition(".")[0]
    return (
        SHARED_CODES.get(code)
        or _name_of_a_member(topic, member, code, edition)
        or _composed(topic, member, code, edition)
        or (code_label(topic, whole, code, edition) if whole != member else None)
        or (UNLISTED.get(topic, {}).get(member) if code.isascii() else None)
    )


def code_labels(topic: str, member: str, edition: Edition | None = None) -> dict[str | int, str]:
    """The codes that a fact or a member of an answer may have, each with its name; of all editions where none is named.

    Without those that mean the same in every question: a fact knows by itself which of them it takes.
    """
    found: dict[Code, str] = {**CODES.get(topic, {}).get(member, {})}
    if (topic, member) in _DEFINED:
        for each in every_edition() if edition is None else (edition,):
            found |= {code: name for code, name in _names(each)[topic, member].items() if code not in found}
    return {code: name for code, name in found.items() if code is not None}


def _defined(topic: str, member: str, code: Code, edition: Edition | None) -> str | None:
    """The name that an edition gives."""
    if (topic, member) not in _DEFINED:
        return None
    path, places = code, ""
    if isinstance(code, str) and "[" in code:  # `errors[3].code` stands in the list as `errors[].code`.
        path = _PLACE.sub("[]", code)
        places = "".join(f"（{int(place) + 1}番目）" for place in _PLACE.findall(code))
    for each in every_edition() if edition is None else (edition, *every_edition()):
        name = _names(each)[topic, member].get(path)
        if name is not None:
            return f"{name}{places}"
    return None


_PLACE = re.compile(r"\[([0-9]+)\]")


@lru_cache(maxsize=64)
def _names(edition: Edition) -> Mapping[tuple[str, str], Names]:
    """All names of an edition. Kept for each edition alone, so that one that is adopted later is seen."""
    return {place: dict(names(edition)) for place, names in _DEFINED.items()}


def _name_of_a_member(topic: str, member: str, code: str, edition: Edition | None) -> str | None:
    """Lists that name members of the answer, or facts."""
    match member.rpartition(".")[2]:
        case "day_off":
            return ANSWERS.get(topic, {}).get(code)
        case "missing" | "needs" | "counted_from" if topic in TOPICS and code in known_facts(topic):
            return fact_label(topic, code, edition)
    return None


def _composed(topic: str, member: str, code: str, edition: Edition | None) -> str | None:
    """A code with its matter (`late:purchased`), and a place in a list (`options.B1.quantity`)."""
    flag, colon, matter = code.partition(":")
    if colon and (known := CODES.get(topic, {}).get(member, {}).get(flag)) is not None:
        return f"{known}（{fact_label(topic, matter, edition)}）"
    if (line := re.fullmatch(r"(\w+)\.(.+)\.(\w+)", code)) is not None and topic in TOPICS:
        fact, which, part = line.groups()
        if fact in known_facts(topic):
            return f"{fact_label(topic, fact)}「{which}」の{fact_label(topic, f'{fact}.{part}')}"
    return None


_Defined = Callable[[Edition], Iterable[tuple[Code, str]]]
"""Finds the codes of one kind that an edition defines, each with its name."""


def _table(place: str, *, code: str = "code", name: str = "name") -> _Defined:
    """The rows of a table of the edition, by two of their keys; none where the edition has no such table."""

    def names(edition: Edition) -> Iterator[tuple[Code, str]]:
        rows: Any = edition
        for key in place.split("."):
            rows = () if rows is None else getattr(rows, key)
        for row in rows or ():
            yield getattr(row, code), getattr(row, name)

    return names


def _form_fields(edition: Edition) -> Iterator[tuple[Code, str]]:
    for field in edition.card_field:
        yield field.name, field.label
        yield field.id, field.label


def _listed(edition: Edition) -> Iterator[tuple[Code, str]]:
    """The rows of the document's own tables that have codes: the second column, or all where it repeats itself."""
    for listing in edition.listing:
        if listing.columns[0] == "コード":
            tells_apart = len({row[1] for row in listing.rows}) == len(listing.rows)
            for code, *cells in listing.rows:
                pairs = zip(listing.columns[1:], cells, strict=True)
                yield code, cells[0] if tells_apart else "、".join(f"{column}: {cell}" for column, cell in pairs)


def _costs(edition: Edition) -> Iterator[tuple[Code, str]]:
    yield from ((item.code, item.name) for item in edition.cost_item)
    if edition.entitlement is not None and edition.entitlement.out_of_hours is not None:
        yield edition.entitlement.out_of_hours.cost, OUT_OF_HOURS


def _inquiries(edition: Edition) -> Iterator[tuple[Code, str]]:
    yield from _listed(edition)
    yield from _EXCLUSIONS(edition)


def _insurance_conditions(edition: Edition) -> Iterator[tuple[Code, str]]:
    if edition.insurance is not None:
        yield from ((condition.code, CONDITIONS[condition.of]) for condition in edition.insurance.condition)


def _unit_states(edition: Edition) -> Iterator[tuple[Code, str]]:
    terms = edition.heartbeat
    if terms is not None:
        for name, state in (("unregistered", terms.unregistered), ("online", terms.online), ("stopped", terms.stopped)):
            yield name, state.name


def _silence_causes(edition: Edition) -> Iterator[tuple[Code, str]]:
    for key, name in SILENCE.items():
        cause = getattr(edition.heartbeat, key, None)
        if cause is not None:
            yield cause.code, name


def _protocols(edition: Edition) -> Iterable[tuple[Code, str]]:
    return edition.traffic.inspected_protocols.items() if edition.traffic is not None else ()


def _admission_codes(edition: Edition) -> Iterator[tuple[Code, str]]:
    if edition.admission is not None:
        for condition, name in ADMISSION.items():
            yield getattr(edition.admission, condition).code, name


_EXCLUSIONS = _table("exclusion", name="short")
_ALERT_LEVELS = _table("alert_level")
_PORTS = _table("traffic.port")
_RETENTION_HOLDS = _table("retention.hold")
_ERASE_HOLDS = _table("erase.hold")
_REPORT_FIELDS = _table("telemetry.field", code="path")
_OCCASIONS = _table("telemetry.occasion")

_DEFINED: Mapping[tuple[str, str], _Defined] = {
    ("coverage", "cap"): _table("coverage.cap", code="name", name="limit_label"),
    ("registration", "form.*"): _form_fields,
    ("registration", "missing"): _form_fields,
    ("entitlement", "cause"): _EXCLUSIONS,
    ("entitlement", "work"): _EXCLUSIONS,
    ("entitlement", "item"): _EXCLUSIONS,
    ("entitlement", "customer_pays"): _costs,
    ("restoration", "software"): _listed,
    ("restoration", "settings_kinds"): _listed,
    ("restoration", "table2"): _listed,
    ("fee", "cause"): _EXCLUSIONS,
    ("fee", "units.*"): _table("fee.band", name="label"),
    ("software_support", "subject"): _inquiries,
    ("software_support", "code"): _inquiries,
    ("upgrade", "type"): _table("upgrade.release", code="type", name="label"),
    ("confidentiality", "exception"): _table("confidentiality.exception", name="label"),
    ("damages", "lines.head"): _table("damages.head", name="label"),
    ("ending", "ground"): _table("ending.ground", name="label"),
    ("insurance", "stars"): _table("insurance.star", code="stars"),
    ("insurance", "lines.kind"): _table("insurance.cost"),
    ("insurance", "codes"): _insurance_conditions,
    ("insurance", "doubts"): _insurance_conditions,
    ("slo", "outages.code"): _table("slo.excluded"),
    ("maintenance", "kind"): _table("maintenance.kind", code="kind"),
    ("desk_scope", "subject"): _table("desk_scope.subject", name="label"),
    ("rating", "alerts"): _ALERT_LEVELS,
    ("rating", "mail"): _ALERT_LEVELS,
    ("alert_mail", "alerts.level"): _ALERT_LEVELS,
    ("heartbeat", "state"): _unit_states,
    ("heartbeat", "causes.code"): _silence_causes,
    ("traffic", "from"): _PORTS,
    ("traffic", "to"): _PORTS,
    ("traffic", "protocol"): _protocols,
    ("retention", "holds"): _RETENTION_HOLDS,
    ("retention", "holds.code"): _RETENTION_HOLDS,
    ("erase", "kind"): _table("erase.kind"),
    ("erase", "holds"): _ERASE_HOLDS,
    ("erase", "holds.code"): _ERASE_HOLDS,
    ("telemetry", "fields"): _REPORT_FIELDS,
    ("telemetry", "allowed"): _REPORT_FIELDS,
    ("telemetry", "dropped"): _REPORT_FIELDS,
    ("telemetry", "category.*"): _REPORT_FIELDS,
    ("telemetry", "category"): _table("telemetry.category"),
    ("telemetry", "only_on.*"): _REPORT_FIELDS,
    ("telemetry", "only_on"): _OCCASIONS,
    ("telemetry", "occasions"): _OCCASIONS,
    ("telemetry", "services"): _table("telemetry.service", code="id"),
    ("admission", "code"): _admission_codes,
    ("use", "purpose"): _table("use.purpose"),
}
"""By question and member, of its facts and of its answer; `*` stands for the names of a record's members."""
