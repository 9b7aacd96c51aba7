"""Service editions as data: plans, clauses, numbers, examples; loaded and checked.

`catalog/<service>/<edition>.toml` is one published document of terms. Everything that answers a question or fills a
screen with rules reads it from here.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from .agreement import (
    ChangeKind,
    ChangeTerms,
    DamageHead,
    DaysAhead,
    LateNotice,
    PeriodAfter,
    RefundGround,
    Said,
)
from .applying import (
    PARTIES,
    PARTS,
    ApplicationTerms,
    Choice,
    Confirmation,
    FormField,
    FormStep,
    Milestone,
    Numbering,
)
from .closing import AfterEnd, EndingGround, EndingTerms, HandoverTerms
from .document import (
    ChangeField,
    Clause,
    CostItem,
    Edition,
    Exclusion,
    FaultInformation,
    Plan,
    Reading,
    ServiceWindow,
)
from .faults import CatalogError
from .loading import Source, in_order, load, load_editions, read, read_examples
from .parts import Period, Rule, Section, Shown, Table
from .registering import ApplicationCheck, Deadline, FieldCheck, RegistrationTerms
from .sections import (
    Attend,
    Cap,
    Check,
    CoverageTerms,
    Element,
    EntitlementTerms,
    Kit,
    Origin,
    WindowTerms,
    YearsElapsed,
)
from .telling import Note, Notice
from .watching import DataHold

_ROOT = Path(__file__).parent


_adopted: dict[tuple[str, str], tuple[Edition, Source]] = {}
"""Editions that stand outside of the package, by service and edition: an operator's own."""


def adopt(sources: Iterable[Source]) -> None:
    """Takes editions in that stand outside of the package, instead of all that were taken in before.

    CatalogError: one is wrong, or has the name or the first day of another; then everything stays as it was. Callers
    outside of `terms` use `terms.adopt`, which also forgets what it has made of the editions before.
    """
    global _adopted
    found = [(read(source), source) for source in sources]
    for each, source in found:
        in_order([*((other, source) for other in _packaged(each.service)), (each, source)])
    for service in {each.service for each, _ in found}:
        in_order([pair for pair in found if pair[0].service == service])
    # In one step, as other threads look things up meanwhile.
    _adopted = {(each.service, each.edition): (each, source) for each, source in found}
    services.cache_clear()
    editions.cache_clear()


@cache
def services() -> tuple[str, ...]:
    """The services of the catalogue, by their ids."""
    return tuple(sorted({*_packaged_services(), *(service for service, _ in _adopted)}))


@cache
def _packaged_services() -> frozenset[str]:
    return frozenset(path.parent.name for path in _ROOT.glob("*/*.toml"))


@cache
def _packaged(service: str) -> tuple[Edition, ...]:
    if service not in _packaged_services():
        return ()
    return load_editions(_ROOT / service)


@cache
def editions(service: str) -> tuple[Edition, ...]:
    """The editions of a service, the oldest first; none for an unknown service."""
    adopted = [each for (of, _), (each, _) in _adopted.items() if of == service]
    return tuple(sorted((*_packaged(service), *adopted), key=lambda each: each.in_force))


def every_edition() -> tuple[Edition, ...]:
    """The editions of all services."""
    return tuple(each for service in services() for each in editions(service))


def edition(service: str, id: str) -> Edition:  # noqa: A002 -- the word of the decision interface
    """One edition; KeyError where there is none."""
    for each in editions(service):
        if each.edition == id:
            return each
    raise KeyError((service, id))


def edition_on(service: str, day: date) -> Edition:
    """The edition in force on a day. The first edition answers every earlier day too. KeyError: unknown service."""
    known = editions(service)
    if not known:
        raise KeyError(service)
    return next((each for each in reversed(known) if each.in_force <= day), known[0])


def examples(service: str, edition_id: str) -> list[dict[str, Any]]:
    """The worked examples of an edition, as written; they are tests and a text for readers. KeyError: no such one."""
    return read_examples(source_of(service, edition_id))


def source_of(service: str, edition_id: str) -> Source:
    """The text that an edition was read from, or KeyError."""
    if (service, edition_id) in _adopted:
        return _adopted[service, edition_id][1]
    edition(service, edition_id)
    return Source.of(_ROOT / service / f"{edition_id}.toml")


__all__ = [
    "PARTIES",
    "PARTS",
    "AfterEnd",
    "ApplicationCheck",
    "ApplicationTerms",
    "Attend",
    "Cap",
    "CatalogError",
    "ChangeField",
    "ChangeKind",
    "ChangeTerms",
    "Check",
    "Choice",
    "Clause",
    "Confirmation",
    "CostItem",
    "CoverageTerms",
    "DamageHead",
    "DataHold",
    "DaysAhead",
    "Deadline",
    "Edition",
    "Element",
    "EndingGround",
    "EndingTerms",
    "EntitlementTerms",
    "Exclusion",
    "FaultInformation",
    "FieldCheck",
    "FormField",
    "FormStep",
    "HandoverTerms",
    "Kit",
    "LateNotice",
    "Milestone",
    "Note",
    "Notice",
    "Numbering",
    "Origin",
    "Period",
    "PeriodAfter",
    "Plan",
    "Reading",
    "RefundGround",
    "RegistrationTerms",
    "Rule",
    "Said",
    "Section",
    "ServiceWindow",
    "Shown",
    "Source",
    "Table",
    "WindowTerms",
    "YearsElapsed",
    "adopt",
    "edition",
    "edition_on",
    "editions",
    "every_edition",
    "examples",
    "load",
    "load_editions",
    "read",
    "read_examples",
    "services",
    "source_of",
]
