"""終わりの処理: a service is over for a customer, and one run does what follows, once (RC-SUR-02; 第3条, 第11条).

What stops with the moment itself needs no step: whether an agreement runs is asked each time by works, by purposes, by
calls and by what a customer may still write. Each step here is done and noted in one transaction, so a run that was
interrupted goes on after the last of them and tells nobody twice. Nothing undoes it: a new application begins anew.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from hoshu import catalog
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts import closings, consents, endings, queries
from hoshu.flows.registration_notices import addressee_of
from hoshu.notifications import outbox
from hoshu.privacy import queries as privacy


def run_due(*, now: datetime) -> int:
    """Do what is open of every run, also of those that were interrupted; how many are finished by that.

    One that fails holds up no other and is tried again. Raises ExceptionGroup with what went wrong, after the rest.
    """
    with act_as(SYSTEM):
        found = closings.begin(now=now)
    faults: list[Exception] = []
    for closing in found:
        try:
            run(closing_id=closing.pk, now=now)
        except Exception as fault:
            faults.append(fault)
    if faults:
        raise ExceptionGroup("runs after the end of a service", faults)
    return len(found)


def run(*, closing_id: int, now: datetime) -> None:
    """One run, from the first step that is not done. Safe to repeat."""
    for name, step in STEPS.items():
        with act_as(SYSTEM):
            closing = closings.locked(closing_id)
            if name not in closing.done:
                closings.done(closing, step=name, found=step(closing, now), now=now)
    with act_as(SYSTEM):
        closings.finish(closing_id, now=now)


def _list_held(closing: Any, now: datetime) -> Mapping[str, Any]:
    """What is still held about the customer, as it stands in the notice and in the record of the end."""
    return {"held": privacy.held_of(closing.tenant_id)}


def _tell(closing: Any, now: datetime) -> Mapping[str, Any]:
    """The one notice, to whoever runs the service at the customer."""
    agreement = closing.agreement
    edition = catalog.edition(agreement.service, consents.edition_of(agreement, endings.last_day(closing.ends_at)))
    terms = edition.after_end
    if terms is None:
        return {}
    party = queries.runs_it(agreement)
    works = edition.works
    purposes = edition.use.purpose if edition.use else ()
    notice = outbox.put(
        tenant_id=closing.tenant_id,
        message="service.ended",
        to=party.email if party else "",
        context={
            "addressee": addressee_of(party) if party else {"organisation": agreement.tenant.name},
            "number_name": queries.number_name(agreement),
            "service_number": agreement.number,
            "service": edition.name,
            "ended_at": closing.ends_at,
            "stopped": tuple(one.name for one in purposes if not one.after_end),
            "going_on": tuple(one.name for one in purposes if one.after_end),
            "held": tuple(closing.held.items()),
            "remarks": (*((works.ended,) if works else ()), terms.records.text, terms.again.text),
            "clauses": tuple(
                dict.fromkeys(
                    [terms.clause, terms.records.clause, *((works.clause,) if works else ()), terms.again.clause]
                )
            ),
        },
        about=agreement.number,
        key=f"closing:{closing.pk}",
        edition=edition,
        unreachable_too=True,
        now=now,
    )
    return {"notice": notice}


STEPS: Mapping[str, Callable[[Any, datetime], Mapping[str, Any]]] = {"held": _list_held, "notice": _tell}
"""What is done, in this order, by name; each returns what the run keeps of it. What stops something for good, such as
the certificates of machines, has its place before what is told."""
STEP_NAMES = {"held": "お預かりしている情報の確認", "notice": "お客様へのお知らせ"}
"""What people call each step."""
