from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0006_claim_kind'),
    ]

    operations = [
        migrations.AddField(
            model_name='claim',
            name=name,
            field=models.TextField(blank=True, default=''),
        )
        for name in ('bill_type', 'admission_type', 'admission_source', 'patient_status')
    ]
