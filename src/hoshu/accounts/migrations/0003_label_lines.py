from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_role_names")]

    operations = [
        migrations.AddField(
            model_name="operator",
            name="label_lines",
            field=models.JSONField(default=list, verbose_name="機器管理ラベルの行"),
        ),
    ]
