"""Numbered start-up checks: `hoshu web` and `hoshu worker` refuse to run while one fails."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from hoshu.config import database, schema
from hoshu.publishing import current


@register(Tags.database)
def login_is_weak_enough(*, databases: list[str] | None, **kwargs: Any) -> list[CheckMessage]:
    """hoshu.E001: a superuser, an owner or a BYPASSRLS login sees every tenant, whatever the policies say."""
    if not databases:
        return []
    connection.ensure_connection()
    return [
        Error(
            f"実行用のデータベースのログイン {connection.settings_dict['USER']} が強すぎます: {weakness}。",
            hint="お客様ごとの表示の制限が効かないため、起動しません。"
            "HOSHU_APP_DATABASE_URL に専用のロールを指定してください。",
            id="hoshu.E001",
        )
        for weakness in database.weaknesses(connection.connection)
    ]


@register(Tags.database)
def schema_is_of_this_version(*, databases: list[str] | None, **kwargs: Any) -> list[CheckMessage]:
    """hoshu.E002, E003: code and tables must be of one version."""
    if not databases:
        return []
    if names := schema.unknown():
        return [
            Error(
                f"このデータベースは、より新しい版の hoshu で使われています（{names[0]} など）。",
                hint="新しい版の hoshu で起動してください。",
                id="hoshu.E003",
            )
        ]
    if names := schema.unapplied():
        return [
            Error(
                f"データベースの更新が {len(names)} 件残っています（{names[0]} など）。",
                hint="`hoshu migrate` を実行してください。",
                id="hoshu.E002",
            )
        ]
    return []


@register(Tags.database)
def published_editions_can_be_read(*, databases: list[str] | None, **kwargs: Any) -> list[CheckMessage]:
    """hoshu.E004: without a published edition that counts, its agreements would be answered by another."""
    if not databases or schema.unknown() or schema.unapplied():
        return []
    return [
        Error(
            f"公表した約款を読めません。{fault}",
            hint="この版の hoshu では使えない書き方です。前の版の hoshu に戻すか、開発元に問い合わせてください。",
            id="hoshu.E004",
        )
        for fault in current.faults()
    ]
