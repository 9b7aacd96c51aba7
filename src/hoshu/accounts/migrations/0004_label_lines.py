from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_fold_names_anew")]

    operations = [
        migrations.AddField(
            model_name="operator",
            name="label_lines",
            field=models.JSONField(default=list, verbose_name="機器管理ラベルの行"),
        ),
    ]
