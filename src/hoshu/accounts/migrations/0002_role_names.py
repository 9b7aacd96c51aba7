from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="role",
            field=models.CharField(
                choices=[
                    ("desk", "受付担当"),
                    ("clerk", "登録担当"),
                    ("dispatcher", "手配担当"),
                    ("engineer", "保守員"),
                    ("analyst", "分析担当"),
                    ("billing_clerk", "請求担当"),
                    ("service_designer", "サービス設計担当"),
                    ("auditor", "監査担当"),
                    ("administrator", "管理者"),
                    ("customer_admin", "お客様（管理者）"),
                    ("customer_user", "お客様（利用者）"),
                    ("reseller", "販売店"),
                    ("subcontractor", "再委託先"),
                ],
                max_length=20,
                verbose_name="役割",
            ),
        ),
    ]
