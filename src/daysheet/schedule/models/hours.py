"""When clinicians see patients, when they do not, and the address at which a calendar reads it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow


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
    turn = models.PositiveSmallIntegerField(default=0, db_default=0)
    """0 is every week; 1 and 2 are the two weeks that take turns (`rules.turn_of`)."""

    class Meta:
        db_table = "provider_hours"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="provider_hours_end_after_they_begin", condition=Q(ends__gt=F("begins"))
            ),
            models.CheckConstraint(name="provider_hours_weekday_exists", condition=Q(weekday__lte=6)),
            models.CheckConstraint(name="provider_hours_turn_exists", condition=Q(turn__lte=2)),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.begins:%H:%M} to {self.ends:%H:%M}"


class Absence(PracticeRow):
    """A span in which a clinician, or with no clinician a whole door, takes no patients."""

    class Sort(models.TextChoices):
        AWAY = "away", _("Away")
        ON_CALL = "on_call", _("On call")
        HOLIDAY = "holiday", _("Holiday")

    provider = models.ForeignKey(
        "practice.Provider", models.CASCADE, null=True, blank=True, related_name="absences"
    )
    location = models.ForeignKey("practice.Location", models.CASCADE, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.TextField(blank=True, default="")
    sort = models.TextField(choices=Sort.choices, default=Sort.AWAY, db_default="away")
    """Why it is: who is on call is shown to the desk, and cannot be booked either."""
    part_of = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="parts")
    """Of a holiday where doors keep several clocks: the whole office's, of which this is the one door's own span."""

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
