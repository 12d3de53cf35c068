"""What rooms above know of credit and visits: what was set against a copay, which visits come to no charge."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from daysheet.kernel.money import ZERO

against: list[Callable[[UUID], Mapping[UUID, Decimal]]] = []
"""Each is given a patient and answers, by visit, how much of the credit was set against its copay at check-in."""

copay_waits: list[Callable[[UUID, date], UUID | None]] = []
"""For which visit of a day the copay of a patient who has come is still to be taken: registered likewise."""

come_to_nothing: list[Callable[[UUID], Collection[UUID]]] = []
"""Each is given a patient and answers which visits ended without anything to bill: what was paid for them is free."""


def visit_with_copay(patient_id: UUID, day: date) -> UUID | None:
    """Return the visit of a day for which the copay is still to be taken, if there is one."""
    return next(filter(None, (ask(patient_id, day) for ask in copay_waits)), None)


def set_against(patient_id: UUID) -> dict[UUID, Decimal]:
    """Return, by visit, how much of a patient's credit counts as the copay of that visit."""
    found: dict[UUID, Decimal] = {}
    for ask in against:
        for visit_id, amount in ask(patient_id).items():
            found[visit_id] = found.get(visit_id, ZERO) + amount
    return found


def without_a_charge(patient_id: UUID) -> set[UUID]:
    """Return the patient's visits that come to no charge: an arrival that was undone, a patient who left unseen."""
    return {visit_id for ask in come_to_nothing for visit_id in ask(patient_id)}
