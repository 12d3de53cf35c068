from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charges', '0005_corrected_lines'),
    ]

    operations = [
        migrations.AddField(
            model_name='charge',
            name='areas',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='charge',
            name='prior_placed_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='charge',
            name='prosthesis',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='charge',
            name='teeth',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='feeitem',
            name='is_dental',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='estimateline',
            name='mouth',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(('prosthesis__in', ('', 'I', 'R'))), name='charge_prosthesis_is_known'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(('prior_placed_on__isnull', True), ('prosthesis', 'R'), _connector='OR'), name='charge_prior_placement_is_replaced'),
        ),
    ]
