"""`hoshu django …`: Django's own management commands on this installation."""

import argparse

CODE_ONLY = {"makemigrations", "collectstatic", "help", "version", "--help", "--version"}
AS_OWNER = {"migrate", "createcachetable", "sqlmigrate"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """All of it goes to Django."""
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="…", help="Django のコマンドと引数")


def run(args: argparse.Namespace) -> int:
    """As the runtime login; as the owner for what changes tables; without a database for what only reads the code."""
    from hoshu.config import installation

    command = args.arguments[0] if args.arguments else "help"
    if command in CODE_ONLY:
        installation.django_without_database()
        return _execute(args.arguments)
    with installation.django(as_owner=command in AS_OWNER):
        # The start-up checks judge the runtime login, not the owner's.
        return _execute([*args.arguments, *(["--skip-checks"] if command in AS_OWNER else [])])


def _execute(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(["hoshu django", *arguments])
    except SystemExit as end:
        return int(end.code or 0)
    return 0
