"""Visits that patients ask for from home: which kinds the office opens to it, and each request with its answer."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow

MOST_A_DAY, MOST_MISSED = 50, 20
LONGEST_REASON = 120
"""A few words: what goes into a chart is said to a person."""


class SelfBooking(PracticeRow):
    """That patients may ask for a kind of visit from home, under which name, and what the office does with it."""

    class How(models.TextChoices):
        DESK = "desk", _("The desk approves each")
        AT_ONCE = "at_once", _("Booked at once")

    type = models.ForeignKey("schedule.AppointmentType", models.PROTECT, related_name="+")
    how = models.TextField(choices=How.choices, default=How.DESK)
    most_a_day = models.PositiveSmallIntegerField(default=4)
    """So many of the kind are booked at once for a clinician on a day; the desk looks at the next one."""
    most_missed = models.PositiveSmallIntegerField(default=2)
    """Who has missed so many visits within a year is always sent to the desk."""
    notice_hours = models.PositiveSmallIntegerField(default=24)
    """No time sooner than this is offered."""
    called = models.TextField()
    """How a patient reads the kind; in Spanish below."""
    called_es = models.TextField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "self_booking"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "type"], name="self_booking_is_one_for_a_kind"),
            models.CheckConstraint(
                name="self_booking_takes_1_to_50_a_day",
                condition=Q(most_a_day__gte=1, most_a_day__lte=MOST_A_DAY),
            ),
            models.CheckConstraint(
                name="self_booking_sends_to_the_desk_after_1_to_20_missed",
                condition=Q(most_missed__gte=1, most_missed__lte=MOST_MISSED),
            ),
            models.CheckConstraint(name="self_booking_has_a_name_for_patients", condition=~Q(called="")),
        ]

    def __str__(self) -> str:
        return self.called

    def named(self, language: str) -> str:
        """Return how a patient of a language reads the kind."""
        return (self.called_es if language == "es" else "") or self.called


class VisitRequest(PracticeRow):
    """A visit that a patient asks for from home: the link that was given, the wish, the answer, what came of it."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Link sent")
        ASKED = "asked", _("Asked for")
        PROPOSED = "proposed", _("Another time offered")
        BOOKED = "booked", _("Booked")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Why(models.TextChoices):
        KIND = "kind", _("The desk approves each of this kind")
        WISH = "wish", _("No time was chosen")
        RESTRICTED = "restricted", _("There is a rule on how this patient is booked")
        MISSED = "missed", _("Visits were missed lately")
        INACTIVE = "inactive", _("The chart is inactive")
        DECEASED = "deceased", _("The chart says deceased")
        HAS_ONE = "has_one", _("Such a visit is booked already")
        FULL = "full", _("So many were booked from home for that day")

    class Because(models.TextChoices):
        NO_TIME = "no_time", _("No time fits the wish")
        OTHER_KIND = "other_kind", _("Another kind of visit is needed")
        TALK_FIRST = "talk_first", _("The office wants to talk first")
        NOT_HERE = "not_here", _("The office does not do this")

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="visit_requests")
    state = models.TextField(choices=State.choices, default=State.OFFERED)
    misses = models.PositiveSmallIntegerField(default=0)
    """Wrong birth dates; the third one ends the links."""
    made_at = models.DateTimeField()
    made_by = models.TextField()
    type = models.ForeignKey(
        "schedule.AppointmentType", models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_type = models.ForeignKey(
        "schedule.AppointmentType", models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The kind that the patient asked for, where the desk has offered a time for another."""
    provider = models.ForeignKey("practice.Provider", models.PROTECT, null=True, blank=True, related_name="+")
    """Whom the patient would see; empty is anyone."""
    location = models.ForeignKey("practice.Location", models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField(null=True, blank=True)
    """The free time that was chosen; empty where the patient only said which days and hours suit."""
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    part = models.TextField(blank=True, default="any")
    earliest_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True, default="")
    why_desk = models.TextField(choices=Why.choices, blank=True, default="")
    """Why it was not booked at once."""
    asked_at = models.DateTimeField(null=True, blank=True)
    offered_starts_at = models.DateTimeField(null=True, blank=True)
    """The other time that the desk offers, with whom and where."""
    offered_provider = models.ForeignKey(
        "practice.Provider", models.PROTECT, null=True, blank=True, related_name="+"
    )
    offered_location = models.ForeignKey(
        "practice.Location", models.PROTECT, null=True, blank=True, related_name="+"
    )
    limit_reason = models.TextField(blank=True, default="")
    """Why the desk offers it against the office's rule for the kind or the patient."""
    appointment = models.ForeignKey(
        "schedule.Appointment", models.PROTECT, null=True, blank=True, related_name="asked_as"
    )
    was_at_once = models.BooleanField(default=False)
    because = models.TextField(choices=Because.choices, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.TextField(blank=True, default="")
    envelope = models.ForeignKey("mailroom.Envelope", models.PROTECT, null=True, blank=True, related_name="+")
    """The last message about it."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "visit_request"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "patient", "type"],
                condition=Q(state__in=("asked", "proposed")),
                name="visit_of_a_kind_is_asked_for_once",
            ),
            models.UniqueConstraint(
                fields=["practice", "appointment"],
                condition=Q(appointment__isnull=False),
                name="visit_request_is_booked_as_its_own",
            ),
            models.CheckConstraint(
                name="visit_request_says_what_is_asked_for",
                condition=Q(state__in=("offered", "withdrawn"))
                | Q(type__isnull=False, asked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="visit_request_offers_a_time",
                condition=~Q(state="proposed")
                | Q(
                    offered_starts_at__isnull=False,
                    offered_provider__isnull=False,
                    offered_location__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="visit_request_is_booked_with_a_visit",
                condition=~Q(state="booked") | Q(appointment__isnull=False),
            ),
            models.CheckConstraint(
                name="visit_request_is_declined_with_a_reason",
                condition=~Q(state="declined") | ~Q(because=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "state", "asked_at"], name="visit_request_by_state"),
            models.Index(fields=["practice", "patient"], name="visit_request_by_patient"),
        ]

    def __str__(self) -> str:
        return f"visit request, {self.state}"

    @property
    def waits(self) -> bool:
        """Return whether the desk has to answer."""
        return self.state == self.State.ASKED
