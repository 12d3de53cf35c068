"""A reminder keeps the answers that were given before the last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("schedule", "0025_prep_in_spanish")]

    operations = [
        migrations.AddField(
            model_name="remindervisit",
            name="earlier",
            field=models.JSONField(blank=True, default=list),
        ),
    ]
