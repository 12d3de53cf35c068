"""A clinician who is out, or a door that stays shut: the span, and what becomes of each visit in it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow


class Closing(PracticeRow):
    """A span in which a clinician, a door, or with neither the whole office sees nobody, and its work is moved."""

    class Cause(models.TextChoices):
        CLINICIAN = "clinician", _("The clinician is out")
        WEATHER = "weather", _("Weather")
        OFFICE = "office", _("The office")

    provider = models.ForeignKey("practice.Provider", models.PROTECT, null=True, blank=True, related_name="+")
    location = models.ForeignKey("practice.Location", models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    cause = models.TextField(choices=Cause.choices)
    reason = models.TextField(blank=True, default="")
    absence = models.ForeignKey("schedule.Absence", models.SET_NULL, null=True, blank=True, related_name="+")
    """What hides the times of the span; it goes when the closing is taken back."""
    made_at = models.DateTimeField()
    made_by = models.TextField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "office_closing"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="office_closing_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "-made_at"], name="office_closing_latest")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class ClosingRow(PracticeRow):
    """One visit that a closing meets: who is calling about it, what is proposed, what became of it."""

    class State(models.TextChoices):
        TO_CALL = "to_call", _("To call")
        TOLD = "told", _("Told")
        MOVED = "moved", _("Moved")
        CANCELLED = "cancelled", _("Cancelled")
        LEFT = "left", _("Left as it is")

    closing = models.ForeignKey(Closing, models.PROTECT, related_name="rows")
    appointment = models.ForeignKey("schedule.Appointment", models.PROTECT, related_name="+")
    state = models.TextField(choices=State.choices, default=State.TO_CALL)
    taken_at = models.DateTimeField(null=True, blank=True)
    """Since when somebody calls the patient; nobody else does meanwhile."""
    taken_by = models.TextField(blank=True, default="")
    proposed_at = models.DateTimeField(null=True, blank=True)
    """When the visit would be instead; it is kept for nobody until it is moved there."""
    proposed_provider = models.ForeignKey(
        "practice.Provider", models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_location = models.ForeignKey(
        "practice.Location", models.PROTECT, null=True, blank=True, related_name="+"
    )
    envelope = models.ForeignKey("mailroom.Envelope", models.PROTECT, null=True, blank=True, related_name="+")
    """The last message that was written about it."""
    written_for = models.TextField(blank=True, default="")
    """What the patient knows by it, or by a call: told (it cannot be), cancelled, or moved (when it is instead)."""
    note = models.TextField(blank=True, default="")
    """Why the last act on it did not go through."""
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "closing_row"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "closing", "appointment"], name="closing_row_is_there_once"
            ),
            models.CheckConstraint(
                name="closing_row_proposal_is_whole",
                condition=Q(
                    proposed_at__isnull=True,
                    proposed_provider__isnull=True,
                    proposed_location__isnull=True,
                )
                | Q(
                    proposed_at__isnull=False,
                    proposed_provider__isnull=False,
                    proposed_location__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.state
