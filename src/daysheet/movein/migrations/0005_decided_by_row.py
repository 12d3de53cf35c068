from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("movein", "0004_rows_by_what_they_made"),
    ]

    operations = [
        migrations.AddField(
            model_name="oldfile",
            name="decided",
            field=models.JSONField(default=dict),
        ),
    ]
