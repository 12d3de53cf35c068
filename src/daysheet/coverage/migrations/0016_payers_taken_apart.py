"""What went over when two payers were put together is kept, so that they can be taken apart again."""

import django.db.models.deletion
from django.db import migrations, models

import daysheet.kernel.ids
import daysheet.kernel.tenancy


class Migration(migrations.Migration):
    dependencies = [("coverage", "0015_whose_fault")]

    operations = [
        migrations.CreateModel(
            name="PayerMerge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=daysheet.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.TextField()),
                ("moved", models.JSONField(default=dict)),
                ("merged_at", models.DateTimeField()),
                ("merged_by", models.TextField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "gone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="coverage.payer"
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="coverage.payer"
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        db_index=False,
                        default=daysheet.kernel.tenancy.acting_practice_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.practice",
                    ),
                ),
            ],
            options={"db_table": "payer_merge"},
        ),
    ]
