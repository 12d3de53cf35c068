from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('visits', '0011_kind_of_a_walk_in'),
    ]

    operations = [
        migrations.AddField(
            model_name='visitstep',
            name='set_against',
            field=models.DecimalField(db_default=0, decimal_places=2, default=0, max_digits=12),
        ),
    ]
