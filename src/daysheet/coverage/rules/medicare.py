"""Medicare's own rules at the desk: the shape of its number, and whom nobody may ask for money."""

import re

# CMS, "Understanding the Medicare Beneficiary Identifier (MBI) format": eleven signs; C is 1 to 9, N a digit,
# A a letter without S, L, O, I, B and Z, and AN either. C A AN N A AN N A A N N.
_LETTER = "AC-HJKMNP-RT-Y"
_SHAPE = re.compile(
    f"[1-9][{_LETTER}][{_LETTER}0-9][0-9][{_LETTER}][{_LETTER}0-9][0-9][{_LETTER}]{{2}}[0-9]{{2}}"
)
ORIGINAL = frozenset({"MA", "MB"})
"""SBR09 of original Medicare, Part A and Part B: a Medicare Advantage plan has numbers of its own."""
PART_A = "MA"
"""EB04: the hospital insurance. It pays for stays, never for a visit at the office."""
QMB = "QM"
"""EB04: Qualified Medicare Beneficiary."""
QMB_SENTENCE = (
    "Qualified Medicare Beneficiary (QMB): do not ask the patient for a copay, a deductible or a share of what "
    "Medicare covers. Bill Medicare, then Medicaid "
    "(Social Security Act 1902(n)(3)(B); 42 CFR 422.504(g)(1)(iii) for Medicare Advantage)."
)


def plain_number(number: str) -> str:
    """Return a Medicare number as it is stored: the dashes of the card are only for the eye."""
    return re.sub(r"[\s-]", "", number).upper()


def stored_number(number: str, filing_code: str) -> str:
    """Return a member id as it is kept and sent: a whole number of original Medicare without dashes, any other as is."""
    if is_original(filing_code) and not fault_of_number(number):
        return plain_number(number)
    return number


def fault_of_number(number: str) -> str:
    """Return what is wrong with a Medicare number in a sentence, or empty text."""
    plain = plain_number(number)
    if _SHAPE.fullmatch(plain):
        return ""
    if len(plain) != 11:
        return (
            f"A Medicare number has 11 letters and digits; this one has {len(plain)}. Look at the card again."
        )
    if any(sign in "SLOIBZ" for sign in plain):
        return "A Medicare number never holds the letters S, L, O, I, B or Z: read 5, 1, 0, 1, 8 or 2 on the card."
    return (
        "A Medicare number goes digit, letter, letter or digit, digit, letter, letter or digit, digit, "
        "two letters, two digits, such as 1EG4-TE5-MK73. Look at the card again."
    )


def is_original(filing_code: str) -> bool:
    """Return whether a payer is original Medicare by the code it is billed under."""
    return filing_code in ORIGINAL
