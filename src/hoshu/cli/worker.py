"""`hoshu worker`: runs the jobs."""

import argparse
import gc
import os
from collections.abc import Callable
from typing import Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How much at once."""
    parser.add_argument("--concurrency", type=int, default=2, help="同時に実行するジョブの数（既定 2）")


def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM, finishing what runs; EX_CONFIG where a start-up check refuses."""
    from hoshu.cli.check import passes
    from hoshu.cli.rescue import SILENT_SECONDS
    from hoshu.config.installation import django

    with django(start=False):
        if not passes():
            return os.EX_CONFIG

        from procrastinate.contrib.django import app

        # What is loaded by now stays: the collector of garbage need not walk over it again at every some thousand rows.
        gc.freeze()
        with app.replace_connector(app.connector.get_worker_connector()) as working:
            working.run_worker(
                concurrency=args.concurrency,
                shutdown_graceful_timeout=20,
                stalled_worker_timeout=SILENT_SECONDS,
                task_middleware=[_by_the_published_editions],
            )
    return 0


def _by_the_published_editions(run_job: Callable[[], Any], context: object, worker: object) -> Any:
    """A job answers by the terms that stand in the database when it begins."""
    from hoshu.publishing import current

    current.refresh()
    return run_job()
