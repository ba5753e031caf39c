from django.db import migrations, models
from django.db.models import F


def begin_where_followed(apps, _editor):  # type: ignore[no-untyped-def]
    """Goals are watched from where each automation has followed the log."""
    apps.get_model("automations", "Automation").objects.update(watched=F("followed"))


class Migration(migrations.Migration):
    dependencies = [("automations", "0001_initial")]

    operations = [
        migrations.AddField("automation", "watched", models.BigIntegerField(default=0)),
        migrations.RunPython(begin_where_followed, migrations.RunPython.noop),
    ]
