"""Which of the times that fit is the best one to offer, and why. Pure."""

from collections.abc import Collection, Sequence
from enum import Enum
from typing import NamedTuple
from uuid import UUID

from daysheet.schedule.slots import OpenSlot


class Why(Enum):
    """What speaks for a time, or against it."""

    SOONEST = "soonest"
    USUAL = "usual"
    """With the patient's usual clinician."""
    MEETS = "meets"
    """It ends where the next visit, or the closing hour, begins."""
    WASTES = "wastes"
    """It leaves a piece behind it into which no kind of visit fits."""


class Ranked(NamedTuple):
    """A time with what speaks for it and against it."""

    slot: OpenSlot
    why: tuple[Why, ...]


DAYS_FOR_THE_USUAL = 2
"""So many days a patient waits for the usual clinician, rather than see another one."""


def ranked(
    slots: Sequence[OpenSlot],
    *,
    usual_id: UUID | None,
    shortest: int,
    clashing: Collection[str] = (),
    held: Collection[str] = (),
) -> list[Ranked]:
    """Return the times, the best one first: soon, with the usual clinician, without a gap that fits nothing.

    A day later weighs as one; another clinician than the usual one as two; a useless gap as half a day, so that it
    never costs the patient a day. What somebody else holds (by its key) comes behind what nobody holds; what clashes
    with another visit of the patient comes last.
    """
    if not slots:
        return []
    first = min((one.starts_at for one in slots if one.key not in clashing), default=None)
    day = min(one.day for one in slots)
    has_usual = any(one.provider_id == usual_id for one in slots)
    told = []
    for one in slots:
        why = _why(one, first=first, usual_id=usual_id, shortest=shortest)
        weight = 2 * (one.day - day).days + (Why.WASTES in why)
        weight += 2 * DAYS_FOR_THE_USUAL * (has_usual and one.provider_id != usual_id)
        told.append(((one.key in clashing, one.key in held, weight, one.starts_at), Ranked(one, why)))
    return [one for _weight, one in sorted(told, key=lambda pair: pair[0])]


def _why(one: OpenSlot, *, first: object, usual_id: UUID | None, shortest: int) -> tuple[Why, ...]:
    met = {
        Why.SOONEST: one.starts_at == first,
        Why.USUAL: usual_id is not None and one.provider_id == usual_id,
        Why.MEETS: one.left == 0,
        Why.WASTES: 0 < one.left < shortest,
    }
    return tuple(why for why, holds in met.items() if holds)
