from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0005_referral_number'),
    ]

    operations = [
        migrations.AddField(
            model_name='claim',
            name='kind',
            field=models.TextField(choices=[('professional', 'Professional (837P)'), ('dental', 'Dental (837D)'), ('institutional', 'Institutional (837I)')], default='professional'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('professional', 'dental', 'institutional'))), name='claim_kind_is_known'),
        ),
    ]
