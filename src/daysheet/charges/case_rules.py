"""The rules of a claim for a case of injury: never mixed with a health plan, within its days, with its number."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CaseClaimFacts:
    """The case of injury that the claim is for, and whether claim and visit go the same way."""

    is_case: bool = False
    kind: str = ""
    claim_number: str = ""
    is_gone: bool = False
    """The case was taken out as never true."""
    pays_from: date | None = None
    pays_until: date | None = None
    """The first day without it."""
    visit_goes_to: str = ""
    """Who pays for the visit, where that is somebody else than the claim's payer."""
    claim_goes_to: str = ""


NO_CASE = CaseClaimFacts()
OfCase = Callable[[CaseClaimFacts, date], Iterator[tuple[str, str]]]
"""What is wrong, as a sentence and a field."""


def is_mixed(case: CaseClaimFacts, _service_on: date) -> Iterator[tuple[str, str]]:
    """Return that claim and visit go to different payers, one of which pays for a case."""
    if case.visit_goes_to:
        yield (
            (
                f"The visit is paid for by {case.visit_goes_to} and this claim goes to {case.claim_goes_to}. "
                "A case of injury and a health plan are never mixed: take this claim back and make it anew."
            ),
            "case",
        )


def does_not_stand(case: CaseClaimFacts, service_on: date) -> Iterator[tuple[str, str]]:
    """Return that the case was never true, or does not pay for the day."""
    if case.is_gone:
        yield (
            (
                "The case of this claim was taken out as never true. Take the claim back and put the visit under "
                "what pays for it."
            ),
            "case",
        )
    elif (case.pays_from and service_on < case.pays_from) or (
        case.pays_until and service_on >= case.pays_until
    ):
        yield (
            (
                f"The {case.kind.lower()} does not pay for this day: "
                "it begins with the accident and ends when it is closed."
            ),
            "last_day",
        )


def has_no_number(case: CaseClaimFacts, _service_on: date) -> Iterator[tuple[str, str]]:
    """Return that the insurer's number of the case is missing."""
    if case.is_case and not case.claim_number:
        yield (
            f"The {case.kind.lower()} has no claim number yet. Ask the insurer for it and write it down.",
            "claim_number",
        )


CASE_RULES: tuple[tuple[str, str, OfCase], ...] = (
    ("case-and-plan", "42 CFR 411.40, 411.50", is_mixed),
    ("case-stands", "office: cases", does_not_stand),
    ("case-number", "TR3 837P 2010BA, 2010CA REF Y4", has_no_number),
)
