import django.db.models.deletion
from django.db import migrations, models

from hoshu.accounts import rls

# Names are short and change rarely, so each row by itself will do. SECURITY DEFINER: the runtime login only reads.
KEPT_BY_TRIGGER = """
    CREATE FUNCTION hoshu_name_endings() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.search_name = OLD.search_name THEN RETURN NULL; END IF;
        IF TG_OP <> 'INSERT' THEN
            DELETE FROM accounts_nameending WHERE organisation_id = OLD.id;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO accounts_nameending (organisation_id, ending)
            SELECT DISTINCT NEW.id, substr(word, place)
            FROM string_to_table(NEW.search_name, ' ') AS word, generate_series(1, length(word)) AS place;
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER name_endings AFTER INSERT OR DELETE OR UPDATE OF search_name ON accounts_organisation
        FOR EACH ROW EXECUTE FUNCTION hoshu_name_endings();
"""
THOSE_SO_FAR = """
    SELECT set_config('hoshu.scope', 'all', true);
    INSERT INTO accounts_nameending (organisation_id, ending)
    SELECT DISTINCT id, substr(word, place)
    FROM accounts_organisation, string_to_table(search_name, ' ') AS word, generate_series(1, length(word)) AS place;
    SELECT set_config('hoshu.scope', '', true);
"""


class Migration(migrations.Migration):
    """A company is found by any part of its name through an index, behind row-level security too."""

    dependencies = [("accounts", "0005_secret_question")]
    operations = [
        migrations.CreateModel(
            name="NameEnding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ending", models.CharField(max_length=300)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["ending"], name="organisation_by_ending", opclasses=["text_pattern_ops"])
                ],
                "constraints": [models.UniqueConstraint(fields=("organisation", "ending"), name="name_ending_once")],
            },
        ),
        rls.protect("accounts_nameending", "organisation_id"),
        rls.trigger_written("accounts_nameending"),
        migrations.RunSQL(
            KEPT_BY_TRIGGER,
            "DROP TRIGGER name_endings ON accounts_organisation; DROP FUNCTION hoshu_name_endings();",
        ),
        migrations.RunSQL(THOSE_SO_FAR, migrations.RunSQL.noop),
    ]
