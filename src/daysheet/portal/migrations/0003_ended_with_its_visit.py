from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0002_a_wall_of_its_own'),
    ]

    operations = [
        migrations.AddField(
            model_name='selfcheckin',
            name='ended_from',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
    ]
