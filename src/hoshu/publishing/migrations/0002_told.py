import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hoshu.accounts import rls


class Migration(migrations.Migration):
    """Who opened which edition stands in its own rows: no history of it besides."""

    dependencies = [
        ("accounts", "0007_reminder_days"),
        ("files", "0002_tables"),
        ("publishing", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceDesk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=40, unique=True, verbose_name="サービス")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="相談窓口の電話")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="相談窓口のメール")),
            ],
        ),
        migrations.CreateModel(
            name="DetailChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=40, verbose_name="サービス")),
                ("changed_on", models.DateField(verbose_name="変えた日")),
                ("what", models.CharField(max_length=400, verbose_name="変えたこと")),
                ("recorded_at", models.DateTimeField(verbose_name="記録日時")),
                ("recorded_by", models.CharField(max_length=120, verbose_name="記録した人")),
            ],
            options={
                "indexes": [models.Index(fields=["service", "-changed_on", "-id"], name="detail_changes_of_service")],
            },
        ),
        migrations.CreateModel(
            name="Work",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=40, verbose_name="サービス")),
                ("product_code", models.CharField(blank=True, max_length=40, verbose_name="品番")),
                ("individual_service", models.CharField(blank=True, max_length=40, verbose_name="個別サービス")),
                ("title", models.CharField(max_length=200, verbose_name="題名")),
                ("version", models.CharField(max_length=40, verbose_name="版")),
                ("right_holder", models.CharField(max_length=120, verbose_name="権利者")),
                ("notice", models.CharField(max_length=400, verbose_name="添えた文")),
                ("text", models.TextField(blank=True, verbose_name="本文")),
                ("file_name", models.CharField(blank=True, max_length=130, verbose_name="ファイル名")),
                ("published_at", models.DateTimeField(verbose_name="公開日時")),
                ("published_by", models.CharField(max_length=120, verbose_name="公開した人")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="取り下げた日時")),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="ファイル",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WorkReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("read", "閲覧"), ("downloaded", "保存")], max_length=10, verbose_name="種類"
                    ),
                ),
                ("person", models.CharField(max_length=120, verbose_name="閲覧した人")),
                ("at", models.DateTimeField(verbose_name="日時")),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="お客様",
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="publishing.work",
                        verbose_name="資料",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EditionOpening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=40, verbose_name="サービス")),
                ("edition", models.CharField(max_length=40, verbose_name="版")),
                ("opened_at", models.DateTimeField(verbose_name="開いた日時")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "service", "edition"), name="edition_opened_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="EditionSupply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=40, verbose_name="サービス")),
                ("edition", models.CharField(max_length=40, verbose_name="版")),
                ("supplied_at", models.DateTimeField(verbose_name="お渡しした日時")),
                ("recorded_by", models.CharField(max_length=120, verbose_name="記録した人")),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="販売店",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("service", "edition", "seller"), name="edition_supplied_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="work",
            index=models.Index(fields=["service", "-published_at", "-id"], name="works_of_service"),
        ),
        migrations.AddConstraint(
            model_name="work",
            constraint=models.CheckConstraint(
                condition=models.Q(("right_holder", ""), _negated=True), name="work_has_right_holder"
            ),
        ),
        migrations.AddConstraint(
            model_name="work",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("text", ""), _negated=True), ("file__isnull", False), _connector="OR"),
                name="work_holds_something",
            ),
        ),
        migrations.AddIndex(
            model_name="workreceipt",
            index=models.Index(fields=["work", "tenant", "kind", "at"], name="receipts_of_work"),
        ),
        rls.operator_only("publishing_editionsupply"),
        rls.append_only("publishing_editionsupply"),
        rls.track("publishing_editionsupply", tenant=None),
        rls.append_only("publishing_editionopening"),
        rls.operator_only("publishing_detailchange"),
        rls.append_only("publishing_detailchange"),
        rls.track("publishing_detailchange", tenant=None),
        rls.track("publishing_servicedesk", tenant=None),
        rls.track("publishing_work", tenant=None),
        rls.protect("publishing_workreceipt"),
        rls.append_only("publishing_workreceipt"),
        rls.track("publishing_workreceipt"),
    ]
