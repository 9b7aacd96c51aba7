import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hoshu.accounts import rls

TENANT_TABLES = [
    "application",
    "applicationevent",
    "parkedentries",
    "applicationfile",
    "inquiry",
    "refusal",
    "device",
    "deviceserial",
    "agreement",
    "revision",
    "party",
    "consent",
]
SAME_TENANT = [
    ("applicationevent", "application_id", "contracts_application"),
    ("parkedentries", "application_id", "contracts_application"),
    ("applicationfile", "application_id", "contracts_application"),
    ("applicationfile", "file_id", "files_storedfile"),
    ("inquiry", "application_id", "contracts_application"),
    ("inquiry", "message_id", "notifications_message"),
    ("refusal", "application_id", "contracts_application"),
    ("refusal", "notice_id", "notifications_message"),
    ("consent", "application_id", "contracts_application"),
    ("deviceserial", "device_id", "contracts_device"),
    ("agreement", "application_id", "contracts_application"),
    ("agreement", "device_id", "contracts_device"),
    ("agreement", "coverage_id", "decisions_decision"),
    ("customernote", "agreement_id", "contracts_agreement"),
    ("revision", "agreement_id", "contracts_agreement"),
    ("revision", "notice_id", "notifications_message"),
    ("party", "revision_id", "contracts_revision"),
]
# Numbers of drafts and saves say nothing about who changed what.
NOT_KEPT = {"application": ["version", "updated_at"], "parkedentries": ["entries"]}
OWN_NOTES = """
    ALTER TABLE contracts_customernote ENABLE ROW LEVEL SECURITY;
    ALTER TABLE contracts_customernote FORCE ROW LEVEL SECURITY;
    CREATE POLICY tenancy ON contracts_customernote
        USING (tenant_id = ANY (string_to_array((SELECT current_setting('hoshu.tenants', true)), ',')::bigint[]));
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("decisions", "0001_initial"),
        ("files", "0001_initial"),
        ("notifications", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Licence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=40, verbose_name="サービス")),
                ("family", models.CharField(max_length=40, verbose_name="製品区分")),
                ("plan", models.CharField(max_length=20, verbose_name="プラン")),
                ("card_serial", models.CharField(max_length=40, unique=True, verbose_name="シリアル No.")),
                ("card_deadline", models.DateField(null=True, verbose_name="お手続期限")),
                ("registers_options", models.BooleanField(default=False, verbose_name="オプション欄のあるカード")),
                ("seller", models.CharField(blank=True, max_length=120, verbose_name="ご購入元")),
                ("sold_on", models.DateField(null=True, verbose_name="販売日")),
                ("price_yen", models.PositiveIntegerField(null=True, verbose_name="価格(円)")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("issued", "カード発行済"),
                            ("used", "登録済"),
                            ("refused", "承諾拒絶"),
                            ("refunded", "返金済"),
                            ("lapsed", "期限超過・対象外"),
                        ],
                        default="issued",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=40, verbose_name="サービス")),
                ("name", models.CharField(max_length=80, verbose_name="品名")),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="品名コード")),
                ("model_code", models.CharField(blank=True, max_length=40, verbose_name="型番")),
                ("registers_options", models.BooleanField(default=False, verbose_name="オプションを登録する機種")),
                ("end_of_sale", models.DateField(blank=True, null=True, verbose_name="新規販売終了日")),
                ("support_limit", models.DateField(blank=True, null=True, verbose_name="保守対応期限(明示)")),
                ("kit_sales_stopped", models.DateField(blank=True, null=True, verbose_name="延長キット販売終了日")),
                ("exchange_units", models.JSONField(default=list, verbose_name="交換単位")),
                ("equivalents", models.JSONField(default=list, verbose_name="同等品")),
                ("software_versions", models.JSONField(default=list, verbose_name="ソフトウェアの版")),
            ],
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="申請番号")),
                ("service", models.CharField(max_length=40, verbose_name="サービス")),
                ("edition", models.CharField(max_length=40, verbose_name="約款の版")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "下書き"),
                            ("received", "申請受領"),
                            ("checking", "確認中"),
                            ("asking", "照会中"),
                            ("completed", "登録完了"),
                            ("refused", "承諾拒絶"),
                            ("lapsed", "期限超過・対象外"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("post", "郵送"), ("email", "メール"), ("web", "ウェブ"), ("other", "その他")],
                        max_length=10,
                        verbose_name="受付経路",
                    ),
                ),
                ("received_at", models.DateTimeField(null=True, verbose_name="到着日時")),
                ("answer_by", models.DateField(null=True, verbose_name="回答期限")),
                ("entries", models.JSONField(default=dict, verbose_name="記入内容")),
                ("first_entries", models.JSONField(default=dict, verbose_name="受領時の記入内容")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="作成日時")),
                ("updated_at", models.DateTimeField(verbose_name="更新日時")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="決定日時")),
                ("decided_by", models.CharField(blank=True, max_length=120, verbose_name="決定した人")),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "licence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="contracts.licence",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="サービス手配番号")),
                ("service", models.CharField(max_length=40, verbose_name="サービス")),
                ("edition", models.CharField(max_length=40, verbose_name="約款の版")),
                ("plan", models.CharField(max_length=20, verbose_name="プラン")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "有効"),
                            ("unnotified", "お知らせ不達"),
                            ("suspended", "中断"),
                            ("stopped", "利用中止"),
                            ("terminated", "終了"),
                        ],
                        default="active",
                        max_length=12,
                        verbose_name="状態",
                    ),
                ),
                ("accepted_at", models.DateTimeField(verbose_name="承諾日時")),
                ("purchased_on", models.DateField(verbose_name="ご購入日")),
                (
                    "purchase_basis",
                    models.CharField(
                        choices=[
                            ("receipt", "領収書"),
                            ("delivery_note", "納品書"),
                            ("other_proof", "その他の書類"),
                            ("shipped", "出荷日"),
                        ],
                        max_length=20,
                        verbose_name="購入日の根拠",
                    ),
                ),
                ("counted_from", models.DateField(verbose_name="起点")),
                ("starts_on", models.DateField(verbose_name="提供開始日")),
                ("ends_on", models.DateField(verbose_name="サポート満了日")),
                ("capped_by", models.CharField(blank=True, max_length=20, verbose_name="短縮の理由")),
                ("support_limit", models.DateField(null=True, verbose_name="保守対応期限")),
                (
                    "coverage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="decisions.decision"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreement",
                        to="contracts.application",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ApplicationEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="日時")),
                ("actor", models.CharField(max_length=120, verbose_name="担当")),
                ("role", models.CharField(blank=True, max_length=120, verbose_name="役割")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "下書き"),
                            ("received", "申請受領"),
                            ("checking", "確認中"),
                            ("asking", "照会中"),
                            ("completed", "登録完了"),
                            ("refused", "承諾拒絶"),
                            ("lapsed", "期限超過・対象外"),
                        ],
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="内容")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="contracts.application"
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
        migrations.CreateModel(
            name="ApplicationFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("card", "お客様登録カード"),
                            ("receipt", "領収書"),
                            ("delivery_note", "納品書"),
                            ("other_proof", "その他の購入日を確認できる書類"),
                            ("owner_consent", "所有者の承諾書"),
                            ("other", "その他"),
                        ],
                        max_length=20,
                        verbose_name="種類",
                    ),
                ),
                ("date_read", models.DateField(null=True, verbose_name="書類の日付")),
                ("read_by", models.CharField(blank=True, max_length=120, verbose_name="読み取った人")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="contracts.application"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
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
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=40, verbose_name="サービス")),
                ("edition", models.CharField(max_length=40, verbose_name="約款の版")),
                ("person", models.CharField(max_length=80, verbose_name="同意した人")),
                ("at", models.DateTimeField(verbose_name="日時")),
                (
                    "channel",
                    models.CharField(
                        choices=[("post", "郵送"), ("email", "メール"), ("web", "ウェブ"), ("other", "その他")],
                        max_length=10,
                        verbose_name="経路",
                    ),
                ),
                (
                    "item",
                    models.CharField(
                        choices=[
                            ("read_terms", "第1章・第3章・第4章を読みました"),
                            ("specification", "サービス仕様（第3章）に同意します"),
                            ("conditions", "サービス実施条件（第4章）に同意します"),
                            ("antisocial", "反社会的勢力にあたらないことを表明します"),
                            ("export", "輸出関連法令を守ります"),
                            ("personal_information", "個人情報の取扱いを確かめました"),
                            ("owner", "所有者の了承を得ました"),
                            ("card", "カードの記入と送付による確認"),
                        ],
                        max_length=40,
                        verbose_name="内容",
                    ),
                ),
                ("clauses", models.JSONField(default=list, verbose_name="条項")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="contracts.application"
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
        migrations.CreateModel(
            name="CustomerNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True, verbose_name="メモ")),
                ("updated_at", models.DateTimeField(verbose_name="更新日時")),
                (
                    "agreement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="note", to="contracts.agreement"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("serial", models.CharField(max_length=40, verbose_name="製造番号")),
                ("purchased_on", models.DateField(verbose_name="ご購入日")),
                ("owner", models.CharField(blank=True, max_length=120, verbose_name="所有者")),
                ("mounted_cm", models.PositiveIntegerField(null=True, verbose_name="設置の高さ(cm)")),
                ("may_hold_personal_numbers", models.BooleanField(null=True, verbose_name="個人番号を保存する可能性")),
                ("access_controls", models.JSONField(default=list, verbose_name="アクセス制御")),
                ("declared_on", models.DateField(null=True, verbose_name="個人番号の申告日")),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="devices", to="accounts.organisation"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="devices", to="contracts.product"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="agreement",
            name="device",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="agreements", to="contracts.device"
            ),
        ),
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField(verbose_name="照会日時")),
                ("asked_by", models.CharField(max_length=120, verbose_name="照会した人")),
                ("question", models.TextField(verbose_name="照会内容")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="回答日時")),
                ("answer", models.TextField(blank=True, verbose_name="回答")),
                ("changed", models.JSONField(default=list, verbose_name="訂正した欄")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inquiries",
                        to="contracts.application",
                    ),
                ),
                (
                    "message",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="agreement",
            name="licence",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="agreement", to="contracts.licence"
            ),
        ),
        migrations.CreateModel(
            name="ParkedEntries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("based_on", models.PositiveIntegerField(verbose_name="元の版")),
                ("entries", models.JSONField(verbose_name="記入内容")),
                ("at", models.DateTimeField(verbose_name="日時")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parked", to="contracts.application"
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
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Option",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="品名コード")),
                ("name", models.CharField(max_length=80, verbose_name="品名")),
                ("products", models.ManyToManyField(related_name="options", to="contracts.product")),
            ],
        ),
        migrations.CreateModel(
            name="Refusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField(verbose_name="理由")),
                ("clause", models.CharField(max_length=40, verbose_name="条項")),
                ("proposed_at", models.DateTimeField(verbose_name="起票日時")),
                ("late", models.BooleanField(verbose_name="期限後の拒絶")),
                ("by_post", models.BooleanField(default=False, verbose_name="郵送")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="取り下げ日時")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="通知日時")),
                ("refund_reported_on", models.DateField(null=True, verbose_name="返金の報告日")),
                ("refund_proof", models.BooleanField(null=True, verbose_name="購入を証するものの提示")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refusals", to="contracts.application"
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="版数")),
                ("effective_on", models.DateField(verbose_name="適用日")),
                ("start_weekday", models.CharField(blank=True, max_length=3, verbose_name="開始基準曜日")),
                ("options", models.JSONField(default=list, verbose_name="オプション")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="revisions", to="contracts.agreement"
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
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("contact", "ご連絡先"), ("site", "設置場所"), ("writer", "ご記入者")],
                        max_length=10,
                        verbose_name="種類",
                    ),
                ),
                ("company", models.CharField(blank=True, max_length=120, verbose_name="会社名")),
                ("department", models.CharField(blank=True, max_length=120, verbose_name="部署")),
                ("name", models.CharField(max_length=80, verbose_name="お名前")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="メール")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="電話番号")),
                ("phone_digits", models.CharField(blank=True, editable=False, max_length=20)),
                ("postal_code", models.CharField(blank=True, max_length=8, verbose_name="郵便番号")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="住所")),
                ("source_card", models.CharField(blank=True, max_length=40, verbose_name="参照元のシリアル No.")),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parties", to="contracts.revision"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Shipment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("serial", models.CharField(max_length=40, verbose_name="製造番号")),
                ("shipped_on", models.DateField(verbose_name="出荷日")),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shipments", to="contracts.product"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DeviceSerial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("serial", models.CharField(max_length=40, verbose_name="製造番号")),
                ("as_written", models.CharField(blank=True, max_length=80, verbose_name="記入のまま")),
                ("valid_from", models.DateTimeField(verbose_name="開始")),
                ("valid_until", models.DateTimeField(null=True, verbose_name="終了")),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="serials", to="contracts.device"
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
                "indexes": [models.Index(fields=["serial"], name="device_by_serial", opclasses=["text_pattern_ops"])],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_until", None)), fields=("serial",), name="serial_registered_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("state__in", ["completed", "refused", "lapsed", "draft"]), _negated=True),
                fields=["answer_by", "id"],
                name="application_open",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["tenant", "-id"], name="application_by_tenant"),
        ),
        migrations.AddIndex(
            model_name="agreement",
            index=models.Index(fields=["tenant", "-id"], name="agreement_by_tenant"),
        ),
        migrations.AddIndex(
            model_name="agreement",
            index=models.Index(fields=["ends_on", "id"], name="agreement_by_end"),
        ),
        migrations.AddConstraint(
            model_name="parkedentries",
            constraint=models.UniqueConstraint(fields=("application", "user"), name="parked_once"),
        ),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(fields=["tenant", "id"], name="device_by_tenant"),
        ),
        migrations.AddConstraint(
            model_name="refusal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)), fields=("application",), name="refusal_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="refusal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", None),
                    models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="refusal_by_two_persons",
            ),
        ),
        migrations.AddConstraint(
            model_name="refusal",
            constraint=models.CheckConstraint(
                condition=models.Q(("late", False), ("sent_at", None), ("approved_by__isnull", False), _connector="OR"),
                name="late_refusal_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(fields=("agreement", "number"), name="revision_once"),
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                condition=models.Q(("phone_digits", ""), _negated=True), fields=["phone_digits"], name="party_by_phone"
            ),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.UniqueConstraint(fields=("revision", "kind"), name="party_once"),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.UniqueConstraint(fields=("serial", "product"), name="shipment_once"),
        ),
        *[rls.protect(f"contracts_{table}") for table in TENANT_TABLES],
        *[rls.same_tenant(f"contracts_{table}", column, parent) for table, column, parent in SAME_TENANT],
        *[rls.track(f"contracts_{table}", exclude=NOT_KEPT.get(table, ())) for table in TENANT_TABLES],
        # IX-DOC-03: the customer's own note, which staff and the system do not see either.
        migrations.RunSQL(OWN_NOTES, "DROP POLICY tenancy ON contracts_customernote"),
        rls.track("contracts_customernote", exclude=["text"]),
        # The stock of the operator. Models and options are for everybody to read: they stand in the agreements.
        rls.operator_only("contracts_licence"),
        rls.operator_only("contracts_shipment"),
        *[
            rls.track(f"contracts_{table}", tenant=None)
            for table in ["licence", "shipment", "product", "option", "option_products"]
        ],
        migrations.RunSQL("CREATE SEQUENCE contracts_number", "DROP SEQUENCE contracts_number"),
    ]
