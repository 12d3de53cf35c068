"""What all claims share (837): the insured, other payers, notes, attachments, and the sums."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, TypeVar

from daysheet.formats.x12.record import record
from daysheet.formats.x12.segment import Segment

from .parts import Adjustment, Dates, Imbalance, Party, Procedure, Reference, find_reference


@record
class Subscriber:
    """The insured and the rank of this plan (SBR). `relationship` is empty for a dependent patient."""

    party: Party
    rank: str = "P"
    relationship: str = "18"
    group_number: str = ""
    group_name: str = ""
    insurance_type: str = ""
    filing_code: str = "CI"


@record
class Note:
    """Free words to the payer (NTE)."""

    code: str
    text: str


@record
class Attachment:
    """A paper that follows by another way (PWK): what it is, how it travels, its number."""

    kind: str
    how: str
    control: str = ""


@record
class Drug:
    """A drug given at the visit (LIN, CTP)."""

    ndc: str
    quantity: Decimal | None = None
    unit: str = ""


@record
class LineAdjudication:
    """What another payer paid for one line (SVD)."""

    payer_id: str
    paid: Decimal
    procedure: Procedure | None
    units: Decimal
    adjustments: tuple[Adjustment, ...] = ()
    paid_on: date | None = None
    remaining: Decimal | None = None
    revenue_code: str = ""
    bundled_into: str = ""
    extras: tuple[Segment, ...] = ()


@record
class OtherPayer:
    """Another plan of the patient, and what it did with this claim (2320)."""

    payer: Party
    subscriber: Party
    rank: str
    relationship: str
    group_number: str = ""
    group_name: str = ""
    insurance_type: str = ""
    filing_code: str = ""
    paid: Decimal | None = None
    non_covered: Decimal | None = None
    remaining: Decimal | None = None
    adjustments: tuple[Adjustment, ...] = ()
    mia: tuple[str, ...] = ()
    moa: tuple[str, ...] = ()
    paid_on: date | None = None
    claim_number: str = ""
    benefits_assigned: str = "Y"
    release: str = "Y"
    patient_signature: str = ""
    extras: tuple[Segment, ...] = ()


@record
class ClaimLine:
    """What every line of a claim says; `control` is our number for it, which the remittance sends back."""

    number: int
    procedure: Procedure | None
    charge: Decimal
    units: Decimal
    served_on: date | None
    control: str = ""
    served_to: date | None = None
    prior_authorization: str = ""
    references: tuple[Reference, ...] = ()
    dates: tuple[Dates, ...] = ()
    notes: tuple[Note, ...] = ()
    rendering: Party | None = None
    adjudications: tuple[LineAdjudication, ...] = ()
    extras: tuple[Segment, ...] = ()

    def reference(self, qualifier: str) -> str:
        """Return the first number with this meaning, or empty text."""
        return find_reference(self.references, qualifier)


@record
class Claim:
    """What every claim says, of an office, a hospital or a dentist. Codes have no dots."""

    claim_id: str
    charge: Decimal
    billing: Party
    subscriber: Subscriber
    payer: Party
    lines: tuple[ClaimLine, ...]
    frequency: str = "1"
    patient: Party | None = None
    patient_relationship: str = ""
    pay_to: Party | None = None
    assignment: str = "A"
    benefits_assigned: str = "Y"
    release: str = "Y"
    delay_reason: str = ""
    prior_authorization: str = ""
    referral: str = ""
    original_claim: str = ""
    trace: str = ""
    references: tuple[Reference, ...] = ()
    dates: tuple[Dates, ...] = ()
    notes: tuple[Note, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    referring: Party | None = None
    rendering: Party | None = None
    facility: Party | None = None
    other_payers: tuple[OtherPayer, ...] = ()
    extras: tuple[Segment, ...] = ()

    @property
    def patient_party(self) -> Party:
        """Return the patient: the dependent, or else the subscriber."""
        return self.patient or self.subscriber.party

    def reference(self, qualifier: str) -> str:
        """Return the first number with this meaning, or empty text."""
        return find_reference(self.references, qualifier)


C = TypeVar("C", bound=Claim)


@record
class ClaimBatch(Generic[C]):
    """The claims of one 837; `reference` is BHT03, which the payer's acknowledgement sends back."""

    reference: str
    at: datetime | None
    submitter: Party
    receiver: Party
    claims: tuple[C, ...]
    kind: str = "CH"
    purpose: str = "00"


def balance_claim(claim: Claim) -> list[Imbalance]:
    """Return every sum of the claim that does not come out: its lines, and each payer that has paid before."""
    claim_id, charge, lines = claim.claim_id, claim.charge, claim.lines
    found = []
    total = sum((line.charge for line in lines), Decimal(0))
    if total != charge:
        message = f"The lines add up to {total}, the claim says {charge}."
        found.append(Imbalance("claim", claim_id, "", total, charge, "error", message))
    for line in lines:
        by_payer: dict[str, Decimal] = {}
        for one in line.adjudications:  # a payer that has split a line says more than one thing of it
            by_payer[one.payer_id] = by_payer.get(one.payer_id, Decimal(0)) + one.paid + _sum(one.adjustments)
        for explained in by_payer.values():
            if explained != line.charge:
                message = (
                    f"An earlier payer explains {explained} of line {line.number}: it charges {line.charge}."
                )
                found.append(
                    Imbalance("line", claim_id, str(line.number), explained, line.charge, "error", message)
                )
    for other in claim.other_payers:
        found += _other_payer(claim_id, charge, lines, other)
    return found


def _other_payer(
    claim_id: str, charge: Decimal, lines: Sequence[ClaimLine], other: OtherPayer
) -> list[Imbalance]:
    if other.paid is None:
        return []
    theirs = [item for line in lines for item in line.adjudications if item.payer_id == other.payer.id]
    explained = (
        other.paid + _sum(other.adjustments) + sum((_sum(item.adjustments) for item in theirs), Decimal(0))
    )
    found = []
    if explained != charge:
        message = f"{other.payer.name} explains {explained} of the claim, the charge is {charge}."
        found.append(Imbalance("other payer", claim_id, "", explained, charge, "error", message))
    if theirs:
        paid = sum((item.paid for item in theirs), Decimal(0)) - _sum(other.adjustments)
        if paid != other.paid:
            message = f"{other.payer.name} paid {paid} by its lines, {other.paid} by its claim."
            found.append(Imbalance("other payer", claim_id, "", paid, other.paid, "error", message))
    return found


def _sum(items: Iterable[Adjustment]) -> Decimal:
    return sum((item.amount for item in items), Decimal(0))
