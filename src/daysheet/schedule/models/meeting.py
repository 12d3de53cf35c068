"""Visits at which the patient is elsewhere: by video or by phone, and the address at which the two meet."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow
from daysheet.schedule.remote import MODES, OFFICE, PHONE, VIDEO


class Mode(models.TextChoices):
    """How a visit takes place."""

    IN_OFFICE = OFFICE, _("In person")
    BY_VIDEO = VIDEO, _("By video")
    BY_PHONE = PHONE, _("By phone")


MODE_EXISTS = models.CheckConstraint(name="appointment_type_takes_place_somehow", condition=Q(mode__in=MODES))


class MeetingAddress(PracticeRow):
    """The pattern of the office's own meeting addresses: of one clinician, or of all that have none."""

    provider = models.ForeignKey("practice.Provider", models.PROTECT, null=True, blank=True, related_name="+")
    """None: of every clinician without an own one."""
    pattern = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "meeting_address"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "provider"],
                nulls_distinct=False,
                name="meeting_address_is_one_for_a_clinician",
            ),
            models.CheckConstraint(
                name="meeting_address_is_secure", condition=Q(pattern__startswith="https://")
            ),
        ]

    def __str__(self) -> str:
        return "meeting address"


class AppointmentMeeting(PracticeRow):
    """The address typed for one video visit, in the place of the one that the pattern would make."""

    appointment = models.OneToOneField("schedule.Appointment", models.CASCADE, related_name="meeting")
    link = models.TextField()
    set_at = models.DateTimeField()
    set_by = models.TextField()

    class Meta:
        db_table = "appointment_meeting"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="appointment_meeting_is_secure", condition=Q(link__startswith="https://")
            ),
        ]

    def __str__(self) -> str:
        return "meeting of an appointment"
