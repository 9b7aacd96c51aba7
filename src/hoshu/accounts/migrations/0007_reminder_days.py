from django.db import migrations, models

import hoshu.accounts.models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_name_endings"),
    ]

    operations = [
        migrations.AddField(
            model_name="operator",
            name="reminder_days",
            field=models.JSONField(
                default=hoshu.accounts.models.default_reminder_days, verbose_name="満了のお知らせ（満了日の何日前か）"
            ),
        ),
    ]
