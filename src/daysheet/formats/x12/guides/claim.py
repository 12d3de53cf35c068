"""What all claims share (837): the insured, other payers, notes, attachments, and the sums."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from daysheet.formats.x12.record import record
from daysheet.formats.x12.segment import Segment

from .parts import Adjustment, Imbalance, Party, Procedure


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
    procedure: Procedure
    units: Decimal
    adjustments: tuple[Adjustment, ...] = ()
    paid_on: date | None = None
    remaining: Decimal | None = None


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
    moa: tuple[str, ...] = ()
    paid_on: date | None = None
    claim_number: str = ""
    benefits_assigned: str = "Y"
    release: str = "Y"
    patient_signature: str = ""
    extras: tuple[Segment, ...] = ()


@record
class ChargedLine:
    """A line of any claim, as far as sums go."""

    number: int
    charge: Decimal
    adjudications: tuple[LineAdjudication, ...]


def claim_imbalances(
    claim_id: str, charge: Decimal, lines: Iterable[ChargedLine], others: Iterable[OtherPayer]
) -> list[Imbalance]:
    """Return every sum of a claim that does not come out: lines, and each payer that has paid before."""
    lines = list(lines)
    found = []
    total = sum((line.charge for line in lines), Decimal(0))
    if total != charge:
        message = f"The lines add up to {total}, the claim says {charge}."
        found.append(Imbalance("claim", claim_id, "", total, charge, "error", message))
    for line in lines:
        for adjudication in line.adjudications:
            explained = adjudication.paid + _sum(adjudication.adjustments)
            if explained != line.charge:
                message = (
                    f"An earlier payer explains {explained} of line {line.number}: it charges {line.charge}."
                )
                found.append(
                    Imbalance("line", claim_id, str(line.number), explained, line.charge, "error", message)
                )
    for other in others:
        found += _other_payer(claim_id, charge, lines, other)
    return found


def _other_payer(
    claim_id: str, charge: Decimal, lines: list[ChargedLine], other: OtherPayer
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
