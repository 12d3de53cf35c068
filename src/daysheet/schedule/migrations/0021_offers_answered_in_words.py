from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('schedule', '0020_offers_by_message'),
    ]

    operations = [
        migrations.AddField(
            model_name='offermessage',
            name='wrote',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
    ]
