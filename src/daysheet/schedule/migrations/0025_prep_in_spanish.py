"""What a kind of visit tells the patient, in Spanish too."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('schedule', '0024_copay_service'),
    ]

    operations = [
        migrations.AddField(
            model_name='appointmenttype',
            name='prep_es',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
    ]
