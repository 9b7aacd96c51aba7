from django.db import migrations

from hoshu.accounts import rls


class Migration(migrations.Migration):
    """A 製造番号 is found by its last characters, which is what a caller reads from a label.

    A column and not an index on `reverse(serial)`: behind row-level security PostgreSQL looks a condition up in an
    index only if its functions are leakproof, and `reverse` is not. No field of the model: nothing but the search
    reads it. The history does without it, for `serial` stands there.
    """

    dependencies = [("contracts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE contracts_deviceserial
                ADD COLUMN serial_reversed varchar(40) GENERATED ALWAYS AS (reverse(serial)) STORED;
            CREATE INDEX device_by_serial_end ON contracts_deviceserial (serial_reversed text_pattern_ops);
            DROP TRIGGER history ON contracts_deviceserial;
            """,
            """
            ALTER TABLE contracts_deviceserial DROP COLUMN serial_reversed;
            DROP TRIGGER IF EXISTS history ON contracts_deviceserial;
            CREATE TRIGGER history AFTER INSERT OR UPDATE OR DELETE ON contracts_deviceserial
                FOR EACH ROW EXECUTE FUNCTION hoshu_history('tenant_id');
            """,
        ),
        rls.track("contracts_deviceserial", exclude=["serial_reversed"]),
    ]
