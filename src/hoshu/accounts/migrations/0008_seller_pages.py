import django.db.models.deletion
from django.db import migrations, models

from hoshu.accounts import rls


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_reminder_days")]

    operations = [
        migrations.CreateModel(
            name="SellerPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=40, verbose_name="サービス")),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="申込ページのコード")),
                ("product_name", models.CharField(max_length=80, verbose_name="商品名")),
                ("is_open", models.BooleanField(default=True, verbose_name="受付中")),
                ("created_at", models.DateTimeField(verbose_name="登録日時")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pages", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organisation", "service"), name="seller_page_once")],
            },
        ),
        # Read by its code before anybody is known, written for the seller itself: both name why (`seller_pages`).
        rls.operator_only("accounts_sellerpage"),
        rls.track("accounts_sellerpage", tenant=None),
    ]
