"""`hoshu terms publish`: an edition from a file into the database, for good."""

import argparse
import sys
from pathlib import Path

from hoshu.authoring import Finding
from hoshu.catalog import CatalogError, Source


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="ファイル", help="公表する約款（.toml）")
    parser.add_argument(
        "--as", dest="email", required=True, metavar="メールアドレス", help="公表する人（サービス設計担当か管理者）"
    )


def run(args: argparse.Namespace) -> int:
    """0 where it was published, 1 where something has to be put right first, 2 where the file cannot be read."""
    try:
        source = Source.of(args.file)
    except CatalogError as error:
        return _failed(str(error), 2)
    from hoshu.config.installation import django

    with django():
        return _publish(source, args.email)


def _publish(source: Source, email: str) -> int:
    from hoshu import clock
    from hoshu.accounts import people
    from hoshu.accounts.tenancy import act_as, actor_of
    from hoshu.flows import publication
    from hoshu.publishing import current, editions

    user = people.by_login(email)
    if user is None:
        return _failed(f"「{email}」の利用者はいません。ログインに使うメールアドレスを指定してください。")
    now = clock.now()
    current.refresh()
    with act_as(actor_of(user, today=now.date())) as actor:
        try:
            published = publication.publish(source=source, now=now)
        except editions.NotAllowed:
            return _failed(f"{actor.name}さんは公表できません。サービス設計担当か管理者を指定してください。")
        except editions.Refused as refused:
            for finding in refused.findings:
                print(_told(finding), file=sys.stderr)
            return _failed(f"公表しませんでした。{len(refused.findings)}件の誤りを直してください。")
    print(f"{published.service} の {published.edition}版を公表しました。{published.in_force} から適用します。")
    if published.agreements:
        print(f"続いている契約 {published.agreements}件が、その日からこの版に移ります。同意の記録を残しました。")
    print(f"SHA-256: {published.sha256}")
    return 0


def _told(finding: Finding) -> str:
    """As `hoshu terms check` tells it."""
    return f"{finding.file}:{finding.line}: {finding.label}: {finding.where}\n  {finding.says}\n  → {finding.do}"


def _failed(message: str, status: int = 1) -> int:
    print(message, file=sys.stderr)
    return status
