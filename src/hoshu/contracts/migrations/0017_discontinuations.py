import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hoshu.accounts import rls


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_seller_pages"),
        ("contracts", "0016_worn_out"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Discontinuation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ground", models.CharField(max_length=30, verbose_name="理由")),
                ("clause", models.CharField(max_length=40, verbose_name="条項")),
                ("part", models.CharField(blank=True, max_length=20, verbose_name="範囲")),
                ("evidence", models.TextField(verbose_name="証拠と事実")),
                ("wished_at", models.DateTimeField(verbose_name="終える日時")),
                ("proposed_at", models.DateTimeField(verbose_name="起票日時")),
                ("approved_at", models.DateTimeField(null=True, verbose_name="承認日時")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="取り下げ日時")),
                ("withdrawal_reason", models.TextField(blank=True, verbose_name="取り下げの理由")),
                ("done_at", models.DateTimeField(null=True, verbose_name="完了日時")),
                ("left_out", models.JSONField(default=dict, verbose_name="終えられなかった契約")),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discontinuations",
                        to="contracts.product",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="ending",
            name="discontinuation",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="endings",
                to="contracts.discontinuation",
            ),
        ),
        migrations.AddIndex(
            model_name="ending",
            index=models.Index(
                condition=models.Q(("discontinuation__isnull", False)),
                fields=["discontinuation", "id"],
                name="ending_by_decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="discontinuation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("done_at", None), ("withdrawn_at", None)),
                fields=("product",),
                name="discontinued_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="discontinuation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", None),
                    models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="discontinued_by_two_persons",
            ),
        ),
        migrations.AddConstraint(
            model_name="discontinuation",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_at", None), ("approved_by__isnull", False), _connector="OR"),
                name="discontinued_approved_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="discontinuation",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("ground", ""), _negated=True), models.Q(("evidence", ""), _negated=True)),
                name="discontinued_for_a_ground",
            ),
        ),
        rls.operator_only("contracts_discontinuation"),
        rls.track("contracts_discontinuation", tenant=None),
    ]
