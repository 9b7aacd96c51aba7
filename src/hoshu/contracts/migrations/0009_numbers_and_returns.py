import django.db.models.deletion
from django.db import migrations, models

from hoshu.accounts import rls


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_secret_question"),
        ("contracts", "0008_endings"),
        ("decisions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LicenceReturn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bought_on", models.DateField(verbose_name="ご購入日")),
                ("returned_on", models.DateField(verbose_name="返品日")),
                (
                    "reason",
                    models.CharField(
                        choices=[("disagree_with_terms", "約款に同意できない"), ("other", "そのほか")],
                        max_length=20,
                        verbose_name="理由",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="お申し出の内容")),
                ("proof_shown", models.BooleanField(verbose_name="購入の証明を確認")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("taken", "返品を受け付けました"),
                            ("declined", "お断りしました"),
                            ("undecided", "判断待ち"),
                        ],
                        max_length=10,
                        verbose_name="結果",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="記録日時")),
                ("recorded_by", models.CharField(max_length=120, verbose_name="記録した人")),
                ("settled_by", models.CharField(blank=True, max_length=120, verbose_name="判断した人")),
                ("settled_because", models.TextField(blank=True, verbose_name="判断の理由")),
                ("paid_on", models.DateField(null=True, verbose_name="返金日")),
            ],
        ),
        migrations.CreateModel(
            name="Suspicion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, verbose_name="番号")),
                ("reason", models.TextField(verbose_name="疑う理由")),
                ("raised_at", models.DateTimeField(verbose_name="記録日時")),
                ("raised_by", models.CharField(max_length=120, verbose_name="記録した人")),
                ("lifted_at", models.DateTimeField(null=True, verbose_name="解除日時")),
                ("lifted_by", models.CharField(blank=True, max_length=120, verbose_name="解除した人")),
                ("lifted_because", models.TextField(blank=True, verbose_name="解除の理由")),
            ],
        ),
        migrations.AlterField(
            model_name="licence",
            name="family",
            field=models.CharField(blank=True, max_length=40, verbose_name="製品区分"),
        ),
        migrations.AddIndex(
            model_name="licence",
            index=models.Index(fields=["service", "-id"], name="licence_by_service"),
        ),
        migrations.AddField(
            model_name="licencereturn",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="decisions.decision"
            ),
        ),
        migrations.AddField(
            model_name="licencereturn",
            name="licence",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="contracts.licence"
            ),
        ),
        migrations.AddIndex(
            model_name="suspicion",
            index=models.Index(fields=["number", "-id"], name="suspicion_by_number"),
        ),
        migrations.AddConstraint(
            model_name="suspicion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)), fields=("number",), name="suspected_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="licencereturn",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "declined"), _negated=True),
                fields=("licence",),
                name="licence_returned_once",
            ),
        ),
        # As the stock they are about, both are the operator's.
        *[rls.operator_only(f"contracts_{table}") for table in ("licencereturn", "suspicion")],
        *[rls.track(f"contracts_{table}", tenant=None) for table in ("licencereturn", "suspicion")],
    ]
