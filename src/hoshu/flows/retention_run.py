"""保存期間: counted every morning, erased step by step once somebody starts it."""

from datetime import date, datetime
from typing import Any

from procrastinate.contrib.django import app

from hoshu import clock
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.dates import JST
from hoshu.privacy import retention


def start(*, as_of: date, now: datetime) -> Any:
    """Begin to erase what is over its time; the work itself is a job. Raises privacy.Refused."""
    run = retention.begin(as_of=as_of, now=now)
    go_on_later(run_id=run.pk)
    return run


def go_on_later(*, run_id: int) -> None:
    """Take a run up where it stopped, once what is done so far is committed."""
    go_on.defer(run_id=run_id)


@app.task(name="retention_run")
def go_on(*, run_id: int) -> None:
    """Step after step, each in its own transaction, until nothing is left."""
    more = True
    while more:
        with act_as(SYSTEM):
            more = retention.go_on(run_id=run_id, now=clock.now())


@app.periodic(cron="40 3 * * *")
@app.task(name="retention_count")
def count(timestamp: int) -> None:
    """The dry run of the day: its row is the report."""
    now = clock.now()
    with act_as(SYSTEM):
        retention.count(as_of=now.astimezone(JST).date(), now=now)
