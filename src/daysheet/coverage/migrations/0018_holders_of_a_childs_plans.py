from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coverage", "0017_disabled_before_the_kidneys_failed")]

    operations = [
        migrations.AddField(
            model_name="coverage",
            name="of_child",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
