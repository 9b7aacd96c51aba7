import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hoshu.accounts import rls

_OWN = ("changerequest", "changeevent", "extensionkit", "datacheck")
_SAME_TENANT = (
    ("changerequest", "agreement_id", "contracts_agreement"),
    ("changerequest", "based_on_id", "contracts_revision"),
    ("changerequest", "revision_id", "contracts_revision"),
    ("changeevent", "request_id", "contracts_changerequest"),
    ("extensionkit", "agreement_id", "contracts_agreement"),
    ("extensionkit", "decision_id", "decisions_decision"),
    ("datacheck", "agreement_id", "contracts_agreement"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_fold_names_anew"),
        ("contracts", "0009_numbers_and_returns"),
        ("decisions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangeEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="日時")),
                ("actor", models.CharField(max_length=120, verbose_name="担当")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "下書き"),
                            ("submitted", "提出"),
                            ("checking", "確認"),
                            ("returned", "差戻し"),
                            ("applied", "反映済"),
                            ("withdrawn", "取下げ"),
                            ("refused", "受けられない"),
                        ],
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="内容")),
            ],
        ),
        migrations.CreateModel(
            name="ChangeRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="変更申請番号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "下書き"),
                            ("submitted", "提出"),
                            ("checking", "確認"),
                            ("returned", "差戻し"),
                            ("applied", "反映済"),
                            ("withdrawn", "取下げ"),
                            ("refused", "受けられない"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("portal", "申請画面"),
                            ("email", "変更カード（メール）"),
                            ("post", "変更カード（郵送）"),
                            ("desk", "窓口への連絡"),
                        ],
                        max_length=10,
                        verbose_name="受付経路",
                    ),
                ),
                ("asked_by", models.CharField(max_length=80, verbose_name="申し出た方")),
                ("entries", models.JSONField(default=dict, verbose_name="変える内容")),
                ("said", models.JSONField(default=dict, verbose_name="変更について")),
                ("version", models.PositiveIntegerField(default=1)),
                ("parked", models.JSONField(default=dict, verbose_name="書きかけの記入")),
                ("received_on", models.DateField(null=True, verbose_name="届いた日")),
                ("effective_on", models.DateField(null=True, verbose_name="変更日")),
                ("lines", models.JSONField(default=list, verbose_name="変更の行")),
                ("partly", models.BooleanField(default=False, verbose_name="受けられない部分を除く")),
                ("late", models.BooleanField(default=False, verbose_name="遅れた届け")),
                ("created_at", models.DateTimeField(verbose_name="作成日時")),
                ("updated_at", models.DateTimeField(verbose_name="更新日時")),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="提出日時")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="決定日時")),
                ("decided_by", models.CharField(blank=True, max_length=120, verbose_name="決定した人")),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                ("clause", models.CharField(blank=True, max_length=60, verbose_name="条項")),
                ("carried_over_at", models.DateTimeField(null=True, verbose_name="会社の情報へ反映した日時")),
            ],
        ),
        migrations.CreateModel(
            name="DataCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField(verbose_name="確認の日")),
                ("asked_at", models.DateTimeField(verbose_name="お尋ねした日時")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="回答日時")),
                ("answered_by", models.CharField(blank=True, max_length=120, verbose_name="回答した人")),
                ("unchanged", models.BooleanField(null=True, verbose_name="変わりなし")),
            ],
        ),
        migrations.CreateModel(
            name="ExtensionKit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="延長の申込番号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("mismatch", "訂正待ち"),
                            ("waiting", "販売開始待ち"),
                            ("held", "承認待ち"),
                            ("ordered", "申込済"),
                            ("sold", "購入済（手続き前）"),
                            ("applied", "適用済"),
                            ("refused", "販売しません"),
                            ("withdrawn", "取下げ"),
                        ],
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("asked_by", models.CharField(max_length=80, verbose_name="申し込んだ方")),
                ("stated_number", models.CharField(max_length=40, verbose_name="記入された契約番号")),
                ("stated_end", models.DateField(null=True, verbose_name="記入された満了日")),
                ("ordered_at", models.DateTimeField(verbose_name="申込日時")),
                ("opens_on", models.DateField(null=True, verbose_name="販売開始日")),
                ("serial", models.CharField(blank=True, max_length=40, verbose_name="キットのシリアル No.")),
                ("bought_on", models.DateField(null=True, verbose_name="購入日")),
                ("price_yen", models.PositiveIntegerField(null=True, verbose_name="価格（円）")),
                ("approved_by", models.CharField(blank=True, max_length=120, verbose_name="承認した人")),
                ("approved_for", models.TextField(blank=True, verbose_name="承認の理由")),
                ("end_before", models.DateField(null=True, verbose_name="延長前の満了日")),
                ("end_after", models.DateField(null=True, verbose_name="延長後の満了日")),
                ("applied_at", models.DateTimeField(null=True, verbose_name="手続き完了日時")),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                ("clause", models.CharField(blank=True, max_length=60, verbose_name="条項")),
            ],
        ),
        migrations.AddIndex(
            model_name="agreement",
            index=models.Index(fields=["device", "service", "starts_on", "id"], name="agreement_by_device"),
        ),
        migrations.AddField(
            model_name="changeevent",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="changerequest",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="change_requests", to="contracts.agreement"
            ),
        ),
        migrations.AddField(
            model_name="changerequest",
            name="based_on",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contracts.revision"
            ),
        ),
        migrations.AddField(
            model_name="changerequest",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="changerequest",
            name="revision",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contracts.revision"
            ),
        ),
        migrations.AddField(
            model_name="changerequest",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="changeevent",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="contracts.changerequest"
            ),
        ),
        migrations.AddField(
            model_name="datacheck",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="data_checks", to="contracts.agreement"
            ),
        ),
        migrations.AddField(
            model_name="datacheck",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="extensionkit",
            name="agreement",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="kits", to="contracts.agreement"
            ),
        ),
        migrations.AddField(
            model_name="extensionkit",
            name="decision",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="decisions.decision"
            ),
        ),
        migrations.AddField(
            model_name="extensionkit",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddIndex(
            model_name="changerequest",
            index=models.Index(
                condition=models.Q(("state__in", ["submitted", "checking"])),
                fields=["submitted_at", "id"],
                name="change_open",
            ),
        ),
        migrations.AddIndex(
            model_name="changerequest",
            index=models.Index(fields=["tenant", "-id"], name="change_by_tenant"),
        ),
        migrations.AddIndex(
            model_name="changerequest",
            index=models.Index(
                condition=models.Q(("carried_over_at", None), ("state", "applied")),
                fields=["id"],
                name="change_to_carry_over",
            ),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "applied"), _negated=True), ("revision__isnull", False), _connector="OR"
                ),
                name="change_has_its_revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="change_refused_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="datacheck",
            constraint=models.UniqueConstraint(fields=("agreement", "due_on"), name="data_check_once"),
        ),
        migrations.AddIndex(
            model_name="extensionkit",
            index=models.Index(
                condition=models.Q(("state__in", ["mismatch", "waiting", "held", "ordered", "sold"])),
                fields=["ordered_at", "id"],
                name="kit_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensionkit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("serial", ""), _negated=True), fields=("serial",), name="kit_used_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="extensionkit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "applied"), _negated=True),
                    models.Q(("applied_at__isnull", False), ("end_after__gt", models.F("end_before"))),
                    _connector="OR",
                ),
                name="kit_lengthens",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensionkit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "mismatch"), ("state", "withdrawn"), ("agreement__isnull", False), _connector="OR"
                ),
                name="kit_has_its_agreement",
            ),
        ),
        *[rls.protect(f"contracts_{table}") for table in _OWN],
        *[rls.same_tenant(f"contracts_{table}", column, parent) for table, column, parent in _SAME_TENANT],
        # What somebody typed while another saved is no change of the request.
        rls.track("contracts_changerequest", exclude=["parked"]),
        *[rls.track(f"contracts_{table}") for table in _OWN[1:]],
        *[
            migrations.RunSQL(f"CREATE SEQUENCE {name}", f"DROP SEQUENCE {name}")
            for name in ("contracts_change_number", "contracts_kit_number")
        ],
    ]
