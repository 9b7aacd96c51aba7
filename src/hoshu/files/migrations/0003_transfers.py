from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0002_tables"),
    ]

    operations = [
        migrations.AlterField(
            model_name="storedfile",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("card", "お客様登録カード"),
                    ("proof", "購入日を確認できる書類"),
                    ("owner_consent", "所有者の承諾書"),
                    ("transfer_consent", "契約者の変更の承諾書"),
                    ("backup", "設定のバックアップ"),
                    ("log", "ログ"),
                    ("dump", "メモリダンプ"),
                    ("photo", "写真"),
                    ("safety_rules", "入館・安全の規則"),
                    ("table", "取り込む表"),
                    ("other", "その他の資料"),
                ],
                max_length=20,
                verbose_name="種類",
            ),
        ),
    ]
