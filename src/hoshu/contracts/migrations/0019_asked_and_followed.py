import django.db.models.deletion
from django.db import migrations, models

from hoshu.accounts import rls


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0018_closing"),
        ("notifications", "0002_letter_about"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactcheck",
            name="message",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="notifications.message",
            ),
        ),
        rls.same_tenant("contracts_contactcheck", "message_id", "notifications_message"),
        # Both stand in the message now.
        migrations.RemoveField(model_name="contactcheck", name="sent_at"),
        migrations.RemoveField(model_name="contactcheck", name="error"),
        migrations.AddField(
            model_name="ending",
            name="follows",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followed_by",
                to="contracts.ending",
            ),
        ),
        rls.same_tenant("contracts_ending", "follows_id", "contracts_ending"),
    ]
