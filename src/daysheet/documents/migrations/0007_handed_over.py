from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0006_sent_by_a_patient'),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='handed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='document',
            name='handed_by',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
    ]
