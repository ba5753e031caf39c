"""The index of words, and indexes by which half a phone number or the beginning of an address is found."""

import django.db.models.deletion
from django.db import migrations, models

# Expressions of the database itself: nobody who writes a contact point has to know of them.
SQLITE = (
    "CREATE INDEX IF NOT EXISTS phone_ends ON customers_contactpoint (substr(value, -4)) WHERE kind = 'phone'",
    "CREATE INDEX IF NOT EXISTS phone_inner_7 ON customers_contactpoint (substr(value, -7)) WHERE kind = 'phone'",
    "CREATE INDEX IF NOT EXISTS phone_inner_8 ON customers_contactpoint (substr(value, -8)) WHERE kind = 'phone'",
)
POSTGRES = (
    "CREATE INDEX IF NOT EXISTS phone_ends ON customers_contactpoint (right(value, 4)) WHERE kind = 'phone'",
    "CREATE INDEX IF NOT EXISTS phone_inner_7 ON customers_contactpoint (right(value, 7) text_pattern_ops) WHERE kind = 'phone'",
    "CREATE INDEX IF NOT EXISTS phone_inner_8 ON customers_contactpoint (right(value, 8) text_pattern_ops) WHERE kind = 'phone'",
    "CREATE INDEX IF NOT EXISTS contact_begins ON customers_contactpoint (kind, value varchar_pattern_ops)",
)
NAMES = ("phone_ends", "phone_inner_7", "phone_inner_8", "contact_begins")


def add_indexes(apps, schema_editor):
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def remove_indexes(apps, schema_editor):
    for name in NAMES:
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):

    dependencies = [("customers", "0003_no_marks")]

    operations = [
        migrations.CreateModel(
            name="SearchState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=40, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="SearchPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(db_index=True, max_length=40)),
                ("word", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="customers.searchword")),
            ],
        ),
        migrations.CreateModel(
            name="SearchPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="search_places", to="customers.customer")),
                ("word", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="places", to="customers.searchword")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("word", "customer"), name="one_place_a_word")],
            },
        ),
        migrations.RunPython(add_indexes, remove_indexes),
    ]
