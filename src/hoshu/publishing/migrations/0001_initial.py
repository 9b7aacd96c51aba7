import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hoshu.accounts import rls


class Migration(migrations.Migration):
    """The texts stand in their own rows: the history keeps what belongs to them, not every letter a second time."""

    initial = True

    dependencies = [("accounts", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="PublishedEdition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=40, verbose_name="サービス")),
                ("edition", models.CharField(max_length=40, verbose_name="版")),
                ("in_force", models.DateField(verbose_name="適用開始日")),
                ("text", models.TextField(verbose_name="本文")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("published_at", models.DateTimeField(verbose_name="公表日時")),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="公表した人",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("service", "edition"), name="published_once"),
                    models.UniqueConstraint(fields=("service", "in_force"), name="published_for_one_day"),
                ]
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=80, verbose_name="下書きの名前")),
                ("text", models.TextField(blank=True, verbose_name="本文")),
                ("service", models.CharField(blank=True, max_length=40, verbose_name="サービス")),
                ("edition", models.CharField(blank=True, max_length=40, verbose_name="版")),
                ("version", models.PositiveIntegerField(default=1)),
                ("updated_at", models.DateTimeField(verbose_name="更新日時")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作成した人",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="保存した人",
                    ),
                ),
            ],
        ),
        rls.append_only("publishing_publishededition"),
        rls.track("publishing_publishededition", tenant=None, exclude=["text"]),
        rls.operator_only("publishing_draft"),
        rls.track("publishing_draft", tenant=None, exclude=["text"]),
    ]
