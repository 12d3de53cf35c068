"""What the kind of a case decides: what the claim says of it, and what may be asked of the patient."""

from dataclasses import dataclass
from typing import Literal

CaseKind = Literal["work", "auto", "liability"]
PLAN_KINDS = ("workers", "auto", "liability")
"""Kinds of plan that pay for cases alone: never a health plan, never in a rank."""

STATES = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA"
    " RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI FM MH PW".split()
)
"""Where a car accident can have been: the states and territories, as CLM11-4 takes them."""
PATIENT_PAYS_NOTHING = (
    "Workers' compensation: the patient pays nothing for this visit, no copay and no deductible."
)
NO_COPAY = "Paid for by the case: the health plan is not billed, so its copay is not taken."


@dataclass(frozen=True, slots=True)
class Dealing:
    """How a kind of case is dealt with.

    TR3 837P: `filing` stands in 2000B SBR09, `cause` in 2300 CLM11-1.
    """

    plan_kind: str
    plan_name: str
    filing: str
    cause: str
    copay: str
    """Why no copay is taken, in a sentence."""


DEALINGS: dict[str, Dealing] = {
    "work": Dealing("workers", "Workers' compensation", "WC", "EM", PATIENT_PAYS_NOTHING),
    "auto": Dealing("auto", "Car insurance", "AM", "AA", NO_COPAY),
    "liability": Dealing("liability", "Liability insurance", "LM", "OA", NO_COPAY),
}


def is_of_cases(plan_kind: str) -> bool:
    """Return whether a plan pays for cases alone."""
    return plan_kind in PLAN_KINDS
