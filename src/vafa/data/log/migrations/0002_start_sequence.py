from django.db import migrations


class Migration(migrations.Migration):
    """The counter's one row."""

    dependencies = [("log", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "INSERT INTO log_sequence (id, value) VALUES (1, 0)", "DELETE FROM log_sequence WHERE id = 1"
        )
    ]
