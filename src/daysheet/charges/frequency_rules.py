"""The rules of a claim as new, replacement or void: its number at the payer, its payer, its filing limit. Pure."""

from collections.abc import Iterator
from datetime import timedelta

from daysheet.charges.claim_facts import ClaimFacts
from daysheet.charges.dental_rules import OfFacts

NEW, REPLACEMENT, VOID = "1", "7", "8"
NOT_ASKED_OF_A_VOID = frozenset({"covered-on-the-day", "case-and-plan", "case-stands", "line-stands"})
"""Rules that a void is not held by: what they find is why it leaves."""
CLAIM = "claims:claim-correct"


def has_no_number(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that the payer's number of the first claim is missing."""
    if facts.frequency in {REPLACEMENT, VOID} and not facts.payer_control:
        yield "A replacement or void needs the payer's number of the first claim.", "payer_control", None


def is_unknown(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that a claim is neither new nor a replacement nor a void."""
    if facts.frequency not in {NEW, REPLACEMENT, VOID}:
        yield "A claim is new (1), a replacement (7) or a void (8).", "frequency", None


def goes_elsewhere(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that the coverage was given another payer since a new claim was made; what follows one goes where it went."""
    if facts.frequency == NEW and facts.covered_by:
        told = f"This coverage is with {facts.covered_by} now, and the claim goes to {facts.goes_to}: "
        yield f"{told}take it back, then make it anew.", "plan", None


def is_late(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that a new claim is beyond the payer's filing limit, or near it."""
    if facts.file_by is None or facts.frequency != NEW:
        return
    if facts.today > facts.file_by:
        yield "The payer's filing limit has passed: expect a denial.", "file_by", None
    elif facts.today > facts.file_by - timedelta(days=15):
        last = f"{facts.file_by:%b} {facts.file_by.day}"
        yield f"The payer takes this claim only until {last}.", "file_by", None


FREQUENCY_RULES: tuple[tuple[str, str, str, str, OfFacts], ...] = (
    ("payers-number", "TR3 837P 2300 REF F8", "error", CLAIM, has_no_number),
    ("frequency", "TR3 837P 2300 CLM05-3", "error", CLAIM, is_unknown),
    ("payer-of-coverage", "office: coverage", "error", CLAIM, goes_elsewhere),
    ("filed-in-time", "payer: filing limit", "warning", CLAIM, is_late),
)
