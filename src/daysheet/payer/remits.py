"""How the payer writes what it paid (835): claims as decided, what it takes back, what moves beside."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from daysheet.formats import x12
from daysheet.kernel.money import ZERO, usd
from daysheet.payer import queries
from daysheet.payer.models import ReceivedClaim
from daysheet.payer.rules.decision import Decision, LineDecision
from daysheet.payer.rules.plans import Profile

INTEREST, HELD_BACK, BROUGHT_FORWARD = "L6", "WO", "FB"  # PLB03-1
# TR3 835 2100 CLP06 knows fewer filing codes than the claim (SBR09): commercial plans are told apart by kind
_FILED_AS = {"CI": "12", "BL": "12"} | {
    code: code for code in ("12", "13", "15", "HM", "MA", "MB", "MC", "WC")
}
OFF_BY = usd("10.00")
"""By how much a payment that is wrong on purpose is wrong."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Money that moves beside the claims (PLB): above zero it lowers the payment."""

    reason: str
    reference: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Sums:
    """What a payment comes to, what stands beside the claims, and what waits for the next payment."""

    amount: Decimal
    beside: tuple[Beside, ...]
    carried: tuple[Beside, ...]


def sums(claims: Sequence[ReceivedClaim], *, carried_in: Sequence[Beside], trace: str) -> Sums:
    """Return the sums of a payment. What would fall below zero is brought forward, and nothing is paid."""
    beside = list(carried_in)
    carried = []
    paid = ZERO
    for claim in claims:
        new, old = queries.decision_of(claim), queries.decision_of(claim.corrects) if claim.corrects else None
        change = (new.paid if new else ZERO) - (old.paid if old else ZERO)
        paid += change
        if new and new.interest:
            beside.append(Beside(INTEREST, claim.our_control, -new.interest))
        if new and new.fault == "take_back" and old and change < 0:
            beside.append(Beside(HELD_BACK, claim.our_control, change))
            carried.append(Beside(HELD_BACK, claim.our_control, -change))
    amount = paid - sum((item.amount for item in beside), ZERO)
    if amount < 0:
        beside.append(Beside(BROUGHT_FORWARD, trace, amount))
        carried.append(Beside(BROUGHT_FORWARD, trace, -amount))
        amount = ZERO
    return Sums(usd(amount), tuple(beside), tuple(carried))


def claim_payments(claim: ReceivedClaim) -> list[x12.ClaimPayment]:
    """Return what the 835 says of a claim: what is taken back first, then the decision."""
    told = []
    old = queries.decision_of(claim.corrects) if claim.corrects else None
    if claim.corrects and old:
        told.append(reversed_payment(_payment(claim.corrects, old)))
    new = queries.decision_of(claim)
    if new:
        payment = _payment(claim, new)
        if new.fault == "unbalanced_claim":
            payment = replace(payment, paid=payment.paid + OFF_BY)
        told.append(payment)
    return told


def reversed_payment(payment: x12.ClaimPayment) -> x12.ClaimPayment:
    """Return the same payment taken back: every amount with the other sign."""
    share = payment.patient_responsibility
    return replace(
        payment,
        status="22",
        charge=-payment.charge,
        paid=-payment.paid,
        patient_responsibility=-share if share is not None else None,
        crossover=None,
        moa=(),
        services=tuple(
            replace(
                item,
                charge=-item.charge,
                paid=-item.paid,
                adjustments=tuple(replace(part, amount=-part.amount) for part in item.adjustments),
                amounts=(),
            )
            for item in payment.services
        ),
        amounts=(),
    )


def _payment(claim: ReceivedClaim, decision: Decision) -> x12.ClaimPayment:
    content = claim.content
    patient, subscriber, rendering = content["patient"], content["subscriber"], content["rendering"]
    crossover = x12.Party("Second Plan", id_qualifier="PI", id="SECOND1") if decision.status == "19" else None
    insured = x12.Party(
        subscriber["family"], first=subscriber["given"], is_person=True, id_qualifier="MI", id=claim.member_id
    )
    return x12.ClaimPayment(
        claim_id=claim.control,
        status=decision.status,
        charge=decision.charge,
        paid=decision.paid,
        patient_responsibility=decision.patient_share,
        filing_code=_FILED_AS.get(content["filing_code"], "ZZ"),
        payer_claim_number=claim.our_control,
        place=content["place"],
        frequency=claim.frequency,
        patient=x12.Party(
            patient["family"],
            first=patient["given"],
            middle=patient["middle"],
            is_person=True,
            id_qualifier="MI",
            id=claim.member_id,
        ),
        insured=insured if content["is_dependent"] else None,
        rendering=x12.Party(
            rendering["name"],
            first=rendering["first"],
            is_person=True,
            id_qualifier="XX",
            id=rendering["npi"],
        )
        if rendering and rendering["npi"]
        else None,
        crossover=crossover,
        moa=x12.moa(*decision.remarks),
        services=tuple(_service(item) for item in decision.lines),
        amounts=(x12.Amount("I", decision.interest),) if decision.interest else (),
    )


def _service(item: LineDecision) -> x12.ServicePayment:
    line = item.line
    submitted = x12.Procedure(line.code, line.modifiers, line.qualifier)
    return x12.ServicePayment(
        procedure=x12.Procedure(item.paid_as, (), line.qualifier) if item.paid_as else submitted,
        submitted=submitted if item.paid_as else None,
        charge=line.charge,
        paid=item.paid,
        units=line.units,
        served_on=line.served_on,
        control=line.control,
        revenue_code="" if line.qualifier == "NU" else line.revenue_code,
        adjustments=tuple(x12.Adjustment(part.group, part.reason, part.amount) for part in item.adjustments),
        amounts=(x12.Amount("B6", item.allowed),) if item.allowed > 0 else (),
        remarks=item.remarks,
    )


def remittance(
    claims: Sequence[ReceivedClaim],
    *,
    profile: Profile,
    made: Sums,
    trace: str,
    paid_on: date,
    is_broken: bool,
) -> x12.Remittance:
    """Return the whole advice for an office; a broken one states a sum that is not there."""
    first = claims[0]
    amount = made.amount + OFF_BY if is_broken else made.amount
    year_end = date(paid_on.year, 12, 31)
    return x12.Remittance(
        payer=x12.Party(
            profile.name,
            id_qualifier="XV" if profile.payer_id.isdigit() else "",
            address=x12.Address(profile.street, city=profile.city, state=profile.state, zip=profile.zip),
            references=(x12.Reference("2U", profile.payer_id),),
            contacts=(x12.Contact(name=f"{profile.name} provider line", phone=profile.phone, code="BL"),),
        ),
        payee=x12.Party(
            first.billing_name or "Office",
            id_qualifier="XX",
            id=first.billing_npi,
            references=(x12.Reference("TJ", first.billing_tax_id),) if first.billing_tax_id else (),
        ),
        amount=amount,
        method="ACH" if amount else "NON",
        handling="I" if amount else "H",
        paid_on=paid_on,
        trace=trace,
        payer_tin=f"1{profile.tax_id}",
        produced_on=paid_on,
        claims=tuple(payment for claim in claims for payment in claim_payments(claim)),
        provider_adjustments=tuple(
            x12.ProviderAdjustment(first.billing_npi, year_end, item.reason, item.reference, item.amount)
            for item in made.beside
        ),
        bank=x12.Bank(_bank(profile)) if amount else None,
    )


def _bank(profile: Profile) -> tuple[str, ...]:
    return (
        "CCP",
        "01",
        "011900254",
        "DA",
        f"7{profile.tax_id}",
        f"1{profile.tax_id}",
        "",
        "01",
        "011900571",
        "DA",
        "1234567",
    )
