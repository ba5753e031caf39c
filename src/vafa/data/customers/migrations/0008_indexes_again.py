"""The indexes that the table's change before this one has cost SQLite; from here on they are made after every migration."""

from django.db import migrations


def add_indexes(apps, schema_editor):
    from vafa.data.customers.prefix_indexes import ensure_indexes

    ensure_indexes(schema_editor.connection.alias)


class Migration(migrations.Migration):

    dependencies = [("customers", "0007_customer_file")]

    operations = [migrations.RunPython(add_indexes, migrations.RunPython.noop)]
