"""Usual services that an estimate has no price for."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("charges", "0003_estimates"),
    ]

    operations = [
        migrations.AddField(
            model_name="estimate",
            name="unpriced",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
