"""The question that a page asks finds its rows by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0005_kept_briefly'),
        ('patients', '0005_history_outlives_a_chart'),
        ('portal', '0003_ended_with_its_visit'),
        ('practice', '0007_bill_type'),
        ('schedule', '0024_copay_service'),
        ('visits', '0012_set_against_a_copay'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='selfcheckin',
            index=models.Index(fields=['practice', 'link_id'], name='self_check_in_by_link'),
        ),
    ]
