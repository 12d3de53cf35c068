"""What was decided about the fee of a missed visit: charged to the patient, or waived."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow
from daysheet.ledger.models.book import LedgerEntry


class MissedFee(PracticeRow):
    """A decision about the fee of one missed visit, by a person, with the reason."""

    class State(models.TextChoices):
        CHARGED = "charged", _("Charged")
        WAIVED = "waived", _("Waived")

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    appointment_id = models.UUIDField()
    """The visit that was missed (the book of time stands beside this room: no key)."""
    missed_on = models.DateField()
    state = models.TextField(choices=State.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    """What was charged, or would have been."""
    reason = models.TextField()
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField()
    decided_by = models.TextField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "missed_fee"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "appointment_id"],
                condition=Q(taken_back_at__isnull=True),
                name="missed_visit_is_decided_once",
            ),
            models.CheckConstraint(name="missed_fee_is_not_below_zero", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="missed_fee_is_charged_by_an_entry",
                condition=Q(state="charged", entry__isnull=False) | Q(state="waived", entry__isnull=True),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "patient"], name="missed_fee_by_patient")]

    def __str__(self) -> str:
        return f"{self.state} {self.amount}"
