"""What an office's own numbers must look like."""

import re
from collections.abc import Iterable, Mapping
from datetime import time
from itertools import pairwise
from zlib import crc32

from daysheet.formats.x12.numbers import is_npi

RECOVERY_CODES = "recovery_codes"
OF_WHO_LIES_IN = frozenset({"11", "12", "18", "21", "22", "41", "65", "66", "86"})
"""Types of bill of patients who have a bed: none is made here."""


def hours_version(hours: Iterable[tuple[int, time, time]]) -> int:
    """Return a number for hours as they stand: a form shows it, and other hours have another."""
    return crc32("".join(f"{day}{opens:%H%M}{closes:%H%M} " for day, opens, closes in sorted(hours)).encode())


def npi_from(stem: int) -> str:
    """Return the NPI whose first nine digits are 1 and the stem; for invented people."""
    nine = f"1{stem % 100_000_000:08d}"
    return next(nine + str(check) for check in range(10) if is_npi(nine + str(check)))


def tax_id_is_sound(tax_id: str) -> bool:
    """Return whether an employer number has nine digits, with or without its dash."""
    return re.fullmatch(r"\d{2}-?\d{7}", tax_id) is not None


def zip_is_sound(zip_code: str, *, nine: bool = False) -> bool:
    """Return whether a ZIP has five digits, or nine where a claim's billing address needs them."""
    return re.fullmatch(r"\d{5}-?\d{4}" if nine else r"\d{5}(-?\d{4})?", zip_code) is not None


def bill_type_problem(bill_type: str) -> str:
    """Return what is wrong with the first two digits of a facility's type of bill, in a sentence, or nothing."""
    if not re.fullmatch(r"[1-9][1-9]", bill_type):
        return "The type of bill has two digits here, such as 13; the third says whether the claim is new."
    if bill_type in OF_WHO_LIES_IN:
        return (
            f"Type of bill {bill_type} is for patients with a bed: only bills of outpatients are made here."
        )
    return ""


def sign_in_changes(before: Mapping[int, str], after: Mapping[int, str]) -> list[tuple[str, str]]:
    """Return what changed in a person's second factors (number to kind), each as an action of the diary and a kind.

    New recovery codes replace the old ones; codes that go with the last factor are not told by themselves.
    """
    told = [
        ("practice.recovery-codes.made" if kind == RECOVERY_CODES else "practice.second-factor.added", kind)
        for number, kind in after.items()
        if number not in before
    ]
    told += [
        ("practice.second-factor.removed", kind)
        for number, kind in before.items()
        if number not in after and kind != RECOVERY_CODES
    ]
    return told


LEAST_DIGITS, MOST_DIGITS, MOST_PIN_TRIES = 6, 12, 5


def is_guessable(pin: str) -> bool:
    """Return whether a PIN is one digit repeated, or digits that count up or down."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return len(steps) == 1 and steps <= {0, 1, 9}


def is_pin(pin: str) -> bool:
    """Return whether a text is a PIN: six to twelve plain digits."""
    return pin.isascii() and pin.isdigit() and LEAST_DIGITS <= len(pin) <= MOST_DIGITS
