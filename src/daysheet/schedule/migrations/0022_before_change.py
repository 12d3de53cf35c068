from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schedule", "0021_offers_answered_in_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="before_change",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
