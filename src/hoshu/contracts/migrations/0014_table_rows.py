from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0013_contact_checks")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="table_key",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="表の行"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="application",
            name="table_print",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(("table_key", ""), _negated=True),
                fields=("table_key", "table_print"),
                name="application_by_row",
            ),
        ),
    ]
