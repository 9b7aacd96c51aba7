import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hoshu.accounts import rls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0002_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="種類")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "読み取り中"),
                            ("waiting", "確認待ち"),
                            ("running", "実行中"),
                            ("done", "完了"),
                            ("stopped", "中止"),
                            ("failed", "失敗"),
                        ],
                        default="reading",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("trouble", models.TextField(blank=True, verbose_name="できなかった理由")),
                ("about", models.JSONField(default=dict, verbose_name="表について")),
                ("headings", models.JSONField(default=list, verbose_name="見出し")),
                ("places", models.JSONField(default=dict)),
                ("heading_line", models.PositiveIntegerField(default=0)),
                ("told", models.JSONField(default=list, verbose_name="お知らせ")),
                ("faults", models.JSONField(default=list, verbose_name="誤りと注意")),
                ("beyond_cp932", models.JSONField(default=dict, verbose_name="cp932にない文字")),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="行数")),
                ("height", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0, verbose_name="実行した行数")),
                ("counts", models.JSONField(default=dict, verbose_name="判定ごとの行数")),
                ("turn", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(verbose_name="受付日時")),
                ("tried_at", models.DateTimeField(null=True, verbose_name="確認した日時")),
                ("started_at", models.DateTimeField(null=True, verbose_name="実行日時")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="終了日時")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="受け付けた人",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="ファイル",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="実行した人",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Chunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("first", models.PositiveIntegerField()),
                ("cells", models.BinaryField()),
                ("remarks", models.JSONField(default=dict)),
                ("made", models.JSONField(default=dict)),
                ("counts", models.JSONField(default=dict)),
                ("done", models.BooleanField(default=False)),
                (
                    "imported",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="chunks", to="imports.import"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("imported", "number"), name="chunk_once")],
            },
        ),
        rls.operator_only("imports_import"),
        rls.track(
            "imports_import",
            tenant=None,
            # Counters of work in progress, and what the table itself says.
            exclude=[
                "about",
                "headings",
                "places",
                "heading_line",
                "told",
                "faults",
                "beyond_cp932",
                "rows",
                "height",
                "done",
                "counts",
                "turn",
            ],
        ),
        rls.operator_only("imports_chunk"),
    ]
