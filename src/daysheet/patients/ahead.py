"""Whose visit is today or the next to come: rooms above register what they know in their apps' ready().

The box on top asks it for an act that concerns a visit: "cancel smith" means the Smith who is booked.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from daysheet.patients.queries import Hit


@dataclass(frozen=True, slots=True)
class Ahead:
    """A patient's visit of the day or the first after it: when, and in words."""

    at: datetime
    words: str


of_the_day: list[Callable[[date], Iterable[UUID]]] = []
"""Who, of all patients, is booked or here on a day; each one statement."""
booked: list[Callable[[Sequence[UUID], date], Mapping[UUID, Ahead]]] = []
"""The first visit, from a day on, of each of some patients who has one; each one statement."""


def who_is_due(today: date) -> frozenset[UUID]:
    """Return the patients who are booked or here today."""
    return frozenset(one for rooms in of_the_day for one in rooms(today))


def visits_first(hits: Sequence[Hit], due: Collection[UUID], today: date) -> list[Hit]:
    """Return the hits, who is due today first and who comes next after them; each says when, before why it fits."""
    ids = [hit.patient.pk for hit in hits]
    known: dict[UUID, Ahead] = {}
    for room in booked if ids else ():
        known |= room(ids, today)

    def turn(hit: Hit) -> tuple[bool, bool, float, float]:
        one = known.get(hit.patient.pk)
        is_due = hit.patient.pk in due
        hour = one.at.timestamp() if one else 0.0
        # Who is due stands by how well the name fits; who comes another day by how soon.
        return not is_due, one is None, *((-hit.score, hour) if is_due else (hour, -hit.score))

    return [
        replace(hit, why=[known[hit.patient.pk].words, *hit.why]) if hit.patient.pk in known else hit
        for hit in sorted(hits, key=turn)
    ]
