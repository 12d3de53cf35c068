from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schedule", "0022_outside_hours"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="before_change",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
