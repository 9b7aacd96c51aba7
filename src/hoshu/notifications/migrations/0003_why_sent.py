from django.db import migrations, models

# Of mails sent before, nobody wrote down the reason and the purpose under their terms.
_NEW = (
    ("service", "サービス", 40),
    ("edition", "約款の版", 40),
    ("purpose_code", "約款の利用目的", 20),
    ("reason", "送った理由", 200),
)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_letter_about")]

    operations = [
        migrations.AddField(
            model_name="message",
            name=name,
            field=models.CharField(blank=True, default="", max_length=longest, verbose_name=label),
            preserve_default=False,
        )
        for name, label, longest in _NEW
    ]
