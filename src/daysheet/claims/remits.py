"""A remittance as it is looked at before anything is posted: whose it is, what balances, what each claim says."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from daysheet.claims.models import Claim, ClaimLine, RemittedClaim
from daysheet.claims.rules import Part
from daysheet.formats import x12
from daysheet.kernel.money import ZERO, usd
from daysheet.ledger.rules import PlanPosting

CUT_OFF = ("envelope.", "set.")
"""Problems of these kinds mean that a part of the file may be missing."""


def difference(advice: x12.Remittance) -> Decimal:
    """Return by how much the payment is not its claims less its provider adjustments: stated less expected."""
    return sum(
        (item.stated - item.expected for item in x12.balance(advice) if item.level == "transaction"), ZERO
    )


def claim_difference(payment: x12.ClaimPayment) -> Decimal:
    """Return by how much one claim does not balance, the first sum that is wrong; zero when all are right."""
    wrong = [item for item in x12.balance_payment(payment) if item.severity == "error"]
    return usd(wrong[0].stated - wrong[0].expected) if wrong else ZERO


def faults_of_envelope(document: x12.Document) -> list[str]:
    """Return why a file may not be whole, in sentences: such a file is never posted."""
    return [
        problem.message
        for problem in document.problems
        if problem.severity == "error" and problem.code.startswith(CUT_OFF)
    ]


def parts_of(payment: x12.ClaimPayment) -> list[Part]:
    """Return all adjustments of a remitted claim, its own and its lines'."""
    own = [Part("", item.group, item.reason, usd(item.amount)) for item in payment.adjustments]
    return own + [
        Part(service.control, item.group, item.reason, usd(item.amount))
        for service in payment.services
        for item in service.adjustments
    ]


def kept_parts(remitted: RemittedClaim) -> list[Part]:
    """Return the adjustments as they were kept."""
    return parts_in(remitted.adjustments)


def parts_in(rows: Sequence[dict[str, str]]) -> list[Part]:
    """Return adjustments from the rows in which they are kept."""
    return [Part(row["line"], row["group"], row["reason"], usd(row["amount"])) for row in rows]


def kept_as_said(remitted: RemittedClaim) -> dict[str, Any]:
    """Return what the payer said, as it is kept where other figures are posted."""
    return {
        "adjustments": remitted.adjustments,
        "lines": remitted.lines,
        "patient_share": str(remitted.patient_share),
        "difference": str(remitted.difference),
    }


def negated_lines(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return kept lines the other way round, as a reversal says them."""
    return [one | {"charge": str(-usd(one["charge"])), "paid": str(-usd(one["paid"]))} for one in lines]


def as_rows(parts: Sequence[Part]) -> list[dict[str, str]]:
    """Return adjustments as they are kept: money as text."""
    return [
        {"line": part.line, "group": part.group, "reason": part.reason, "amount": str(part.amount)}
        for part in parts
    ]


def lines_of(payment: x12.ClaimPayment) -> list[dict[str, Any]]:
    """Return the lines as the payer named them, money as text."""
    return [
        {
            "control": service.control,
            "code": (service.submitted or service.procedure).code,
            "charge": str(usd(service.charge)),
            "paid": str(usd(service.paid)),
            "remarks": list(service.remarks),
        }
        for service in payment.services
    ]


@dataclass(frozen=True, slots=True)
class Said:
    """What a remittance says of one claim, whether it came this moment or was kept."""

    paid: Decimal
    parts: tuple[Part, ...]
    lines: tuple[dict[str, Any], ...]


def said(remitted: RemittedClaim) -> Said:
    """Return what was kept of a remitted claim."""
    return Said(remitted.paid, tuple(kept_parts(remitted)), tuple(remitted.lines))


def postings(claim: Claim, lines: Sequence[ClaimLine], told: Said) -> list[PlanPosting]:
    """Return what is posted for each charge: paid, and every adjustment; what no line names goes to the claim."""
    left = {line.control.upper(): line for line in lines}
    found = []
    for row in told.lines:
        line = _line_of(row, left)
        mine = [
            (part.group, part.reason, part.amount)
            for part in told.parts
            if part.line and part.line == row["control"]
        ]
        found.append(_posting(claim, line, usd(row["paid"]), mine))
    own = [(part.group, part.reason, part.amount) for part in told.parts if not part.line]
    rest = told.paid - sum((item.paid for item in found), ZERO)
    if own or rest or not found:
        only = lines[0] if len(lines) == 1 else None
        found.append(_posting(claim, only, rest, own))
    return found


def _line_of(row: dict[str, Any], left: dict[str, ClaimLine]) -> ClaimLine | None:
    """Return our line: by the number that we gave it, else by code and charge; each line once."""
    if row["control"].upper() in left:
        return left.pop(row["control"].upper())
    for key, line in left.items():
        if (line.charge.code, line.charge.amount) == (row["code"], abs(usd(row["charge"]))):
            return left.pop(key)
    return None


def _posting(
    claim: Claim, line: ClaimLine | None, paid: Decimal, adjustments: Sequence[tuple[str, str, Decimal]]
) -> PlanPosting:
    return PlanPosting(
        patient_id=claim.patient_id,
        claim_id=claim.pk,
        visit_id=claim.visit_id,
        charge_id=line.charge_id if line else None,
        provider_id=line.charge.provider_id if line else claim.provider_id,
        paid=paid,
        adjustments=tuple(adjustments),
        location_id=claim.visit.location_id,
        service_on=line.charge.service_on if line else claim.service_on,
    )
