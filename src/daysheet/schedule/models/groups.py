"""Visits that were booked together: one after the other for a patient, or a family on one day."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow


class VisitGroup(PracticeRow):
    """Some visits that were found together and booked by one press; each of them is an ordinary appointment."""

    class Sort(models.TextChoices):
        CHAIN = "chain", _("Visits that follow each other")
        FAMILY = "family", _("A family")

    sort = models.TextField(choices=Sort.choices)
    made_at = models.DateTimeField()
    made_by = models.TextField()
    undone_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "visit_group"

    def __str__(self) -> str:
        return self.sort


class GroupVisit(PracticeRow):
    """An appointment of a group."""

    group = models.ForeignKey(VisitGroup, models.PROTECT, related_name="visits")
    appointment = models.OneToOneField("schedule.Appointment", models.PROTECT, related_name="in_group")
    number = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "group_visit"
        indexes: ClassVar = [models.Index(fields=["practice", "group"], name="group_visit_of_group")]

    def __str__(self) -> str:
        return str(self.number)
