"""Payment plans: what was agreed with a patient, signed, and which payments fill it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow
from daysheet.ledger.models.cards import SavedCard
from daysheet.ledger.models.payments import Payment

LIVE = ("proposed", "running")


class PaymentPlan(PracticeRow):
    """An agreement by which a patient pays a balance in instalments, without interest. Its terms never change.

    Another agreement takes its place when something is to be different.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Not signed yet")
        RUNNING = "running", _("Running")
        DROPPED = "dropped", _("Not signed, dropped")
        REPLACED = "replaced", _("Replaced by another")
        ENDED = "ended", _("Ended before it was paid")
        PAID = "paid", _("Paid")

    class Every(models.TextChoices):
        WEEK = "week", _("Every week")
        TWO_WEEKS = "two_weeks", _("Every two weeks")
        MONTH = "month", _("Every month")

    number = models.BigIntegerField()
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="payment_plans")
    state = models.TextField(choices=State.choices, default=State.PROPOSED)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    down = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    every = models.TextField(choices=Every.choices, default=Every.MONTH)
    first_on = models.DateField()
    grace_days = models.PositiveSmallIntegerField(default=5)
    dues = models.JSONField(default=list)
    """The instalments as they were agreed: day and amount, the down payment first."""
    card = models.ForeignKey(SavedCard, models.PROTECT, null=True, blank=True, related_name="plans")
    """The kept card that the instalments are taken from, where the patient wished so."""
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replacements")
    made_on = models.DateField()
    made_at = models.DateTimeField()
    by_name = models.TextField()
    signed_by = models.TextField(blank=True, default="")
    relationship = models.TextField(blank=True, default="")
    signed_at = models.DateTimeField(null=True, blank=True)
    document = models.ForeignKey(
        "documents.Document", models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "payment_plan"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="payment_plan_number_is_own"),
            models.UniqueConstraint(
                fields=["practice", "patient", "state"],
                name="payment_plan_of_a_patient_is_one",
                condition=Q(state__in=LIVE),
            ),
            models.CheckConstraint(
                name="payment_plan_is_above_its_down_payment", condition=Q(amount__gt=F("down"), down__gte=0)
            ),
            models.CheckConstraint(
                name="payment_plan_runs_when_it_is_signed",
                condition=Q(state__in=("proposed", "dropped"), signed_at__isnull=True)
                | (Q(signed_at__isnull=False, document__isnull=False) & ~Q(signed_by="")),
            ),
            models.CheckConstraint(
                name="payment_plan_ended_says_why", condition=~Q(state="ended") | ~Q(end_reason="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "state", "first_on"], name="payment_plan_by_state"),
        ]

    def __str__(self) -> str:
        return f"payment plan {self.number}"


class PlanPayment(PracticeRow):
    """What of a payment fills a plan; a payment that is taken back fills nothing."""

    plan = models.ForeignKey(PaymentPlan, models.PROTECT, related_name="fills")
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="fills_plan")
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        db_table = "plan_payment"
        constraints: ClassVar = [
            models.CheckConstraint(name="plan_payment_is_above_zero", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"
