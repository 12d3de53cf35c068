"""The rows of cases: an injury at work, a car accident, an accident that somebody else answers for."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow


class InjuryCase(PracticeRow):
    """An injury that workers' compensation, car or liability insurance pays for, and no health plan.

    What it pays with stands in one `Coverage` of rank 0, which belongs to the case and never counts as a health plan.
    """

    class Kind(models.TextChoices):
        WORK = "work", _("Work injury")
        AUTO = "auto", _("Car accident")
        LIABILITY = "liability", _("Liability case")

    class Fault(models.TextChoices):
        USUAL = "", _("As usual for such a case")
        NO_FAULT = "no_fault", _("No-fault insurance: it pays whoever caused it")
        NOBODY = "nobody", _("Nobody else answers for it, and no accident insurance pays")

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="injury_cases")
    payer = models.ForeignKey("coverage.Payer", models.PROTECT, related_name="+")
    kind = models.TextField(choices=Kind.choices)
    happened_on = models.DateField()
    state = models.TextField(blank=True, default="")
    """Where a car accident was: two letters (CLM11-4)."""
    fault = models.TextField(choices=Fault.choices, blank=True, default="")
    """Whether somebody's fault is asked for; a facility's claim says it (HI BH)."""
    body_part = models.TextField()
    """What was hurt, in plain words."""
    employer = models.TextField(blank=True, default="")
    holder = models.TextField(blank=True, default="")
    """Whose insurance it is; empty: the employer's for work, else the patient's own."""
    claim_number = models.TextField(blank=True, default="")
    """The insurer's number of the case (REF Y4); empty until the insurer has told it."""
    policy_number = models.TextField(blank=True, default="")
    adjuster_name = models.TextField(blank=True, default="")
    adjuster_phone = models.TextField(blank=True, default="")
    attorney_name = models.TextField(blank=True, default="")
    attorney_phone = models.TextField(blank=True, default="")
    closed_on = models.DateField(null=True, blank=True)
    """The first day that the case no longer pays for."""
    close_reason = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "injury_case"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="injury_case_closes_after_the_accident",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gt=models.F("happened_on")),
            ),
            models.CheckConstraint(
                name="car_accident_names_its_state", condition=~Q(kind="auto") | ~Q(state="")
            ),
            models.CheckConstraint(
                name="work_injury_asks_for_no_fault", condition=~Q(kind="work") | Q(fault="")
            ),
            models.UniqueConstraint(
                fields=["practice", "patient", "payer", "claim_number"],
                name="injury_case_number_is_entered_once",
                condition=Q(entered_in_error_at__isnull=True) & ~Q(claim_number=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "patient", "happened_on"], name="injury_case_by_patient"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def holds(self, day: date) -> bool:
        """Return whether the case pays for care of a day."""
        return (
            self.entered_in_error_at is None
            and self.happened_on <= day
            and (self.closed_on is None or day < self.closed_on)
        )


class CaseAppointment(PracticeRow):
    """An appointment that is for a case; the book of time lies above this room, so only its id is kept."""

    case = models.ForeignKey(InjuryCase, models.PROTECT, related_name="appointments")
    appointment_id = models.UUIDField()

    class Meta:
        db_table = "case_appointment"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "appointment_id"], name="appointment_is_under_one_case"
            ),
        ]

    def __str__(self) -> str:
        return str(self.appointment_id)
