"""From the order of a further year to the notice of the new end: the steps that touch decisions, dates and mail."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from hoshu import clock
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts import Refused, agreements, extensions, queries
from hoshu.decisions import record
from hoshu.flows.corrections import question_again
from hoshu.flows.registration_notices import dates_of, day_of, send_correction


@transaction.atomic
def order(*, tenant_id: int | None, stated_number: str, stated_end: date | None, asked_by: str, now: datetime) -> Any:
    """IX-EXT-04: somebody orders a kit, by the number and the last day of the latest notice.

    `tenant_id` is whose order it is while no agreement is found; the desk, which has none, is told at once.
    """
    if tenant_id is None:
        found = queries.agreements().filter(number=stated_number.strip().upper()).first()
        if found is None:
            raise Refused(f"「{stated_number.strip()}」の契約は見つかりません。番号を確かめてください。")
        tenant_id = found.tenant_id
    return _recorded(
        *extensions.order(
            tenant_id=tenant_id, stated_number=stated_number, stated_end=stated_end, asked_by=asked_by, now=now
        ),
        now,
    )


@transaction.atomic
def correct(*, kit_id: int, stated_number: str, stated_end: date | None, now: datetime) -> Any:
    """The number and the last day are stated again."""
    kit, answer = extensions.correct(kit_id=kit_id, stated_number=stated_number, stated_end=stated_end, now=now)
    return _recorded(kit, answer, now)


def _recorded(kit: Any, answer: record.Answer | None, now: datetime) -> Any:
    if answer is not None:
        about = kit.agreement.number
        record.record(answer=answer, act="延長の申込", about=about, tenant_id=kit.tenant_id, now=now)
    return kit


@transaction.atomic
def approve(*, kit_id: int, reason: str, now: datetime) -> Any:
    """A person decides to sell it all the same."""
    return extensions.approve(kit_id=kit_id, reason=reason, now=now)


@transaction.atomic
def refuse(*, kit_id: int, reason: str, clause: str) -> Any:
    """A person decides not to sell it."""
    return extensions.refuse(kit_id=kit_id, reason=reason, clause=clause)


@transaction.atomic
def withdraw(*, kit_id: int, reason: str) -> Any:
    """The order is taken back."""
    return extensions.withdraw(kit_id=kit_id, reason=reason)


@transaction.atomic
def sell(*, kit_id: int, serial: str, bought_on: date, price_yen: int | None, now: datetime) -> Any:
    """The purchase is recorded."""
    return extensions.sell(kit_id=kit_id, serial=serial, bought_on=bought_on, price_yen=price_yen, now=now)


@transaction.atomic
def apply(*, kit_id: int, now: datetime) -> Any:
    """第1章 3. (IX-EXT-02): the procedure. The end is counted anew with one kit more, and the contact is told.

    Plan, start weekday and revision stay.
    """
    kit = extensions.to_apply(kit_id=kit_id)
    agreement = queries.agreements().get(pk=kit.agreement_id)
    was = dates_of(agreement)
    kits = agreement.coverage.question["facts"].get("extension_kits", 0) + 1
    answered = record.ask(question_again(agreement, on=day_of(now), extension_kits=kits))
    if answered.values["end"] is None or date.fromisoformat(answered.values["end"]) <= agreement.ends_on:
        reason = answered.reasons[-1]
        raise Refused(f"延長しても満了日が延びません。{reason['text']}", reason["clause"])
    decision = record.record(
        answer=answered, act="延長キットの適用", about=agreement.number, tenant_id=agreement.tenant_id, now=now
    )
    agreement = agreements.extend(agreement_id=agreement.pk, coverage=decision)
    kit = extensions.applied(kit_id=kit_id, end_before=was["サポート満了日"], decision=decision, now=now)
    send_correction(agreement, was, now)
    return kit


@transaction.atomic
def open_sales(*, now: datetime) -> int:
    """IX-EXT-01: orders that came too early become orders on the day on which the sale opens; how many did."""
    opened = 0
    with act_as(SYSTEM):
        for kit in extensions.waiting(on=day_of(now)):
            _recorded(*extensions.sale_opened(kit_id=kit.pk, now=now), now)
            opened += 1
    return opened


@app.periodic(cron="2 15 * * *")  # UTC
@app.task(name="open_kit_sales")
def open_kit_sales(timestamp: int) -> None:
    """Just after midnight in Japan."""
    open_sales(now=clock.now())
