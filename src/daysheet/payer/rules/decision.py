"""Adjudication: what a payer pays, line by line, so that charge = paid + adjustments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from daysheet.kernel.money import ZERO, usd
from daysheet.payer.rules.plans import OFFICE_VISIT, Plan, to_cents


@dataclass(frozen=True, slots=True)
class ClaimedLine:
    """A line as it was claimed."""

    control: str
    code: str
    charge: Decimal
    units: Decimal = Decimal(1)
    modifiers: tuple[str, ...] = ()
    served_on: date | None = None
    qualifier: str = "HC"
    """Of which list the code is: HC, AD of dentists, NU where a facility names its revenue code alone."""
    where: str = ""
    """Where in the mouth a dentist worked."""
    revenue_code: str = ""
    """Under which a facility billed it."""


@dataclass(frozen=True, slots=True)
class Met:
    """What the member has met of this year's deductible and out-of-pocket maximum."""

    deductible: Decimal = ZERO
    out_of_pocket: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Why a part of the charge is not paid: group, reason, amount."""

    group: str
    reason: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LineDecision:
    """What was decided of a line."""

    line: ClaimedLine
    allowed: Decimal
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    paid_as: str = ""
    """The code it was joined into, when lines were bundled."""

    @property
    def paid(self) -> Decimal:
        """Return the charge less all adjustments."""
        return usd(self.line.charge - sum((item.amount for item in self.adjustments), ZERO))


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of a claim."""

    status: str
    """CLP02: 1 paid as first plan, 4 denied, 19 paid and sent on."""
    lines: tuple[LineDecision, ...]
    fault: str = ""
    remarks: tuple[str, ...] = ()
    deductible: Decimal = ZERO
    """How much of this claim the deductible took."""
    interest: Decimal = ZERO

    @property
    def charge(self) -> Decimal:
        """Return what was claimed."""
        return usd(sum((item.line.charge for item in self.lines), ZERO))

    @property
    def paid(self) -> Decimal:
        """Return what is paid."""
        return usd(sum((item.paid for item in self.lines), ZERO))

    @property
    def patient_share(self) -> Decimal:
        """Return what the patient owes: the adjustments of group PR."""
        mine = (item.amount for line in self.lines for item in line.adjustments if item.group == "PR")
        return usd(sum(mine, ZERO))


@dataclass(slots=True)
class _Left:
    """What is still to be met while the lines are gone through."""

    copay: Decimal
    deductible: Decimal
    out_of_pocket: Decimal
    used: Decimal = field(default=ZERO)

    def take(self, wanted: Decimal) -> Decimal:
        """Return as much of a patient's share as the out-of-pocket maximum still lets through."""
        taken = max(ZERO, min(wanted, self.out_of_pocket))
        self.out_of_pocket -= taken
        return taken


def adjudicate(lines: Sequence[ClaimedLine], *, plan: Plan, met: Met, fault: str = "") -> Decision:
    """Return what the plan pays: its price less the patient's shares, or what the fault says."""
    if fault.startswith("denied_"):
        return _denied(lines, fault)
    left = _Left(
        copay=plan.copays.get(OFFICE_VISIT, ZERO),
        deductible=max(ZERO, plan.deductible - met.deductible),
        out_of_pocket=max(ZERO, plan.out_of_pocket - met.out_of_pocket),
    )
    if fault == "deductible":
        left.deductible = left.out_of_pocket = sum((line.charge for line in lines), ZERO)
        left.copay = ZERO
    decided = [_priced(line, plan, left) for line in lines]
    decision = Decision("1", tuple(decided), fault=fault, deductible=left.used)
    return _FAULTY[fault](decision) if fault in _FAULTY else decision


def _priced(line: ClaimedLine, plan: Plan, left: _Left) -> LineDecision:
    allowed = plan.price(code=line.code, units=line.units, charge=line.charge)
    contract = line.charge - allowed
    copay = left.take(min(left.copay, allowed))
    left.copay -= copay
    deductible = left.take(min(left.deductible, allowed - copay))
    left.deductible -= deductible
    left.used += deductible
    coinsurance = left.take(to_cents((allowed - copay - deductible) * plan.coinsurance))
    taken = [("CO", "45", contract), ("PR", "3", copay), ("PR", "1", deductible), ("PR", "2", coinsurance)]
    return LineDecision(line, allowed, tuple(Adjustment(*item) for item in taken if item[2]))


def _denied(lines: Sequence[ClaimedLine], fault: str) -> Decision:
    group, reason = fault.removeprefix("denied_").upper().split("_")
    remarks = _REMARKS.get(reason, ())
    decided = tuple(LineDecision(line, ZERO, _whole(line, group, reason), remarks) for line in lines)
    return Decision("4", decided, fault=fault)


def _whole(line: ClaimedLine, group: str, reason: str) -> tuple[Adjustment, ...]:
    return (Adjustment(group, reason, line.charge),) if line.charge else ()


def _partial(decision: Decision) -> Decision:
    """Deny the last of several lines; of a single one, half of what would be paid."""
    *others, last = decision.lines
    if others:
        denied = LineDecision(last.line, ZERO, _whole(last.line, "CO", "50"), ("N115",))
        return replace(decision, lines=(*others, denied))
    cut = to_cents(last.paid / 2)
    more = (Adjustment("CO", "151", cut),) if cut else ()
    return replace(decision, lines=(replace(last, adjustments=(*last.adjustments, *more)),))


def _zero_pay(decision: Decision) -> Decision:
    lines = tuple(
        replace(item, adjustments=(*item.adjustments, Adjustment("CO", "24", item.paid)))
        if item.paid
        else item
        for item in decision.lines
    )
    return replace(decision, lines=lines)


def _bundled(decision: Decision) -> Decision:
    """Join the second line into the first: it is paid as the first one's code, with nothing left to pay."""
    if len(decision.lines) < 2:
        return decision
    first, second, *others = decision.lines
    joined = LineDecision(second.line, ZERO, _whole(second.line, "CO", "97"), ("M15",), first.line.code)
    return replace(decision, lines=(first, joined, *others))


def _crossed_over(decision: Decision) -> Decision:
    return replace(decision, status="19", remarks=("MA07",))


def _interest(decision: Decision) -> Decision:
    return replace(decision, interest=to_cents(decision.paid * Decimal("0.01")))


_FAULTY = {
    "partial": _partial,
    "zero_pay": _zero_pay,
    "bundled": _bundled,
    "crossed_over": _crossed_over,
    "interest": _interest,
}
_REMARKS: Mapping[str, tuple[str, ...]] = {"16": ("N290",), "50": ("N115",), "97": ("M15",), "29": ("N211",)}


def corrected(decision: Decision) -> Decision:
    """Return the second opinion after a payment: a tenth less is paid, since the first price was too high."""
    lines = []
    for item in decision.lines:
        cut = to_cents(item.paid / 10)
        more = (Adjustment("CO", "45", cut),) if cut else ()
        lines.append(
            replace(item, allowed=item.allowed - cut, adjustments=_joined((*item.adjustments, *more)))
        )
    return replace(decision, lines=tuple(lines), fault="", interest=ZERO)


def _joined(adjustments: Sequence[Adjustment]) -> tuple[Adjustment, ...]:
    """Return the adjustments with one line for each group and reason."""
    sums: dict[tuple[str, str], Decimal] = {}
    for item in adjustments:
        sums[item.group, item.reason] = sums.get((item.group, item.reason), ZERO) + item.amount
    return tuple(Adjustment(*key, amount) for key, amount in sums.items())


def to_table(decision: Decision) -> dict[str, Any]:
    """Return the decision as text, to be kept with the claim."""
    return {
        "status": decision.status,
        "fault": decision.fault,
        "remarks": list(decision.remarks),
        "deductible": str(decision.deductible),
        "interest": str(decision.interest),
        "lines": [
            {
                "control": item.line.control,
                "allowed": str(item.allowed),
                "adjustments": [[part.group, part.reason, str(part.amount)] for part in item.adjustments],
                "remarks": list(item.remarks),
                "paid_as": item.paid_as,
            }
            for item in decision.lines
        ],
    }


def from_table(table: Mapping[str, Any], lines: Sequence[ClaimedLine]) -> Decision:
    """Return the decision that was kept as text, about these lines."""
    return Decision(
        status=table["status"],
        fault=table["fault"],
        remarks=tuple(table["remarks"]),
        deductible=usd(table["deductible"]),
        interest=usd(table["interest"]),
        lines=tuple(
            LineDecision(
                line,
                usd(row["allowed"]),
                tuple(Adjustment(group, reason, usd(amount)) for group, reason, amount in row["adjustments"]),
                tuple(row["remarks"]),
                row["paid_as"],
            )
            for line, row in zip(lines, table["lines"], strict=True)
        ),
    )
