from django.db import migrations


class Migration(migrations.Migration):
    """Every agreement so far is under the edition it was registered with. After 0003, which still alters its tables."""

    dependencies = [("contracts", "0003_edition_consent")]

    operations = [
        migrations.RunSQL(
            """
            SELECT set_config('hoshu.scope', 'all', true);
            INSERT INTO contracts_editionconsent (tenant_id, agreement_id, edition, accepted_on, how, about)
            SELECT agreement.tenant_id, agreement.id, agreement.edition,
                   (agreement.accepted_at AT TIME ZONE 'Asia/Tokyo')::date, 'explicit', application.number
            FROM contracts_agreement agreement JOIN contracts_application application
                 ON application.id = agreement.application_id;
            SELECT set_config('hoshu.scope', '', true);
            """,
            migrations.RunSQL.noop,
        )
    ]
