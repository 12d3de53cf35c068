from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charges', '0006_dental_lines'),
    ]

    operations = [
        migrations.AddField(
            model_name='charge',
            name='revenue_code',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='feeitem',
            name='revenue_code',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(('revenue_code__regex', '^([0-9]{4})?$')), name='charge_revenue_code_has_four_digits'),
        ),
        migrations.AddConstraint(
            model_name='feeitem',
            constraint=models.CheckConstraint(condition=models.Q(('revenue_code__regex', '^([0-9]{4})?$')), name='fee_item_revenue_code_has_four_digits'),
        ),
    ]
