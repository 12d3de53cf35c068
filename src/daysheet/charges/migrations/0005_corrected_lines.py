"""A line that stands in the place of another since a claim was corrected."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("charges", "0004_unpriced_services")]

    operations = [
        migrations.AddField(
            model_name="charge",
            name="corrects",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="charges.charge",
            ),
        ),
    ]
