from django.db import migrations


class Migration(migrations.Migration):
    # The marks live on as words of the consent's room.

    dependencies = [
        ('customers', '0002_contact_points_not_theirs'),
        ('consent', '0002_take_marks'),
    ]

    operations = [
        migrations.DeleteModel(name='ConsentMark'),
    ]
