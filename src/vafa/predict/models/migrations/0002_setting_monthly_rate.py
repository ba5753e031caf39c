from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("predict_models", "0001_initial")]

    operations = [
        migrations.AddField(model_name="setting", name="monthly_rate", field=models.FloatField(default=0.01)),
    ]
