"""The encounter: a patient's visit of a day, how it flows, and what must be done at its desk."""

from datetime import date
from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from daysheet.kernel.models import PracticeManager, PracticeRow
from daysheet.schedule.models import Mode
from daysheet.visits.due import OFTEN
from daysheet.visits.models.line import CallingPoint, TokenCategory, VisitToken, WaitLimit, WallPolicy
from daysheet.visits.models.places import CarePlace
from daysheet.visits.rules import OVER, STEP_WORDS

__all__ = [
    "CallingPoint",
    "CarePlace",
    "CheckInRule",
    "FlowEvent",
    "TokenCategory",
    "Visit",
    "VisitQuerySet",
    "VisitStep",
    "VisitToken",
    "WaitLimit",
    "WallPolicy",
]


class VisitQuerySet(models.QuerySet["Visit"]):
    """Visits, with the questions a desk asks of them."""

    def on(self, day: date) -> Self:
        """Return those of a day, without arrivals that were undone."""
        return self.filter(service_on=day).exclude(flow="undone")

    def of(self, patient_id: UUID) -> Self:
        """Return a patient's own, without arrivals that were undone."""
        return self.filter(patient_id=patient_id).exclude(flow="undone")

    def open(self) -> Self:
        """Return those whose patient is still in the house."""
        return self.exclude(flow__in=OVER)

    def with_people(self) -> Self:
        """Return them with patient, clinician, door, room and appointment in the same statement."""
        return self.select_related(
            "patient", "provider", "location", "room", "appointment__type", "care_place"
        )


class Visit(PracticeRow):
    """A patient in the house on a day, with or without an appointment."""

    class Flow(models.TextChoices):
        ARRIVED = "arrived", "Arrived"
        CHECKED_IN = "checked_in", "Checked in"
        ROOMED = "roomed", "In room"
        WITH_PROVIDER = "with_provider", "With provider"
        READY_FOR_CHECKOUT = "ready_for_checkout", "Ready for check-out"
        CHECKED_OUT = "checked_out", "Checked out"
        LWOBS = "lwobs", "Left without being seen"
        UNDONE = "undone", "Arrival undone"

    number = models.BigIntegerField()
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="visits")
    appointment = models.OneToOneField(
        "schedule.Appointment", models.PROTECT, null=True, blank=True, related_name="visit"
    )
    type = models.ForeignKey(
        "schedule.AppointmentType", models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Of a walk-in: the kind of visit that was chosen; a booked one has its appointment's."""
    provider = models.ForeignKey("practice.Provider", models.PROTECT, related_name="visits")
    location = models.ForeignKey("practice.Location", models.PROTECT, related_name="+")
    coverage = models.ForeignKey("coverage.Coverage", models.PROTECT, null=True, blank=True, related_name="+")
    """The primary coverage on the day; none: self-pay."""
    authorization = models.ForeignKey(
        "coverage.Authorization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The prior authorization under which it counts."""
    referral = models.ForeignKey(
        "coverage.Authorization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_hand = models.JSONField(default=dict, db_default={})
    """The kinds of which a clerk said by hand what it counts under, each with the reason where it is none."""
    by_hand_before = models.JSONField(null=True, blank=True)
    """What it counted under before that, to take it back."""
    service_on = models.DateField()
    mode = models.TextField(choices=Mode.choices, default=Mode.IN_OFFICE, db_default="office")
    at_home = models.BooleanField(null=True, blank=True)
    """By video or phone: whether the patient was at home; none: nobody has asked."""
    care_place = models.ForeignKey(CarePlace, models.PROTECT, null=True, blank=True, related_name="+")
    """The hospital or nursing home where the patient was seen; none: at the door, or as `place_of_service` says."""
    place_of_service = models.TextField(blank=True, default="", db_default="")
    """As somebody said it for this visit; empty: it follows from where the visit took place."""
    admitted_on = models.DateField(null=True, blank=True)
    is_round = models.BooleanField(default=False, db_default=False)
    """Seen away from the office: it stands in the day's books, in no line and on no board."""
    flow = models.TextField(choices=Flow.choices, default=Flow.ARRIVED)
    flow_since = models.DateTimeField()
    room = models.ForeignKey("practice.ExamRoom", models.PROTECT, null=True, blank=True, related_name="+")
    arrived_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    meeting_opened_at = models.DateTimeField(null=True, blank=True)
    """By video: since when the patient may join."""
    reason = models.TextField(blank=True, default="")
    copay_due = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    is_imported = models.BooleanField(default=False)
    source = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = PracticeManager.from_queryset(VisitQuerySet)()

    class Meta:
        db_table = "visit"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="visit_number_is_own"),
            models.UniqueConstraint(
                fields=["practice", "source"], condition=~Q(source=""), name="visit_comes_once"
            ),
            models.UniqueConstraint(
                fields=["practice", "patient", "provider", "arrived_at"],
                condition=Q(is_round=True) & ~Q(flow="undone"),
                name="visit_on_a_round_stands_once",
            ),
            models.CheckConstraint(
                name="visit_place_of_service_has_two_digits",
                condition=Q(place_of_service__regex=r"^([0-9]{2})?$"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "service_on", "flow"], name="visit_by_day"),
            models.Index(
                fields=["practice", "provider", "service_on"],
                condition=Q(is_round=True),
                name="visit_on_a_round",
            ),
        ]

    def __str__(self) -> str:
        return f"visit {self.number}"

    @property
    def is_over(self) -> bool:
        """Return whether the patient is no longer in the house."""
        return self.flow in OVER


class FlowEvent(PracticeRow):
    """A stamp: at what moment, by whom, into which state and room; an undo is a stamp too. Only ever added to."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    by_name = models.TextField()
    from_state = models.TextField(blank=True, default="")
    to_state = models.TextField()
    room = models.ForeignKey("practice.ExamRoom", models.PROTECT, null=True, blank=True, related_name="+")
    is_undo = models.BooleanField(default=False)
    reason = models.TextField(blank=True, default="")

    class Meta:
        db_table = "flow_event"

    def __str__(self) -> str:
        return self.to_state


class VisitStep(PracticeRow):
    """A step of the visit's ordered to-do at check-in or check-out: done, or not now because."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        NOT_NOW = "not_now", "Not now"

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="steps")
    stage = models.TextField()
    """check_in or check_out"""
    kind = models.TextField()
    """identity, demographics, coverage, card, ... (rules.STEP_WORDS), or form- and the key of a form"""
    title = models.TextField(blank=True, default="")
    """What a form is called; other steps are called by their kind."""
    rank = models.PositiveSmallIntegerField()
    is_required = models.BooleanField(default=True)
    state = models.TextField(choices=State.choices, default=State.OPEN)
    reason = models.TextField(blank=True, default="")
    at = models.DateTimeField(null=True, blank=True)
    by_name = models.TextField(blank=True, default="")
    set_against = models.DecimalField(max_digits=12, decimal_places=2, default=0, db_default=0)
    """Of a copay: how much money taken ahead counted for it when it was ticked."""
    often = models.TextField(blank=True, default="")
    last_on = models.DateField(null=True, blank=True)
    """How often it is asked, and when it was done before this visit: why it is due, or is not."""

    class Meta:
        db_table = "visit_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "visit", "stage", "kind"], name="visit_step_is_one"),
            models.CheckConstraint(
                name="visit_step_not_now_has_a_reason", condition=~Q(state="not_now") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def words(self) -> str:
        """Return what the step is called at the desk."""
        return self.title or str(_(STEP_WORDS.get(self.kind, self.kind)))


class CheckInRule(PracticeRow):
    """What the office asks at check-in: a step, of whom, how often, and whether it must be done."""

    kind = models.TextField()
    type = models.ForeignKey(
        "schedule.AppointmentType", models.PROTECT, null=True, blank=True, related_name="+"
    )
    """None: at any kind of visit."""
    youngest = models.PositiveSmallIntegerField(null=True, blank=True)
    oldest = models.PositiveSmallIntegerField(null=True, blank=True)
    often = models.TextField()
    is_required = models.BooleanField(default=False)
    dropped_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "check_in_rule"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "kind", "type", "youngest", "oldest"],
                condition=Q(dropped_at__isnull=True),
                nulls_distinct=False,
                name="check_in_rule_is_one_for_the_same_patients",
            ),
            models.CheckConstraint(
                name="check_in_rule_ages_are_in_order", condition=Q(oldest__gte=models.F("youngest"))
            ),
            models.CheckConstraint(name="check_in_rule_says_how_often", condition=Q(often__in=OFTEN)),
        ]

    def __str__(self) -> str:
        return self.kind
