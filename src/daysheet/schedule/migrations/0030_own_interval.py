"""A patient's recall comes again after months of its own."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("schedule", "0029_recalls_until_paid")]

    operations = [
        migrations.AddField(
            model_name="recall",
            name="own_every_months",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                name="recall_of_own_comes_in_1_to_120_months",
                condition=Q(own_every_months__gte=1, own_every_months__lte=120),
            ),
        ),
    ]
