"""The question that a page asks finds its rows by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coverage', '0014_copays_by_service'),
        ('kernel', '0005_kept_briefly'),
        ('ledger', '0009_card_terminals'),
        ('patients', '0005_history_outlives_a_chart'),
        ('practice', '0007_bill_type'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(fields=['practice', 'visit_id'], name='payment_by_visit'),
        ),
    ]
