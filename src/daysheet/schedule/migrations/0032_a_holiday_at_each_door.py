"""An office over several time zones closes for a holiday at each door by that door's own clock."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("schedule", "0031_asked_kind")]

    operations = [
        migrations.AddField(
            model_name="absence",
            name="part_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="parts",
                to="schedule.absence",
            ),
        ),
    ]
