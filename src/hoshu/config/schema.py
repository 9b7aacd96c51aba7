"""Bring a database to the state of this version, as its owner, and give the runtime login its rights."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from hoshu.config.database import grant_rights
from hoshu.config.trouble import Trouble


def unapplied() -> list[str]:
    """Migrations of this version that the database does not have yet, as `app.name`."""
    executor = MigrationExecutor(connection)
    return [f"{step.app_label}.{step.name}" for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def unknown() -> list[str]:
    """Migrations that the database has and this version does not know: a newer version has been here."""
    loader = MigrationLoader(connection)
    known = set(loader.disk_migrations) | {old for new in loader.disk_migrations.values() for old in new.replaces}
    return sorted(
        f"{app}.{name}" for app, name in set(loader.applied_migrations) - known if app in loader.migrated_apps
    )


def migrate(*, owner_url: str, app: str, verbosity: int = 0) -> None:
    """Apply what is missing and set the rights of the login `app`. Django must be connected as the owner."""
    if names := unknown():
        raise Trouble(
            f"このデータベースは、より新しい版の hoshu で使われています（{names[0]} など）。\n"
            "新しい版の hoshu で起動してください。"
        )
    call_command("migrate", interactive=False, verbosity=verbosity)
    call_command("createcachetable", verbosity=verbosity)
    grant_rights(owner_url, app)
