"""What a person has let be asked of a patient although a rule stands against it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow


class AskedAnyway(PracticeRow):
    """A service day of a patient whose bill may be asked for, though Medicaid, QMB or workers' compensation protects.

    It stands until it is ended; what was decided by whom and why stays.
    """

    class Why(models.TextChoices):
        NOT_COVERED = (
            "not_covered",
            _("The service is not covered, and the patient agreed in writing before it"),
        )
        NOT_HELD = "not_held", _("The patient did not have this coverage on that day")
        CASE_DENIED = "case_denied", _("The case was denied for good, and the patient was told in writing")

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="asked_anyway")
    service_on = models.DateField()
    why = models.TextField(choices=Why.choices)
    said = models.TextField()
    """Where that stands: the paper, the plan's answer."""
    at = models.DateTimeField()
    by_name = models.TextField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "asked_anyway"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "patient", "service_on"],
                name="asked_anyway_stands_once",
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(name="asked_anyway_says_where_it_stands", condition=~Q(said="")),
        ]

    def __str__(self) -> str:
        return str(self.get_why_display())
