"""The book of money. Entries sum to zero, are never edited, and post into days that are open."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daysheet.kernel.models import PracticeRow


class Account(models.TextChoices):
    """The accounts of the book. Each belongs to one class (rules.CLASS_OF), so that the day sheet proves itself."""

    INSURANCE = "insurance", "Due from plans"
    PATIENT = "patient", "Due from patients"
    UNAPPLIED = "unapplied", "Unapplied credit"
    CHARGES = "charges", "Charges"
    BROUGHT_FORWARD = "brought_forward", "Brought forward"
    CASH = "cash", "Cash"
    CHECK = "check", "Checks"
    CARD = "card", "Cards"
    EFT = "eft", "Electronic payments"
    CONTRACT = "contract", "Contractual adjustments"
    WRITE_OFF = "write_off", "Write-offs"
    PLAN_OTHER = "plan_other", "Other plan adjustments"
    PROVIDER_LEVEL = "provider_level", "Provider-level adjustments"


class PostingDay(PracticeRow):
    """A day of the book: open, or closed for ever. Every entry locks its day while it posts."""

    day = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    is_history = models.BooleanField(default=False)
    """The one day on which closed bills of earlier books stand: before the book begins, and never closed."""

    class Meta:
        db_table = "posting_day"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "day"], name="posting_day_is_one"),
            models.UniqueConstraint(
                fields=["practice"], condition=Q(is_history=True), name="posting_day_of_history_is_one"
            ),
            models.CheckConstraint(
                name="posting_day_of_history_never_closes",
                condition=Q(is_history=False) | Q(closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class LedgerEntry(PracticeRow):
    """A fact about money: lines that sum to zero, posted on a day, about a service day. Only ever added to."""

    class Kind(models.TextChoices):
        CHARGE = "charge", "Charge"
        PAYMENT = "payment", "Payment"
        INSURANCE_PAYMENT = "insurance_payment", "Insurance payment"
        ADJUSTMENT = "adjustment", "Adjustment"
        TRANSFER = "transfer", "Transfer"
        APPLY = "apply", "Credit applied"
        REFUND = "refund", "Refund"
        RETURNED_CHECK = "returned_check", "Returned check"
        REVERSAL = "reversal", "Reversal"
        BROUGHT_FORWARD = "brought_forward", "Brought forward"

    number = models.BigIntegerField()
    kind = models.TextField(choices=Kind.choices)
    posting_day = models.ForeignKey(PostingDay, models.PROTECT, related_name="entries")
    posted_on = models.DateField()
    service_on = models.DateField(null=True, blank=True)
    at = models.DateTimeField()
    by_name = models.TextField()
    memo = models.TextField(blank=True, default="")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    source_kind = models.TextField(blank=True, default="")
    source_id = models.UUIDField(null=True, blank=True)
    """The charge, payment, remittance claim or import that caused it (a room above: no key)."""
    source_key = models.TextField(blank=True, default="")
    """What must not post twice, where the source has such a thing (payer, trace, claim, line)."""

    class Meta:
        db_table = "ledger_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="ledger_entry_number_is_own"),
            models.UniqueConstraint(
                fields=["practice", "source_key"],
                condition=~Q(source_key=""),
                name="ledger_source_posts_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "posted_on"], name="ledger_entry_by_day"),
            models.Index(fields=["practice", "source_id"], name="ledger_entry_by_source"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class LedgerLine(PracticeRow):
    """One side of an entry: an account, debit above zero, credit below, and whose money it is."""

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="lines")
    account = models.TextField(choices=Account.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    """Debit positive, credit negative; made by rules.debit and rules.credit alone."""
    posted_on = models.DateField()
    patient = models.ForeignKey(
        "patients.Patient", models.PROTECT, null=True, blank=True, related_name="ledger_lines"
    )
    payer = models.ForeignKey("coverage.Payer", models.PROTECT, null=True, blank=True, related_name="+")
    provider = models.ForeignKey("practice.Provider", models.PROTECT, null=True, blank=True, related_name="+")
    location = models.ForeignKey("practice.Location", models.PROTECT, null=True, blank=True, related_name="+")
    visit_id = models.UUIDField(null=True, blank=True)
    charge_id = models.UUIDField(null=True, blank=True)
    claim_id = models.UUIDField(null=True, blank=True)
    service_on = models.DateField(null=True, blank=True)
    """The service day of what it is about: one entry may settle several days."""
    group_code = models.TextField(blank=True, default="")
    """CO, PR, OA, PI of the plan's adjustment."""
    reason_code = models.TextField(blank=True, default="")
    """The plan's reason (CARC), or the office's own reason of an adjustment."""
    drawer = models.ForeignKey("ledger.CashDrawer", models.PROTECT, null=True, blank=True, related_name="+")
    """Through which drawer cash went; none where no drawer stood open at the door."""
    is_own = models.BooleanField(default=False, db_default=False)
    """The patient's own affair, such as the fee of a missed visit: no plan can ever be asked for it."""

    class Meta:
        db_table = "ledger_line"
        constraints: ClassVar = [
            models.CheckConstraint(name="ledger_line_is_not_zero", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="ledger_line_of_the_patients_own_names_no_plan",
                condition=Q(is_own=False)
                | (~Q(account="insurance") & Q(payer__isnull=True, claim_id__isnull=True)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "patient", "account"], name="ledger_line_by_patient"),
            models.Index(fields=["practice", "posted_on", "account"], name="ledger_line_by_day"),
            models.Index(fields=["practice", "charge_id"], name="ledger_line_by_charge"),
            models.Index(fields=["practice", "claim_id"], name="ledger_line_by_claim"),
            models.Index(
                fields=["practice", "drawer"], condition=Q(drawer__isnull=False), name="ledger_line_by_drawer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"


class Balance(PracticeRow):
    """What a patient's account holds, kept beside the lines so that a page need not add them up."""

    patient = models.OneToOneField("patients.Patient", models.PROTECT, related_name="balance")
    insurance = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    owes = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    credit = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    """Unapplied credit, positive."""
    no_checks = models.TextField(blank=True, default="")
    """Why the desk takes no check on this account; empty while it does."""

    class Meta:
        db_table = "balance"

    def __str__(self) -> str:
        return f"{self.owes}"


class Daysheet(PracticeRow):
    """The close of a day: its figures as they stood, proven, with what was let pass and why. Never changed."""

    posting_day = models.OneToOneField(PostingDay, models.PROTECT, related_name="daysheet")
    day = models.DateField()
    charges = models.DecimalField(max_digits=12, decimal_places=2)
    payments = models.DecimalField(max_digits=12, decimal_places=2)
    adjustments = models.DecimalField(max_digits=12, decimal_places=2)
    receivables_before = models.DecimalField(max_digits=12, decimal_places=2)
    receivables_after = models.DecimalField(max_digits=12, decimal_places=2)
    drawer_over_short = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    entries = models.PositiveIntegerField()
    entries_hash = models.TextField()
    """SHA-256 over the day's entries and lines in order."""
    open_visits = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField(blank=True, default="")
    figures = models.JSONField()
    """The sheet as printed: by method, provider, location, deposit list."""
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField()
    closed_by = models.TextField()

    class Meta:
        db_table = "daysheet"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "day"], name="daysheet_is_one_a_day"),
            models.CheckConstraint(
                name="daysheet_balances",
                condition=Q(
                    receivables_after=models.F("receivables_before")
                    + models.F("charges")
                    - models.F("payments")
                    - models.F("adjustments")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"
