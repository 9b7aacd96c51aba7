"""The rescue of jobs whose worker died: beside the queue, on the real tables."""

import asyncio

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from hoshu.cli.rescue import MOST_ATTEMPTS, SILENT_SECONDS, rescue

pytestmark = pytest.mark.django_db(transaction=True)


def _job(*, worker_silent_for: float, attempts: int = 0, lock: str | None = None) -> int:
    """A running job of a worker that gave its last sign of life so many seconds ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [worker_silent_for],
        )
        (worker,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, worker_id, lock)"
            " VALUES ('default', 'some.task', 'doing', %s, %s, %s) RETURNING id",
            [attempts, worker, lock],
        )
        return cursor.fetchone()[0]


def _state(job: int) -> tuple[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, attempts FROM procrastinate_jobs WHERE id = %s", [job])
        return cursor.fetchone()


def _rescue(times: int = 1) -> None:
    async def run() -> None:
        async with app.open_async():
            await asyncio.gather(*(rescue(app) for _ in range(times)))

    with app.replace_connector(app.connector.get_worker_connector()):
        asyncio.run(run())


def test_the_job_of_a_dead_worker_runs_again_and_that_of_a_living_one_is_left_alone():
    dead, alive = _job(worker_silent_for=SILENT_SECONDS + 1, lock="case-1"), _job(worker_silent_for=5)
    _rescue()
    assert _state(dead) == ("todo", 1)
    assert _state(alive) == ("doing", 0)


def test_several_workers_may_rescue_at_once():
    dead = _job(worker_silent_for=SILENT_SECONDS + 1)
    _rescue(times=4)
    assert _state(dead) == ("todo", 1)


def test_a_job_that_killed_its_worker_again_and_again_is_set_aside():
    deadly = _job(worker_silent_for=SILENT_SECONDS + 1, attempts=MOST_ATTEMPTS)
    _rescue()
    assert _state(deadly)[0] == "failed"
