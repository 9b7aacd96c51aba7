import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from hoshu.accounts import rls

_OF_AGREEMENT = (
    "demand", "investigation", "breach", "ending", "collection", "erasurehold", "destruction", "dataexport",
    "unitexchange",
)  # fmt: skip

# What is erased must not stay readable in the history. The row of the change stays: that it happened, when, by whom.
# It runs with the owner's rights, whom the policies of the history bind as well: only rows in the actor's sight.
_FORGET = RunSQL(
    """
    CREATE POLICY forgetting ON accounts_historyentry FOR UPDATE TO CURRENT_USER USING (true);

    CREATE FUNCTION hoshu_forget(of_table text, rows bigint[], columns text[]) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        UPDATE accounts_historyentry SET before = before - columns, after = after - columns
        WHERE "table" = of_table AND row_id = ANY (rows) AND (before ?| columns OR after ?| columns);
    $$;
    """,
    """
    DROP FUNCTION hoshu_forget(text, bigint[], text[]);
    DROP POLICY forgetting ON accounts_historyentry;
    """,
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_fold_names_anew"),
        ("contracts", "0007_public_code"),
        ("decisions", "0001_initial"),
        ("notifications", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Breach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, verbose_name="番号")),
                ("text", models.CharField(max_length=200, verbose_name="内容")),
                ("clause", models.CharField(max_length=40, verbose_name="条項")),
                ("found_on", models.DateField(verbose_name="見つかった日")),
                ("finding", models.TextField(verbose_name="事実")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("suspected", "疑い"),
                            ("checking", "確認中"),
                            ("confirmed", "該当"),
                            ("unfounded", "非該当"),
                            ("measured", "措置済"),
                        ],
                        default="suspected",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("decided_by", models.CharField(blank=True, max_length=120, verbose_name="判断した人")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="判断日時")),
                ("decision", models.TextField(blank=True, verbose_name="判断の理由")),
                ("measure", models.TextField(blank=True, verbose_name="措置")),
                ("damaged_party", models.CharField(blank=True, max_length=120, verbose_name="損害を受けた側")),
                ("damage", models.TextField(blank=True, verbose_name="損害の内容")),
                ("amount_yen", models.PositiveIntegerField(null=True, verbose_name="損害額（円）")),
                ("recorded_by", models.CharField(max_length=120, verbose_name="記録した人")),
                ("recorded_at", models.DateTimeField(verbose_name="記録日時")),
            ],
        ),
        migrations.CreateModel(
            name="Collection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("serial", models.CharField(max_length=40, verbose_name="製造番号")),
                ("requested_at", models.DateTimeField(verbose_name="依頼日時")),
                ("due_on", models.DateField(verbose_name="回収の期限")),
                ("pickup_on", models.DateField(null=True, verbose_name="引き取りの予定日")),
                ("handed_over_at", models.DateTimeField(null=True, verbose_name="引き渡し日時")),
                ("received_at", models.DateTimeField(null=True, verbose_name="受領日時")),
                ("received_serial", models.CharField(blank=True, max_length=40, verbose_name="届いた製造番号")),
                ("missing", models.JSONField(default=list, verbose_name="不足・破損")),
            ],
        ),
        migrations.CreateModel(
            name="DataExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="日時")),
                ("by", models.CharField(max_length=120, verbose_name="受け取った人")),
                ("counts", models.JSONField(default=dict, verbose_name="件数")),
                ("sha256", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Demand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "by",
                    models.CharField(
                        choices=[("provider", "提供者"), ("customer", "お客様")],
                        max_length=10,
                        verbose_name="催告した側",
                    ),
                ),
                ("duty", models.TextField(verbose_name="果たされない義務")),
                ("clause", models.CharField(max_length=40, verbose_name="条項")),
                ("facts", models.TextField(verbose_name="事実")),
                ("sent_on", models.DateField(verbose_name="催告した日")),
                ("period_days", models.PositiveIntegerField(verbose_name="期間（日数）")),
                ("period_reason", models.TextField(verbose_name="期間の理由")),
                ("arrived_on", models.DateField(null=True, verbose_name="催告が着いた日")),
                ("performed_on", models.DateField(null=True, verbose_name="果たされた日")),
                ("minor", models.BooleanField(null=True, verbose_name="軽微な違反か")),
                ("minor_reason", models.TextField(blank=True, verbose_name="軽微かどうかの理由")),
                ("recorded_by", models.CharField(max_length=120, verbose_name="記録した人")),
                ("recorded_at", models.DateTimeField(verbose_name="記録日時")),
            ],
        ),
        migrations.CreateModel(
            name="Destruction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("usable_until", models.DateField(verbose_name="利用できた最後の日")),
                (
                    "method",
                    models.CharField(
                        choices=[("erased", "消去"), ("returned", "返却"), ("destroyed", "廃棄")],
                        max_length=10,
                        verbose_name="方法",
                    ),
                ),
                ("how", models.CharField(blank=True, max_length=200, verbose_name="方法の補足")),
                ("counts", models.JSONField(default=dict, verbose_name="破棄した件数")),
                ("kept", models.JSONField(default=list, verbose_name="残したもの")),
                ("backups_by", models.DateField(null=True, verbose_name="控えから消える日")),
                ("started_at", models.DateTimeField(verbose_name="開始日時")),
                ("started_by", models.CharField(max_length=120, verbose_name="開始した人")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="終了日時")),
            ],
        ),
        migrations.CreateModel(
            name="DueDebt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=200, verbose_name="債務")),
                ("amount_yen", models.PositiveIntegerField(verbose_name="金額（円）")),
                ("due_on", models.DateField(verbose_name="もとの支払期日")),
                ("falls_due_on", models.DateField(verbose_name="支払期日")),
                ("paid_on", models.DateField(null=True, verbose_name="支払いの日")),
            ],
        ),
        migrations.CreateModel(
            name="Ending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "by",
                    models.CharField(
                        choices=[("provider", "提供者"), ("customer", "お客様")], max_length=10, verbose_name="終える側"
                    ),
                ),
                ("ground", models.CharField(max_length=30, verbose_name="理由")),
                ("clause", models.CharField(max_length=40, verbose_name="条項")),
                (
                    "measure",
                    models.CharField(
                        choices=[("end", "終了"), ("suspend", "利用の停止")],
                        default="end",
                        max_length=10,
                        verbose_name="措置",
                    ),
                ),
                ("part", models.CharField(blank=True, max_length=20, verbose_name="範囲")),
                ("scope_note", models.CharField(blank=True, max_length=200, verbose_name="範囲の補足")),
                ("evidence", models.TextField(blank=True, verbose_name="証拠と事実")),
                ("ground_on", models.DateField(null=True, verbose_name="理由が生じた日")),
                ("requested_on", models.DateField(verbose_name="申し出の日")),
                ("wished_at", models.DateTimeField(verbose_name="希望の日時")),
                ("effective_at", models.DateTimeField(verbose_name="効力の日時")),
                ("last_day", models.DateField(verbose_name="最後の日")),
                ("lock_accounts", models.BooleanField(default=False, verbose_name="アカウントを止める")),
                ("locked", models.JSONField(default=list, verbose_name="止めたアカウント")),
                ("proposed_at", models.DateTimeField(verbose_name="起票日時")),
                ("needs_second", models.BooleanField(verbose_name="もう一人の承認が要る")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="決定日時")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="取り下げ日時")),
                ("withdrawal_reason", models.TextField(blank=True, verbose_name="取り下げの理由")),
                ("carried_out_at", models.DateTimeField(null=True, verbose_name="実施日時")),
                ("refund", models.BooleanField(null=True, verbose_name="返金")),
                ("refund_reason", models.TextField(blank=True, verbose_name="返金の判断の理由")),
                ("refund_by", models.CharField(blank=True, max_length=120, verbose_name="返金を判断した人")),
            ],
        ),
        migrations.CreateModel(
            name="ErasureHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, verbose_name="種類")),
                ("reason", models.TextField(verbose_name="理由")),
                ("since", models.DateField(verbose_name="理由が生じた日")),
                ("until", models.DateField(null=True, verbose_name="最後の日")),
                ("placed_by", models.CharField(max_length=120, verbose_name="記録した人")),
                ("placed_at", models.DateTimeField(verbose_name="記録日時")),
                ("released_by", models.CharField(blank=True, max_length=120, verbose_name="解いた人")),
            ],
        ),
        migrations.CreateModel(
            name="Investigation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "by",
                    models.CharField(
                        choices=[("provider", "提供者"), ("customer", "お客様")],
                        max_length=10,
                        verbose_name="調査する側",
                    ),
                ),
                ("suspicion", models.TextField(verbose_name="疑いの根拠")),
                ("questions", models.TextField(blank=True, verbose_name="相手への質問")),
                ("opened_at", models.DateTimeField(verbose_name="開始日時")),
                ("opened_by", models.CharField(max_length=120, verbose_name="開始した人")),
                ("answer", models.TextField(blank=True, verbose_name="相手の回答")),
                ("answered_on", models.DateField(null=True, verbose_name="回答の日")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("cleared", "違反なし"), ("found", "違反あり")],
                        max_length=10,
                        verbose_name="結果",
                    ),
                ),
                ("finding", models.TextField(blank=True, verbose_name="結果の理由")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="終了日時")),
                ("closed_by", models.CharField(blank=True, max_length=120, verbose_name="終了した人")),
            ],
        ),
        migrations.CreateModel(
            name="UnitExchange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old_serial", models.CharField(max_length=40, verbose_name="交換前の製造番号")),
                ("new_serial", models.CharField(blank=True, max_length=40, verbose_name="代替装置の製造番号")),
                ("reported_at", models.DateTimeField(verbose_name="故障の連絡")),
                ("report", models.TextField(verbose_name="連絡の内容")),
                ("judged_at", models.DateTimeField(null=True, verbose_name="状態の確認")),
                ("failed", models.BooleanField(null=True, verbose_name="故障の判断")),
                ("exchange_on", models.DateField(null=True, verbose_name="交換の予定日")),
                ("recovery_at", models.DateTimeField(null=True, verbose_name="復旧作業")),
                ("recovery", models.TextField(blank=True, verbose_name="復旧作業の内容")),
                ("dispatched_at", models.DateTimeField(null=True, verbose_name="代替装置の送付の連絡")),
                ("installed_at", models.DateTimeField(null=True, verbose_name="設置")),
                ("resumed_at", models.DateTimeField(null=True, verbose_name="利用の再開")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="終了")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("replaced", "交換済"), ("recovered", "復旧"), ("withdrawn", "取り下げ")],
                        max_length=10,
                        verbose_name="結果",
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="lentunit",
            name="lent_unit_erased_first",
        ),
        migrations.AddField(
            model_name="agreement",
            name="ended_at",
            field=models.DateTimeField(null=True, verbose_name="終了の日時"),
        ),
        migrations.AddConstraint(
            model_name="lentunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["stock", "erased"]), _negated=True),
                    ("back_at", None),
                    models.Q(("erased_at__gte", models.F("back_at")), ("erased_at__isnull", False)),
                    _connector="OR",
                ),
                name="lent_unit_erased_first",
            ),
        ),
        migrations.AddField(
            model_name="breach",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="breaches", to="contracts.agreement"
            ),
        ),
        migrations.AddField(
            model_name="breach",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="breach",
            name="unit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="breaches", to="contracts.lentunit"
            ),
        ),
        migrations.AddField(
            model_name="collection",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="collections", to="contracts.agreement"
            ),
        ),
        migrations.AddField(
            model_name="collection",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="collection",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="collections", to="contracts.lentunit"
            ),
        ),
        migrations.AddField(
            model_name="dataexport",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="exports", to="contracts.agreement"
            ),
        ),
        migrations.AddField(
            model_name="dataexport",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="demand",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="demands", to="contracts.agreement"
            ),
        ),
        migrations.AddField(
            model_name="demand",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="destruction",
            name="agreement",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="destruction", to="contracts.agreement"
            ),
        ),
        migrations.AddField(
            model_name="destruction",
            name="certificate",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="notifications.letter"
            ),
        ),
        migrations.AddField(
            model_name="destruction",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="duedebt",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="decisions.decision"
            ),
        ),
        migrations.AddField(
            model_name="duedebt",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="ending",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="endings", to="contracts.agreement"
            ),
        ),
        migrations.AddField(
            model_name="ending",
            name="approved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="ending",
            name="breach",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="endings", to="contracts.breach"
            ),
        ),
        migrations.AddField(
            model_name="ending",
            name="decision",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="decisions.decision"
            ),
        ),
        migrations.AddField(
            model_name="ending",
            name="demand",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="endings", to="contracts.demand"
            ),
        ),
        migrations.AddField(
            model_name="ending",
            name="notice",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="notifications.message"
            ),
        ),
        migrations.AddField(
            model_name="ending",
            name="proposed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="ending",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="duedebt",
            name="ending",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="debts", to="contracts.ending"
            ),
        ),
        migrations.AddField(
            model_name="erasurehold",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="erasure_holds", to="contracts.agreement"
            ),
        ),
        migrations.AddField(
            model_name="erasurehold",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="investigation",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="investigations", to="contracts.agreement"
            ),
        ),
        migrations.AddField(
            model_name="investigation",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="ending",
            name="investigation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="endings",
                to="contracts.investigation",
            ),
        ),
        migrations.AddField(
            model_name="unitexchange",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="unit_exchanges", to="contracts.agreement"
            ),
        ),
        migrations.AddField(
            model_name="unitexchange",
            name="collection",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contracts.collection"
            ),
        ),
        migrations.AddField(
            model_name="unitexchange",
            name="parcel",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contracts.consignment"
            ),
        ),
        migrations.AddField(
            model_name="unitexchange",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddIndex(
            model_name="breach",
            index=models.Index(fields=["agreement", "id"], name="breach_of"),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(condition=models.Q(("code", ""), _negated=True), name="breach_has_code"),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["suspected", "checking"]), ("decided_at__isnull", False), _connector="OR"
                ),
                name="breach_closed_by_decision",
            ),
        ),
        migrations.AddIndex(
            model_name="collection",
            index=models.Index(fields=["agreement", "id"], name="collection_of"),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("received_at", None)), fields=("unit",), name="collection_once"
            ),
        ),
        migrations.AddIndex(
            model_name="dataexport",
            index=models.Index(fields=["agreement", "id"], name="data_export_of"),
        ),
        migrations.AddIndex(
            model_name="demand",
            index=models.Index(fields=["agreement", "id"], name="demand_of"),
        ),
        migrations.AddIndex(
            model_name="duedebt",
            index=models.Index(fields=["ending", "id"], name="due_debt_of"),
        ),
        migrations.AddIndex(
            model_name="erasurehold",
            index=models.Index(fields=["agreement", "id"], name="erasure_hold_of"),
        ),
        migrations.AddIndex(
            model_name="investigation",
            index=models.Index(fields=["agreement", "id"], name="investigation_of"),
        ),
        migrations.AddConstraint(
            model_name="investigation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("outcome", "")),
                    models.Q(("closed_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                    _connector="OR",
                ),
                name="investigation_closed_with_outcome",
            ),
        ),
        migrations.AddIndex(
            model_name="ending",
            index=models.Index(fields=["agreement", "id"], name="ending_of"),
        ),
        migrations.AddIndex(
            model_name="ending",
            index=models.Index(
                condition=models.Q(("carried_out_at", None), ("settled_at__isnull", False), ("withdrawn_at", None)),
                fields=["effective_at", "id"],
                name="ending_due",
            ),
        ),
        migrations.AddIndex(
            model_name="ending",
            index=models.Index(
                condition=models.Q(("settled_at", None), ("withdrawn_at", None)),
                fields=["proposed_at", "id"],
                name="ending_proposed",
            ),
        ),
        migrations.AddConstraint(
            model_name="ending",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("agreement", "ground", "part", "measure"),
                name="ending_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="ending",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", None),
                    models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="ending_by_two_persons",
            ),
        ),
        migrations.AddConstraint(
            model_name="ending",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("needs_second", False), ("settled_at", None), ("approved_by__isnull", False), _connector="OR"
                ),
                name="ending_approved_first",
            ),
        ),
        migrations.AddIndex(
            model_name="unitexchange",
            index=models.Index(fields=["agreement", "id"], name="unit_exchange_of"),
        ),
        migrations.AddConstraint(
            model_name="unitexchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("agreement",), name="unit_exchange_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="unitexchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("dispatched_at", None), ("failed", True), _connector="OR"),
                name="unit_exchange_judged_first",
            ),
        ),
        *[rls.protect(f"contracts_{table}") for table in (*_OF_AGREEMENT, "duedebt")],
        *[
            rls.same_tenant(f"contracts_{table}", column, parent)
            for table, column, parent in (
                *((table, "agreement_id", "contracts_agreement") for table in _OF_AGREEMENT),
                ("ending", "demand_id", "contracts_demand"),
                ("ending", "investigation_id", "contracts_investigation"),
                ("ending", "breach_id", "contracts_breach"),
                ("ending", "decision_id", "decisions_decision"),
                ("ending", "notice_id", "notifications_message"),
                ("duedebt", "ending_id", "contracts_ending"),
                ("duedebt", "decision_id", "decisions_decision"),
                ("unitexchange", "parcel_id", "contracts_consignment"),
                ("unitexchange", "collection_id", "contracts_collection"),
                ("destruction", "certificate_id", "notifications_letter"),
            )
        ],
        *[rls.track(f"contracts_{table}") for table in (*_OF_AGREEMENT, "duedebt")],
        _FORGET,
    ]
