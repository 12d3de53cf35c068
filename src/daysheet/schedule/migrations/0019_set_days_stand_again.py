from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('schedule', '0018_counted_by_hand'),
    ]

    operations = [
        migrations.AddField(
            model_name='recall',
            name='set_before_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='recall',
            name='set_before_reason',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='recall',
            name='gave_way_on',
            field=models.DateField(blank=True, null=True),
        ),
    ]
