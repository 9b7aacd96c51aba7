from django.db import migrations

_TEXTS = {
    "read_terms": "第1章・第3章・第4章を読みました",
    "specification": "サービス仕様（第3章）に同意します",
    "conditions": "サービス実施条件（第4章）に同意します",
    "antisocial": "反社会的勢力にあたらないことを表明します",
    "export": "輸出関連法令を守ります",
    "personal_information": "個人情報の取扱いを確かめました",
    "owner": "所有者の了承を得ました",
    "card": "カードの記入と送付による確認",
}
"""What each confirmation said before the sentence itself was kept."""


class Migration(migrations.Migration):
    """Applications so far were sent one by one, each under a receipt of its own. After 0005, which alters its tables."""

    dependencies = [("contracts", "0005_every_service")]

    operations = [
        migrations.RunSQL(
            [
                "SELECT set_config('hoshu.scope', 'all', true)",
                # Nobody did anything: what is filled in follows from what stands there.
                "ALTER TABLE contracts_application DISABLE TRIGGER history",
                "ALTER TABLE contracts_consent DISABLE TRIGGER history",
                """
                UPDATE contracts_application SET receipt = number,
                       submitted_at = CASE WHEN channel = 'web' THEN received_at END
                """,
                (
                    """
                    UPDATE contracts_consent SET text = said.text
                    FROM unnest(%s::text[], %s::text[]) said (item, text) WHERE said.item = contracts_consent.item
                    """,
                    [list(_TEXTS), list(_TEXTS.values())],
                ),
                "ALTER TABLE contracts_application ENABLE TRIGGER history",
                "ALTER TABLE contracts_consent ENABLE TRIGGER history",
                "SELECT set_config('hoshu.scope', '', true)",
            ],
            migrations.RunSQL.noop,
        )
    ]
