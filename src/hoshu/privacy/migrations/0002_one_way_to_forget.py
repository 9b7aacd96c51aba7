import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from hoshu.accounts import rls

# The destruction at the end of an agreement had a way of its own into the history, which asked for no record.
_THE_OTHER_WAY = RunSQL(
    """
    DROP FUNCTION hoshu_forget(text, bigint[], text[]);
    DROP POLICY forgetting ON accounts_historyentry;
    """,
    """
    CREATE POLICY forgetting ON accounts_historyentry FOR UPDATE TO CURRENT_USER USING (true);

    CREATE FUNCTION hoshu_forget(of_table text, rows bigint[], columns text[]) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        UPDATE accounts_historyentry SET before = before - columns, after = after - columns
        WHERE "table" = of_table AND row_id = ANY (rows) AND (before ?| columns OR after ?| columns);
    $$;
    """,
)


class Migration(migrations.Migration):
    dependencies = [("contracts", "0010_changes"), ("privacy", "0001_registers")]

    operations = [
        migrations.AddField(
            model_name="erasedrow",
            name="destruction",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contracts.destruction"
            ),
        ),
        migrations.AddConstraint(
            model_name="erasedrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("destruction", None), ("request__isnull", False), ("run", None)),
                    models.Q(("destruction", None), ("request", None), ("run__isnull", False)),
                    models.Q(("destruction__isnull", False), ("request", None), ("run", None)),
                    _connector="OR",
                ),
                name="erased_for_one_reason",
            ),
        ),
        rls.same_tenant("privacy_erasedrow", "destruction_id", "contracts_destruction"),
        _THE_OTHER_WAY,
    ]
