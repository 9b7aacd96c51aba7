"""`hoshu check`: would it start? The same checks run before `hoshu web` and `hoshu worker`."""

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: everything is checked."""


def run(args: argparse.Namespace) -> int:
    """0 where everything is in order, else 1."""
    from hoshu.cli import say
    from hoshu.config.installation import django

    with django(say=say):
        if not passes():
            return 1
    say("問題はありません。")
    return 0


def passes() -> bool:
    """Run every check with Django set up; print what fails. The database is free again afterwards."""
    from django.core.checks import run_checks
    from django.db import connections
    from django.db.utils import OperationalError

    from hoshu.config.trouble import Trouble

    try:
        found = [message for message in run_checks(databases=["default"]) if not message.is_silenced()]
    except OperationalError as error:
        raise Trouble("データベースに接続できません。動いているかを確かめてください。") from error
    finally:
        for connection in connections.all(initialized_only=True):
            connection.close()
            connection.close_pool()
    for message in found:
        print(f"{message.id}: {message.msg}", file=sys.stderr)
        if message.hint:
            print(f"  {message.hint}", file=sys.stderr)
    return not any(message.is_serious() for message in found)
