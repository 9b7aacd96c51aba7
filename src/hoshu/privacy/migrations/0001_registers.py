import django.db.models.deletion
from django.db import migrations, models

from hoshu.accounts import rls

# The history may not be changed by anybody, so that nobody can hide what they did. What is erased in a row must not
# live on in its history either (個人情報保護法 22条), nor in tables that are only ever added to: these functions are the one
# way, and only for rows whose erasure is on record. Who did what to which row when stays; the words about the person go.
FORGET = migrations.RunSQL(
    """
    CREATE FUNCTION hoshu_without(entry jsonb, columns text[], words text[], instead text) RETURNS jsonb
        LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$
    DECLARE
        item text;
    BEGIN
        IF entry IS NULL THEN RETURN NULL; END IF;
        FOREACH item IN ARRAY columns LOOP
            IF coalesce(entry ->> item, '') <> '' THEN
                entry := jsonb_set(entry, ARRAY[item], to_jsonb(instead));
            END IF;
        END LOOP;
        FOREACH item IN ARRAY words LOOP
            entry := replace(entry::text, btrim(to_jsonb(item)::text, '"'), instead)::jsonb;
        END LOOP;
        RETURN entry;
    END $$;
    CREATE FUNCTION hoshu_forget(of_table text, rows bigint[], columns text[], words text[], instead text)
        RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    DECLARE
        forgotten bigint;
    BEGIN
        IF instead !~ '^[^"\\\\]+$' THEN RAISE 'hoshu_forget: the pseudonym must be plain'; END IF;
        UPDATE accounts_historyentry
           SET before = hoshu_without(before, columns, words, instead),
               after = hoshu_without(after, columns, words, instead)
         WHERE "table" = of_table AND row_id = ANY (rows)
           AND EXISTS (SELECT FROM privacy_erasedrow erased
                       WHERE erased."table" = of_table AND erased.row_id = accounts_historyentry.row_id);
        GET DIAGNOSTICS forgotten = ROW_COUNT;
        RETURN forgotten;
    END $$;
    CREATE FUNCTION hoshu_erase(of_table text, rows bigint[], of_columns text[], words text[], instead text)
        RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    DECLARE
        found record;
        word text;
        one text;
        changes text[] := '{}';
        erased bigint;
    BEGIN
        IF of_table !~ '^cases_[a-z]+$' THEN RAISE 'hoshu_erase: not a table of cases'; END IF;
        FOR found IN SELECT column_name, data_type, character_maximum_length AS longest
                     FROM information_schema.columns
                     WHERE table_schema = 'public' AND table_name = of_table AND column_name = ANY (of_columns) LOOP
            IF found.data_type = 'jsonb' THEN
                one := format('hoshu_without(%I, ''{}'', $2, $3)', found.column_name);
            ELSIF cardinality(words) = 0 THEN
                one := '$3';
            ELSE
                one := format('%I', found.column_name);
                FOREACH word IN ARRAY words LOOP
                    one := format('replace(%s, %L, $3)', one, word);
                END LOOP;
            END IF;
            IF found.longest IS NOT NULL THEN one := format('left(%s, %s)', one, found.longest); END IF;
            changes := changes || format('%I = %s', found.column_name, one);
        END LOOP;
        IF cardinality(changes) = 0 THEN RETURN 0; END IF;
        EXECUTE format('UPDATE %I t SET %s WHERE t.id = ANY ($1) AND EXISTS (SELECT FROM privacy_erasedrow erased'
                       ' WHERE erased."table" = $4 AND erased.row_id = t.id)', of_table, array_to_string(changes, ', '))
            USING rows, words, instead, of_table;
        GET DIAGNOSTICS erased = ROW_COUNT;
        RETURN erased;
    END $$;
    CREATE POLICY forgotten ON accounts_historyentry FOR UPDATE TO CURRENT_USER
        USING ((SELECT current_setting('hoshu.scope', true)) = 'all') WITH CHECK (true);
    """,
    "DROP POLICY forgotten ON accounts_historyentry; DROP FUNCTION hoshu_erase; DROP FUNCTION hoshu_forget;"
    " DROP FUNCTION hoshu_without;",
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0003_fold_names_anew"),
        ("contracts", "0006_earlier_applications"),
        ("decisions", "0001_initial"),
        ("files", "0001_initial"),
        ("notifications", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("category", models.CharField(max_length=20, verbose_name="区分")),
                ("months", models.PositiveSmallIntegerField(verbose_name="保存する月数")),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                ("set_at", models.DateTimeField(verbose_name="設定日時")),
                ("set_by", models.CharField(max_length=120, verbose_name="設定した人")),
            ],
        ),
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("public_body", "官公署・裁判所の求め"),
                            ("subcontractor", "再委託先"),
                            ("third_party", "第三者"),
                            ("anonymous", "特定できない統計"),
                        ],
                        max_length=14,
                        verbose_name="種類",
                    ),
                ),
                ("recipient", models.CharField(max_length=120, verbose_name="開示する相手")),
                ("ground", models.CharField(max_length=200, verbose_name="根拠")),
                ("clause", models.CharField(blank=True, max_length=60, verbose_name="条項")),
                ("items", models.JSONField(verbose_name="項目")),
                ("reason", models.TextField(verbose_name="必要な理由")),
                ("demanded_at", models.DateTimeField(null=True, verbose_name="求めを受けた日時")),
                ("at", models.DateTimeField(verbose_name="記録日時")),
                ("actor", models.CharField(max_length=120, verbose_name="記録した人")),
                ("content_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "agreement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.agreement",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
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
            name="DisclosureStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("told", "相手方へ事前に通知"),
                            ("barred", "法令により通知できない"),
                            ("asked", "秘密としての取扱いを要請"),
                            ("approved", "承認"),
                            ("disclosed", "開示"),
                            ("refused", "開示しない"),
                        ],
                        max_length=10,
                        verbose_name="段階",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="日時")),
                ("text", models.TextField(blank=True, verbose_name="内容")),
                ("irregular", models.BooleanField(default=False, verbose_name="手順の抜け")),
                ("actor", models.CharField(max_length=120, verbose_name="記録した人")),
                ("actor_id", models.BigIntegerField(null=True)),
                (
                    "decision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="decisions.decision",
                    ),
                ),
                (
                    "disclosure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="privacy.disclosure"
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
            name="Leak",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("found_at", models.DateTimeField(verbose_name="知った日時")),
                ("how", models.TextField(verbose_name="見つかった経緯")),
                ("what", models.TextField(verbose_name="起きたこと")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("missent", "誤送信・誤配"),
                            ("lost", "紛失"),
                            ("access", "不正アクセス"),
                            ("theft", "盗難・持ち出し"),
                            ("fault", "プログラムの誤り"),
                            ("other", "その他"),
                            ("unknown", "調査中"),
                        ],
                        max_length=10,
                        verbose_name="原因",
                    ),
                ),
                ("malicious", models.BooleanField(verbose_name="不正の目的のおそれ")),
                ("reportable", models.BooleanField(verbose_name="委員会への報告の対象")),
                ("why_reportable", models.CharField(max_length=200, verbose_name="報告の対象とした理由・しない理由")),
                ("items", models.JSONField(verbose_name="漏えいした項目")),
                ("measures", models.TextField(blank=True, verbose_name="対策")),
                ("recorded_at", models.DateTimeField(verbose_name="記録日時")),
                ("recorded_by", models.CharField(max_length=120, verbose_name="記録した人")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="終結日時")),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("closed_at", None)), fields=["found_at", "id"], name="leak_open")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closed_at", None), ("measures__gt", ""), _connector="OR"),
                        name="leak_closed_with_measures",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LeakCustomer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("told_at", models.DateTimeField(null=True, verbose_name="連絡した日時")),
                ("told_whom", models.CharField(blank=True, max_length=120, verbose_name="連絡した方")),
                ("told_text", models.TextField(blank=True, verbose_name="連絡の内容")),
                (
                    "leak",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="customers", to="privacy.leak"
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
            name="LeakPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=80, verbose_name="お名前")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="メール")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="電話番号")),
                ("source", models.CharField(max_length=60, verbose_name="記録の場所")),
                ("told_at", models.DateTimeField(null=True, verbose_name="通知した日時")),
                (
                    "leak",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="persons", to="privacy.leak"
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LeakStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("customer", "お客様へ連絡"),
                            ("preliminary", "個人情報保護委員会へ速報"),
                            ("final", "個人情報保護委員会へ確報"),
                            ("person", "ご本人へ通知"),
                            ("measure", "対策"),
                            ("note", "経過"),
                            ("closed", "終結"),
                        ],
                        max_length=12,
                        verbose_name="種類",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="日時")),
                ("whom", models.CharField(blank=True, max_length=120, verbose_name="相手")),
                ("text", models.TextField(verbose_name="内容")),
                ("actor", models.CharField(max_length=120, verbose_name="記録した人")),
                (
                    "leak",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="privacy.leak"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("explicit", "版への同意"),
                            ("by_use", "利用によるみなし同意"),
                            ("installation", "設置時の確認"),
                            ("acknowledged", "確認"),
                            ("mandate", "代理の根拠"),
                            ("purpose", "利用目的への同意"),
                            ("material", "資料の請求"),
                            ("disclosure", "第三者への開示の承諾"),
                            ("withdrawal", "撤回"),
                            ("correction", "訂正"),
                        ],
                        max_length=12,
                        verbose_name="種類",
                    ),
                ),
                ("item", models.CharField(blank=True, max_length=40, verbose_name="内容")),
                ("service", models.CharField(max_length=40, verbose_name="サービス")),
                ("edition", models.CharField(max_length=40, verbose_name="約款の版")),
                ("sha256", models.CharField(max_length=64)),
                ("person", models.CharField(max_length=80, verbose_name="同意した人")),
                ("text", models.TextField(verbose_name="文面")),
                ("clauses", models.JSONField(default=list, verbose_name="条項")),
                ("at", models.DateTimeField(verbose_name="日時")),
                ("until", models.DateField(null=True, verbose_name="期限")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("portal", "お客様の画面"),
                            ("paper", "書面"),
                            ("phone", "電話"),
                            ("mail", "メール"),
                            ("use", "利用"),
                            ("staff", "担当者の記録"),
                        ],
                        max_length=10,
                        verbose_name="経路",
                    ),
                ),
                ("mandate", models.CharField(blank=True, max_length=200, verbose_name="代理の根拠")),
                ("recipient", models.CharField(blank=True, max_length=120, verbose_name="開示する相手")),
                ("purpose", models.CharField(blank=True, max_length=120, verbose_name="目的")),
                ("items", models.JSONField(default=list, verbose_name="項目")),
                ("recorded_at", models.DateTimeField(verbose_name="記録日時")),
                ("recorded_by", models.CharField(max_length=120, verbose_name="記録した人")),
                (
                    "agreement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.agreement",
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contracts.consent"
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="later",
                        to="privacy.ledgerentry",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
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
            name="PersonRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("see", "確認・開示"),
                            ("correct", "訂正"),
                            ("erase", "消去"),
                            ("stop", "利用の停止"),
                            ("report", "取扱いの報告"),
                            ("return", "返却"),
                        ],
                        max_length=10,
                        verbose_name="種類",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "本人確認待ち"),
                            ("open", "対応中"),
                            ("done", "完了"),
                            ("declined", "応じない"),
                        ],
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("requester", models.CharField(max_length=80, verbose_name="お申し出の方")),
                ("relation", models.CharField(max_length=80, verbose_name="ご本人との関係")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("portal", "お客様の画面"),
                            ("paper", "書面"),
                            ("phone", "電話"),
                            ("mail", "メール"),
                            ("use", "利用"),
                            ("staff", "担当者の記録"),
                        ],
                        max_length=10,
                        verbose_name="経路",
                    ),
                ),
                ("identified_by", models.CharField(blank=True, max_length=200, verbose_name="本人確認の方法")),
                ("identified_at", models.DateTimeField(null=True, verbose_name="本人確認の日時")),
                ("name", models.CharField(blank=True, max_length=80, verbose_name="対象の方のお名前")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="対象の方のメール")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="対象の方の電話番号")),
                ("asked", models.TextField(verbose_name="お申し出の内容")),
                ("received_at", models.DateTimeField(verbose_name="受付日時")),
                ("received_by", models.CharField(max_length=120, verbose_name="受け付けた人")),
                ("answer", models.TextField(blank=True, verbose_name="回答")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="回答日時")),
                ("answered_by", models.CharField(blank=True, max_length=120, verbose_name="回答した人")),
                ("exported_at", models.DateTimeField(null=True, verbose_name="書き出し日時")),
                ("erased_at", models.DateTimeField(null=True, verbose_name="消去日時")),
                ("erased", models.JSONField(default=dict, verbose_name="消去したもの")),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField(verbose_name="基準日")),
                ("dry", models.BooleanField(verbose_name="試行")),
                ("started_at", models.DateTimeField(verbose_name="開始")),
                ("started_by", models.CharField(max_length=120, verbose_name="実行した人")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="終了")),
                ("found", models.JSONField(default=dict, verbose_name="対象")),
                ("done", models.JSONField(default=dict, verbose_name="消去")),
                ("kept", models.JSONField(default=dict, verbose_name="残すもの")),
            ],
            options={
                "indexes": [models.Index(fields=["-as_of", "-id"], name="retention_newest")],
            },
        ),
        migrations.CreateModel(
            name="ErasedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=63, verbose_name="表")),
                ("row_id", models.BigIntegerField()),
                ("at", models.DateTimeField(verbose_name="日時")),
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
                    "request",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="privacy.personrequest",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="privacy.retentionrun",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DataAccess",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("opened", "閲覧"), ("copied", "複製"), ("returned", "返却"), ("erased", "消去")],
                        max_length=10,
                        verbose_name="取扱い",
                    ),
                ),
                ("about", models.CharField(max_length=60, verbose_name="事案・契約の番号")),
                ("purpose", models.CharField(max_length=120, verbose_name="目的")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="複製の場所")),
                ("at", models.DateTimeField(verbose_name="日時")),
                ("actor", models.CharField(max_length=120, verbose_name="取り扱った人")),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
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
                "indexes": [models.Index(fields=["tenant", "-id"], name="access_by_tenant")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("about", ""), _negated=True), name="access_with_reference"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="disclosure",
            index=models.Index(fields=["tenant", "-id"], name="disclosure_by_tenant"),
        ),
        migrations.AddConstraint(
            model_name="disclosurestep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "disclosed")), fields=("disclosure",), name="disclosed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="leakcustomer",
            constraint=models.UniqueConstraint(fields=("leak", "tenant"), name="leak_customer_once"),
        ),
        migrations.AddConstraint(
            model_name="leakperson",
            constraint=models.UniqueConstraint(fields=("leak", "tenant", "name", "email"), name="leak_person_once"),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(fields=["tenant", "-at", "-id"], name="ledger_by_tenant"),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(fields=["agreement", "id"], name="ledger_by_agreement"),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["withdrawal", "correction"]), _negated=True),
                    models.Q(("consent", None), ("earlier__isnull", False)),
                    models.Q(("consent__isnull", False), ("earlier", None)),
                    _connector="OR",
                ),
                name="ledger_points_at_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "withdrawal")), fields=("consent",), name="consent_withdrawn_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "withdrawal")), fields=("earlier",), name="entry_withdrawn_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "by_use")),
                fields=("agreement", "edition", "item"),
                name="used_once_each_way",
            ),
        ),
        migrations.AddIndex(
            model_name="personrequest",
            index=models.Index(
                condition=models.Q(("state__in", ["held", "open"])), fields=["received_at", "id"], name="request_open"
            ),
        ),
        migrations.AddIndex(
            model_name="personrequest",
            index=models.Index(fields=["tenant", "-id"], name="request_by_tenant"),
        ),
        migrations.AddConstraint(
            model_name="personrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "held"),
                    ("state", "declined"),
                    models.Q(("identified_at__isnull", False), ("identified_by__gt", "")),
                    _connector="OR",
                ),
                name="request_identified_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="personrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("email", ""), ("name", ""), ("phone", ""), _negated=True),
                    models.Q(("kind__in", ["see", "correct", "erase"]), _negated=True),
                    _connector="OR",
                ),
                name="request_names_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="erasedrow",
            index=models.Index(fields=["table", "row_id"], name="erased_row"),
        ),
        *(
            rls.protect(f"privacy_{table}")
            for table in (
                "ledgerentry",
                "personrequest",
                "erasedrow",
                "disclosure",
                "disclosurestep",
                "leakcustomer",
                "leakperson",
                "dataaccess",
            )
        ),
        *(rls.operator_only(f"privacy_{table}") for table in ("retentionrule", "retentionrun", "leak", "leakstep")),
        *(
            rls.append_only(f"privacy_{table}")
            for table in (
                "ledgerentry",
                "erasedrow",
                "disclosure",
                "disclosurestep",
                "leakstep",
                "dataaccess",
                "retentionrule",
            )
        ),
        *(
            rls.track(f"privacy_{table}", tenant=tenant)
            for table, tenant in (
                ("personrequest", "tenant_id"),
                ("leakcustomer", "tenant_id"),
                ("leakperson", "tenant_id"),
                ("leak", None),
                ("retentionrun", None),
            )
        ),
        *(
            rls.same_tenant(f"privacy_{table}", column, parent)
            for table, column, parent in (
                ("ledgerentry", "agreement_id", "contracts_agreement"),
                ("ledgerentry", "evidence_id", "files_storedfile"),
                ("ledgerentry", "earlier_id", "privacy_ledgerentry"),
                ("ledgerentry", "consent_id", "contracts_consent"),
                ("disclosure", "agreement_id", "contracts_agreement"),
                ("disclosurestep", "disclosure_id", "privacy_disclosure"),
                ("disclosurestep", "decision_id", "decisions_decision"),
                ("leakperson", "message_id", "notifications_message"),
                ("dataaccess", "file_id", "files_storedfile"),
                ("erasedrow", "request_id", "privacy_personrequest"),
            )
        ),
        FORGET,
    ]
