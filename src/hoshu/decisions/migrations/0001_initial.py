import django.db.models.deletion
from django.db import migrations, models

from hoshu.accounts import rls


class Migration(migrations.Migration):
    initial = True

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="日時")),
                ("actor", models.CharField(max_length=120, verbose_name="判断した人")),
                ("act", models.CharField(max_length=60, verbose_name="行ったこと")),
                ("about", models.CharField(max_length=60, verbose_name="対象")),
                ("topic", models.CharField(max_length=40, verbose_name="問い")),
                ("service", models.CharField(max_length=40, verbose_name="サービス")),
                ("edition", models.CharField(max_length=40, verbose_name="版")),
                ("question", models.JSONField(verbose_name="質問")),
                ("answer", models.JSONField(verbose_name="回答")),
                ("reasons", models.JSONField(verbose_name="根拠")),
                (
                    "tenant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["about", "id"], name="decision_by_subject")]},
        ),
        rls.protect("decisions_decision"),
        rls.append_only("decisions_decision"),
    ]
