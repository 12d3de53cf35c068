"""A child in the care of an agency, as it is kept and as it is read out: chips, lines, and whom to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from daysheet.patients.models import ChildInCare, ContactRight, Guarantor, Patient
from daysheet.patients.names import plain
from daysheet.patients.rules import standing
from daysheet.patients.rules.care import FOSTER, InCare, bill_of, lines_of
from daysheet.practice import queries as practice
from daysheet.ui.words import phone

PLACES = ("book", "check_in", "call")
"""Where it is read out by itself; where money is taken, who is billed alone."""


@dataclass(frozen=True, slots=True)
class CareLine:
    """A line that is read out of a child in care."""

    tone: str
    words: str


def open_care(row: Patient) -> ChildInCare | None:
    """Return the care that is recorded of a patient and not ended; no statement for the others."""
    if not row.is_in_care:
        return None
    return ChildInCare.objects.select_related("foster").filter(patient_id=row.pk, ended_at=None).first()


def facts_of(held: ChildInCare | None) -> InCare | None:
    """Return it as the rules look at it."""
    if held is None:
        return None
    return InCare(
        held.agency,
        held.from_on,
        phone(held.agency_phone),
        held.until_on,
        held.worker,
        phone(held.worker_phone),
        held.worker_until_on,
        held.foster.name if held.foster else "",
        held.routine,
        held.more,
        held.owes,
        tuple(held.hear),
        held.parents_rights,
        held.ordered_on,
        held.paper,
    )


def lines(row: Patient, *, today: date) -> Sequence[CareLine]:
    """Return what is read out today of a child in care, the banner's line first; nothing of an adult."""
    held = facts_of(open_care(row))
    if held is None or not held.stands(today) or not is_child(row, today=today):
        return []
    return [CareLine(*one) for one in lines_of(held, today, foster_owes=foster_owes(row, held))]


def lines_at(row: Patient, place: str, *, today: date) -> Sequence[CareLine]:
    """Return what is read out at a place: all of it, who is billed where money is taken, or nothing."""
    if place in PLACES:
        return lines(row, today=today)
    held = facts_of(open_care(row)) if place == "money" else None
    if held is None or not held.stands(today) or not is_child(row, today=today):
        return []
    return [CareLine(*one) for one in bill_of(held, foster_owes=foster_owes(row, held))]


def is_child(row: Patient, *, today: date) -> bool:
    """Return whether a patient is a minor, or may be one; the state is asked for only where it decides."""
    if row.emancipated_on and row.emancipated_on <= today:
        return False
    if today < standing.birthday(row.born_on, standing.USUAL_AGE):
        return True
    place = practice.main_location()
    state = place.state.strip().upper() if place else ""
    return standing.is_minor(standing.Subject(row.born_on, state, row.emancipated_on), today) is not False


def foster_owes(row: Patient, held: InCare) -> bool:
    """Return whether the front sheet names who fosters as the one who owes, and no paper of theirs says so."""
    payer = Guarantor.objects.filter(patient_id=row.pk, is_self=False).first()
    if payer is None:
        return False
    named = bool(held.foster) and plain(payer.name) == plain(held.foster)
    fosters = named or payer.relationship.strip().casefold() in FOSTER
    return fosters and not says_to_owe(row.pk, payer.name)


def says_to_owe(patient_id: UUID, name: str) -> bool:
    """Return whether it is recorded that a person of this name owes."""
    rights = ContactRight.objects.filter(
        contact__patient_id=patient_id, act="owe", says__in=("yes", "limits"), ended_at=None
    )
    return any(plain(one) == plain(name) for one in rights.values_list("contact__name", flat=True))


def history(patient_id: UUID) -> list[ChildInCare]:
    """Return every care that was ever recorded of a patient, the newest first."""
    rows = ChildInCare.objects.filter(patient_id=patient_id).select_related("foster")
    return list(rows.order_by("-made_at", "-id"))
