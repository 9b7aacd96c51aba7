import django.db.models.deletion
from django.db import migrations, models

from hoshu.accounts import rls


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0014_table_rows"),
    ]

    operations = [
        migrations.AddField(
            model_name="breach",
            name="effect",
            field=models.TextField(blank=True, verbose_name="影響"),
        ),
        migrations.AddField(
            model_name="breach",
            name="support",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="misuses", to="contracts.supportid"
            ),
        ),
        migrations.AddField(
            model_name="breach",
            name="used_from",
            field=models.DateTimeField(null=True, verbose_name="使用の開始"),
        ),
        migrations.AddField(
            model_name="breach",
            name="used_until",
            field=models.DateTimeField(null=True, verbose_name="使用の終わり"),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("support", None),
                    models.Q(("used_from__isnull", False), models.Q(("effect", ""), _negated=True)),
                    _connector="OR",
                ),
                name="misuse_told_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(("used_until", None), ("used_until__gte", models.F("used_from")), _connector="OR"),
                name="misuse_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("support", None), ("amount_yen", None), ("damaged_party", "提供者"), _connector="OR"
                ),
                name="misuse_pays_provider_alone",
            ),
        ),
        rls.same_tenant("contracts_breach", "support_id", "contracts_supportid"),
    ]
