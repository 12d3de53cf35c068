from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('schedule', '0017_asked_from_home'),
    ]

    operations = [
        migrations.AddField(
            model_name='appointment',
            name='by_hand',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name='appointment',
            name='by_hand_before',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='missedfeerule',
            name='outcome',
            field=models.TextField(blank=True, choices=[('no_show', 'Not kept'), ('late_cancelled', 'Cancelled late'), ('lwobs', 'Left without being seen')], default=''),
        ),
    ]
