"""Claims with what their explanations of benefit say, to the cent. Pure.

The files carry binary floats such as 110.46199999999999. Every figure is read as written, summed as written
and rounded to the cent once; a cent that rounding leaves over goes to the share, so that each bill adds up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from daysheet.interop.rules.reading import amount, at, cents, fits, pieces, text
from daysheet.kernel.money import CENT, ZERO

REASONS = {
    "line_bene_ptb_ddctbl_amt": "1",
    "deductible": "1",
    "line_coinsrnc_amt": "2",
    "coinsurance": "2",
    "copay": "3",
}
"""Whose share an adjudication tells, as the reason (CARC) by which a remittance would name it."""
PAID = frozenset({"line_prvdr_pmt_amt", "benefit", "paidtoprovider"})


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a bill, to the cent; charge = plan_paid + shares + what the file does not tell."""

    charge: Decimal
    plan_paid: Decimal = ZERO
    shares: tuple[tuple[str, Decimal], ...] = ()


def figures(claim: Mapping[str, Any], benefit: Mapping[str, Any] | None) -> Figures | None:
    """Return what a claim and its explanation say; None when the charge is no money."""
    total = amount(at(claim, "total", "value"))
    if total is None:
        items = [amount(at(item, "net", "value")) for item in pieces(at(claim, "item"))]
        total = sum((one for one in items if one), ZERO) if any(items) else None
    if total is None:
        return None
    charge = cents(total)
    if not fits(charge):
        return None
    if benefit is None:
        return Figures(charge)
    told = _adjudicated(benefit)
    paid = amount(at(benefit, "payment", "amount", "value"))
    if paid is None:
        paid = told.get("paid", ZERO)
    shares = {reason: cents(told[reason]) for reason in ("1", "2", "3") if told.get(reason)}
    found = Figures(charge, *settled(charge, cents(paid), shares))
    return found if fits(found.plan_paid, *(share for _, share in found.shares)) else None


def settled(
    charge: Decimal, paid: Decimal, shares: Mapping[str, Decimal]
) -> tuple[Decimal, tuple[tuple[str, Decimal], ...]]:
    """Return payment and shares that never pass the charge by a cent of rounding."""
    kept = {reason: share for reason, share in shares.items() if share}
    off = charge - paid - sum(kept.values(), ZERO)
    if kept and abs(off) <= CENT * (len(kept) + 1):
        last = list(kept)[-1]
        kept[last] += off
    return paid, tuple((reason, share) for reason, share in kept.items() if share > 0)


def _adjudicated(benefit: Mapping[str, Any]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for key, figure in _lines(benefit):
        sums[key] = sums.get(key, ZERO) + figure
    return sums


def _lines(benefit: Mapping[str, Any]) -> Iterable[tuple[str, Decimal]]:
    for item in pieces(at(benefit, "item")):
        for one in pieces(at(item, "adjudication")):
            code = text(at(one, "category", "coding", 0, "code")).rsplit("/", 1)[-1]
            figure = amount(at(one, "amount", "value"))
            if figure is None:
                continue
            if code in PAID:
                yield "paid", figure
            elif code in REASONS:
                yield REASONS[code], figure
