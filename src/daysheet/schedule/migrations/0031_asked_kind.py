"""A request from home keeps the kind of visit that the patient asked for, where the desk has offered another."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("schedule", "0030_own_interval")]

    operations = [
        migrations.AddField(
            model_name="visitrequest",
            name="asked_type",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schedule.appointmenttype",
            ),
        ),
    ]
