"""Before an agreement ends, its contact is told once how long still and what can be done until when (IX-EXT-05)."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from hoshu import catalog, clock
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts import consents, queries
from hoshu.dates import JST
from hoshu.decisions import record
from hoshu.flows.registration_notices import addressee_of
from hoshu.notifications import outbox
from hoshu.notifications import queries as notifications
from hoshu.notifications.messages import Words

LOOK_AHEAD = timedelta(days=100)
"""Longer than any extension is on sale before an end."""
USUAL = timedelta(days=60)
"""How long before its end an agreement is reminded of whose terms sell no extension (ours)."""


def remind(*, now: datetime) -> int:
    """Put the reminders that are due; how many. Each goes out once for one end. Safe to run at any time."""
    today = now.astimezone(JST).date()
    with act_as(SYSTEM):
        ending = list(queries.agreements(ends_by=today + LOOK_AHEAD).filter(ends_on__gte=today, state="active"))
        known = notifications.keys_put(about=[agreement.number for agreement in ending])
        waiting = [agreement for agreement in ending if _key(agreement) not in known]
        editions = consents.editions_of(agreement.pk for agreement in waiting)
        return sum(
            _remind(agreement, consents.edition_on(editions.get(agreement.pk, ()), today), today, now)
            for agreement in waiting
        )


@app.periodic(cron="0 0 * * *")  # in UTC
@app.task(name="remind_of_expiry")
def remind_daily(timestamp: int) -> None:
    """Every morning at nine in Japan."""
    remind(now=clock.now())


def _key(agreement: Any) -> str:
    """An end that moves is announced anew."""
    return f"agreement.expiring:{agreement.number}:{agreement.ends_on}"


@transaction.atomic
def _remind(agreement: Any, edition_id: str, today: date, now: datetime) -> bool:
    edition = catalog.edition(agreement.service, edition_id or agreement.edition)
    extension = _extension(agreement, edition, today)
    opens = date.fromisoformat(extension.values["from"]) if extension else agreement.ends_on - USUAL
    if today < opens:
        return False
    contact = queries.revisions_of(agreement)[0].parties.filter(kind="contact").first()
    if contact is None or not contact.email:
        return False
    choices = [("更新", "下の窓口へお尋ねください。", None, None)]
    if extension and extension.values["buyable"]:
        choices.insert(0, ("延長", "延長キットをご購入ください。", opens, agreement.ends_on))
    elif extension and extension.values["by_approval"]:
        choices.insert(0, ("延長", "お求めいただけるかを、下の窓口へお尋ねください。", opens, agreement.ends_on))
    outbox.put(
        tenant_id=agreement.tenant_id,
        message="agreement.expiring",
        to=contact.email,
        context={
            "addressee": addressee_of(contact),
            "words": Words(service=edition.name),
            "number": agreement.number,
            "unit": [("品名", agreement.device.product.name), ("製造番号", agreement.device.serial)],
            "on": today,
            "ends_on": agreement.ends_on,
            "choices": choices,
            "depends_on_model": extension is not None,
            "clauses": [reason["clause"] for reason in extension.reasons[:1]] if extension else (),
        },
        about=agreement.number,
        key=_key(agreement),
        now=now,
    )
    return True


def _extension(agreement: Any, edition: catalog.Edition, today: date) -> record.Answer | None:
    """第1章 3.: can it be lengthened? None where the terms sell no extension."""
    if edition.extension is None:
        return None
    product = agreement.device.product
    known = {
        "end_of_sale": product.end_of_sale,
        "support_limit": product.support_limit,
        "kit_sales_stopped": product.kit_sales_stopped,
    }
    asked = (*edition.extension.required, *edition.extension.optional)
    facts = {name: day.isoformat() for name, day in known.items() if day and name in asked}
    facts |= {"on": today.isoformat(), "end": agreement.ends_on.isoformat()}
    return record.ask(
        {
            "ask": "extension",
            "service": agreement.service,
            "edition": edition.edition,
            "plan": agreement.plan,
            "facts": facts,
        }
    )
