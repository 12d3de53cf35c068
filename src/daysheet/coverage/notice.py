"""The rows of advance notices: what Medicare may not pay for, said and signed before the service (CMS-R-131)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow


class AdvanceNotice(PracticeRow):
    """An Advance Beneficiary Notice of Non-coverage: what, why, what it may cost, and what the patient chose.

    A signed one is never changed: another takes its place.
    """

    class Why(models.TextChoices):
        NOT_NECESSARY = "not_necessary", _("Medicare pays for it, but perhaps not this time")
        NEVER_PAID = "never_paid", _("Medicare never pays for it; the notice is a courtesy")

    class Option(models.TextChoices):
        BILL = "1", _("1: wants it, and Medicare billed for a decision")
        NO_BILL = "2", _("2: wants it, and Medicare not billed")
        NOT_WANTED = "3", _("3: does not want it")

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="advance_notices")
    coverage = models.ForeignKey("coverage.Coverage", models.PROTECT, related_name="+")
    service = models.TextField()
    """In plain words, as the patient reads it (D)."""
    code = models.TextField(blank=True, default="")
    """The procedure whose charges it is for; empty: none by itself."""
    why = models.TextField(choices=Why.choices)
    reason = models.TextField()
    """In plain words (E)."""
    cost = models.DecimalField(max_digits=12, decimal_places=2)
    given_on = models.DateField()
    service_on = models.DateField()
    """The first day of the service: the notice is signed by then."""
    expires_on = models.DateField()
    """The first day that it no longer speaks for."""
    option = models.TextField(blank=True, default="", choices=Option.choices)
    signed_on = models.DateField(null=True, blank=True)
    signed_by = models.TextField(blank=True, default="")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "advance_notice"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="advance_notice_is_signed_with_an_option",
                condition=Q(signed_on__isnull=True, option="", signed_by="")
                | (Q(signed_on__isnull=False) & ~Q(option="") & ~Q(signed_by="")),
            ),
            models.CheckConstraint(
                name="advance_notice_is_signed_before_the_service",
                condition=Q(signed_on__isnull=True)
                | Q(signed_on__gte=models.F("given_on"), signed_on__lte=models.F("service_on")),
            ),
            models.CheckConstraint(name="advance_notice_costs_something", condition=Q(cost__gte=0)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "patient", "given_on"], name="advance_notice_by_patient"),
        ]

    def __str__(self) -> str:
        return self.service
