"""Why no earlier time fits: which resources stood against it, told from what a search has read already. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from daysheet.schedule.slots import Demand, OpenSlot


@dataclass(frozen=True, slots=True)
class Lack:
    """A kind of resource, or several together, that nobody can have before a day, though a clinician is free."""

    names: tuple[str, ...]
    until: date | None
    """The first day on which it is free; None: not in all the days that were asked for."""
    is_there: bool
    """Whether any of the doors has it at all."""


def lacks(
    read: Sequence[tuple[Demand, Callable[..., list[OpenSlot]]]],
    found: Sequence[OpenSlot],
    doors: set[UUID],
) -> list[Lack]:
    """Return which resources stood against an earlier time than those found.

    `read` are the pieces of a search, each with what is in demand and when it is busy, and the question for slots.
    """
    pools = read[0][0].pools if read else ()
    soonest = _first_day(read, frozenset())
    day = found[0].day if found else None
    if soonest is None or soonest == day:
        return []
    alone = [(pool, _first_day(read, frozenset([pool.kind_id]))) for pool in pools]
    return [
        Lack((pool.name,), when, any(pool.has(door) for door in doors))
        for pool, when in alone
        if when != soonest
    ] or [Lack(tuple(pool.name for pool in pools), day, True)]


def _first_day(
    read: Sequence[tuple[Demand, Callable[..., list[OpenSlot]]]], kinds: frozenset[UUID]
) -> date | None:
    """Return the first day on which the visit would fit if it needed some of the kinds alone."""
    for demand, fitting in read:
        pools = tuple(pool for pool in demand.pools if pool.kind_id in kinds)
        if slots := fitting(limit=1, demand=Demand(demand.before, demand.after, pools)):
            return slots[0].day
    return None
