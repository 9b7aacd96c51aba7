"""Mails leave: each as soon as its step is committed, and every minute whatever is due (again)."""

from procrastinate.contrib.django import app

from hoshu import clock
from hoshu.notifications import delivery
from hoshu.notifications.outbox import DELIVERY_JOB


@app.task(name=DELIVERY_JOB)
def deliver(*, message_id: int) -> None:
    """Send one row of the outbox; a fault is recorded in the row, which says when it is tried again."""
    delivery.deliver(message_id=message_id, now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="deliver_due")
def deliver_due(timestamp: int) -> None:
    """Send what is due: tried before, left by a dead worker, or put while no job could run."""
    with delivery.open_connection() as connection:
        for message_id in delivery.due(now=clock.now()):
            delivery.deliver(message_id=message_id, now=clock.now(), connection=connection)
