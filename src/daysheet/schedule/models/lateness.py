"""A clinician who runs late on a day: by how much, and who has been told."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow

LEAST, MOST = 5, 240
"""Minutes by which a clinician may be said to be late; beyond that the clinician is out."""


class RunningLate(PracticeRow):
    """What the desk knows of a clinician's lateness on a day; new minutes are a new row, and all are told anew."""

    provider = models.ForeignKey("practice.Provider", models.PROTECT, related_name="+")
    on_day = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True, default="")
    """For the desk alone: no message repeats it."""
    said_at = models.DateTimeField()
    said_by = models.TextField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "running_late"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="running_late_by_minutes_that_can_be",
                condition=Q(minutes__gte=LEAST, minutes__lte=MOST),
            ),
            models.UniqueConstraint(
                fields=["practice", "on_day", "provider"],
                condition=Q(ended_at=None),
                name="running_late_is_said_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on_day} {self.minutes} min"


class LateTold(PracticeRow):
    """One patient's visit that the desk has spoken, or written, about."""

    class How(models.TextChoices):
        SAID = "said", _("Told")
        MESSAGE = "message", _("Message")

    late = models.ForeignKey(RunningLate, models.PROTECT, related_name="told")
    appointment = models.ForeignKey("schedule.Appointment", models.PROTECT, related_name="+")
    how = models.TextField(choices=How.choices)
    envelope = models.ForeignKey("mailroom.Envelope", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "late_told"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["late", "appointment"], name="late_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.how} {self.at:%H:%M}"
