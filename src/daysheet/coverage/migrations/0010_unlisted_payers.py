from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coverage', '0009_told_by_hand'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='payer',
            name='payer_id_is_own',
        ),
        migrations.AddConstraint(
            model_name='payer',
            constraint=models.UniqueConstraint(condition=models.Q(('payer_id', ''), _negated=True), fields=('practice', 'payer_id'), name='payer_id_is_own'),
        ),
    ]
