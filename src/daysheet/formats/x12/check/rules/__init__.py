"""All rules, by the family of what they look at; importing this fills the list."""

from . import (
    claim_dates,
    claim_kinds,
    claim_lines,
    claim_money,
    claim_people,
    claim_places,
    claim_whole,
    eligibility,
    enrolment,
    payment,
    sets,
)

__all__ = [
    "claim_dates",
    "claim_kinds",
    "claim_lines",
    "claim_money",
    "claim_people",
    "claim_places",
    "claim_whole",
    "eligibility",
    "enrolment",
    "payment",
    "sets",
]
