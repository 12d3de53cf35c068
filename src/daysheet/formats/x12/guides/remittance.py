"""The remittance (835): its records, its loops, and its three balances. Guide 005010X221A1."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from daysheet.formats.x12.loop import Grammar, rule
from daysheet.formats.x12.record import record
from daysheet.formats.x12.segment import Segment

from .parts import (
    Adjustment,
    Amount,
    Contact,
    Dates,
    Imbalance,
    Party,
    Procedure,
    Quantity,
    Reference,
    find_reference,
)


@record
class Bank:
    """From which account to which account the money goes (BPR06-15), element by element as it stands."""

    values: tuple[str, ...]


@record
class ServicePayment:
    """What the payer did with one line (SVC). `control` is our number of the line, sent back."""

    procedure: Procedure
    charge: Decimal
    paid: Decimal
    units: Decimal | None = None
    served_on: date | None = None
    served_to: date | None = None
    control: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    revenue_code: str = ""
    submitted: Procedure | None = None
    submitted_units: Decimal | None = None
    amounts: tuple[Amount, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[Dates, ...] = ()
    extras: tuple[Segment, ...] = ()

    def reference(self, qualifier: str) -> str:
        """Return the first number with this meaning, or empty text."""
        return find_reference(self.references, qualifier)


@record
class ClaimPayment:
    """What the payer did with one claim (CLP). `claim_id` is our number of the claim, sent back."""

    claim_id: str
    status: str
    charge: Decimal
    paid: Decimal
    patient: Party
    patient_responsibility: Decimal | None = None
    filing_code: str = ""
    payer_claim_number: str = ""
    place: str = ""
    frequency: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    services: tuple[ServicePayment, ...] = ()
    moa: tuple[str, ...] = ()
    mia: tuple[str, ...] = ()
    insured: Party | None = None
    corrected: Party | None = None
    rendering: Party | None = None
    crossover: Party | None = None
    corrected_payer: Party | None = None
    other_subscriber: Party | None = None
    references: tuple[Reference, ...] = ()
    dates: tuple[Dates, ...] = ()
    amounts: tuple[Amount, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    contacts: tuple[Contact, ...] = ()
    extras: tuple[Segment, ...] = ()
    batch: str = "1"

    @property
    def is_reversal(self) -> bool:
        """Return whether this takes an earlier payment back."""
        return self.status == "22"

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return the remark codes of the claim itself."""
        outpatient = self.moa[2:7]
        inpatient = (*self.mia[4:5], *self.mia[19:23])
        return tuple(code for code in (*outpatient, *inpatient) if code)

    @property
    def all_adjustments(self) -> tuple[Adjustment, ...]:
        """Return the adjustments of the claim and of its lines."""
        return self.adjustments + tuple(item for service in self.services for item in service.adjustments)

    def reference(self, qualifier: str) -> str:
        """Return the first number with this meaning, or empty text."""
        return find_reference(self.references, qualifier)


@record
class ProviderAdjustment:
    """Money that moves beside the claims (PLB): a positive amount lowers the payment."""

    provider_id: str
    fiscal_end: date | None
    reason: str
    reference: str
    amount: Decimal


@record
class Summary:
    """What the payer says of one batch of claims (TS3, TS2), as it stands; `batch` is its LX number."""

    batch: str
    segments: tuple[Segment, ...]


@record
class Remittance:
    """One payment with its explanation; `trace` is the check or transfer number."""

    payer: Party
    payee: Party
    amount: Decimal
    method: str
    paid_on: date | None
    trace: str
    payer_tin: str = ""
    claims: tuple[ClaimPayment, ...] = ()
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    handling: str = "I"
    credit: str = "C"
    trace_extra: str = ""
    receiver_id: str = ""
    version: str = ""
    produced_on: date | None = None
    bank: Bank | None = None
    references: tuple[Reference, ...] = ()
    summaries: tuple[Summary, ...] = ()
    extras: tuple[Segment, ...] = ()

    @property
    def signed_amount(self) -> Decimal:
        """Return the payment as it moves our money: less than zero when the payer takes (BPR03 D)."""
        return -self.amount if self.credit == "D" else self.amount


GRAMMAR_835 = Grammar(
    rule("1000A N1 1=PR"),
    rule("1000B N1 1=PE"),
    rule("2000 LX", rule("2100 CLP", rule("2110 SVC"), streamed=True), streamed=True),
    rule("2100 CLP", rule("2110 SVC"), streamed=True),
    rule("PLB PLB", streamed=True),
)
# which field of the claim holds whom (NM101)
CLAIM_PARTIES = {
    "QC": "patient",
    "IL": "insured",
    "74": "corrected",
    "82": "rendering",
    "TT": "crossover",
    "PR": "corrected_payer",
    "GB": "other_subscriber",
}


def moa(*remarks: str) -> tuple[str, ...]:
    """Return remark codes as the elements of an MOA: up to five."""
    if len(remarks) > 5:
        raise ValueError("A claim carries at most five remark codes (2100 MOA).")
    return ("", "", *remarks) if remarks else ()


def balance(remittance: Remittance) -> list[Imbalance]:
    """Return every sum that does not come out: service, claim, transaction.

    The level `patient share` is a warning; amounts and quantities beside the sums never enter.
    """
    found: list[Imbalance] = []
    for claim in remittance.claims:
        found += balance_payment(claim)
    paid = _sum(claim.paid for claim in remittance.claims)
    beside = _sum(item.amount for item in remittance.provider_adjustments)
    expected, stated = paid - beside, remittance.signed_amount
    if expected != stated:
        message = f"Claims less provider adjustments come to {expected}, the payment says {stated}."
        found.append(Imbalance("transaction", "", "", expected, stated, "error", message))
    return found


def balance_payment(claim: ClaimPayment) -> list[Imbalance]:
    """Return every sum of one remitted claim that does not come out."""
    found = [
        item for index, service in enumerate(claim.services, 1) if (item := _service(claim, service, index))
    ]
    adjusted = _sum(item.amount for item in claim.all_adjustments)
    expected = claim.charge - adjusted
    if expected != claim.paid:
        message = f"Charge less adjustments is {expected}, the claim says {claim.paid} is paid."
        found.append(Imbalance("claim", claim.claim_id, "", expected, claim.paid, "error", message))
    charged = _sum(service.charge for service in claim.services)
    if claim.services and charged != claim.charge:
        message = f"The lines charge {charged}, the claim {claim.charge}."
        found.append(Imbalance("claim lines", claim.claim_id, "", charged, claim.charge, "error", message))
    share = _sum(item.amount for item in claim.all_adjustments if item.group == "PR")
    if claim.patient_responsibility is not None and share != claim.patient_responsibility:
        message = (
            f"The patient's adjustments add up to {share}, the claim says {claim.patient_responsibility}."
        )
        found.append(
            Imbalance(
                "patient share", claim.claim_id, "", share, claim.patient_responsibility, "warning", message
            )
        )
    return found


def _service(claim: ClaimPayment, service: ServicePayment, index: int) -> Imbalance | None:
    expected = service.charge - _sum(item.amount for item in service.adjustments)
    if expected == service.paid:
        return None
    line = service.control or str(index)
    message = f"Charge less adjustments is {expected}, the line says {service.paid} is paid."
    return Imbalance("service", claim.claim_id, line, expected, service.paid, "error", message)


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))
