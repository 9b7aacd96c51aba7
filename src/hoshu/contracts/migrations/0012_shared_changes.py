from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0011_transfers"),
    ]

    operations = [
        migrations.AddField(
            model_name="changerequest",
            name="receipt",
            field=models.CharField(blank=True, default="", max_length=20, verbose_name="受付番号"),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="changerequest",
            index=models.Index(fields=["receipt", "id"], name="change_by_receipt"),
        ),
    ]
