"""A kind of visit names who gives it: clinicians, teams, all of a specialty; where none is named all give it."""

import django.db.models.deletion
from django.db import migrations, models

import daysheet.kernel.ids
import daysheet.kernel.tenancy

CASCADE, PROTECT = django.db.models.deletion.CASCADE, django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0005_kept_briefly"),
        ("practice", "0008_doors_of_a_setting"),
        ("schedule", "0026_earlier_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="TypeGiver",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=daysheet.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("taxonomy", models.TextField(blank=True, default="")),
                (
                    "practice",
                    models.ForeignKey(
                        db_index=False,
                        default=daysheet.kernel.tenancy.acting_practice_id,
                        editable=False,
                        on_delete=PROTECT,
                        related_name="+",
                        to="kernel.practice",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=CASCADE, related_name="+", to="practice.provider"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=PROTECT, related_name="+", to="schedule.clinicianteam"
                    ),
                ),
                (
                    "type",
                    models.ForeignKey(
                        on_delete=CASCADE, related_name="givers", to="schedule.appointmenttype"
                    ),
                ),
            ],
            options={
                "db_table": "visit_type_giver",
                "indexes": [
                    models.Index(fields=["practice", "type"], name="visit_type_giver_by_type"),
                    models.Index(fields=["practice", "provider"], name="visit_type_giver_by_provider"),
                    models.Index(fields=["practice", "team"], name="visit_type_giver_by_team"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(provider__isnull=False, team__isnull=True, taxonomy="")
                        | models.Q(provider__isnull=True, team__isnull=False, taxonomy="")
                        | (models.Q(provider__isnull=True, team__isnull=True) & ~models.Q(taxonomy="")),
                        name="visit_type_giver_is_one_thing",
                    ),
                ],
            },
        ),
    ]
