"""Money taken, and the bills that ask for it."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q

from daysheet.kernel.models import PracticeRow
from daysheet.kernel.money import ZERO
from daysheet.ledger.models.book import LedgerEntry
from daysheet.ledger.models.cash import BankDeposit


class Payment(PracticeRow):
    """Money taken at the desk or by post from a patient, or sent by a payer; its receipt and its check's fate."""

    class Method(models.TextChoices):
        CASH = "cash", "Cash"
        CHECK = "check", "Check"
        CARD = "card", "Card"
        EFT = "eft", "Electronic"

    number = models.BigIntegerField()
    """The receipt number; the parts of one payment in several ways share it."""
    part = models.PositiveSmallIntegerField(default=1)
    patient = models.ForeignKey(
        "patients.Patient", models.PROTECT, null=True, blank=True, related_name="payments"
    )
    payer = models.ForeignKey("coverage.Payer", models.PROTECT, null=True, blank=True, related_name="+")
    location = models.ForeignKey("practice.Location", models.PROTECT, null=True, blank=True, related_name="+")
    visit_id = models.UUIDField(null=True, blank=True)
    purpose = models.TextField(default="balance")
    """copay, balance, prepayment, remittance"""
    method = models.TextField(choices=Method.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    check_number = models.TextField(blank=True, default="")
    card_brand = models.TextField(blank=True, default="")
    card_last4 = models.TextField(blank=True, default="")
    approval = models.TextField(blank=True, default="")
    card_read = models.TextField(blank=True, default="", db_default="")
    """How a terminal read the card, and what its chip calls itself: a receipt shows it."""
    received_on = models.DateField()
    received_at = models.DateTimeField()
    by_name = models.TextField()
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, blank=True, related_name="payment")
    """None for a plan's payment: each remitted claim is an entry of its own."""
    trace = models.TextField(blank=True, default="")
    """The plan's check or transfer number, which the bank shows too."""
    tendered = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    """What cash was handed over, where it was more than the amount or was told."""
    deposit = models.ForeignKey(BankDeposit, models.PROTECT, null=True, blank=True, related_name="payments")
    """The one deposit that took it to the bank."""
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.TextField(blank=True, default="")

    class Meta:
        db_table = "payment"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number", "part"], name="receipt_number_is_own"),
            models.CheckConstraint(name="payment_is_above_zero", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="payment_of_a_patient_has_an_entry",
                condition=Q(payer__isnull=False) | Q(entry__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["practice", "payer", "trace"], condition=~Q(trace=""), name="plan_payment_comes_once"
            ),
            models.CheckConstraint(
                name="payment_tendered_is_cash_and_enough",
                condition=Q(tendered__isnull=True) | Q(method="cash", tendered__gte=models.F("amount")),
            ),
            models.CheckConstraint(
                name="payment_deposited_is_cash_or_check",
                condition=Q(deposit__isnull=True) | Q(method__in=("cash", "check")),
            ),
            models.CheckConstraint(
                name="payment_keeps_four_digits_of_a_card",
                condition=Q(card_last4="") | Q(card_last4__regex=r"^\d{4}$"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "received_on"], name="payment_by_day"),
            models.Index(fields=["practice", "visit_id"], name="payment_by_visit"),
        ]

    def __str__(self) -> str:
        return f"receipt {self.number}"

    @property
    def change_due(self) -> Decimal:
        """Return what went back over the desk out of what was handed over."""
        return ZERO if self.tendered is None else self.tendered - self.amount

    @property
    def given_back(self) -> Decimal:
        """Return what of it was given back over the desk, where the query tells it as `over_the_desk`."""
        return vars(self).get("over_the_desk") or ZERO

    @property
    def kept(self) -> Decimal:
        """Return what of it has not gone back; read it with its `card_charge` and what was `given_back`."""
        charge = getattr(self, "card_charge", None)
        return self.amount - (charge.returned if charge else ZERO) - self.given_back


class Statement(PracticeRow):
    """A bill to a patient as it was sent: what it said, never what is owed now."""

    number = models.BigIntegerField()
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="statements")
    made_on = models.DateField()
    due_on = models.DateField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    by_name = models.TextField()

    class Meta:
        db_table = "statement"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="statement_number_is_own"),
        ]

    def __str__(self) -> str:
        return f"statement {self.number}"
