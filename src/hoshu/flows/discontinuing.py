"""提供終了の決定, from end to end: looked at, proposed, agreed to by a second person, and made true in chunks.

VA-TRM-06, VA-TRM-07. Each agreement ends by `flows.ending.discontinue`, as one that ends alone does. Agreements that
are registered up to the moment of the end come along: a job looks again until then.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from hoshu import clock
from hoshu.accounts.tenancy import SYSTEM, act_as, actor_of
from hoshu.contracts import discontinuations, queries
from hoshu.flows import ending

AT_ONCE = 500
"""Agreements that end in one transaction."""


@transaction.atomic
def propose(*, product_id: int, ground: str, scope: str, at: datetime | None, evidence: str, now: datetime) -> Any:
    """Write down the decision for a second person; no agreement changes yet. Raises Refused.

    `scope` is the part that the ground is about, or `all`; `at` an aware moment to the minute.
    """
    product = queries.products().get(pk=product_id)
    decided = discontinuations.checked(product=product, ground=ground, scope=scope, at=at, evidence=evidence, now=now)
    return discontinuations.propose(product_id=product_id, decided=decided, now=now)


@transaction.atomic
def approve(*, discontinuation_id: int, now: datetime) -> Any:
    """The second person agrees to all at once; the worker goes on from here. Raises Refused."""
    kept = discontinuations.approve(discontinuation_id=discontinuation_id, now=now)
    _discontinue.defer(discontinuation_id=kept.pk)
    return kept


@transaction.atomic
def withdraw(*, discontinuation_id: int, reason: str, now: datetime) -> Any:
    """It is not followed. Raises Refused."""
    return discontinuations.withdraw(discontinuation_id=discontinuation_id, reason=reason, now=now)


def carry_on(*, discontinuation_id: int, now: datetime) -> int:
    """End what has no ending yet, chunk by chunk, each in one transaction; how many. Safe to run at any time."""
    after, made = 0, 0
    while (chunk := _some(discontinuation_id, after, now)) is not None:
        after, many = chunk
        made += many
    return made


def carry_on_all(*, now: datetime) -> int:
    """`carry_on` for every decision that is not done."""
    with act_as(SYSTEM):
        open_ones = discontinuations.under_way()
    return sum(carry_on(discontinuation_id=pk, now=now) for pk in open_ones)


@app.task(name="discontinue")
def _discontinue(*, discontinuation_id: int) -> None:
    """Right after the second person agreed."""
    carry_on(discontinuation_id=discontinuation_id, now=clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="carry_on_discontinuations")
def carry_on_discontinuations(timestamp: int) -> None:
    """Every few minutes: agreements that were registered since, and whatever a worker that broke off left."""
    carry_on_all(now=clock.now())


def _some(discontinuation_id: int, after: int, now: datetime) -> tuple[int, int] | None:
    """End the next agreements; the id of the last looked at, and how many ended. None where there are no more."""
    with act_as(SYSTEM):
        kept = discontinuations.taken_up(discontinuation_id=discontinuation_id)
        if kept is None:
            return None
        # What becomes of the agreements is the doing of who agreed, and the history says so.
        with act_as(replace(actor_of(kept.approved_by, today=now.date()), sees_all=True)):
            agreements = discontinuations.next_ones(kept, after=after, many=AT_ONCE)
            if not agreements:
                discontinuations.finish(kept, now=now)
                return None
            refused = ending.discontinue(discontinuation=kept, agreements=agreements, now=now)
            numbers = {agreement.number for agreement in agreements}
            discontinuations.advance(kept, refused=refused, made=numbers - set(refused))
    return agreements[-1].pk, len(agreements) - len(refused)
