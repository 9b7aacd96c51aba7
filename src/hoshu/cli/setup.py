"""`hoshu setup`: the one-time link for the first administrator of a real installation."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: a new link replaces the earlier one."""


def run(args: argparse.Namespace) -> int:
    """Print the link, or say that the set-up is done."""
    from hoshu.cli import say
    from hoshu.config.installation import django

    with django():
        from django.conf import settings
        from django.urls import reverse

        from hoshu import clock
        from hoshu.accounts import setup
        from hoshu.accounts.tenancy import SYSTEM, act_as

        try:
            with act_as(SYSTEM):
                token = setup.issue_link(now=clock.now())
        except setup.Closed:
            say("最初の管理者は登録済みです。利用者の追加は、ログインできる管理者に依頼してください。")
            return 0
        say("最初の管理者を登録するリンク（1 回だけ、24 時間使えます）:")
        say(f"  {settings.BASE_URL}{reverse('entrance:setup', args=[token])}")
    return 0
