from django.db import migrations, models

from hoshu.accounts import rls


class Migration(migrations.Migration):
    """The history does without the answer, as it does without the password."""

    dependencies = [("accounts", "0004_label_lines")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="secret_question",
            field=models.CharField(blank=True, max_length=80, verbose_name="秘密の質問"),
        ),
        migrations.AddField(
            model_name="user",
            name="secret_answer",
            field=models.CharField(blank=True, max_length=128, verbose_name="秘密の質問の答え"),
        ),
        migrations.RunSQL(
            "DROP TRIGGER history ON accounts_user",
            rls.track("accounts_user", tenant="organisation_id", exclude=["password", "last_login"]).sql,
        ),
        rls.track("accounts_user", tenant="organisation_id", exclude=["password", "last_login", "secret_answer"]),
    ]
