"""`hoshu rescue`: frees the jobs that a killed worker left. A process of its own, which the supervisor keeps.

Not a job, since that could stall like any other; not a part of the worker, since a frozen worker could not help itself.
"""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procrastinate import App

log = logging.getLogger(__name__)

RESCUE_SECONDS = 15
SILENT_SECONDS = 30
"""A worker without a sign of life for this long is taken for dead."""
MOST_ATTEMPTS = 5
"""A job whose worker died this often is set aside as failed: it may be what kills them."""
KEEP_FINISHED_HOURS = 30 * 24


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    """Look every quarter of a minute until SIGTERM; EX_CONFIG where a start-up check refuses."""
    from hoshu.cli.check import passes
    from hoshu.config.installation import django

    with django(start=False):
        if not passes():
            return os.EX_CONFIG

        from procrastinate.contrib.django import app

        with app.replace_connector(app.connector.get_worker_connector()) as reaching:
            asyncio.run(_watch(reaching))
    return 0


async def _watch(app: "App") -> None:
    watching = asyncio.create_task(_rescue_for_ever(app))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, watching.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await watching


async def _rescue_for_ever(app: "App") -> None:
    async with app.open_async():
        while True:
            try:
                await rescue(app)
            except Exception:
                log.exception("The rescue of stalled jobs failed; it is tried again")
            await asyncio.sleep(RESCUE_SECONDS)


async def rescue(app: "App") -> None:
    """Hand the jobs of dead workers to living ones; drop finished jobs that nobody looks at any more.

    A killed worker's job would stay `doing` for ever, and the lock it holds would block all its successors. A worker
    that was only frozen may still be at it: a job must bear to run twice.
    """
    from procrastinate.exceptions import ConnectorException
    from procrastinate.jobs import Status

    manager = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        try:
            if job.attempts >= MOST_ATTEMPTS:
                log.error("Job %s (%s) lost its worker %s times and is set aside", job.id, job.task_name, job.attempts)
                await manager.finish_job(job, Status.FAILED, delete_job=False)
            else:
                log.warning("Job %s (%s) lost its worker and runs again", job.id, job.task_name)
                await manager.retry_job(job)
        except ConnectorException as error:
            log.info("Job %s was rescued by another worker: %s", job.id, error)
    await manager.delete_old_jobs(nb_hours=KEEP_FINISHED_HOURS)
