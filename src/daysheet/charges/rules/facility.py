"""The facility's own bill (837I): revenue codes and types of bill by their shape, what a visit says of itself. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal

from daysheet.charges.rules.kinds import INSTITUTIONAL, PROFESSIONAL
from daysheet.coverage.rules.medicare import is_original
from daysheet.practice.rules import bill_type_problem

REVENUE_CODE = re.compile(r"[0-9]{4}")
TOTAL = "0001"
"""What a paper bill has on the line of its sum: no service."""
SURGERY_CENTER = "83"
PLANNED, FROM_HOME, WENT_HOME = "3", "1", "01"  # CL101, CL102, CL103
UNPLANNED = frozenset({"1", "2", "5"})
ASKED_WHY = frozenset({"13", "85"})
"""Types of bill on which an unplanned visit says why the patient came (HI APR)."""


@dataclass(frozen=True, slots=True)
class FacilityFacts:
    """What a facility's bill says of a visit beside its lines: type of bill, how the patient came and left."""

    bill_type: str
    admission_type: str = PLANNED
    admission_source: str = FROM_HOME
    patient_status: str = WENT_HOME


def as_revenue_code(typed: str) -> str:
    """Return a revenue code as it is kept: four digits; three are written with a zero in front."""
    bare = typed.strip()
    return f"0{bare}" if re.fullmatch(r"[0-9]{3}", bare) else bare


def revenue_problem(code: str) -> str:
    """Return what is wrong with a revenue code, in a sentence; empty where nothing is, or where there is none."""
    if not code:
        return ""
    if not REVENUE_CODE.fullmatch(code):
        return "A revenue code has four digits, such as 0510. Leave it empty for a clinician's service."
    if code in (TOTAL, "0000"):
        return f"{code} is the code of no service: write the one under which the facility bills this."
    return ""


def read_prices(typed: str) -> dict[str, str]:
    """Return prices by revenue code as they are typed: `0260 95.00, 0510 210`. Raises ValueError with a sentence."""
    found: dict[str, str] = {}
    for part in filter(None, (one.strip() for one in re.split(r"[,;\n]", typed))):
        told = re.fullmatch(r"([0-9]{3,4})[:= ] *\$?([0-9]{1,6}(?:\.[0-9]{1,2})?)", part)
        if not told:
            raise ValueError(f"“{part[:20]}”: write the revenue code, then its price, such as 0260 95.00.")
        code = as_revenue_code(told[1])
        if wrong := revenue_problem(code):
            raise ValueError(wrong)
        if code in found:
            raise ValueError(f"The revenue code {code} has two prices.")
        found[code] = f"{Decimal(told[2]):.2f}"
    return found


def facts_problem(facts: FacilityFacts) -> tuple[str, str] | None:
    """Return which fact of a facility's bill is wrong and why; None where all can be said."""
    if wrong := bill_type_problem(facts.bill_type):
        return "bill_type", wrong
    if not re.fullmatch(r"[1-9]", facts.admission_type):
        return "admission_type", "The type of admission is one digit, such as 3 for a planned visit."
    if not re.fullmatch(r"[0-9A-Z]", facts.admission_source):
        return "admission_source", "Where the patient came from is one digit or letter, such as 1."
    if not re.fullmatch(r"[0-9]{2}", facts.patient_status):
        return "patient_status", "How the patient left is two digits, such as 01 for home."
    return None


def asks_why(bill_type: str, admission_type: str) -> bool:
    """Return whether the bill says why the patient came: an unplanned visit to a hospital (TR3 837I 2300 HI APR)."""
    return bill_type in ASKED_WHY and admission_type in UNPLANNED


def kinds_for(bills: frozenset[str], *, bill_type: str, filing_code: str) -> frozenset[str]:
    """Return the kinds of claim that a payer takes of an office.

    Original Medicare takes a surgery center's facility claim on the professional form
    (Medicare Claims Processing Manual, chapter 14).
    """
    if bill_type == SURGERY_CENTER and PROFESSIONAL in bills and is_original(filing_code):
        return bills - {INSTITUTIONAL}
    return bills
