from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('practice', '0004_care_settings'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='letter_keys',
            field=models.BooleanField(default=True),
        ),
    ]
