"""`hoshu demo`: an invented operator with its customers, routers, licences and cases, as of the day of loading."""

import argparse

PASSWORD = "minato-hoshu-demo-2022"  # noqa: S105  (of invented people)

PEOPLE = (
    ("desk", "森 由美", "desk@minato-hoshu.example.jp"),
    ("clerk", "林 直樹", "clerk@minato-hoshu.example.jp"),
    ("dispatcher", "阿部 誠", "dispatcher@minato-hoshu.example.jp"),
    ("engineer", "伊東 拓也", "engineer@minato-hoshu.example.jp"),
    ("analyst", "上野 香", "analyst@minato-hoshu.example.jp"),
    ("billing_clerk", "大久保 翔", "billing@minato-hoshu.example.jp"),
    ("service_designer", "藤井 舞", "designer@minato-hoshu.example.jp"),
    ("auditor", "関口 仁", "auditor@minato-hoshu.example.jp"),
    ("administrator", "長谷川 薫", "admin@minato-hoshu.example.jp"),
    ("customer_admin", "佐藤 恵", "kanri@aoba-garasu.example.jp"),
    ("customer_user", "田中 一郎", "tanaka@aoba-garasu.example.jp"),
    ("reseller", "近藤 悟", "kondo@minatomachi-hanbai.example.jp"),
    ("subcontractor", "遠藤 健", "endo@kidou-field.example.jp"),
)
"""Role, name, login. The first page offers each in one click."""

LOGINS = (
    ("受付担当", PEOPLE[0][2], PASSWORD),
    ("登録担当", PEOPLE[1][2], PASSWORD),
    ("管理者", PEOPLE[8][2], PASSWORD),
)
"""What `hoshu up --demo` prints: label, login, password."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: a database that holds anything already is left alone."""


def run(args: argparse.Namespace) -> int:
    """Load the demo once."""
    from hoshu.config.installation import django

    with django():
        from hoshu import clock
        from hoshu.cli import say
        from hoshu.cli.demo.story import load

        token = load(now=clock.now(), say=say)
    if token:
        say(f"API の鍵（この一度だけ表示します）: {token}")
    return 0
