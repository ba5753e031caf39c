"""Indexes by which digits from the very middle of a phone number are found."""

from django.db import migrations


def change_indexes(apps, schema_editor):
    from vafa.data.customers.prefix_indexes import ensure_indexes

    ensure_indexes(schema_editor.connection.alias)


class Migration(migrations.Migration):

    dependencies = [("customers", "0011_who_takes_back")]

    operations = [migrations.RunPython(change_indexes, migrations.RunPython.noop)]
