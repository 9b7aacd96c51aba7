import django.db.models.deletion
from django.db import migrations, models

from hoshu.accounts import rls


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("contracts", "0002_serial_by_its_end")]

    operations = [
        migrations.CreateModel(
            name="EditionConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("edition", models.CharField(max_length=40, verbose_name="約款の版")),
                ("accepted_on", models.DateField(verbose_name="同意した日")),
                (
                    "how",
                    models.CharField(
                        choices=[("explicit", "登録のときに承諾"), ("deemed", "約款の定めによる同意")],
                        max_length=10,
                        verbose_name="同意の形",
                    ),
                ),
                ("about", models.CharField(max_length=60, verbose_name="根拠")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="edition_consents",
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
            options={
                "constraints": [models.UniqueConstraint(fields=("agreement", "edition"), name="edition_accepted_once")]
            },
        ),
        rls.protect("contracts_editionconsent"),
        rls.same_tenant("contracts_editionconsent", "agreement_id", "contracts_agreement"),
        rls.append_only("contracts_editionconsent"),
    ]
