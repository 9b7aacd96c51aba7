import django.db.models.deletion
from django.db import migrations, models

from hoshu.accounts import rls


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_seller_pages"),
        ("contracts", "0017_discontinuations"),
        ("notifications", "0003_why_sent"),
    ]

    operations = [
        migrations.CreateModel(
            name="Closing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=40, verbose_name="サービス")),
                ("ends_at", models.DateTimeField(verbose_name="終わりの日時")),
                ("began_at", models.DateTimeField(verbose_name="始めた日時")),
                ("done", models.JSONField(default=dict, verbose_name="済んだこと")),
                ("held", models.JSONField(default=dict, verbose_name="残っているもの")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="終えた日時")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="closings", to="contracts.agreement"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notifications.message",
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("finished_at", None)), fields=["began_at", "id"], name="closing_open"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("tenant", "service", "ends_at"), name="closing_once")],
            },
        ),
        migrations.AddIndex(
            model_name="ending",
            index=models.Index(
                condition=models.Q(("carried_out_at__isnull", False)), fields=["carried_out_at"], name="ending_done"
            ),
        ),
        rls.protect("contracts_closing"),
        rls.same_tenant("contracts_closing", "agreement_id", "contracts_agreement"),
        rls.same_tenant("contracts_closing", "notice_id", "notifications_message"),
        rls.track("contracts_closing"),
    ]
