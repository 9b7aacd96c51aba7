"""`hoshu setup`: the one-time link for the first administrator of a real installation."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: a new link replaces the earlier one."""


def run(args: argparse.Namespace) -> int:
    """Print the link, or say that the set-up is done."""
    from hoshu.config.installation import django
    from hoshu.config.trouble import Trouble

    with django():
        from django.conf import settings
        from django.urls import reverse

        from hoshu import clock
        from hoshu.accounts import setup
        from hoshu.accounts.tenancy import SYSTEM, act_as

        try:
            with act_as(SYSTEM):
                token = setup.issue_link(now=clock.now())
        except setup.Closed as error:
            raise Trouble(
                "最初の管理者は登録済みです。ログインできる管理者に、利用者の追加を依頼してください。"
            ) from error
        print(settings.BASE_URL + reverse("entrance:setup", args=[token]))
    return 0
