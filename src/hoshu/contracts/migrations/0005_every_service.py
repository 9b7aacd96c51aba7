import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hoshu.accounts import rls


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_role_names"),
        ("contracts", "0004_consents_so_far"),
        ("decisions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Article",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sku", models.CharField(max_length=40, unique=True, verbose_name="商品番号")),
                ("name", models.CharField(max_length=120, verbose_name="商品名")),
                ("service", models.CharField(max_length=40, verbose_name="サービス")),
                ("family", models.CharField(blank=True, max_length=40, verbose_name="製品区分")),
                ("plan", models.CharField(max_length=20, verbose_name="プラン")),
                ("price_yen", models.PositiveIntegerField(null=True, verbose_name="価格（円）")),
                ("supported_os", models.CharField(blank=True, max_length=120, verbose_name="対応OS")),
                ("registers_options", models.BooleanField(default=False, verbose_name="オプション欄のあるカード")),
                ("sold_until", models.DateField(null=True, verbose_name="販売終了日")),
            ],
        ),
        migrations.CreateModel(
            name="Consignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unit", "貸出機"),
                            ("guide", "ご案内一式"),
                            ("letter", "お知らせとラベル"),
                            ("parts", "不足・破損品の補充"),
                        ],
                        max_length=10,
                        verbose_name="種類",
                    ),
                ),
                ("what", models.CharField(max_length=200, verbose_name="内容")),
                ("to", models.JSONField(default=dict, verbose_name="宛先")),
                ("ordered_at", models.DateTimeField(verbose_name="手配日時")),
                ("shipped_at", models.DateTimeField(null=True, verbose_name="発送日時")),
                ("carrier", models.CharField(blank=True, max_length=60, verbose_name="配送業者")),
                ("tracking_number", models.CharField(blank=True, max_length=40, verbose_name="送り状番号")),
                ("arrived_at", models.DateTimeField(null=True, verbose_name="到着日時")),
                ("returned_at", models.DateTimeField(null=True, verbose_name="返送日時")),
                ("missing", models.JSONField(default=list, verbose_name="不足・破損")),
            ],
        ),
        migrations.CreateModel(
            name="LentUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("serial", models.CharField(max_length=40, unique=True, verbose_name="製造番号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("stock", "在庫"),
                            ("lent", "貸出中"),
                            ("collecting", "回収待ち"),
                            ("back", "受領"),
                            ("mismatch", "不一致"),
                            ("erased", "消去済"),
                            ("scrapped", "廃棄"),
                        ],
                        default="stock",
                        max_length=12,
                        verbose_name="状態",
                    ),
                ),
                ("manufactured_on", models.DateField(null=True, verbose_name="製造日")),
                ("lent_at", models.DateTimeField(null=True, verbose_name="貸出日時")),
                ("collect_by", models.DateField(null=True, verbose_name="回収の期限")),
                ("back_at", models.DateTimeField(null=True, verbose_name="受領日時")),
                ("erased_at", models.DateTimeField(null=True, verbose_name="消去日時")),
                ("erased_by", models.CharField(blank=True, max_length=120, verbose_name="消去した人")),
                ("erased_how", models.CharField(blank=True, max_length=120, verbose_name="消去の方法")),
                ("note", models.TextField(blank=True, verbose_name="所見")),
            ],
        ),
        migrations.CreateModel(
            name="SupportId",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="サポートID")),
                ("issued_at", models.DateTimeField(verbose_name="発行日時")),
                ("blocked_at", models.DateTimeField(null=True, verbose_name="停止日時")),
                ("blocked_for", models.CharField(blank=True, max_length=200, verbose_name="停止の理由")),
            ],
        ),
        migrations.RemoveIndex(
            model_name="application",
            name="application_open",
        ),
        migrations.AddField(
            model_name="agreement",
            name="belongs_to",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="further", to="contracts.agreement"
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="cancelled_on",
            field=models.DateField(null=True, verbose_name="解約日"),
        ),
        migrations.AddField(
            model_name="agreement",
            name="contract_start",
            field=models.DateField(null=True, verbose_name="契約開始日"),
        ),
        migrations.AddField(
            model_name="agreement",
            name="device_number",
            field=models.CharField(max_length=20, null=True, unique=True, verbose_name="機器管理番号"),
        ),
        migrations.AddField(
            model_name="agreement",
            name="initial_set_at",
            field=models.DateTimeField(null=True, verbose_name="初期設定日時"),
        ),
        migrations.AddField(
            model_name="agreement",
            name="installed_at",
            field=models.DateTimeField(null=True, verbose_name="設置日時"),
        ),
        migrations.AddField(
            model_name="agreement",
            name="part_ends",
            field=models.JSONField(default=dict, verbose_name="窓口ごとの満了日"),
        ),
        migrations.AddField(
            model_name="agreement",
            name="reseller",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="receipt",
            field=models.CharField(default="", max_length=20, verbose_name="受付番号"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="application",
            name="reseller",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="submitted_at",
            field=models.DateTimeField(null=True, verbose_name="送信日時"),
        ),
        migrations.AddField(
            model_name="consent",
            name="agreement",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consents",
                to="contracts.agreement",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="mandate",
            field=models.CharField(blank=True, max_length=200, verbose_name="代理の根拠"),
        ),
        migrations.AddField(
            model_name="consent",
            name="text",
            field=models.TextField(blank=True, verbose_name="文面"),
        ),
        migrations.AddField(
            model_name="licence",
            name="reseller",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="party",
            name="fax",
            field=models.CharField(blank=True, max_length=40, verbose_name="FAX番号"),
        ),
        migrations.AddField(
            model_name="party",
            name="title",
            field=models.CharField(blank=True, max_length=60, verbose_name="役職"),
        ),
        migrations.AddField(
            model_name="product",
            name="parts_until",
            field=models.DateField(blank=True, null=True, verbose_name="保守部品の保有期限"),
        ),
        migrations.AddField(
            model_name="product",
            name="production_ended",
            field=models.DateField(blank=True, null=True, verbose_name="生産終了日"),
        ),
        migrations.AddField(
            model_name="revision",
            name="content",
            field=models.JSONField(default=dict, verbose_name="そのほかの内容"),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="application",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agreement",
                to="contracts.application",
            ),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="counted_from",
            field=models.DateField(null=True, verbose_name="起点"),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="device",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="agreements", to="contracts.device"
            ),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="ends_on",
            field=models.DateField(null=True, verbose_name="サポート満了日"),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="licence",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="agreement", to="contracts.licence"
            ),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="number",
            field=models.CharField(max_length=20, unique=True, verbose_name="契約番号"),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="purchase_basis",
            field=models.CharField(
                blank=True,
                choices=[
                    ("receipt", "領収書"),
                    ("delivery_note", "納品書"),
                    ("other_proof", "その他の書類"),
                    ("shipped", "出荷日"),
                    ("declared", "お申し出"),
                ],
                max_length=20,
                verbose_name="購入日の根拠",
            ),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="purchased_on",
            field=models.DateField(null=True, verbose_name="ご購入日"),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="starts_on",
            field=models.DateField(null=True, verbose_name="提供開始日"),
        ),
        migrations.AlterField(
            model_name="application",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "下書き"),
                    ("submitted", "送信済"),
                    ("returned", "差戻し"),
                    ("withdrawn", "取下げ"),
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
        migrations.AlterField(
            model_name="applicationevent",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "下書き"),
                    ("submitted", "送信済"),
                    ("returned", "差戻し"),
                    ("withdrawn", "取下げ"),
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
        migrations.AlterField(
            model_name="consent",
            name="application",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consents",
                to="contracts.application",
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="item",
            field=models.CharField(max_length=40, verbose_name="内容"),
        ),
        migrations.AlterField(
            model_name="device",
            name="purchased_on",
            field=models.DateField(null=True, verbose_name="ご購入日"),
        ),
        migrations.AlterField(
            model_name="licence",
            name="state",
            field=models.CharField(
                choices=[
                    ("issued", "未登録"),
                    ("used", "登録済"),
                    ("returned", "返品済"),
                    ("refused", "承諾拒絶"),
                    ("refunded", "返金済"),
                    ("lapsed", "期限超過・対象外"),
                ],
                default="issued",
                max_length=10,
                verbose_name="状態",
            ),
        ),
        migrations.AlterField(
            model_name="party",
            name="kind",
            field=models.CharField(
                choices=[
                    ("contact", "ご連絡先"),
                    ("site", "設置場所"),
                    ("writer", "ご記入者"),
                    ("administrator", "利用管理者"),
                    ("deputy", "利用管理者代行"),
                    ("alarm", "通報の連絡先"),
                    ("delivery", "お届け先"),
                ],
                max_length=20,
                verbose_name="種類",
            ),
        ),
        migrations.AlterField(
            model_name="party",
            name="name",
            field=models.CharField(blank=True, max_length=80, verbose_name="お名前"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("state__in", ["submitted", "received", "checking", "asking"])),
                fields=["answer_by", "id"],
                name="application_open",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["receipt", "id"], name="application_by_receipt"),
        ),
        migrations.AddField(
            model_name="licence",
            name="article",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="licences", to="contracts.article"
            ),
        ),
        migrations.AddIndex(
            model_name="licence",
            index=models.Index(fields=["state", "article", "id"], name="licence_in_stock"),
        ),
        migrations.AddField(
            model_name="consignment",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="consignments", to="contracts.agreement"
            ),
        ),
        migrations.AddField(
            model_name="consignment",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="lentunit",
            name="agreement",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lent_units",
                to="contracts.agreement",
            ),
        ),
        migrations.AddField(
            model_name="lentunit",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lent_units", to="contracts.product"
            ),
        ),
        migrations.AddField(
            model_name="consignment",
            name="unit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consignments",
                to="contracts.lentunit",
            ),
        ),
        migrations.AddField(
            model_name="supportid",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="support_ids", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="support",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agreements",
                to="contracts.supportid",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None),
                    models.Q(("ends_on__gte", models.F("starts_on")), ("starts_on__isnull", False)),
                    _connector="OR",
                ),
                name="agreement_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="lentunit",
            index=models.Index(fields=["state", "collect_by", "id"], name="lent_unit_by_state"),
        ),
        migrations.AddConstraint(
            model_name="lentunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["stock", "erased"]), _negated=True),
                    ("back_at", None),
                    ("erased_at__gte", models.F("back_at")),
                    _connector="OR",
                ),
                name="lent_unit_erased_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="lentunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["lent", "collecting"]), _negated=True),
                    ("agreement__isnull", False),
                    _connector="OR",
                ),
                name="lent_unit_has_borrower",
            ),
        ),
        migrations.AddIndex(
            model_name="consignment",
            index=models.Index(
                condition=models.Q(("shipped_at", None)), fields=["ordered_at", "id"], name="consignment_open"
            ),
        ),
        migrations.AddIndex(
            model_name="consignment",
            index=models.Index(fields=["agreement", "id"], name="consignment_of"),
        ),
        *[rls.protect(f"contracts_{table}") for table in ("supportid", "consignment")],
        *[
            rls.same_tenant(f"contracts_{table}", column, f"contracts_{parent}")
            for table, column, parent in (
                ("agreement", "belongs_to_id", "agreement"),
                ("agreement", "support_id", "supportid"),
                ("consent", "agreement_id", "agreement"),
                ("consignment", "agreement_id", "agreement"),
            )
        ],
        *[rls.track(f"contracts_{table}") for table in ("supportid", "consignment")],
        # Machines that are lent are the operator's: a customer sees its own by its agreement.
        rls.operator_only("contracts_lentunit"),
        *[rls.track(f"contracts_{table}", tenant=None) for table in ("lentunit", "article")],
        *[
            migrations.RunSQL(f"CREATE SEQUENCE {name}", f"DROP SEQUENCE {name}")
            for name in ("contracts_device_number", "contracts_support_id")
        ],
    ]
