from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="about",
            field=models.CharField(blank=True, default="", max_length=60, verbose_name="対象"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="letter",
            name="name",
            field=models.CharField(max_length=40, verbose_name="種類"),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["about", "name", "-id"], name="letter_last_issued"),
        ),
    ]
