"""Clean sample files about invented people, for every set that we write; and the same with one named fault.

A seed gives the same bytes every time: no clock, no chance beside the seed.
"""

from collections.abc import Callable

from daysheet.formats.x12.segment import STANDARD
from daysheet.formats.x12.text import SegmentStream
from daysheet.formats.x12.write import OutgoingGroup, OutgoingSet, render_interchange

from . import (
    answers,
    claims,
    enrolment_faults,
    enrolments,
    faults,
    hospital,
    paper_faults,
    papers,
    payments,
    review_faults,
    reviews,
    tracking,
    tracking_faults,
)
from .cast import AT, OFFICE_BOX, PAYER_BOX, Cast
from .fault import Fault

__all__ = ["FAULTS", "MOST", "SETS", "Fault", "sample"]

FAULTS: dict[str, Fault] = {
    **faults.FAULTS,
    **tracking_faults.FAULTS,
    **paper_faults.FAULTS,
    **review_faults.FAULTS,
    **enrolment_faults.FAULTS,
}
"""All named faults."""
MOST = 100_000
"""Claims of one file."""
OWN_SETS = 9_999
"""Sets of one group: they are numbered with four digits."""
Build = Callable[[Cast, int], OutgoingSet | list[OutgoingSet]]

_BODIES: dict[str, Build] = {
    "270": answers.inquiries,
    "271": answers.benefits,
    "275": papers.papers,
    "276": tracking.questions,
    "277": tracking.answers,
    "277CA": answers.claim_statuses,
    "277RFAI": papers.requests,
    "278": reviews.requests,
    "278R": reviews.answers,
    "820": enrolments.premiums,
    "820S": enrolments.premium_sums,
    "834": enrolments.enrolment,
    "835": payments.remittance,
    "837D": hospital.dental,
    "837I": hospital.institutional,
    "837P": claims.professional,
    "999": lambda _cast, count: answers.group_answer("A", count),
    "999E": lambda _cast, count: answers.group_answer("E", count),
    "999P": lambda _cast, count: answers.group_answer("RAE", count),
    "999R": lambda _cast, count: answers.group_answer("R", count),
}
SETS: dict[str, str] = {
    "270": "questions to a plan, one a person",
    "271": "a plan's answers: cover, benefits, refusals in turn",
    "275": "papers for claims, sent unasked and asked for in turn, with C-CDA, PDF and text inside",
    "276": "questions what became of claims",
    "277": "a payer's answers to those questions, every category in turn",
    "277CA": "what became of each claim at the door, every category in turn",
    "277RFAI": "a payer asks for papers, about a claim and about a line in turn",
    "278": "requests for review, one set an event, twelve kinds in turn",
    "278R": "a payer's answers to them: every decision, and a refusal at every level, in turn",
    "820": "a premium payment person by person: as billed, adjusted, two months in turn",
    "820S": "a premium payment in sums, with head counts",
    "834": "an enrolment file: new, dependents, moved, ended, again, COBRA, corrected, disabled in turn",
    "835": "a remittance: paid, denied, corrected, second plan, passed on, and money beside claims",
    "837D": "claims of a dentist",
    "837I": "claims of a hospital",
    "837P": "claims of an office, ten kinds in turn",
    "999": "a group taken",
    "999E": "a group taken with errors",
    "999P": "a group taken in part (from two sets on)",
    "999R": "a group not taken",
    "TA1": "an interchange taken",
}
_FROM_PAYER = frozenset(
    ("271", "277", "277CA", "277RFAI", "278R", "835", "999", "999E", "999P", "999R", "TA1")
)


def sample(kind: str, *, count: int = 1, seed: int = 1, fault: str = "") -> bytes:
    """Return a file of a kind with so many claims, persons or sets; clean, or with one fault by its name.

    Raises ValueError with a sentence for a kind, a count or a fault that there is not.
    """
    if kind not in SETS:
        raise ValueError(f"There is no sample of {kind}. There are: {', '.join(SETS)}.")
    if not 1 <= count <= (OWN_SETS if kind.startswith("999") else MOST):
        raise ValueError(
            f"A sample holds 1 to {OWN_SETS if kind.startswith('999') else MOST:,}, not {count:,}."
        )
    data = _file(kind, count, seed)
    if not fault:
        return data
    if fault not in FAULTS or kind not in FAULTS[fault].kinds:
        known = ", ".join(name for name, one in FAULTS.items() if kind in one.kinds) or "none"
        raise ValueError(f"A sample of {kind} has no fault named {fault}. There are: {known}.")
    return _spoilt(data, FAULTS[fault])


def _file(kind: str, count: int, seed: int) -> bytes:
    sender, receiver = (PAYER_BOX, OFFICE_BOX) if kind in _FROM_PAYER else (OFFICE_BOX, PAYER_BOX)
    number = 1 + seed % 999_999_999
    if kind == "TA1":
        return render_interchange(
            sender=sender,
            receiver=receiver,
            control_number=number,
            at=AT,
            acks=[answers.interchange_answer()],
        )
    made = _BODIES[kind](Cast(seed), count)
    group = OutgoingGroup(number, made if isinstance(made, list) else [made])
    return render_interchange(sender=sender, receiver=receiver, control_number=number, at=AT, groups=[group])


def _spoilt(data: bytes, fault: Fault) -> bytes:
    """Return the file with the fault in it; the counts of the set are made anew, unless they are the fault."""
    end = STANDARD.terminator
    lines = fault.apply([item.text() for item in SegmentStream(data)])
    if fault.is_counted:
        first = next(place for place, line in enumerate(lines) if line.startswith("ST*"))
        last = next(place for place, line in enumerate(lines) if line.startswith("SE*"))
        lines[last] = f"SE*{last - first + 1}*{lines[last].split('*')[2]}"
    return (end.join(lines) + end).encode("latin-1")
