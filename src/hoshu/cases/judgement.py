"""What the terms answer on a fault call: the same questions for a preview, an opened case and every later change."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hoshu import catalog
from hoshu.cases.call import Call
from hoshu.cases.information import Piece, is_known, pieces
from hoshu.cases.models import Case
from hoshu.cases.words import Backup, Outcome, RulingAbout
from hoshu.contracts.finding import SUSPENDED, UNNOTIFIED, Cover, Unit
from hoshu.contracts.serials import normalise
from hoshu.decisions.record import Answer, ask

_SEVERITY = {
    outcome: rank
    for rank, outcome in enumerate(
        (
            Outcome.COVERED,
            Outcome.CHARGEABLE,
            Outcome.ON_HOLD,
            Outcome.EXCLUDED,
            Outcome.NOT_COVERED,
            Outcome.REFUSED,
        )
    )
}


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What is known about a case beyond what the caller said."""

    causes: Sequence[str] = ()
    """Exclusion codes to which the fault itself is put down."""
    rulings: Mapping[str, bool] = field(default_factory=dict)
    """What a person last decided about each subject: to serve or not."""
    cooperation_open: bool = False
    suspended: bool = False


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The answers on one call. Without a unit there is nothing to attend to, so no window and no plan of work.

    Neither is there a window where the terms know no hours, or where the warranty alone answers (VA-WAR-03).
    """

    entitlement: Answer
    window: Answer | None
    restoration: Answer | None
    pieces: Sequence[Piece]
    registered: bool = True

    @property
    def outcome(self) -> str:
        return self.entitlement.values["outcome"]

    @property
    def attend_from(self) -> datetime | None:
        """When work may begin by the hours of the plan: the next service window (IX-WIN-06), never a promise."""
        return moment(self.window.values["opens_at"]) if self.window else None

    @property
    def attend_until(self) -> datetime | None:
        return moment(self.window.values["closes_at"]) if self.window else None


def judge(
    *,
    call: Call | Case,
    unit: Unit | None,
    service: str,
    received_at: datetime,
    now: datetime,
    circumstances: Circumstances = Circumstances(),
) -> Judgement:
    """IX-FLT-01: cover, site, exclusions and the plan of work, asked together. Nothing is stored.

    Entitlement is judged at `received_at`, when the fault was reported (OR-22); the window at `now`.
    """
    if unit is None:
        edition = catalog.edition_on(service, received_at.date())
        return Judgement(
            # Any plan: the answer ends with "not registered" before a plan matters.
            entitlement=ask(
                _about(service, edition.plan[0].id, edition.edition, "entitlement", _unregistered(call, received_at))
            ),
            window=None,
            restoration=None,
            pieces=pieces(call, edition),
            registered=False,
        )
    cover = unit.cover_on(received_at.date())
    facts = {**_facts(call, cover, received_at, circumstances), **_warranty(call, unit)}
    answers = [
        ask(_of(cover, "entitlement", {**facts, "cause": cause} if cause else facts))
        for cause in circumstances.causes or [None]
    ]
    entitlement = max(answers, key=lambda answer: _SEVERITY[answer.values["outcome"]])
    return Judgement(
        entitlement=entitlement,
        # The hours are the pack's: what is repaired under the warranty alone has none (VA-WAR-03).
        window=None if entitlement.values.get("basis") == "warranty" else window(cover, at=now),
        restoration=restoration(call, cover, unit.software_versions),
        pieces=pieces(
            call,
            catalog.edition(cover.service, cover.edition),
            unit_name=" ".join(filter(None, [unit.product, unit.product_code])),
            versions=unit.software_versions,
        ),
    )


def window(cover: Cover, *, at: datetime) -> Answer | None:
    """IX-WIN-06: is the plan's window open at `at`, else when does it open next? None where the terms know no hours."""
    if catalog.edition(cover.service, cover.edition).window is None:
        return None
    facts = {"at": _minute(at), **_weekdays(cover)}
    return ask(_of(cover, "window", facts))


def restoration(call: Call | Case, cover: Cover, versions: Sequence[str]) -> Answer | None:
    """IX-WRK-04: how far the work goes with what the customer provides.

    A version that does not stand in the provider's list of `versions` counts as not named (IX-WRK-03). None where the
    terms know no levels of it.
    """
    terms = catalog.edition(cover.service, cover.edition).restoration
    if terms is None or "software_version_known" not in (*terms.required, *terms.optional):
        return None
    return ask(
        _of(
            cover,
            "restoration",
            {
                "software_version_known": is_known(call.software_version, versions),
                "config_backup_available": call.backup in {Backup.FILE, Backup.ON_SITE, Backup.UNREADABLE},
                "config_backup_readable": call.backup != Backup.UNREADABLE,
            },
        )
    )


def excluded_work(call: Call | Case, cover: Cover, *, code: str, received_at: datetime) -> Answer:
    """第3章 5.: the answer on a piece of work that was asked for; the rest of the case goes on (IX-EXC-00)."""
    return ask(_of(cover, "entitlement", {**_facts(call, cover, received_at, Circumstances()), "work": code}))


def reperformance(
    cover: Cover, *, served: str, failed: str, claimed: str, same_cause: bool, same_failure: bool
) -> Answer:
    """第4章 6.(1): is a recurrence put right again, and until when (IX-GUA-01, IX-GUA-02)? Dates as ISO text."""
    return ask(
        _of(
            cover,
            "reperformance",
            {
                "served": served,
                "failed": failed,
                "claimed": claimed,
                "same_cause": same_cause,
                "same_failure": same_failure,
                "coverage_end": cover.ends_on.isoformat() if cover.ends_on else None,
            },
        )
    )


def moment(text: str | None) -> datetime | None:
    """A moment of an answer."""
    return datetime.fromisoformat(text) if text else None


def _of(cover: Cover, topic: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The question, with the facts that the edition takes; another service asks about other things."""
    terms = getattr(catalog.edition(cover.service, cover.edition), topic)
    taken = {*terms.required, *terms.optional} if terms else {}
    return _about(
        cover.service, cover.plan, cover.edition, topic, {name: facts[name] for name in facts if name in taken}
    )


def _about(service: str, plan: str, edition: str, topic: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"ask": topic, "service": service, "plan": plan, "edition": edition, "facts": dict(facts)}


def _facts(call: Call | Case, cover: Cover, received_at: datetime, circumstances: Circumstances) -> dict[str, Any]:
    facts = {
        "at": _minute(received_at),
        # Not accepted while the notice of completion has not arrived (OR-28).
        "coverage": None if cover.state == UNNOTIFIED else cover.as_fact(received_at),
        "support_limit": cover.support_limit.isoformat() if cover.support_limit else None,
        **_weekdays(cover),
        "serial_registered": True,
        "in_japan": call.in_japan,
        "site_matches": call.site_matches,
        "conditions_breached": call.conditions_breached,
        # The customer takes a high unit down, then it can be exchanged (IX-EXC-25).
        "height_cm": None if circumstances.rulings.get(RulingAbout.EXCLUSION) else call.mounted_cm,
        "cooperation_open": circumstances.cooperation_open,
        "suspended": circumstances.suspended or cover.state == SUSPENDED,
        "decision": _decision(call, circumstances),
    }
    return {name: value for name, value in facts.items() if value is not None or name == "coverage"}


def _warranty(call: Call | Case, unit: Unit) -> dict[str, Any]:
    """VA-WAR-03: what the warranty card proves; empty where nobody spoke of one.

    It proves something once it was shown, one of its numbers is that of the unit, and it says until when it holds.
    """
    if call.warranty_card_shown is None:
        return {}
    numbers = {normalise(number) for number in _APART.split(call.warranty_numbers)}
    matches = not numbers.isdisjoint({unit.serial, *unit.former_serials})
    until = call.warranty_until
    proven = call.warranty_card_shown and matches and until is not None
    return {"warranty_card_shown": proven, **({"warranty_end": until.isoformat()} if until else {})}


_APART = re.compile(r"[、,，/／\s]+")


def _weekdays(cover: Cover) -> dict[str, Any]:
    """IX-WIN-07: the base weekday of a five-day plan and its changes, each from its own day on."""
    (_, first), *later = cover.revisions
    if not first:
        return {}
    changes = [{"from": since.isoformat(), "start_weekday": weekday} for since, weekday in later if weekday]
    return {"start_weekday": first, **({"weekday_changes": changes} if changes else {})}


def _unregistered(call: Call | Case, received_at: datetime) -> dict[str, Any]:
    return {"at": _minute(received_at), "coverage": None, "serial_registered": False, "in_japan": call.in_japan}


def _decision(call: Call | Case, circumstances: Circumstances) -> str | None:
    """A person's decision counts as one to serve only once every open subject was decided, each for itself."""
    subjects = {
        subject
        for subject, is_open in (
            (RulingAbout.SITE, call.site_matches is False),
            (RulingAbout.CONDITIONS, bool(call.conditions_breached)),
            (RulingAbout.EXCLUSION, bool(circumstances.causes)),
        )
        if is_open
    }
    ruled = [circumstances.rulings.get(subject) for subject in subjects]
    other = circumstances.rulings.get(RulingAbout.OTHER)
    if False in ruled or other is False:
        return "not_serve"
    if (ruled and all(ruled)) or (not ruled and other):
        return "serve"
    return None


def _minute(at: datetime) -> str:
    return at.isoformat(timespec="minutes")
