"""Booking over: which rule lets how many visits run beside the ordinary one, and which lane is free. Pure."""

from collections.abc import Collection, Iterable
from datetime import time
from typing import NamedTuple
from uuid import UUID


class LaneRule(NamedTuple):
    """How many visits may run beside the ordinary one: of a kind or any, on a weekday or any, within some hours."""

    type_id: UUID | None
    weekday: int | None
    from_clock: time
    to_clock: time
    highest: int


def highest_lane(rules: Iterable[LaneRule], *, type_id: UUID, weekday: int, begins: time) -> int:
    """Return the highest lane in which a visit of a kind may begin then; 0 is none but the ordinary one.

    A rule for the kind of visit goes before one for any, then one for the weekday before one for any day; of rules
    that are as exact as each other the larger number counts.
    """
    met = [
        (one.type_id is not None, one.weekday is not None, one.highest)
        for one in rules
        if one.type_id in (None, type_id)
        and one.weekday in (None, weekday)
        and one.from_clock <= begins < one.to_clock
    ]
    return max(met)[2] if met else 0


def lowest_free(taken: Collection[int]) -> int:
    """Return the lowest lane that nobody has."""
    return next(lane for lane in range(len(taken) + 1) if lane not in taken)
