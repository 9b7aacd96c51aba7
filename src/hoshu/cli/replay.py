"""`hoshu replay`: stored decisions against the present code."""

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: every stored decision is asked again."""


def run(args: argparse.Namespace) -> int:
    """0 where every answer still holds, else 1."""
    from hoshu.config.installation import django

    with django():
        from hoshu.decisions.replay import main
        from hoshu.publishing import current

        current.refresh()
        return main(sys.stdout)
