"""What shapes the weeks: time kept for kinds of visit, holidays, teams, the languages that clinicians speak."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow


class ScheduleBlock(PracticeRow):
    """A part of a clinician's week that is kept for some kinds of visit until it is released.

    Without a kind it is kept for nobody: held for the same day.
    """

    class Unit(models.TextChoices):
        DAYS = "days", _("days before")
        HOURS = "hours", _("hours before it begins")

    provider = models.ForeignKey("practice.Provider", models.CASCADE, related_name="blocks")
    location = models.ForeignKey("practice.Location", models.CASCADE, related_name="+")
    name = models.TextField()
    weekday = models.PositiveSmallIntegerField()
    begins = models.TimeField()
    ends = models.TimeField()
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    """The first day on which it no longer holds."""
    turn = models.PositiveSmallIntegerField(default=0)
    """0 is every week; 1 and 2 are the two weeks that take turns (`rules.turn_of`)."""
    release = models.PositiveSmallIntegerField(null=True, blank=True)
    """How long before it is open to all; empty: never."""
    release_unit = models.TextField(choices=Unit.choices, default=Unit.DAYS)
    least = models.PositiveSmallIntegerField(null=True, blank=True)
    """Once so many of its kinds are booked in one session, the rest of it is open to all."""
    most = models.PositiveSmallIntegerField(null=True, blank=True)
    """More of its kinds than this are not booked in one session."""
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "schedule_block"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="schedule_block_ends_after_it_begins", condition=Q(ends__gt=F("begins"))
            ),
            models.CheckConstraint(
                name="schedule_block_weekday_and_turn_exist", condition=Q(weekday__lte=6, turn__lte=2)
            ),
            models.CheckConstraint(
                name="schedule_block_keeps_no_more_than_it_takes", condition=Q(least__lte=F("most"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "provider"], name="schedule_block_of_provider"),
        ]

    def __str__(self) -> str:
        return self.name


class ScheduleBlockKind(PracticeRow):
    """A kind of visit for which a block is kept."""

    block = models.ForeignKey(ScheduleBlock, models.CASCADE, related_name="kinds")
    type = models.ForeignKey("schedule.AppointmentType", models.CASCADE, related_name="+")

    class Meta:
        db_table = "schedule_block_kind"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "block", "type"], name="schedule_block_names_it_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.type_id)


class Holiday(PracticeRow):
    """A day on which the whole office sees nobody, or from some hour on."""

    day = models.DateField()
    name = models.TextField()
    from_clock = models.TimeField(null=True, blank=True)
    """From when it is closed; empty: all day."""
    absence = models.OneToOneField("schedule.Absence", models.PROTECT, related_name="holiday")
    """Hides the times of the day."""

    class Meta:
        db_table = "office_holiday"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "day"], name="holiday_stands_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ClinicianTeam(PracticeRow):
    """Clinicians who stand in for each other, under a name."""

    name = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "clinician_team"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "name"], name="clinician_team_name_is_free"),
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(PracticeRow):
    """A clinician of a team."""

    team = models.ForeignKey(ClinicianTeam, models.CASCADE, related_name="members")
    provider = models.ForeignKey("practice.Provider", models.CASCADE, related_name="teams")

    class Meta:
        db_table = "clinician_team_member"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "team", "provider"], name="team_has_each_once"),
        ]

    def __str__(self) -> str:
        return str(self.provider_id)


class ProviderLanguage(PracticeRow):
    """A language in which a clinician sees patients, beside English."""

    provider = models.ForeignKey("practice.Provider", models.CASCADE, related_name="languages")
    language = models.TextField()

    class Meta:
        db_table = "provider_language"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "provider", "language"], name="provider_speaks_it_once"
            ),
        ]

    def __str__(self) -> str:
        return self.language
