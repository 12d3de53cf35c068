"""Visits that were booked as one series: how they repeat, and which appointments they are."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow


class AppointmentSeries(PracticeRow):
    """How some visits of a patient repeat; each of them is an ordinary appointment."""

    class Unit(models.TextChoices):
        DAY = "day", _("days")
        WEEK = "week", _("weeks")
        MONTH = "month", _("months")

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    type = models.ForeignKey("schedule.AppointmentType", models.PROTECT, related_name="+")
    provider = models.ForeignKey("practice.Provider", models.PROTECT, related_name="+")
    location = models.ForeignKey("practice.Location", models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    first_on = models.DateField()
    clock = models.TimeField()
    """The time on the door's wall clock."""
    every = models.PositiveSmallIntegerField()
    unit = models.TextField(choices=Unit.choices)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list)
    """In the weeks of the series, 0 is Monday; empty: the weekday of the first."""
    made_at = models.DateTimeField()
    made_by = models.TextField()
    undone_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "appointment_series"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="appointment_series_repeats", condition=Q(every__gte=1, every__lte=90)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "patient"], name="appointment_series_of_patient")
        ]

    def __str__(self) -> str:
        return f"{self.first_on:%Y-%m-%d} {self.clock:%H:%M}"


class SeriesVisit(PracticeRow):
    """An appointment of a series; one that was moved alone or cancelled stays out of what is done to the others."""

    series = models.ForeignKey(AppointmentSeries, models.PROTECT, related_name="visits")
    appointment = models.OneToOneField("schedule.Appointment", models.PROTECT, related_name="in_series")
    number = models.PositiveSmallIntegerField()
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it was cancelled together with others; by this moment all of them stand again together."""

    class Meta:
        db_table = "series_visit"
        indexes: ClassVar = [models.Index(fields=["practice", "series"], name="series_visit_of_series")]

    def __str__(self) -> str:
        return str(self.number)
