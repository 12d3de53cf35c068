"""The rows of a chart are found without reading all rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One index."""

    dependencies = [
        ("movein", "0003_other_sheets"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="oldrow",
            index=models.Index(fields=["practice", "subject_id"], name="old_row_by_subject"),
        ),
    ]
