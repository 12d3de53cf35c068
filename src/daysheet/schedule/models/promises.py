"""Rows of what a visit needs besides a clinician (rooms, equipment, second staff, interpreters), and of booking over."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow

HIGHEST_LANE = 4
"""As many visits as may ever run beside the ordinary one of a clinician."""


class TimeSpan(Func):
    """The half-open span of two instants."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class ResourceKind(PracticeRow):
    """What a visit may need, by its name: ultrasound, procedure room, medical assistant, interpreter for Spanish."""

    class Sort(models.TextChoices):
        ROOM = "room", _("Room")
        EQUIPMENT = "equipment", _("Equipment")
        STAFF = "staff", _("Second staff")
        INTERPRETER = "interpreter", _("Interpreter")

    sort = models.TextField(choices=Sort.choices)
    name = models.TextField()
    language = models.TextField(blank=True, default="")
    """Of an interpreter: the language, as the patient's chart names it."""

    class Meta:
        db_table = "resource_kind"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "name"], name="resource_kind_name_is_free"),
        ]

    def __str__(self) -> str:
        return self.name


class Resource(PracticeRow):
    """One thing or person that can be promised: at a door, or without one at every door."""

    kind = models.ForeignKey(ResourceKind, models.PROTECT, related_name="resources")
    location = models.ForeignKey("practice.Location", models.PROTECT, null=True, blank=True, related_name="+")
    room = models.ForeignKey("practice.ExamRoom", models.PROTECT, null=True, blank=True, related_name="+")
    """The exam room that it is."""
    name = models.TextField()
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "office_resource"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "name"], name="resource_name_is_free"),
            models.UniqueConstraint(
                fields=["practice", "room"], condition=Q(room__isnull=False), name="room_is_one_resource"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "kind"], name="resource_by_kind")]

    def __str__(self) -> str:
        return self.name


class TypeNeed(PracticeRow):
    """So many of a kind that a kind of visit needs."""

    type = models.ForeignKey("schedule.AppointmentType", models.CASCADE, related_name="needs")
    kind = models.ForeignKey(ResourceKind, models.PROTECT, related_name="+")
    count = models.PositiveSmallIntegerField(default=1)

    class Meta:
        db_table = "visit_type_need"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "type", "kind"], name="visit_type_needs_a_kind_once"),
            models.CheckConstraint(name="visit_type_needs_1_to_9", condition=Q(count__gte=1, count__lte=9)),
        ]

    def __str__(self) -> str:
        return f"{self.count}"


class TypeGiver(PracticeRow):
    """Who gives a kind of visit: a clinician, a team, or all of a specialty; where none is kept all give it."""

    type = models.ForeignKey("schedule.AppointmentType", models.CASCADE, related_name="givers")
    provider = models.ForeignKey("practice.Provider", models.CASCADE, null=True, blank=True, related_name="+")
    team = models.ForeignKey(
        "schedule.ClinicianTeam", models.PROTECT, null=True, blank=True, related_name="+"
    )
    taxonomy = models.TextField(blank=True, default="")
    """The specialty, by the code that stands on the clinician."""

    class Meta:
        db_table = "visit_type_giver"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="visit_type_giver_is_one_thing",
                condition=Q(provider__isnull=False, team__isnull=True, taxonomy="")
                | Q(provider__isnull=True, team__isnull=False, taxonomy="")
                | (Q(provider__isnull=True, team__isnull=True) & ~Q(taxonomy="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "type"], name="visit_type_giver_by_type"),
            models.Index(fields=["practice", "provider"], name="visit_type_giver_by_provider"),
            models.Index(fields=["practice", "team"], name="visit_type_giver_by_team"),
        ]

    def __str__(self) -> str:
        return self.taxonomy or str(self.provider_id or self.team_id)


class ResourceHold(PracticeRow):
    """A resource that is promised to an appointment, with the time before and after that is kept."""

    appointment = models.ForeignKey("schedule.Appointment", models.CASCADE, related_name="promised")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="holds")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    is_held = models.BooleanField(default=True)
    """False once the appointment has given its time up; the same is taken again when it stands again."""

    class Meta:
        db_table = "resource_hold"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="resource_hold_ends_after_it_begins", condition=Q(until_at__gt=F("from_at"))
            ),
            ExclusionConstraint(
                name="resource_is_free",
                expressions=[
                    ("practice", RangeOperators.EQUAL),
                    ("resource", RangeOperators.EQUAL),
                    (TimeSpan("from_at", "until_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(is_held=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "resource", "from_at"],
                include=["until_at"],
                condition=Q(is_held=True),
                name="resource_hold_times",
            ),
            models.Index(fields=["practice", "appointment"], name="resource_hold_of"),
        ]

    def __str__(self) -> str:
        return f"{self.from_at:%Y-%m-%d %H:%M}"


class OverbookRule(PracticeRow):
    """How many visits may run beside the ordinary one of a clinician: for a kind of visit, a weekday, some hours."""

    provider = models.ForeignKey("practice.Provider", models.CASCADE, related_name="overbook_rules")
    type = models.ForeignKey(
        "schedule.AppointmentType", models.CASCADE, null=True, blank=True, related_name="+"
    )
    """Empty: any kind of visit."""
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    """0 is Monday; empty: any day."""
    from_clock = models.TimeField()
    to_clock = models.TimeField()
    highest_lane = models.PositiveSmallIntegerField(default=1)
    """0: none, even where a wider rule lets some."""

    class Meta:
        db_table = "overbook_rule"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="overbook_hours_end_after_they_begin", condition=Q(to_clock__gt=F("from_clock"))
            ),
            models.CheckConstraint(
                name="overbook_weekday_exists", condition=Q(weekday__isnull=True) | Q(weekday__lte=6)
            ),
            models.CheckConstraint(name="overbook_lane_is_few", condition=Q(highest_lane__lte=HIGHEST_LANE)),
            models.UniqueConstraint(
                fields=["practice", "provider", "type", "weekday", "from_clock", "to_clock"],
                nulls_distinct=False,
                name="overbook_rule_stands_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.highest_lane} from {self.from_clock:%H:%M} to {self.to_clock:%H:%M}"
