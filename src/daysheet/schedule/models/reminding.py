"""Reminders: when one is due, one message about the visits of a day, its tries, and what was answered."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow


class ReminderRule(PracticeRow):
    """How long before a visit a message goes, by which channels in turn, and at which hours of the door's clock."""

    name = models.TextField()
    type = models.ForeignKey(
        "schedule.AppointmentType", models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The kind of visit; none is every kind that has no rule of its own."""
    lead_minutes = models.PositiveIntegerField()
    channels = ArrayField(models.TextField())
    from_clock = models.TimeField()
    to_clock = models.TimeField()
    also_confirmed = models.BooleanField(default=False)
    """Whether it goes to those, too, who said that they will come."""
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "reminder_rule"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "name"], name="reminder_rule_name_is_free"),
            models.CheckConstraint(
                name="reminder_rule_hours_end_after_they_begin", condition=Q(to_clock__gt=F("from_clock"))
            ),
            models.CheckConstraint(
                name="reminder_rule_leads_by_an_hour_to_thirty_days",
                condition=Q(lead_minutes__gte=60, lead_minutes__lte=43200),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReminderWish(PracticeRow):
    """How a patient wants to be reminded, where it differs from what the chart allows."""

    patient = models.OneToOneField("patients.Patient", models.CASCADE, related_name="reminder_wish")
    prefers = models.TextField(blank=True, default="")
    """The channel that is tried first."""
    no_email = models.BooleanField(default=False)
    no_reminders = models.BooleanField(default=False)
    noted_at = models.DateTimeField()
    noted_by = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "reminder_wish"

    def __str__(self) -> str:
        return self.prefers


class Reminder(PracticeRow):
    """One message about the visits of a day at a door, to one address, channel after channel until one works."""

    class State(models.TextChoices):
        ON_ITS_WAY = "on_its_way", _("On its way")
        NOT_REACHED = "not_reached", _("Not reached")
        STOPPED = "stopped", _("Stopped")

    class Asks(models.TextChoices):
        NOTHING = "", _("Nothing")
        CALL = "call", _("Asks for a call")
        WROTE = "wrote", _("Wrote something")

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="reminders")
    """The first whom it is about."""
    location = models.ForeignKey("practice.Location", models.PROTECT, related_name="+")
    on_day = models.DateField()
    language = models.TextField(default="en")
    channels_left = ArrayField(models.TextField(), default=list)
    """Channels that are tried if the present one fails."""
    channel = models.TextField(blank=True, default="")
    address = models.TextField(blank=True, default="")
    envelope = models.ForeignKey("mailroom.Envelope", models.PROTECT, null=True, blank=True, related_name="+")
    link = models.ForeignKey("mailroom.PortalLink", models.PROTECT, null=True, blank=True, related_name="+")
    from_clock = models.TimeField()
    to_clock = models.TimeField()
    state = models.TextField(choices=State.choices, default=State.ON_ITS_WAY)
    asks = models.TextField(choices=Asks.choices, blank=True, default=Asks.NOTHING)
    wrote = models.TextField(blank=True, default="")
    """An answer in words that no rule understands."""
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    made_by = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "reminder"
        indexes: ClassVar = [
            models.Index(fields=["practice", "channel", "address", "made_at"], name="reminder_by_address"),
            models.Index(fields=["practice", "state", "on_day"], name="reminder_by_state"),
            models.Index(fields=["practice", "link"], name="reminder_by_link"),
        ]

    def __str__(self) -> str:
        return f"{self.on_day:%Y-%m-%d}: {self.state}"


class ReminderVisit(PracticeRow):
    """A visit that a message is about, and what the patient answered."""

    class Answer(models.TextChoices):
        NONE = "", _("No answer yet")
        CONFIRMED = "confirmed", _("Will come")
        CANNOT_COME = "cannot_come", _("Cannot come")
        CALL_ME = "call_me", _("Asks for a call")

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="visits")
    appointment = models.ForeignKey("schedule.Appointment", models.PROTECT, related_name="reminded")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    rule = models.ForeignKey(ReminderRule, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    answer = models.TextField(choices=Answer.choices, blank=True, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_how = models.TextField(blank=True, default="")
    """link, sms, voice, or the person at the desk who noted it"""
    earlier = models.JSONField(default=list, blank=True)
    """What was answered before it, in order: answer, at, how."""

    class Meta:
        db_table = "reminder_visit"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "reminder", "appointment"], name="reminder_names_a_visit_once"
            ),
            models.UniqueConstraint(
                fields=["practice", "appointment", "rule"],
                condition=Q(rule__isnull=False),
                name="visit_is_reminded_once_by_a_rule",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "appointment", "made_at"], name="reminder_visit_by_time"),
        ]

    def __str__(self) -> str:
        return self.answer


class ReminderTry(PracticeRow):
    """One envelope of a message: by which channel, when. Only ever added to."""

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="tries")
    channel = models.TextField()
    envelope = models.ForeignKey("mailroom.Envelope", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "reminder_try"

    def __str__(self) -> str:
        return self.channel
