"""The book of time: visit types, clinicians' hours, appointments."""

from datetime import date, datetime
from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeManager, PracticeRow
from daysheet.schedule.limits import Limits
from daysheet.schedule.matching import LIVE
from daysheet.schedule.models.asking import SelfBooking, VisitRequest
from daysheet.schedule.models.at_hand import HeldTime, TrayVisit
from daysheet.schedule.models.closings import Closing, ClosingRow
from daysheet.schedule.models.groups import GroupVisit, VisitGroup
from daysheet.schedule.models.hours import Absence, CalendarFeed, ProviderHours
from daysheet.schedule.models.lateness import LateTold, RunningLate
from daysheet.schedule.models.meeting import MODE_EXISTS, AppointmentMeeting, MeetingAddress, Mode
from daysheet.schedule.models.offering import OfferMessage, OfferSending
from daysheet.schedule.models.office_rules import BookingRestriction, CancelReason, MissedFeeRule
from daysheet.schedule.models.patterns import (
    ClinicianTeam,
    Holiday,
    ProviderLanguage,
    ScheduleBlock,
    ScheduleBlockKind,
    TeamMember,
)
from daysheet.schedule.models.promises import (
    HIGHEST_LANE,
    OverbookRule,
    Resource,
    ResourceHold,
    ResourceKind,
    TimeSpan,
    TypeGiver,
    TypeNeed,
)
from daysheet.schedule.models.recalls import (
    NoRecalls,
    Recall,
    RecallContact,
    RecallRun,
    RecallSending,
    RecallStep,
    RecallType,
)
from daysheet.schedule.models.reminding import (
    Reminder,
    ReminderRule,
    ReminderTry,
    ReminderVisit,
    ReminderWish,
)
from daysheet.schedule.models.series import AppointmentSeries, SeriesVisit
from daysheet.schedule.rules import HOLDING, LONGEST_BUFFER

__all__ = [
    "HIGHEST_LANE",
    "Absence",
    "Appointment",
    "AppointmentMeeting",
    "AppointmentQuerySet",
    "AppointmentSeries",
    "AppointmentType",
    "BookingRestriction",
    "CalendarFeed",
    "CancelReason",
    "ClinicianTeam",
    "Closing",
    "ClosingRow",
    "GroupVisit",
    "HeldTime",
    "Holiday",
    "LateTold",
    "MeetingAddress",
    "MissedFeeRule",
    "Mode",
    "NoRecalls",
    "OfferMessage",
    "OfferSending",
    "OverbookRule",
    "ProviderHours",
    "ProviderLanguage",
    "Recall",
    "RecallContact",
    "RecallRun",
    "RecallSending",
    "RecallStep",
    "RecallType",
    "Reminder",
    "ReminderRule",
    "ReminderTry",
    "ReminderVisit",
    "ReminderWish",
    "Resource",
    "ResourceHold",
    "ResourceKind",
    "RunningLate",
    "ScheduleBlock",
    "ScheduleBlockKind",
    "SelfBooking",
    "SeriesVisit",
    "SlotOffer",
    "TeamMember",
    "TimeSpan",
    "TrayVisit",
    "TypeGiver",
    "TypeNeed",
    "VisitGroup",
    "VisitRequest",
    "WaitlistEntry",
]


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
    mode = models.TextField(choices=Mode.choices, default=Mode.IN_OFFICE, db_default="office")
    takes_copay = models.BooleanField(default=True)
    copay_service = models.TextField(default="98", db_default="98")
    """The service type by which a plan names its copay: 98 an office visit, UC urgent care, 35 dental care."""
    for_new_patients = models.BooleanField(default=False)
    for_established_patients = models.BooleanField(default=False)
    before_minutes = models.PositiveSmallIntegerField(default=0)
    """Kept free before the visit, of the clinician and of all that it needs."""
    after_minutes = models.PositiveSmallIntegerField(default=0)
    prep = models.TextField(blank=True, default="")
    """What the patient must know or do before, such as fasting; it is said at booking and in the confirmation."""
    prep_es = models.TextField(blank=True, default="", db_default="")
    """The same for who is written to in Spanish; where it is empty, the English is said."""
    youngest = models.PositiveSmallIntegerField(null=True, blank=True)
    oldest = models.PositiveSmallIntegerField(null=True, blank=True)
    for_sex = models.TextField(blank=True, default="")
    rank = models.PositiveSmallIntegerField(default=1)
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "appointment_type"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "name"], name="appointment_type_name_is_free"),
            models.CheckConstraint(
                name="appointment_type_lasts_5_to_480_minutes", condition=Q(minutes__gte=5, minutes__lte=480)
            ),
            models.CheckConstraint(
                name="appointment_type_keeps_at_most_2_hours_around_it",
                condition=Q(before_minutes__lte=LONGEST_BUFFER, after_minutes__lte=LONGEST_BUFFER),
            ),
            models.CheckConstraint(
                name="appointment_type_is_not_for_new_and_established_alone",
                condition=Q(for_new_patients=False) | Q(for_established_patients=False),
            ),
            models.CheckConstraint(
                name="appointment_type_ages_are_in_order", condition=Q(oldest__gte=F("youngest"))
            ),
            MODE_EXISTS,
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def limits(self) -> Limits:
        """Return for whom it is."""
        return Limits(
            self.for_new_patients,
            self.for_established_patients,
            self.youngest,
            self.oldest,
            self.for_sex,
        )


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
    authorization = models.ForeignKey(
        "coverage.Authorization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The prior authorization under which it counts, from the day it is booked."""
    referral = models.ForeignKey(
        "coverage.Authorization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_hand = models.JSONField(default=dict, db_default={})
    """The kinds of which a clerk said by hand what it counts under, each with the reason where it is none."""
    by_hand_before = models.JSONField(null=True, blank=True)
    """What it counted under before that, to take it back."""
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    on_day = models.DateField()
    """The day on the door's wall clock."""
    kept_from = models.DateTimeField(null=True, blank=True)
    """From when the clinician's time is kept for it; empty: from its start."""
    kept_until = models.DateTimeField(null=True, blank=True)
    lane = models.PositiveSmallIntegerField(default=0, db_default=0)
    """0 is the ordinary one; a visit that was booked over another stands in a lane beside it."""
    overbook_reason = models.TextField(blank=True, default="", db_default="")
    limit_reason = models.TextField(blank=True, default="", db_default="")
    """Why it was booked against the office's rule for this kind of visit."""
    block_reason = models.TextField(blank=True, default="", db_default="")
    """Why it was booked into time that is kept for other kinds of visit."""
    hours_reason = models.TextField(blank=True, default="", db_default="")
    """Why it was booked outside the clinician's hours, or while the clinician is out or the door is closed."""
    pays_self = models.BooleanField(default=False, db_default=False)
    """The patient has a plan and does not use it for this visit."""
    pays_self_since = models.DateTimeField(null=True, blank=True)
    """When that was said last."""
    booking = models.TextField(choices=Booking.choices, default=Booking.SCHEDULED)
    confirmation = models.TextField(choices=Confirmation.choices, default=Confirmation.NONE)
    is_walk_in = models.BooleanField(default=False)
    reason = models.TextField(blank=True, default="")
    cancel_reason = models.TextField(blank=True, default="")
    cancel_kind = models.ForeignKey(CancelReason, models.PROTECT, null=True, blank=True, related_name="+")
    """The reason of the list for which it was cancelled or moved."""
    missed_closed = models.TextField(blank=True, default="")
    """Why a visit that was not kept is followed up no more; a person says it."""
    before_change = models.JSONField(null=True, blank=True)
    """Its kind, its length and its reason before it was last changed at its own time, to take it back."""
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
            models.CheckConstraint(
                name="appointment_keeps_at_least_its_own_time",
                condition=Q(kept_from__lte=F("starts_at"), kept_until__gte=F("ends_at")),
            ),
            models.CheckConstraint(name="appointment_lane_exists", condition=Q(lane__lte=HIGHEST_LANE)),
            ExclusionConstraint(
                name="appointment_provider_is_free",
                expressions=[
                    ("practice", RangeOperators.EQUAL),
                    ("provider", RangeOperators.EQUAL),
                    ("lane", RangeOperators.EQUAL),
                    (
                        TimeSpan(
                            Coalesce("kept_from", "starts_at"),
                            Coalesce("kept_until", "ends_at"),
                            RangeBoundary(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(booking__in=("scheduled", "completed")),
            ),
            ExclusionConstraint(
                name="appointment_room_is_free",
                expressions=[
                    ("practice", RangeOperators.EQUAL),
                    ("room", RangeOperators.EQUAL),
                    (
                        TimeSpan(
                            Coalesce("kept_from", "starts_at"),
                            Coalesce("kept_until", "ends_at"),
                            RangeBoundary(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
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
                include=["ends_at", "booking", "lane", "kept_from", "kept_until"],
                name="appointment_times",
            ),
            models.Index(
                fields=["practice", "provider", "starts_at"],
                condition=Q(lane__gt=0),
                name="appointment_beside_another",
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
    def keeps(self) -> tuple[datetime, datetime]:
        """Return from when to when its clinician, and all that it needs, are kept for it."""
        return self.kept_from or self.starts_at, self.kept_until or self.ends_at

    @property
    def holds(self) -> bool:
        """Return whether it still holds its time."""
        return self.booking in HOLDING


class WaitlistEntry(PracticeRow):
    """A patient who waits for a time: which kind of visit, with whom, where, when, and how urgently."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        OFFERED = "offered", _("Asked")
        BOOKED = "booked", _("Booked")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Past its last day")

    class Source(models.TextChoices):
        ASKED = "asked", _("Found no time that suits")
        BOOKED = "booked", _("Booked, wants to come earlier")
        CANCELLED = "cancelled", _("Cancelled, wants another time")
        RECALL = "recall", _("Due for a visit")

    class Priority(models.IntegerChoices):
        URGENT = 1, _("Urgent")
        SOON = 2, _("Soon")
        ORDINARY = 3, _("In turn")

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="waitlist_entries")
    type = models.ForeignKey(AppointmentType, models.PROTECT, related_name="+")
    provider_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    """Whom the patient would see; empty is anyone."""
    location = models.ForeignKey("practice.Location", models.PROTECT, null=True, blank=True, related_name="+")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    """Days that suit, 0 is Monday; empty is any."""
    from_clock = models.TimeField(null=True, blank=True)
    to_clock = models.TimeField(null=True, blank=True)
    earliest_on = models.DateField(null=True, blank=True)
    latest_on = models.DateField(null=True, blank=True)
    notice_minutes = models.PositiveIntegerField(default=120)
    """How long before the visit the patient must hear of it."""
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.ORDINARY)
    source = models.TextField(choices=Source.choices, default=Source.ASKED)
    moves = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="waits_as")
    """The booked appointment that is given up when an earlier time is accepted."""
    booked_as = models.ForeignKey(
        Appointment, models.PROTECT, null=True, blank=True, related_name="waited_as"
    )
    reason = models.TextField(blank=True, default="")
    state = models.TextField(choices=State.choices, default=State.WAITING)
    closed_because = models.TextField(blank=True, default="")
    added_at = models.DateTimeField()
    added_by = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "waitlist_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "patient", "type"],
                condition=Q(state__in=("waiting", "offered")),
                name="waitlist_has_a_patient_once_for_a_visit_type",
            ),
            models.CheckConstraint(
                name="waitlist_hours_end_after_they_begin", condition=Q(to_clock__gt=F("from_clock"))
            ),
            models.CheckConstraint(
                name="waitlist_days_end_after_they_begin", condition=Q(latest_on__gte=F("earliest_on"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "state", "priority", "added_at"], name="waitlist_by_turn"),
            models.Index(fields=["practice", "patient"], name="waitlist_by_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.get_priority_display()} since {self.added_at:%Y-%m-%d}"


class SlotOffer(PracticeRow):
    """A freed time, offered to somebody who waits, and what they said. One row is one asking."""

    class Answer(models.TextChoices):
        READY = "ready", _("To be called")
        PENDING = "pending", _("Message left")
        VIEWED = "viewed", _("Heard it, undecided")
        ACCEPTED = "accepted", _("Accepted and booked")
        ACCEPTED_FAILED = "accepted_failed", _("Accepted, could not be booked")
        SLOT_GONE = "slot_gone", _("Taken by another")
        DECLINED = "declined", _("Declined")
        DECLINED_STOP = "declined_stop", _("Declined, asks for no more calls")
        CHOSE_ANOTHER = "chose_another", _("Took another time")
        EXPIRED = "expired", _("Ran out unanswered")
        FAILED = "failed", _("Call not answered")
        UNABLE = "unable", _("No number that works")

    entry = models.ForeignKey(WaitlistEntry, models.PROTECT, related_name="offers")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    freed_by = models.ForeignKey(Appointment, models.PROTECT, related_name="offers")
    """The appointment that gave the time up."""
    provider = models.ForeignKey("practice.Provider", models.PROTECT, related_name="+")
    location = models.ForeignKey("practice.Location", models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    batch = models.PositiveSmallIntegerField()
    offered_at = models.DateTimeField()
    offered_by = models.TextField()
    expires_at = models.DateTimeField()
    answer = models.TextField(choices=Answer.choices, default=Answer.READY)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "slot_offer"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "patient", "provider", "starts_at"],
                name="slot_is_offered_to_a_patient_once",
            ),
            models.UniqueConstraint(
                fields=["practice", "entry"],
                condition=Q(answer__in=LIVE),
                name="entry_is_offered_one_slot_at_a_time",
            ),
            models.CheckConstraint(
                name="slot_offer_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "provider", "starts_at"],
                condition=Q(answer__in=LIVE),
                name="slot_offer_live",
            ),
            models.Index(fields=["practice", "freed_by"], name="slot_offer_by_slot"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}: {self.answer}"

    @property
    def is_live(self) -> bool:
        """Return whether the patient may still take the time."""
        return self.answer in LIVE
