"""On PostgreSQL, an index by which orders are found by the beginning of their number; SQLite's index of keys does."""

from django.db import migrations


def add_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE INDEX order_begins ON orders_orderline (order_key varchar_pattern_ops)")


def remove_index(apps, schema_editor):
    schema_editor.execute("DROP INDEX IF EXISTS order_begins")


class Migration(migrations.Migration):

    dependencies = [("orders", "0001_initial")]

    operations = [migrations.RunPython(add_index, remove_index)]
