import django.db.models.deletion
from django.db import migrations, models

from hoshu.accounts import rls


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("contracts", "0006_earlier_applications")]

    operations = [
        migrations.CreateModel(
            name="PublicCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=40, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="発行日時")),
                (
                    "agreement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="public_code",
                        to="contracts.agreement",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
        ),
        rls.protect("contracts_publiccode"),
        rls.same_tenant("contracts_publiccode", "agreement_id", "contracts_agreement"),
        rls.append_only("contracts_publiccode"),
    ]
