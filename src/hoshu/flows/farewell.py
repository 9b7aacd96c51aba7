"""契約終了: who logs in when nothing is left that runs is told so, with the clause (7.8, MM-TRM-02)."""

from datetime import datetime
from typing import Any

from hoshu import catalog
from hoshu.accounts.tenancy import act_as, actor_of
from hoshu.contracts import queries
from hoshu.dates import JST, said


def told_at_login(*, user: Any, now: datetime) -> str:
    """The sentence for somebody of a customer whose last agreement is over; empty for everybody else.

    Only where the terms destroy the customer's data with the end of the use: there the login is soon none any more.
    """
    today = now.astimezone(JST).date()
    actor = actor_of(user, today=today)
    if actor.organisation_id is None or actor.tenants != {actor.organisation_id}:
        return ""
    with act_as(actor):
        last = queries.over_for(tenant_id=actor.organisation_id, on=today)
    terms = catalog.edition(last.service, last.edition).erase if last else None
    if last is None or terms is None:
        return ""
    until = f"（{said(last.ends_on)}まで）" if last.ends_on else ""
    clause = terms.end_of_use.clause
    return f"契約終了: ご契約は終わっています{until}。お預かりしたお客様の情報は消去します。根拠: {clause}"
