"""`hoshu web`: pages and API by granian."""

import argparse
import os


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument("--host", default="127.0.0.1", help="待ち受けるアドレス（既定 127.0.0.1）")
    parser.add_argument("--port", type=int, default=8000, help="待ち受けるポート番号（既定 8000）")


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM; EX_CONFIG where a start-up check refuses."""
    from hoshu.cli.check import passes
    from hoshu.config import env
    from hoshu.config.installation import django

    with django(start=False):
        if not passes():
            return os.EX_CONFIG

        from django.conf import settings
        from granian import Granian
        from granian.constants import HTTPModes, Interfaces
        from granian.http import HTTP1Settings
        from granian.log import LogLevels

        Granian(
            "hoshu.config.wsgi:application",
            address=args.host,
            port=args.port,
            interface=Interfaces.WSGI,
            workers=env.number("HOSHU_WEB_WORKERS", 1),
            blocking_threads=settings.THREADS,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=10_000),
            websockets=False,
            workers_kill_timeout=10,
            log_level=LogLevels.error,
        ).serve()
    return 0
