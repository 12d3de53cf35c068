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
    fault = models.TextField(blank=True, default="")
    """What is to go wrong with this member, by name (rules.faults); empty: as it comes."""

    class Meta:
        db_table = "payer_member"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "payer_id", "member_id"], name="payer_member_id_is_own"
            ),
        ]

    def __str__(self) -> str:
        return self.plan


class PaymentMade(PracticeRow):
    """A payment to an office with its 835: the trace, the amount, what was moved beside the claims."""

    number = models.BigIntegerField()
    payer_id = models.TextField()
    partner = models.ForeignKey("mailroom.TradingPartner", models.PROTECT, related_name="+")
    billing_npi = models.TextField()
    billing_name = models.TextField(blank=True, default="")
    trace = models.TextField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    claims = models.PositiveIntegerField()
    adjustments = models.JSONField(default=list)
    """[[reason, reference, amount]] as written in PLB: above zero lowers the payment."""
    carried = models.JSONField(default=list)
    """[[reason, reference, amount]] that the next payment to this office must take in."""
    is_broken = models.BooleanField(default=False)
    """It does not add up, on purpose."""
    paid_on = models.DateField()
    envelope = models.ForeignKey("mailroom.Envelope", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "payment_made"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="payment_made_number_is_own"),
        ]

    def __str__(self) -> str:
        return self.trace


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
    """The 277CA that told what became of it."""
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    """The decided claim that this one takes back: replaced, voided, or decided anew."""
    payment = models.ForeignKey(
        PaymentMade, models.PROTECT, null=True, blank=True, related_name="paid_claims"
    )
    likeness = models.TextField(blank=True, default="")
    """A hash of what was claimed, without numbers and moments: two of one likeness are one claim twice."""
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
            models.Index(fields=["practice", "likeness"], name="received_claim_by_likeness"),
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


class AnsweredInquiry(PracticeRow):
    """A question about a member (270) as it came in, and what was answered."""

    payer_id = models.TextField()
    member_id = models.TextField(blank=True, default="")
    service_on = models.DateField(null=True, blank=True)
    verdict = models.TextField()
    """active, inactive, or the reason of the refusal (AAA03)"""
    fault = models.TextField(blank=True, default="")
    envelope = models.ForeignKey("mailroom.Envelope", models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        db_table = "answered_inquiry"
        indexes: ClassVar = [
            models.Index(fields=["practice", "payer_id", "member_id"], name="answered_inquiry_by_member"),
        ]

    def __str__(self) -> str:
        return self.verdict


class Dice(PracticeRow):
    """How the desk draws what goes wrong: the seed, and how much of the profiles' rates counts. One row."""

    seed = models.TextField(blank=True, default="")
    percent = models.PositiveSmallIntegerField(default=0)
    answer_days = models.PositiveSmallIntegerField(null=True, blank=True)
    """Days from a claim to its payment, in place of every profile's own; NULL leaves those."""

    class Meta:
        db_table = "payer_dice"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice"], name="payer_dice_are_one_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.percent} %"
