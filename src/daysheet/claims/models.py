"""Claims, what happened to them, and remittances. A claim's state is read from its events, never set."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daysheet.kernel.models import PracticeRow


class Claim(PracticeRow):
    """A bill to a payer for a visit: the lines, the number on the wire, the frequency (1 new, 7 replace, 8 void)."""

    class Kind(models.TextChoices):
        PROFESSIONAL = "professional", "Professional (837P)"
        DENTAL = "dental", "Dental (837D)"
        INSTITUTIONAL = "institutional", "Institutional (837I)"

    number = models.BigIntegerField()
    control = models.TextField()
    """CLM01: opaque, at most 20 characters, echoed by every answer."""
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="claims")
    visit = models.ForeignKey("visits.Visit", models.PROTECT, related_name="claims")
    coverage = models.ForeignKey("coverage.Coverage", models.PROTECT, related_name="claims")
    payer = models.ForeignKey("coverage.Payer", models.PROTECT, related_name="claims")
    provider = models.ForeignKey("practice.Provider", models.PROTECT, related_name="+")
    frequency = models.TextField(default="1")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    payer_control = models.TextField(blank=True, default="")
    """The payer's own claim number, from 277CA or 835 CLP07."""
    charge = models.DecimalField(max_digits=12, decimal_places=2)
    service_on = models.DateField()
    place_of_service = models.TextField(default="11")
    kind = models.TextField(choices=Kind.choices, default=Kind.PROFESSIONAL)
    """Which form it leaves in; decided when it is made."""
    bill_type = models.TextField(blank=True, default="")
    """Of a facility's claim, the first two digits of its type of bill; the frequency is the third."""
    admission_type = models.TextField(blank=True, default="")
    """How the patient came (CL101), from where (CL102), and how the patient left (CL103): of a facility's claim."""
    admission_source = models.TextField(blank=True, default="")
    patient_status = models.TextField(blank=True, default="")
    prior_authorization = models.TextField(blank=True, default="")
    referral = models.TextField(blank=True, default="")
    file_by = models.DateField()
    next_owner = models.TextField(default="biller")
    """Whose turn: desk, biller, coder, provider, payer, patient, clearinghouse, nobody."""
    alarm_at = models.DateTimeField(null=True, blank=True)
    state = models.TextField(default="made")
    """A copy of rules.state_of(events), written with each event; `verify` reads it again from the events."""
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "claim"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="claim_number_is_own"),
            models.UniqueConstraint(fields=["practice", "control"], name="claim_control_is_own"),
            models.CheckConstraint(
                name="claim_correction_names_the_payers_number",
                condition=Q(frequency="1") | ~Q(payer_control=""),
            ),
            models.CheckConstraint(
                name="claim_kind_is_known", condition=Q(kind__in=("professional", "dental", "institutional"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "state", "alarm_at"], name="claim_by_state"),
            models.Index(fields=["practice", "service_on"], name="claim_by_day"),
        ]

    def __str__(self) -> str:
        return f"claim {self.number}"


class ClaimLine(PracticeRow):
    """A charge on a claim, and the key (REF*6R) by which the remittance names it."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="lines")
    charge = models.ForeignKey("charges.Charge", models.PROTECT, related_name="claim_lines")
    line = models.PositiveSmallIntegerField()
    control = models.TextField()

    class Meta:
        db_table = "claim_line"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "claim", "line"], name="claim_line_number_is_one"),
            models.UniqueConstraint(fields=["practice", "control"], name="claim_line_control_is_own"),
        ]

    def __str__(self) -> str:
        return f"line {self.line}"


class ClaimEvent(PracticeRow):
    """Something that happened to a claim, with the envelope that says so. Only ever added to."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="events")
    rank = models.PositiveIntegerField(default=0)
    """The order in which things happened to this claim; two may share a moment."""
    at = models.DateTimeField()
    kind = models.TextField()
    """made, line_on, line_off, scrub_stopped, sent, ta1_accepted, ta1_rejected, received_999, rejected_999, received_277,
    accepted_277, rejected_277, paid, denied, partly_paid, reversed, unposted, forwarded, appealed, replaced, voided,
    replacement_dropped, closed, edited"""
    by_name = models.TextField()
    sentence = models.TextField(blank=True, default="")
    codes = models.JSONField(default=list)
    envelope = models.ForeignKey("mailroom.Envelope", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        db_table = "claim_event"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "claim", "rank"], name="claim_event_rank_is_one"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "claim", "at"], name="claim_event_by_time")]

    def __str__(self) -> str:
        return self.kind


class Remittance(PracticeRow):
    """A payer's advice (835): balanced and posted, or parked with its difference."""

    class State(models.TextChoices):
        POSTED = "posted", "Posted"
        PARTLY = "partly", "Posted in part"
        PARKED = "parked", "Parked"

    number = models.BigIntegerField()
    payer = models.ForeignKey("coverage.Payer", models.PROTECT, related_name="remittances")
    envelope = models.ForeignKey("mailroom.Envelope", models.PROTECT, related_name="+")
    set_number = models.TextField()
    """ST02 within the envelope."""
    trace = models.TextField()
    """TRN02: the check or EFT number."""
    method = models.TextField()
    """BPR04."""
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    paid_on = models.DateField()
    state = models.TextField(choices=State.choices)
    difference = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    """By how much the transaction does not balance (BPR02 against CLP04 less PLB)."""
    trouble = models.TextField(blank=True, default="")
    provider_adjustments = models.JSONField(default=list)
    payment = models.OneToOneField(
        "ledger.Payment", models.PROTECT, null=True, blank=True, related_name="remittance"
    )
    read_at = models.DateTimeField()

    class Meta:
        db_table = "remittance"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="remittance_number_is_own"),
            models.UniqueConstraint(
                fields=["practice", "payer", "trace"], name="remittance_trace_is_read_once"
            ),
        ]

    def __str__(self) -> str:
        return f"remittance {self.number}"


class RemittedClaim(PracticeRow):
    """What a remittance says of one claim (CLP), and how it was posted."""

    class State(models.TextChoices):
        POSTED = "posted", "Posted"
        UNMATCHED = "unmatched", "No such claim"
        PARKED = "parked", "Does not balance"

    remittance = models.ForeignKey(Remittance, models.CASCADE, related_name="claims")
    rank = models.PositiveIntegerField()
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, blank=True, related_name="remitted")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, null=True, blank=True, related_name="+")
    control = models.TextField()
    """CLP01 as it came."""
    status = models.TextField()
    """CLP02."""
    payer_control = models.TextField(blank=True, default="")
    charge = models.DecimalField(max_digits=12, decimal_places=2)
    paid = models.DecimalField(max_digits=12, decimal_places=2)
    patient_share = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    state = models.TextField(choices=State.choices)
    difference = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    adjustments = models.JSONField(default=list)
    """[{line, group, reason, amount}] of the claim and its lines, money as text."""
    remarks = models.JSONField(default=list)
    lines = models.JSONField(default=list)
    """[{control, code, paid, charge}] as the payer named them, money as text."""
    trouble = models.TextField(blank=True, default="")
    """Why it was not posted, in a sentence."""
    as_said = models.JSONField(default=dict)
    """What the payer said (adjustments, lines, patient_share, difference), where a person posted other figures."""
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    """The earlier decision that this reversal takes back."""
    entry_id = models.UUIDField(null=True, blank=True)

    class Meta:
        db_table = "remitted_claim"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "remittance", "rank"], name="remitted_claim_rank_is_one"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "control"], name="remitted_claim_by_control")]

    def __str__(self) -> str:
        return self.control
