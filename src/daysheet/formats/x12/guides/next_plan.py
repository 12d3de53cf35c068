"""From a claim and what its plan did with it (835) to the claim for the next plan: groups, reasons, amounts unchanged."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from daysheet.formats.x12.problems import CannotBuild

from .claim import C, Claim, ClaimLine, LineAdjudication, OtherPayer, Subscriber, balance_claim
from .parts import Party, Reference
from .remittance import ClaimPayment, ServicePayment

ZERO = Decimal(0)
NEXT_RANK = {"P": "S", "S": "T", "T": "A", "A": "B", "B": "C", "C": "D"}
_FORWARDED = frozenset(("19", "20", "21", "23"))
_ESTIMATE = "25"


def for_next_plan(
    claim: C,
    payment: ClaimPayment,
    *,
    paid_on: date,
    subscriber: Subscriber,
    payer: Party,
    relationship: str = "",
) -> C:
    """Return the claim as it goes to the next plan, with what the plan before paid and left, line by line.

    `subscriber` is the insured of the next plan; its rank may be left to follow from the one before. `relationship` is
    the patient's to that insured, where the two are not the same person. Lines find each other by our number (REF 6R).

    Raises CannotBuild for a payment of another claim, a payment taken back, an estimate, a claim that the plan has
    passed on itself, and for sums that do not come out (TR3 837 2320 AMT D, 2430 SVD02; X12 RFI 1294).
    """
    _is_of(claim, payment)
    lines, is_by_line = _lines(claim, payment, paid_on)
    other = _before(claim, payment, None if is_by_line else paid_on)
    is_self = not relationship
    insured = replace(
        subscriber,
        rank=subscriber.rank if subscriber.rank != "P" else NEXT_RANK.get(claim.subscriber.rank, "S"),
        relationship="18" if is_self else "",
    )
    made = replace(
        claim,
        subscriber=insured,
        payer=payer,
        patient=None if is_self else claim.patient_party,
        patient_relationship=relationship,
        frequency="1",
        original_claim="",
        prior_authorization="",
        lines=lines,
        other_payers=(*claim.other_payers, other),
    )
    wrong = balance_claim(made)
    if wrong:
        raise CannotBuild(f"{wrong[0].message} The next plan would refuse it (2320, 2430).")
    return made


def _before(claim: Claim, payment: ClaimPayment, paid_on: date | None) -> OtherPayer:
    """Return the plan before, as the next one hears of it; its day stands here only where no line says it."""
    before = claim.subscriber
    return OtherPayer(
        _plain(claim.payer, claim.prior_authorization),
        replace(before.party, born_on=None, gender="", references=(), extras=()),
        before.rank,
        before.relationship or claim.patient_relationship,
        before.group_number,
        before.group_name,
        before.insurance_type,
        before.filing_code,
        paid=payment.paid,
        remaining=_patients(payment),
        adjustments=payment.adjustments,
        mia=payment.mia,
        moa=payment.moa,
        paid_on=paid_on,
        claim_number=payment.payer_claim_number,
        benefits_assigned=claim.benefits_assigned,
        release=claim.release,
    )


def _is_of(claim: Claim, payment: ClaimPayment) -> None:
    if payment.claim_id != claim.claim_id or abs(payment.charge) != claim.charge:
        raise CannotBuild("The payment answers another claim, or another charge (835 CLP01, CLP03).")
    if payment.is_reversal:
        raise CannotBuild(
            "This takes a payment back: the next plan hears of the new decision alone (CLP02 22)."
        )
    if payment.status == _ESTIMATE:
        raise CannotBuild("This is an estimate: nothing has been decided yet (CLP02 25).")
    if payment.status in _FORWARDED:
        raise CannotBuild(
            f"The plan has passed the claim on itself: do not send it again (CLP02 {payment.status})."
        )


def _lines(claim: C, payment: ClaimPayment, paid_on: date) -> tuple[tuple[ClaimLine, ...], bool]:
    """Return the lines with what the plan did with each, and whether it said anything by lines."""
    by_control: dict[str, list[ServicePayment]] = {}
    for service in payment.services:
        by_control.setdefault(service.control, []).append(service)
    lines = []
    for line in claim.lines:
        said = by_control.pop(line.control, [])
        done = tuple(_decided(claim, line, one, paid_on) for one in said)
        lines.append(replace(line, adjudications=(*line.adjudications, *done), prior_authorization=""))
    if by_control:
        number = next(iter(by_control))
        raise CannotBuild(
            f"The payment names a line that the claim does not have: {number or 'none'} (835 REF 6R)."
        )
    return tuple(lines), bool(payment.services)


def _decided(claim: Claim, line: ClaimLine, service: ServicePayment, paid_on: date) -> LineAdjudication:
    return LineAdjudication(
        claim.payer.id, service.paid, service.procedure if service.procedure.code else line.procedure,
        service.units if service.units is not None else line.units, service.adjustments, paid_on,
        revenue_code=service.revenue_code,
    )  # fmt: skip


def _patients(payment: ClaimPayment) -> Decimal | None:
    """Return what the plan leaves to the patient: its adjustments of group PR."""
    share = sum((one.amount for one in payment.all_adjustments if one.group == "PR"), ZERO)
    return share if share > ZERO else None


def _plain(payer: Party, authorization: str) -> Party:
    numbers = (Reference("G1", authorization),) if authorization else ()
    return Party(payer.name, id_qualifier=payer.id_qualifier, id=payer.id, references=numbers)
