"""Where patients are seen away from the office: hospitals, nursing homes and the like."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daysheet.kernel.models import PracticeRow


class CarePlace(PracticeRow):
    """A hospital or home where clinicians of the office see patients, as a claim names it."""

    name = models.TextField()
    place_of_service = models.TextField()
    npi = models.TextField(blank=True, default="")
    street = models.TextField()
    city = models.TextField()
    state = models.TextField()
    zip = models.TextField()
    dropped_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "care_place"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "name", "place_of_service"],
                condition=Q(dropped_at__isnull=True),
                name="care_place_is_kept_once",
            ),
            models.CheckConstraint(
                name="care_place_has_a_place_of_service", condition=Q(place_of_service__regex=r"^[0-9]{2}$")
            ),
        ]

    def __str__(self) -> str:
        return self.name
