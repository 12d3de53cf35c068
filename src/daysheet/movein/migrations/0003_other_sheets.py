"""Which sheet of a workbook is read, and which stand beside it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns of a file."""

    dependencies = [
        ("movein", "0002_what_stood_before"),
    ]

    operations = [
        migrations.AddField(
            model_name="oldfile",
            name="sheet",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="oldfile",
            name="other_sheets",
            field=models.JSONField(default=list),
        ),
    ]
