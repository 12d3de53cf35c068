"""A practice's screens may speak as a trade does."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_kept_briefly")]

    operations = [
        migrations.AddField("practice", "words", models.TextField(blank=True, default="")),
    ]
