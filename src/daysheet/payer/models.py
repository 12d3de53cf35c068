"""The insurance desk's own books: members it knows, claims it received, payments it owes."""

from typing import ClassVar

from django.db import models

from daysheet.kernel.models import PracticeRow


class Member(PracticeRow):
    """A member whom this payer knows, and under which plan of its profiles."""

    payer_id = models.TextField()
    member_id = models.TextField()
    family = models.TextField()
    given = models.TextField()
    born_on = models.DateField()
    plan = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "payer_member"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "payer_id", "member_id"], name="payer_member_id_is_own"
            ),
        ]

    def __str__(self) -> str:
        return self.plan


class ReceivedClaim(PracticeRow):
    """A claim as it came in by X12, what was decided, and when it is to be paid."""

    class State(models.TextChoices):
        REJECTED = "rejected", "Rejected"
        PENDING = "pending", "In adjudication"
        DECIDED = "decided", "Decided, not paid"
        PAID = "paid", "Answered"

    number = models.BigIntegerField()
    payer_id = models.TextField()
    control = models.TextField()
    """CLM01 as the office sent it."""
    our_control = models.TextField()
    frequency = models.TextField(default="1")
    original = models.TextField(blank=True, default="")
    billing_npi = models.TextField(blank=True, default="")
    billing_tax_id = models.TextField(blank=True, default="")
    billing_name = models.TextField(blank=True, default="")
    member_id = models.TextField(blank=True, default="")
    patient_name = models.TextField(blank=True, default="")
    charge = models.DecimalField(max_digits=12, decimal_places=2)
    service_on = models.DateField(null=True, blank=True)
    content = models.JSONField()
    """The claim as read, money as text."""
    decision = models.JSONField(default=dict)
    """Per line: allowed, paid, adjustments; and the fault, if one was drawn."""
    state = models.TextField(choices=State.choices)
    envelope = models.ForeignKey("mailroom.Envelope", models.PROTECT, related_name="+")
    answer = models.ForeignKey("mailroom.Envelope", models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField()
    pay_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "received_claim"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="received_claim_number_is_own"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "state", "pay_on"], name="received_claim_to_pay"),
            models.Index(fields=["practice", "control"], name="received_claim_by_control"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class DeductibleMet(PracticeRow):
    """How much of a year's deductible and out-of-pocket maximum a member has met."""

    payer_id = models.TextField()
    member_id = models.TextField()
    year = models.PositiveSmallIntegerField()
    deductible = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    out_of_pocket = models.DecimalField(max_digits=12, decimal_places=2, default=0)

    class Meta:
        db_table = "deductible_met"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "payer_id", "member_id", "year"], name="deductible_met_is_one_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}"
