"""The line in the waiting room: tokens, letters, desks that call, what the wall may show, which wait is long."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow


class WallPolicy(PracticeRow):
    """What a door's wall shows of who is called: the token, or the first name and one letter."""

    class Shows(models.TextChoices):
        TOKEN = "token", _("Token, such as A-14")
        NAME = "name", _("First name and first letter of the family name")

    location = models.ForeignKey("practice.Location", models.PROTECT, related_name="+")
    shows = models.TextField(choices=Shows.choices, default=Shows.TOKEN)
    says_late = models.BooleanField(default=True, db_default=True)
    """Whether it says that a clinician runs late, and by how much."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "wall_policy"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "location"], name="wall_policy_is_one_per_door"),
            models.CheckConstraint(name="wall_shows_what_there_is", condition=Q(shows__in=("token", "name"))),
        ]

    def __str__(self) -> str:
        return self.shows


class TokenCategory(PracticeRow):
    """A letter of a door's tokens: of which visits, and from which number on each day."""

    location = models.ForeignKey("practice.Location", models.PROTECT, related_name="+")
    letter = models.TextField()
    words = models.TextField()
    type_ids = ArrayField(models.UUIDField(), default=list)
    """The kinds of visit that draw it."""
    takes_walk_ins = models.BooleanField(default=False)
    first = models.PositiveIntegerField(default=1)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "token_category"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "location", "letter"],
                condition=Q(dropped_at__isnull=True),
                name="token_letter_is_one_per_door",
            ),
            models.CheckConstraint(
                name="token_letter_is_a_letter", condition=Q(letter__regex=r"^[A-Z]$") & Q(first__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.words}"


class CallingPoint(PracticeRow):
    """A desk or room to which tokens are called."""

    location = models.ForeignKey("practice.Location", models.PROTECT, related_name="+")
    name = models.TextField()
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "calling_point"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "location", "name"],
                condition=Q(dropped_at__isnull=True),
                name="calling_point_name_is_free",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class VisitToken(PracticeRow):
    """A place in the line: a letter and a number of the day, drawn once at arrival."""

    class State(models.TextChoices):
        WAITING = "waiting", _("In line")
        CALLED = "called", _("Called")
        NOT_HERE = "not_here", _("Called, not here")
        IN_CAR = "in_car", _("Waits in the car")
        SERVED = "served", _("Was at the desk")

    visit = models.ForeignKey("visits.Visit", models.CASCADE, related_name="tokens")
    location = models.ForeignKey("practice.Location", models.PROTECT, related_name="+")
    on_day = models.DateField()
    letter = models.TextField()
    number = models.PositiveIntegerField()
    words = models.TextField(blank=True, default="")
    state = models.TextField(choices=State.choices, default=State.WAITING)
    line_at = models.DateTimeField()
    """The place in the line: who goes back in line keeps the token and stands last."""
    point = models.ForeignKey(CallingPoint, models.PROTECT, null=True, blank=True, related_name="+")
    called_at = models.DateTimeField(null=True, blank=True)
    calls = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "visit_token"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "visit"], name="visit_draws_one_token"),
            models.UniqueConstraint(
                fields=["practice", "location", "on_day", "letter", "number"],
                name="token_number_is_one_a_day",
            ),
            models.UniqueConstraint(
                fields=["practice", "point"],
                condition=Q(state="called"),
                name="calling_point_calls_one_at_a_time",
            ),
            models.CheckConstraint(
                name="token_called_has_a_point",
                condition=~Q(state="called") | Q(point__isnull=False, called_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter}-{self.number:02d}"


class WaitLimit(PracticeRow):
    """From how many minutes in a state a wait is long, and very long: for a kind of visit, or for all."""

    state = models.TextField()
    type = models.ForeignKey(
        "schedule.AppointmentType", models.PROTECT, null=True, blank=True, related_name="+"
    )
    """None: every kind of visit that has none of its own."""
    long_after = models.PositiveSmallIntegerField()
    very_long_after = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "wait_limit"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "state", "type"],
                nulls_distinct=False,
                name="wait_limit_is_one_for_the_same_visits",
            ),
            models.CheckConstraint(
                name="wait_is_long_before_it_is_very_long",
                condition=Q(long_after__gte=1, very_long_after__gt=models.F("long_after")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state}: {self.long_after}, {self.very_long_after}"
