"""All rules, by the family of what they look at; importing this fills the list."""

from . import (
    attachments,
    claim_dates,
    claim_kinds,
    claim_lines,
    claim_money,
    claim_people,
    claim_places,
    claim_status,
    claim_whole,
    eligibility,
    enrolment,
    payment,
    reviews,
    sets,
)

__all__ = [
    "attachments",
    "claim_dates",
    "claim_kinds",
    "claim_lines",
    "claim_money",
    "claim_people",
    "claim_places",
    "claim_status",
    "claim_whole",
    "eligibility",
    "enrolment",
    "payment",
    "reviews",
    "sets",
]
