"""The screens at the doors, and what a patient does at one of them or on the own phone."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daysheet.kernel.models import PracticeRow


class Kiosk(PracticeRow):
    """A browser at a door that does nothing but the patients' own check-in, or nothing but the waiting room's wall."""

    class Shows(models.TextChoices):
        CHECK_IN = "check_in", "Check-in"
        WALL = "wall", "Wall"

    shows = models.TextField(choices=Shows.choices, default=Shows.CHECK_IN, db_default=Shows.CHECK_IN)
    location = models.ForeignKey("practice.Location", models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.TextField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "kiosk"

    def __str__(self) -> str:
        return "kiosk"

    @property
    def is_wall(self) -> bool:
        """Return whether it is the waiting room's wall."""
        return self.shows == self.Shows.WALL


class SelfCheckIn(PracticeRow):
    """A patient's own check-in for one visit: the code or link that opens it, how far it got, what was said."""

    class State(models.TextChoices):
        OFFERED = "offered", "Offered"
        DOING = "doing", "Doing the steps"
        HELPED = "helped", "The desk helps"
        FINISHED = "finished", "Finished"
        ENDED = "ended", "Ended"

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    location = models.ForeignKey("practice.Location", models.PROTECT, related_name="+")
    appointment = models.ForeignKey(
        "schedule.Appointment", models.PROTECT, null=True, blank=True, related_name="+"
    )
    visit = models.ForeignKey("visits.Visit", models.PROTECT, null=True, blank=True, related_name="+")
    kiosk = models.ForeignKey(Kiosk, models.PROTECT, null=True, blank=True, related_name="+")
    link_id = models.UUIDField(null=True, blank=True)
    code = models.TextField(blank=True, default="")
    """Said at the desk, typed at the kiosk; gone once used."""
    code_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.TextField()
    misses = models.PositiveSmallIntegerField(default=0)
    state = models.TextField(choices=State.choices, default=State.OFFERED)
    steps = models.JSONField(default=list)
    done = models.JSONField(default=list)
    said = models.JSONField(default=dict)
    begun_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_from = models.TextField(blank=True, default="", db_default="")
    """The state in which its visit was given up; empty where it was not ended with its visit."""
    helped_by = models.TextField(blank=True, default="")
    waits_in_car = models.BooleanField(default=False)
    called_at = models.DateTimeField(null=True, blank=True)
    called_by = models.TextField(blank=True, default="")
    settled = models.JSONField(default=dict)
    """{field: "taken" or "left"}: what the desk did with each proposed change"""

    class Meta:
        db_table = "self_check_in"
        indexes: ClassVar = [models.Index(fields=["practice", "link_id"], name="self_check_in_by_link")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "code"], condition=~Q(code=""), name="self_check_in_code_is_one_patients"
            ),
            models.UniqueConstraint(
                fields=["practice", "visit"],
                condition=Q(visit__isnull=False),
                name="self_check_in_is_one_for_a_visit",
            ),
            models.UniqueConstraint(
                fields=["practice", "appointment"],
                condition=Q(appointment__isnull=False),
                name="self_check_in_is_one_for_an_appointment",
            ),
            models.CheckConstraint(
                name="self_check_in_is_about_a_visit",
                condition=Q(visit__isnull=False) | Q(appointment__isnull=False),
            ),
            models.CheckConstraint(
                name="self_check_in_code_runs_out", condition=Q(code="") | Q(code_until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return "self check-in"

    @property
    def is_phone(self) -> bool:
        """Return whether it is done on the patient's own phone."""
        return self.kiosk_id is None

    @property
    def number(self) -> int:
        """Return the number of the screen that comes next."""
        return min(len([one for one in self.steps if one in self.done]) + 1, max(len(self.steps), 1))
