"""How much of a bill may be asked of a patient on a day: nothing of a QMB, of Medicaid's members the copay alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from daysheet.coverage.rules.medicare import QMB_SENTENCE
from daysheet.kernel.money import ZERO, say

MEDICAID = "MC"
"""SBR09 of Medicaid."""
NOT_HELD = frozenset({"inactive", "not_found"})
"""What a plan says of one whom it does not cover: then nothing protects."""


@dataclass(frozen=True, slots=True)
class HeldPlan:
    """A plan that a patient holds on a day, and what it answered for the month of the day."""

    name: str
    is_medicaid: bool = False
    verdict: str = ""
    """Empty: it was not asked, or has not answered."""
    is_qmb: bool = False
    copay: Decimal | None = None
    """The copay that the plan itself has named."""


@dataclass(frozen=True, slots=True)
class Protection:
    """Why a patient may be asked for no more than a part, how much that is for one visit, and by which rule."""

    kind: str
    """qmb, medicaid"""
    allowed: Decimal
    sentence: str

    @property
    def is_whole(self) -> bool:
        """Return whether nothing at all may be asked."""
        return self.allowed == ZERO


def is_medicaid(plan_kind: str, filing_code: str) -> bool:
    """Return whether a plan is Medicaid's, by its kind or by the code it is billed under."""
    return plan_kind == "medicaid" or filing_code == MEDICAID


def protection(held: Iterable[HeldPlan]) -> Protection | None:
    """Return what protects a patient who holds some plans on a day, or None.

    Social Security Act 1902(n)(3)(B): a Qualified Medicare Beneficiary owes no cost sharing of Medicare, and cannot
    waive it. 42 CFR 447.15: who takes Medicaid takes its payment as payment in full, beside the cost sharing that the
    state's plan requires. A Medicaid plan that was not asked yet protects too: the card is enough to stop a bill.
    """
    plans = list(held)
    if any(one.is_qmb for one in plans):
        return Protection("qmb", ZERO, QMB_SENTENCE)
    medicaid = [one for one in plans if one.is_medicaid and one.verdict not in NOT_HELD]
    if not medicaid:
        return None
    named = [one.copay for one in medicaid if one.copay is not None]
    allowed = min(named, default=ZERO)
    most = f"no more than the copay of {say(allowed)} that it named" if allowed else "nothing"
    unasked = all(not one.verdict for one in medicaid)
    then = " Ask the plan about this day: a copay that it names may be asked." if unasked else ""
    return Protection(
        "medicaid",
        allowed,
        f"Medicaid ({medicaid[0].name}) pays in full: ask the patient for {most} (42 CFR 447.15).{then}",
    )
