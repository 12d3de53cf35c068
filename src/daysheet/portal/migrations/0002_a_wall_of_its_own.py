from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0001_self_check_in'),
    ]

    operations = [
        migrations.AddField(
            model_name='kiosk',
            name='shows',
            field=models.TextField(choices=[('check_in', 'Check-in'), ('wall', 'Wall')], db_default='check_in', default='check_in'),
        ),
    ]
