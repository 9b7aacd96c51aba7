from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="warranty_card_shown",
            field=models.BooleanField(null=True, verbose_name="保証書のご提示"),
        ),
        migrations.AddField(
            model_name="case",
            name="warranty_numbers",
            field=models.CharField(blank=True, max_length=200, verbose_name="保証書の番号"),
        ),
        migrations.AddField(
            model_name="case",
            name="warranty_until",
            field=models.DateField(null=True, verbose_name="保証の期限"),
        ),
        migrations.AddField(
            model_name="case",
            name="warranty_dealer",
            field=models.CharField(blank=True, max_length=120, verbose_name="取り次いだ販売店"),
        ),
        migrations.AddConstraint(
            model_name="ruling",
            constraint=models.CheckConstraint(
                condition=models.Q(("actor", ""), _negated=True), name="ruling_with_author"
            ),
        ),
    ]
