"""`hoshu migrate`: the tables of this version, as the owner, and the rights of the runtime login."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No wait and no questions: what has to be done is done."""
    parser.add_argument("--static", action="store_true", help="画面の部品（CSS など）も HOSHU_HOME に用意する")
    parser.add_argument("-v", "--verbose", action="store_true", help="適用した更新を 1 件ずつ表示する")


def run(args: argparse.Namespace) -> int:
    """Migrate, then grant."""
    from django.db.utils import OperationalError

    from hoshu.cli import say
    from hoshu.config.database import parse_url
    from hoshu.config.installation import django
    from hoshu.config.trouble import Trouble

    with django(as_owner=True, say=say) as addresses:
        from hoshu.config import static
        from hoshu.config.schema import migrate

        try:
            migrate(owner_url=addresses.owner, app=parse_url(addresses.app)["USER"], verbosity=int(args.verbose))
        except OperationalError as error:
            if "lock timeout" not in str(error):
                raise
            raise Trouble(
                "ほかの処理が表を使っているため、更新できませんでした。hoshu を止めてから、もう一度実行してください。"
            ) from error
        if args.static:
            static.collect()
    return 0
