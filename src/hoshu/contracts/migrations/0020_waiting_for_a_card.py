from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0019_asked_and_followed")]

    operations = [
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("state", "asking")), fields=["answer_by", "id"], name="application_asking"
            ),
        ),
    ]
