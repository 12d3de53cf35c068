"""A recall may be stopped until the patient's balance is paid."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("schedule", "0028_pays_self")]

    operations = [
        migrations.AlterField(
            "recall",
            "stopped",
            models.TextField(
                blank=True,
                choices=[
                    ("later", "Wants to be asked later"),
                    ("balance", "Until the balance is paid"),
                    ("declined", "Declined"),
                    ("transferred", "Goes to another office"),
                    ("deceased", "Has died"),
                    ("not_needed", "Clinician says it is not needed"),
                ],
                default="",
            ),
        ),
    ]
