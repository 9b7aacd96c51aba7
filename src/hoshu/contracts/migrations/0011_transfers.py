import django.db.models.deletion
from django.db import migrations, models

from hoshu.accounts import rls


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0010_changes"),
        ("files", "0003_transfers"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="changerequest",
            name="change_has_its_revision",
        ),
        migrations.AddField(
            model_name="agreement",
            name="transferred_on",
            field=models.DateField(null=True, verbose_name="契約者となった日"),
        ),
        migrations.AddField(
            model_name="changerequest",
            name="became",
            field=models.CharField(blank=True, max_length=20, verbose_name="引き継いだ契約の番号"),
        ),
        migrations.AddField(
            model_name="changerequest",
            name="consent",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
                verbose_name="承諾の書面",
            ),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="state",
            field=models.CharField(
                choices=[
                    ("active", "有効"),
                    ("unnotified", "お知らせ不達"),
                    ("suspended", "中断"),
                    ("stopped", "利用中止"),
                    ("terminated", "終了"),
                    ("transferred", "承継済"),
                ],
                default="active",
                max_length=12,
                verbose_name="状態",
            ),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "applied"), _negated=True),
                    ("revision__isnull", False),
                    models.Q(("became", ""), _negated=True),
                    _connector="OR",
                ),
                name="change_has_its_revision",
            ),
        ),
        migrations.AddIndex(
            model_name="changerequest",
            index=models.Index(
                condition=models.Q(("became", ""), _negated=True), fields=["became"], name="change_became"
            ),
        ),
        rls.same_tenant("contracts_changerequest", "consent_id", "files_storedfile"),
    ]
