from django.db import migrations

# What a file had said of consent was about marketing, and nobody had told where it came from.
TAKE = """
    INSERT INTO consent_consententry
        (customer_id, channel, purpose, allowed, source, wording, evidence, way, at, recorded_at, by_id, import_id)
    SELECT m.customer_id, m.channel, 'marketing', m.allowed, '', '', coalesce(s.name, ''), 'import',
        m.recorded_at, m.recorded_at, NULL, NULL
    FROM customers_consentmark m LEFT JOIN log_source s ON s.id = m.source_id
    ORDER BY m.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0001_initial'),
        ('customers', '0001_initial'),
        ('log', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(TAKE, migrations.RunSQL.noop),
    ]
