"""The question that a page asks finds its rows by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0005_kept_briefly'),
        ('patients', '0005_history_outlives_a_chart'),
        ('privacy', '0002_forms_at_the_desk'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='filledform',
            index=models.Index(fields=['practice', 'visit_id'], name='filled_form_by_visit'),
        ),
    ]
