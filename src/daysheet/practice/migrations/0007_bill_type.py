from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('practice', '0006_pieces_of_each_door'),
    ]

    operations = [
        migrations.AddField(
            model_name='location',
            name='bill_type',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddConstraint(
            model_name='location',
            constraint=models.CheckConstraint(condition=models.Q(('bill_type__regex', '^([1-9][1-9])?$')), name='location_bill_type_has_two_digits'),
        ),
    ]
