import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from hoshu.accounts import rls

# Content is seen with its file, and only while that is available: nothing that is held can be read, by any query of
# the runtime login. It is never changed, and erased by the owner's trigger when its file ends.
_SEAL_CONTENT = RunSQL(
    """
    ALTER TABLE files_filecontent ENABLE ROW LEVEL SECURITY;
    ALTER TABLE files_filecontent FORCE ROW LEVEL SECURITY;
    CREATE POLICY reading ON files_filecontent FOR SELECT
        USING (EXISTS (SELECT FROM files_storedfile f WHERE f.id = file_id AND f.state = 'available'));
    CREATE POLICY arriving ON files_filecontent FOR INSERT
        WITH CHECK (EXISTS (SELECT FROM files_storedfile f WHERE f.id = file_id));
    CREATE POLICY erasing ON files_filecontent TO CURRENT_USER USING (true);

    CREATE FUNCTION hoshu_erase_content() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public AS $$
    BEGIN
        DELETE FROM files_filecontent WHERE file_id = NEW.id;
        RETURN NULL;
    END $$;
    CREATE TRIGGER erase_content AFTER UPDATE OF state ON files_storedfile
        FOR EACH ROW WHEN (NEW.state IN ('returned', 'destroyed')) EXECUTE FUNCTION hoshu_erase_content();
    """,
    """
    DROP TRIGGER erase_content ON files_storedfile;
    DROP FUNCTION hoshu_erase_content();
    """,
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("card", "お客様登録カード"),
                            ("proof", "購入日を確認できる書類"),
                            ("owner_consent", "所有者の承諾書"),
                            ("backup", "設定のバックアップ"),
                            ("log", "ログ"),
                            ("dump", "メモリダンプ"),
                            ("photo", "写真"),
                            ("safety_rules", "入館・安全の規則"),
                            ("other", "その他の資料"),
                        ],
                        max_length=20,
                        verbose_name="種類",
                    ),
                ),
                ("original_name", models.CharField(max_length=400, verbose_name="元の名前")),
                ("name", models.CharField(max_length=130, verbose_name="名前")),
                ("media_type", models.CharField(max_length=60, verbose_name="形式")),
                ("pages", models.IntegerField(null=True, verbose_name="ページ数")),
                ("size", models.IntegerField(verbose_name="大きさ")),
                ("sha256", models.CharField(max_length=64)),
                ("declared_personal_number", models.BooleanField(null=True, verbose_name="個人番号を含むとの申告")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("available", "利用可"),
                            ("held", "隔離中"),
                            ("returned", "返却済"),
                            ("destroyed", "破棄済"),
                        ],
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                (
                    "held_for",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("declared", "個人番号を含むと連絡を受けた"),
                            ("found", "個人番号とみられる番号が見つかった"),
                            ("unanswered", "個人番号を含むかの回答がない"),
                            ("reported", "個人番号を含むことが後で分かった"),
                        ],
                        max_length=10,
                        verbose_name="隔離の理由",
                    ),
                ),
                ("arrived_at", models.DateTimeField(verbose_name="到着日時")),
                ("arrived_by", models.CharField(max_length=120, verbose_name="登録者")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="処置日時")),
                ("decided_by", models.CharField(blank=True, max_length=120, verbose_name="処置した人")),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="処置の内容")),
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
            name="FileContent",
            fields=[
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="stored",
                        serialize=False,
                        to="files.storedfile",
                    ),
                ),
                ("content", models.BinaryField()),
            ],
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(fields=["tenant", "-arrived_at"], name="file_by_tenant"),
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(condition=models.Q(("state", "held")), fields=["arrived_at"], name="file_held"),
        ),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "held"), _negated=True),
                    models.Q(("held_for", ""), _negated=True),
                    _connector="OR",
                ),
                name="file_held_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["returned", "destroyed"]), _negated=True),
                    models.Q(("decided_at__isnull", False), models.Q(("note", ""), _negated=True)),
                    _connector="OR",
                ),
                name="file_ended_by_somebody",
            ),
        ),
        rls.protect("files_storedfile"),
        rls.track("files_storedfile"),
        _SEAL_CONTENT,
    ]
