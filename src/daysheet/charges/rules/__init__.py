"""Fees and slips as pure rules: the shape of codes, the reading of a fee file, the price of a line."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from daysheet.kernel.money import ZERO, NotMoney, usd

PROCEDURE = re.compile(r"[A-Z0-9]{5}")
MODIFIER = re.compile(r"[A-Z0-9]{2}")
DIAGNOSIS = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?")
MOST_DIAGNOSES = 12
MOST_POINTERS = 4
MOST_MODIFIERS = 4
MOST_UNITS = Decimal(999)
MOST_FEE = Decimal("99999.99")


@dataclass(frozen=True, slots=True)
class Fee:
    """A line of a fee file that can be kept."""

    code: str
    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class FeeProblem:
    """A line of a fee file that cannot: which one, which column, what is wrong."""

    line: int
    field: str
    sentence: str


def as_procedure(typed: str) -> str:
    """Return a procedure code as it is kept: five letters or digits."""
    return typed.strip().upper()


def as_diagnosis(typed: str) -> str:
    """Return an ICD-10-CM code as it is kept: upper case, with the dot after three."""
    bare = typed.strip().upper().replace(".", "")
    return bare if len(bare) <= 3 else f"{bare[:3]}.{bare[3:]}"


def price(unit_fee: Decimal, units: Decimal) -> Decimal:
    """Return the price of a line, to the cent: half a cent is rounded up."""
    return (unit_fee * units).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def read_fees(text: str) -> tuple[list[Fee], list[FeeProblem]]:
    """Return the fees of a CSV text (code, label, amount), and what is wrong with which line.

    A first line that names the columns is allowed; so are dollar signs and thousands commas.
    """
    try:
        rows = [(number, row) for number, row in _rows(text) if any(cell.strip() for cell in row)]
    except csv.Error as bad:
        return [], [FeeProblem(1, "file", f"The file is no CSV text: {bad}.")]
    if rows and [cell.strip().lower() for cell in rows[0][1][:3]] == ["code", "label", "amount"]:
        rows = rows[1:]
    if not rows:
        return [], [FeeProblem(1, "file", "The file holds no fees. Each line is: code, label, amount.")]
    fees: list[Fee] = []
    problems: list[FeeProblem] = []
    for number, row in rows:
        found = _fee(number, row)
        if isinstance(found, Fee):
            fees.append(found)
        else:
            problems.append(found)
    return fees, problems + _twins(rows, fees)


def pointers_beyond(pointers: Iterable[int], diagnoses: int) -> list[int]:
    """Return the pointers of a line that point to no diagnosis of the slip."""
    return [pointer for pointer in pointers if not 1 <= pointer <= diagnoses]


def line_problem(
    code: str,
    units: Decimal,
    modifiers: Sequence[str],
    pointers: Sequence[int],
    *,
    is_dental: bool = False,
) -> tuple[str, str] | None:
    """Return which field of a slip line is wrong and why, or None; a dental line needs no diagnosis."""
    if not PROCEDURE.fullmatch(code):
        return "code", "A procedure code has five letters or digits."
    if not ZERO < units <= MOST_UNITS:
        return "units", f"Units are above zero and at most {MOST_UNITS}."
    if len(modifiers) > MOST_MODIFIERS or not all(MODIFIER.fullmatch(one) for one in modifiers):
        return "modifiers", "Modifiers are two letters or digits each, four at most."
    fewest = 0 if is_dental else 1
    if not fewest <= len(pointers) <= MOST_POINTERS or len(set(pointers)) != len(pointers):
        return "pointers", "Point to one to four diagnoses, each once."
    if any(not 1 <= one <= MOST_DIAGNOSES for one in pointers):
        return "pointers", "Pointers are the numbers of the diagnoses, 1 to 12."
    return None


def _rows(text: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff").replace("\0", ""), newline=None))
    return [(reader.line_num, row) for row in reader]


def _fee(number: int, row: Sequence[str]) -> Fee | FeeProblem:
    if len(row) < 3:
        return FeeProblem(number, "line", "The line needs three columns: code, label, amount.")
    code, label = as_procedure(row[0]), row[1].strip()
    if not PROCEDURE.fullmatch(code):
        return FeeProblem(
            number, "code", f"“{row[0].strip()[:20]}” is no procedure code: five letters or digits."
        )
    if not label or len(label) > 200:
        return FeeProblem(
            number, "label", "The label is your own words for the procedure, 200 letters at most."
        )
    try:
        amount = usd(row[2].strip().replace("$", "").replace(",", ""))
    except NotMoney as no:
        return FeeProblem(number, "amount", f"“{row[2].strip()[:20]}”: {no}")
    if amount < ZERO or amount > MOST_FEE:
        return FeeProblem(number, "amount", f"A fee is between $0.00 and ${MOST_FEE:,.2f}.")
    return Fee(code, label, amount)


def _twins(rows: Sequence[tuple[int, Sequence[str]]], fees: Sequence[Fee]) -> list[FeeProblem]:
    good = {fee.code for fee in fees}
    seen: dict[str, int] = {}
    found = []
    for number, row in rows:
        code = as_procedure(row[0]) if row else ""
        if code in good and code in seen:
            found.append(FeeProblem(number, "code", f"{code} stands on line {seen[code]} already."))
        seen.setdefault(code, number)
    return found
