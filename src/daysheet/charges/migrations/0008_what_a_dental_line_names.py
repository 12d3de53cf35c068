from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charges', '0007_revenue_codes'),
    ]

    operations = [
        migrations.AddField(
            model_name='feeitem',
            name='mouth_need',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='feeitem',
            name='is_prosthesis',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
