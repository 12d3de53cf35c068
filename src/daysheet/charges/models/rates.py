"""What a contract allows for a service, and which services a kind of visit usually has."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from daysheet.kernel.models import PracticeRow


class ContractRate(PracticeRow):
    """What a payer, or one plan of it, allows for a service from a day on: a row of the office's contract."""

    payer = models.ForeignKey("coverage.Payer", models.PROTECT, related_name="+")
    plan = models.ForeignKey(
        "coverage.InsurancePlan", models.PROTECT, null=True, blank=True, related_name="+"
    )
    """None: every plan of the payer that has no row of its own."""
    code = models.TextField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    """The first day on which it no longer holds."""
    set_by = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        db_table = "contract_rate"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "payer", "plan", "code", "starts_on"],
                nulls_distinct=False,
                name="contract_rate_is_one_from_a_day",
            ),
            models.CheckConstraint(name="contract_rate_is_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="contract_rate_ends_after_it_begins",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.amount}"


class UsualService(PracticeRow):
    """A service that a kind of visit usually has: what an estimate begins with."""

    type = models.ForeignKey("schedule.AppointmentType", models.CASCADE, related_name="+")
    code = models.TextField()
    units = models.DecimalField(max_digits=8, decimal_places=2, default=1)
    is_visit = models.BooleanField(default=False)
    """The visit itself: what a copay is for."""

    class Meta:
        db_table = "usual_service"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "type", "code"], name="usual_service_stands_once"),
            models.CheckConstraint(name="usual_service_units_are_above_zero", condition=Q(units__gt=0)),
        ]

    def __str__(self) -> str:
        return self.code
