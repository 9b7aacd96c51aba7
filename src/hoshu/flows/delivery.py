"""Mails leave: each as soon as its step is committed, and every minute whatever is due (again)."""

from contextlib import suppress
from smtplib import SMTPException

from procrastinate.contrib.django import app

from hoshu import clock
from hoshu.flows import confirming
from hoshu.notifications import delivery
from hoshu.notifications.outbox import DELIVERY_JOB


@app.task(name=DELIVERY_JOB)
def deliver(*, message_id: int) -> None:
    """Send one row of the outbox; a fault is recorded in the row, which says when it is tried again."""
    delivery.deliver(message_id=message_id, now=clock.now(), unsealed=confirming.link_of)


@app.periodic(cron="* * * * *")
@app.task(name="deliver_due")
def deliver_due(timestamp: int) -> None:
    """Send what is due: tried before, left by a dead worker, or put while no job could run."""
    waiting = delivery.due(now=clock.now())
    if not waiting:
        return
    connection = delivery.mail_server()
    with suppress(SMTPException, OSError):  # the rows themselves record that the server does not answer
        connection.open()
    for message_id in waiting:
        if not delivery.deliver(
            message_id=message_id, now=clock.now(), unsealed=confirming.link_of, connection=connection
        ):
            break  # a server in trouble is not asked two hundred times: the others wait a minute
    with suppress(SMTPException, OSError):
        connection.close()
