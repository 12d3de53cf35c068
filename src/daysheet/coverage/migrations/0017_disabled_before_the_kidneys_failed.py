from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coverage", "0016_payers_taken_apart")]

    operations = [
        migrations.AddField(
            model_name="payingfacts",
            name="was_disabled",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
