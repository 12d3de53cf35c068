from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('visits', '0009_wall_says_late'),
    ]

    operations = [
        migrations.AddField(
            model_name='visit',
            name='by_hand',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name='visit',
            name='by_hand_before',
            field=models.JSONField(blank=True, null=True),
        ),
    ]
