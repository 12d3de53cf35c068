"""What was changed and what became of an alert stay when the chart or the alert is taken back."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two keys that the database does not hold any more."""

    dependencies = [
        ("patients", "0004_child_in_care"),
    ]

    operations = [
        migrations.AlterField(
            model_name="patientchange",
            name="patient",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="changes",
                to="patients.patient",
            ),
        ),
        migrations.AlterField(
            model_name="alertstep",
            name="alert",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="steps",
                to="patients.patientalert",
            ),
        ),
    ]
