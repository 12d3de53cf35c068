"""What an office says of missed visits, of reasons for cancelling, and of patients who may not simply be booked."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow


class MissedFeeRule(PracticeRow):
    """What a missed visit of a kind costs, and how many a year are forgiven; a person decides each time."""

    class Outcome(models.TextChoices):
        NO_SHOW = "no_show", _("Not kept")
        LATE_CANCELLED = "late_cancelled", _("Cancelled late")
        LEFT = "lwobs", _("Left without being seen")

    type = models.ForeignKey(
        "schedule.AppointmentType", models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Empty: any kind of visit."""
    outcome = models.TextField(choices=Outcome.choices, blank=True, default="")
    """Empty: not kept or cancelled late; who left without being seen is asked only where a rule names it."""
    forgiven = models.PositiveSmallIntegerField(default=1)
    """So many missed visits within a year are forgiven before the fee."""
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "missed_fee_rule"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "type", "outcome"],
                condition=Q(is_active=True),
                nulls_distinct=False,
                name="missed_fee_rule_stands_once",
            ),
            models.CheckConstraint(
                name="missed_fee_is_1_to_500", condition=Q(amount__gte=1, amount__lte=500)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class BookingRestriction(PracticeRow):
    """Why a patient may not simply be booked, since when and until when."""

    class Kind(models.TextChoices):
        PREPAY = "prepay", _("Only when paid before")
        SAME_DAY = "same_day", _("Only on the same day")
        MANAGER = "manager", _("Only by the manager")
        REMIND_TWICE = "remind_twice", _("Reminded again after confirming")

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="booking_restrictions")
    kind = models.TextField(choices=Kind.choices)
    reason = models.TextField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    """The last day on which it holds."""
    made_at = models.DateTimeField()
    made_by = models.TextField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "booking_restriction"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "patient", "kind"],
                condition=Q(ended_at__isnull=True),
                name="booking_is_restricted_once_so",
            ),
            models.CheckConstraint(
                name="booking_restriction_ends_after_it_begins", condition=Q(until__gte=models.F("since"))
            ),
        ]

    def __str__(self) -> str:
        return self.kind

    def holds_on(self, day: date) -> bool:
        """Return whether it holds on a day."""
        return self.ended_at is None and self.since <= day and (self.until is None or self.until >= day)


class CancelReason(PracticeRow):
    """A reason for which visits are cancelled or moved here, and whose doing it is."""

    class Doing(models.TextChoices):
        PATIENT = "patient", _("The patient's")
        PRACTICE = "practice", _("The office's")

    words = models.TextField()
    doing = models.TextField(choices=Doing.choices, default=Doing.PATIENT)
    counts_late = models.BooleanField(default=True)
    """With less than a day's notice it counts as cancelled late."""
    asks_words = models.BooleanField(default=False)
    """The desk writes the reason in words."""
    rank = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "cancel_reason"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "words"], name="cancel_reason_is_said_once"),
            models.CheckConstraint(
                name="cancel_reason_of_the_office_is_never_late",
                condition=Q(doing="patient") | Q(counts_late=False),
            ),
        ]

    def __str__(self) -> str:
        return self.words
