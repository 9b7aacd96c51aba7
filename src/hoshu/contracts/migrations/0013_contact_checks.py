import django.db.models.deletion
from django.db import migrations, models

from hoshu.accounts import rls


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_reminder_days"),
        ("contracts", "0012_shared_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="確認の宛先")),
                ("digest", models.CharField(max_length=64, null=True, unique=True)),
                ("asked_at", models.DateTimeField(verbose_name="依頼日時")),
                ("asked_by", models.CharField(max_length=120, verbose_name="依頼した人")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="送信日時")),
                ("error", models.CharField(blank=True, max_length=400, verbose_name="エラー")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="確認日時")),
                ("disputed_at", models.DateTimeField(null=True, verbose_name="「違う」とお返事の日時")),
                ("objection", models.TextField(blank=True, verbose_name="お返事の内容")),
                ("content", models.CharField(blank=True, max_length=64)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_checks",
                        to="contracts.application",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["application", "-id"], name="contact_check_last")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("confirmed_at", None), ("disputed_at", None), _connector="OR"),
                        name="contact_said_one_thing",
                    )
                ],
            },
        ),
        rls.protect("contracts_contactcheck"),
        rls.same_tenant("contracts_contactcheck", "application_id", "contracts_application"),
        # A hash of the key in the link, which nobody needs to read.
        rls.track("contracts_contactcheck", exclude=["digest"]),
    ]
