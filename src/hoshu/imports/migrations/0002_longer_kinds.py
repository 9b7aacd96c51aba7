from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="import", name="kind", field=models.CharField(max_length=60, verbose_name="種類")
        )
    ]
