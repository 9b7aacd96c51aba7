"""みなし同意: using the service after a change of the terms counts as consent, where the terms say so (MM-DOC-04)."""

from datetime import datetime
from typing import Any

from hoshu.accounts.tenancy import act_as, actor_of
from hoshu.dates import JST
from hoshu.privacy import ledger


def logged_in(*, user: Any, now: datetime) -> int:
    """Somebody of a customer logged in; how many rows of the ledger are new."""
    actor = actor_of(user, today=now.astimezone(JST).date())
    if actor.organisation_id is None or actor.tenants != {actor.organisation_id}:
        return 0
    with act_as(actor):
        return ledger.used(tenant_id=actor.organisation_id, way="login", actor=actor.name, now=now)


def reported(*, tenant_id: int, device: str, now: datetime) -> int:
    """A machine of a customer reported: the other way of use, for whoever receives the reports."""
    return ledger.used(tenant_id=tenant_id, way="report", actor=device, now=now)
