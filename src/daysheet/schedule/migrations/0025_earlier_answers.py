from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("schedule", "0024_copay_service")]

    operations = [
        migrations.AddField(
            model_name="remindervisit",
            name="earlier",
            field=models.JSONField(blank=True, default=list),
        ),
    ]
