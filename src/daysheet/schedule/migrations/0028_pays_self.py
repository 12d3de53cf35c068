"""A booked visit says whether the patient pays it without the plan, and when that was said."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("schedule", "0027_who_gives_a_visit")]

    operations = [
        migrations.AddField("appointment", "pays_self", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("appointment", "pays_self_since", models.DateTimeField(blank=True, null=True)),
    ]
