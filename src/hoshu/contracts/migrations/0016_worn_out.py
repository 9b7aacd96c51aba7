import django.db.models.deletion
from django.db import migrations, models

from hoshu.accounts import rls


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_seller_pages"),
        ("contracts", "0015_misused_support_id"),
    ]

    operations = [
        migrations.CreateModel(
            name="WornOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("judged_on", models.DateField(verbose_name="判断した日")),
                ("judgement", models.TextField(verbose_name="判断の根拠")),
                ("judged_by", models.CharField(max_length=120, verbose_name="判断した人")),
                ("talks", models.TextField(blank=True, verbose_name="協議の内容")),
                ("result", models.TextField(blank=True, verbose_name="協議の結果")),
                ("settled_on", models.DateField(null=True, verbose_name="決まった日")),
                ("settled_by", models.CharField(blank=True, max_length=120, verbose_name="結果を記録した人")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="worn_out", to="contracts.agreement"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agreement", "id"], name="worn_out_of")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled_on", None)), fields=("agreement",), name="worn_out_talked_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("settled_on", None),
                            models.Q(
                                ("settled_on__gte", models.F("judged_on")), models.Q(("result", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="worn_out_settled_with_result",
                    ),
                ],
            },
        ),
        rls.protect("contracts_wornout"),
        rls.same_tenant("contracts_wornout", "agreement_id", "contracts_agreement"),
        rls.track("contracts_wornout"),
    ]
