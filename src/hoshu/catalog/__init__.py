"""Service editions as data: plans, clauses, numbers, examples; loaded and checked.

`catalog/<service>/<edition>.toml` is one published document of terms. Everything that answers a question or fills a
screen with rules reads it from here.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from .agreement import ChangeKind, ChangeTerms, DamageHead, DaysAhead, LateNotice, RefundGround
from .document import (
    ChangeField,
    Clause,
    CostItem,
    Edition,
    Exclusion,
    FaultInformation,
    FormField,
    Note,
    Plan,
    Reading,
    ServiceWindow,
)
from .loading import CatalogError, load, load_editions, load_examples
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
    RestorationLevel,
    RestorationStep,
    RestorationTerms,
    WindowTerms,
    Within,
    YearsElapsed,
)
from .watching import DataHold

_ROOT = Path(__file__).parent


@cache
def services() -> tuple[str, ...]:
    """The services of the catalogue, by their ids."""
    return tuple(sorted({path.parent.name for path in _ROOT.glob("*/*.toml")}))


@cache
def editions(service: str) -> tuple[Edition, ...]:
    """The editions of a service, the oldest first; none for an unknown service."""
    return load_editions(_ROOT / service) if service in services() else ()


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
    """The worked examples of an edition, as written in its file; they are tests and a text for readers."""
    edition(service, edition_id)
    return load_examples(_ROOT / service / f"{edition_id}.toml")


__all__ = [
    "ApplicationCheck",
    "Attend",
    "Cap",
    "CatalogError",
    "ChangeField",
    "ChangeKind",
    "ChangeTerms",
    "Check",
    "Clause",
    "CostItem",
    "CoverageTerms",
    "DamageHead",
    "DataHold",
    "DaysAhead",
    "Deadline",
    "Edition",
    "Element",
    "EntitlementTerms",
    "Exclusion",
    "FaultInformation",
    "FieldCheck",
    "FormField",
    "Kit",
    "LateNotice",
    "Note",
    "Origin",
    "Period",
    "Plan",
    "Reading",
    "RefundGround",
    "RegistrationTerms",
    "RestorationLevel",
    "RestorationStep",
    "RestorationTerms",
    "Rule",
    "Section",
    "ServiceWindow",
    "Shown",
    "Table",
    "WindowTerms",
    "Within",
    "YearsElapsed",
    "edition",
    "edition_on",
    "editions",
    "every_edition",
    "examples",
    "load",
    "load_editions",
    "load_examples",
    "services",
]
