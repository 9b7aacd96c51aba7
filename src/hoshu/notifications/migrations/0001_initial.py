import django.db.models.deletion
from django.db import migrations, models

from hoshu.accounts import rls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=20, verbose_name="種類")),
                ("filename", models.CharField(max_length=130, verbose_name="ファイル名")),
                ("data", models.JSONField(verbose_name="内容")),
                (
                    "state",
                    models.CharField(
                        choices=[("printed", "作成済"), ("held", "保留")], max_length=10, verbose_name="状態"
                    ),
                ),
                ("missing", models.CharField(blank=True, max_length=200, verbose_name="印字できない文字")),
                ("pdf", models.BinaryField(null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("release", models.CharField(max_length=20, verbose_name="作成した版")),
                ("created_at", models.DateTimeField(verbose_name="作成日時")),
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
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="種類")),
                ("purpose", models.CharField(max_length=20, verbose_name="利用目的")),
                ("to", models.EmailField(max_length=254, verbose_name="宛先")),
                ("subject", models.CharField(max_length=200, verbose_name="件名")),
                ("text", models.TextField(verbose_name="本文")),
                ("html", models.TextField(verbose_name="本文(HTML)")),
                ("about", models.CharField(blank=True, max_length=60, verbose_name="対象")),
                ("key", models.CharField(max_length=120, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "保留"),
                            ("waiting", "送信待ち"),
                            ("sending", "送信中"),
                            ("sent", "送信済"),
                            ("bounced", "宛先不明"),
                            ("failed", "失敗"),
                            ("cancelled", "取消"),
                        ],
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="作成日時")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="試行回数")),
                ("next_at", models.DateTimeField(null=True, verbose_name="次の送信")),
                ("lease", models.UUIDField(null=True)),
                ("sent_at", models.DateTimeField(null=True, verbose_name="送信日時")),
                ("provider_id", models.CharField(blank=True, max_length=120, verbose_name="送信番号")),
                ("error", models.CharField(blank=True, max_length=400, verbose_name="エラー")),
                ("handled_at", models.DateTimeField(null=True, verbose_name="対応日時")),
                ("handled_by", models.CharField(blank=True, max_length=120, verbose_name="対応した人")),
                (
                    "letter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="notifications.letter",
                    ),
                ),
                (
                    "resend_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resent_as",
                        to="notifications.message",
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
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("missing", ""), ("pdf__isnull", False), ("state", "printed")),
                    models.Q(("state", "held"), models.Q(("missing", ""), _negated=True)),
                    _connector="OR",
                ),
                name="letter_printed_or_held",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["-created_at", "-id"], name="message_newest"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["tenant", "-created_at"], name="message_by_tenant"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["about", "id"], name="message_by_subject"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "sending"])), fields=["next_at", "id"], name="message_due"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("handled_at", None), ("state__in", ["held", "bounced", "failed"])),
                fields=["created_at", "id"],
                name="message_unhandled",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key__isnull", False)),
                fields=("tenant", "key"),
                name="message_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["waiting", "sending"]), _negated=True),
                    ("next_at__isnull", False),
                    _connector="OR",
                ),
                name="message_has_next_try",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sending"), _negated=True), ("lease__isnull", False), _connector="OR"
                ),
                name="message_taken_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                ),
                name="message_sent_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("resend_of", None), models.Q(("resend_of", models.F("id")), _negated=True), _connector="OR"
                ),
                name="message_not_itself",
            ),
        ),
        rls.protect("notifications_letter"),
        rls.protect("notifications_message"),
        rls.same_tenant("notifications_message", "letter_id", "notifications_letter"),
        rls.same_tenant("notifications_message", "resend_of_id", "notifications_message"),
        # Words and attachments can hold what only the addressee may know (a link for a new password).
        rls.track("notifications_letter", exclude=["data", "pdf"]),
        rls.track("notifications_message", exclude=["text", "html", "lease", "attempts", "next_at"]),
    ]
