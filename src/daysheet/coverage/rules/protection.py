"""How much of a bill may be asked of a patient on a day: nothing of a QMB, of Medicaid's members the copay alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from daysheet.coverage.rules.answer import OFFICE_VISIT
from daysheet.coverage.rules.medicare import QMB_SENTENCE
from daysheet.kernel.money import ZERO, say

MEDICAID = "MC"
"""SBR09 of Medicaid."""
OFFICE = OFFICE_VISIT[0]
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
    """The copay of an office visit that the plan itself has named."""
    copays: Mapping[str, Decimal] = field(default_factory=dict)
    """Those of other visits that it has named, by service type."""

    def copay_for(self, service: str) -> Decimal | None:
        """Return the copay that the plan has named for a visit of a service type, or None."""
        return self.copay if service == OFFICE else self.copays.get(service)


@dataclass(frozen=True, slots=True)
class Protection:
    """Why a patient may be asked for no more than a part, how much that is for one visit, and by which rule."""

    kind: str
    """qmb, medicaid"""
    allowed: Decimal
    sentence: str
    by: tuple[HeldPlan, ...] = field(default=(), repr=False, compare=False)
    """The plans that it was read from."""

    @property
    def names_copays(self) -> bool:
        """Return whether a plan has named a copay: then the service of the visit decides what may be asked."""
        return any(one.copay is not None or one.copays for one in self.by)

    def for_service(self, service: str) -> "Protection":
        """Return how it stands for a visit of a service type: Medicaid may name another copay for it."""
        return protection(self.by, service) or self

    @property
    def is_whole(self) -> bool:
        """Return whether nothing at all may be asked."""
        return self.allowed == ZERO


def is_medicaid(plan_kind: str, filing_code: str) -> bool:
    """Return whether a plan is Medicaid's, by its kind or by the code it is billed under."""
    return plan_kind == "medicaid" or filing_code == MEDICAID


def protection(held: Iterable[HeldPlan], service: str = OFFICE) -> Protection | None:
    """Return what protects a patient who holds some plans on a day, at a visit of a service type, or None.

    Social Security Act 1902(n)(3)(B): a Qualified Medicare Beneficiary owes no cost sharing of Medicare, and cannot
    waive it. 42 CFR 447.15: who takes Medicaid takes its payment as payment in full, beside the cost sharing that the
    state's plan requires. A Medicaid plan that was not asked yet protects too: the card is enough to stop a bill.
    """
    plans = list(held)
    if any(one.is_qmb for one in plans):
        return Protection("qmb", ZERO, QMB_SENTENCE, tuple(plans))
    medicaid = [one for one in plans if one.is_medicaid and one.verdict not in NOT_HELD]
    if not medicaid:
        return None
    named = [one.copay_for(service) for one in medicaid]
    allowed = min((one for one in named if one is not None), default=ZERO)
    most = f"no more than the copay of {say(allowed)} that it named" if allowed else "nothing"
    unasked = all(not one.verdict for one in medicaid)
    then = " Ask the plan about this day: a copay that it names may be asked." if unasked else ""
    return Protection(
        "medicaid",
        allowed,
        f"Medicaid ({medicaid[0].name}) pays in full: ask the patient for {most} (42 CFR 447.15).{then}",
        tuple(plans),
    )
