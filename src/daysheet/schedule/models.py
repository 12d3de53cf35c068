"""The book of time: visit types, clinicians' hours, appointments."""

from datetime import date, datetime
from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from daysheet.kernel.models import PracticeManager, PracticeRow
from daysheet.schedule.rules import HOLDING


class TimeSpan(Func):
    """The half-open span of two instants."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments, with the questions a desk asks of them."""

    def holding(self) -> Self:
        """Return those that hold their time."""
        return self.filter(booking__in=HOLDING)

    def on(self, day: date) -> Self:
        """Return those of a day on the door's wall clock."""
        return self.filter(on_day=day)

    def after(self, moment: datetime) -> Self:
        """Return those that begin at a moment or later."""
        return self.filter(starts_at__gte=moment)

    def with_people(self) -> Self:
        """Return them with patient, clinician, door, room and type in the same statement."""
        return self.select_related("patient", "provider", "location", "room", "type")


class AppointmentType(PracticeRow):
    """A kind of visit: how long, what it is called, what is due at the desk."""

    name = models.TextField()
    minutes = models.PositiveSmallIntegerField()
    color = models.TextField(blank=True, default="")
    takes_copay = models.BooleanField(default=True)
    for_new_patients = models.BooleanField(default=False)
    rank = models.PositiveSmallIntegerField(default=1)
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "appointment_type"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "name"], name="appointment_type_name_is_free"),
            models.CheckConstraint(
                name="appointment_type_lasts_5_to_480_minutes", condition=Q(minutes__gte=5, minutes__lte=480)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProviderHours(PracticeRow):
    """When a clinician sees patients at a door on a weekday (0 is Monday), wall-clock time."""

    provider = models.ForeignKey("practice.Provider", models.CASCADE, related_name="hours")
    location = models.ForeignKey("practice.Location", models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    begins = models.TimeField()
    ends = models.TimeField()
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    """The first day on which it no longer holds."""

    class Meta:
        db_table = "provider_hours"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="provider_hours_end_after_they_begin", condition=Q(ends__gt=F("begins"))
            ),
            models.CheckConstraint(name="provider_hours_weekday_exists", condition=Q(weekday__lte=6)),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.begins:%H:%M} to {self.ends:%H:%M}"


class Absence(PracticeRow):
    """A span in which a clinician, or with no clinician a whole door, takes no patients."""

    provider = models.ForeignKey(
        "practice.Provider", models.CASCADE, null=True, blank=True, related_name="absences"
    )
    location = models.ForeignKey("practice.Location", models.CASCADE, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.TextField(blank=True, default="")

    class Meta:
        db_table = "absence"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="absence_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "starts_at"], name="absence_by_time")]

    def __str__(self) -> str:
        return self.reason


class CalendarFeed(PracticeRow):
    """The open door to a clinician's busy times: an address with a token, kept as its hash."""

    provider = models.ForeignKey("practice.Provider", models.CASCADE, related_name="feeds")
    token_hash = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.TextField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "calendar_feed"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "provider"],
                condition=Q(closed_at__isnull=True),
                name="calendar_feed_is_open_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "token_hash"], name="calendar_feed_by_token")]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"


class Appointment(PracticeRow):
    """A promise of a clinician's time, and of a room where one is set, to a patient."""

    class Booking(models.TextChoices):
        SCHEDULED = "scheduled", "Scheduled"
        CANCELLED = "cancelled", "Cancelled"
        LATE_CANCELLED = "late_cancelled", "Cancelled late"
        RESCHEDULED = "rescheduled", "Moved"
        NO_SHOW = "no_show", "No-show"
        COMPLETED = "completed", "Completed"
        ENTERED_IN_ERROR = "entered_in_error", "Entered in error"

    class Confirmation(models.TextChoices):
        NONE = "none", "Not confirmed"
        LEFT_MESSAGE = "left_message", "Left message"
        CONFIRMED = "confirmed", "Confirmed"
        DECLINED = "declined", "Declined"
        CALLBACK = "callback", "Call back"

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="appointments")
    provider = models.ForeignKey("practice.Provider", models.PROTECT, related_name="appointments")
    location = models.ForeignKey("practice.Location", models.PROTECT, related_name="+")
    room = models.ForeignKey("practice.ExamRoom", models.PROTECT, null=True, blank=True, related_name="+")
    type = models.ForeignKey(AppointmentType, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    on_day = models.DateField()
    """The day on the door's wall clock."""
    booking = models.TextField(choices=Booking.choices, default=Booking.SCHEDULED)
    confirmation = models.TextField(choices=Confirmation.choices, default=Confirmation.NONE)
    is_walk_in = models.BooleanField(default=False)
    reason = models.TextField(blank=True, default="")
    cancel_reason = models.TextField(blank=True, default="")
    moved_to = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="moved_from")
    booked_at = models.DateTimeField()
    booked_by = models.TextField()
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = PracticeManager.from_queryset(AppointmentQuerySet)()

    class Meta:
        db_table = "appointment"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="appointment_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))
            ),
            ExclusionConstraint(
                name="appointment_provider_is_free",
                expressions=[
                    ("practice", RangeOperators.EQUAL),
                    ("provider", RangeOperators.EQUAL),
                    (TimeSpan("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(booking__in=("scheduled", "completed")),
            ),
            ExclusionConstraint(
                name="appointment_room_is_free",
                expressions=[
                    ("practice", RangeOperators.EQUAL),
                    ("room", RangeOperators.EQUAL),
                    (TimeSpan("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(booking__in=("scheduled", "completed"), room__isnull=False),
            ),
            ExclusionConstraint(
                name="appointment_patient_is_in_one_place",
                expressions=[
                    ("practice", RangeOperators.EQUAL),
                    ("patient", RangeOperators.EQUAL),
                    (TimeSpan("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(booking__in=("scheduled", "completed")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "on_day", "provider", "starts_at"], name="appointment_by_day"),
            models.Index(
                fields=["practice", "provider", "starts_at"],
                include=["ends_at", "booking"],
                name="appointment_times",
            ),
            models.Index(fields=["practice", "patient", "starts_at"], name="appointment_by_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def minutes(self) -> int:
        """Return how long it lasts."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def holds(self) -> bool:
        """Return whether it still holds its time."""
        return self.booking in HOLDING
