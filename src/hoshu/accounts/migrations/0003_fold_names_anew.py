from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from hoshu.accounts.organisations import search_name

BATCH = 5_000


def fold_anew(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Only what folds differently now is written; the history does without `search_name`."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hoshu.scope', 'all', true)")
        last = 0
        while True:
            cursor.execute(
                "SELECT id, name, kana, search_name FROM accounts_organisation WHERE id > %s ORDER BY id LIMIT %s",
                [last, BATCH],
            )
            rows = cursor.fetchall()
            if not rows:
                break
            last = rows[-1][0]
            stale = [(key, new) for key, name, kana, old in rows if (new := search_name(name, kana)) != old]
            cursor.execute(
                "UPDATE accounts_organisation SET search_name = folded.name"
                " FROM unnest(%s::bigint[], %s::text[]) AS folded (id, name)"
                " WHERE accounts_organisation.id = folded.id",
                [[key for key, _ in stale], [new for _, new in stale]],
            )
        cursor.execute("SELECT set_config('hoshu.scope', '', true)")


class Migration(migrations.Migration):
    """Legal forms such as 医療法人 and カ） and old shapes of characters no longer count in a search."""

    dependencies = [("accounts", "0002_role_names")]
    operations = [migrations.RunPython(fold_anew, migrations.RunPython.noop)]
