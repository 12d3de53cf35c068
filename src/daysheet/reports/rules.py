"""Rules of the waits: what the stamps of a visit tell, and the median and 90th percentile of many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

PARTS = ("to_room", "to_clinician", "to_end", "cycle")
"""Arrived to roomed, roomed to clinician, clinician to check-out, and the whole of it."""
LATE_START = timedelta(minutes=15)
"""A clinician who begins later than this after the booked time starts late."""


class Standing(NamedTuple):
    """A stamp that stands: no undo, and not undone."""

    at: datetime
    to_state: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A visit through the house, in minutes; what did not happen has no time."""

    to_room: float | None = None
    to_clinician: float | None = None
    to_end: float | None = None
    cycle: float | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """Many waits in two figures, and of how many."""

    count: int
    median: float | None
    ninetieth: float | None


def passage(stamps: Iterable[Standing]) -> Passage:
    """Return the waits of a visit from its standing stamps, oldest first: a state counts from its first stamp."""
    first: dict[str, datetime] = {}
    for stamp in stamps:
        first.setdefault(stamp.to_state, stamp.at)
    here, room, seen = (first.get(state) for state in ("arrived", "roomed", "with_provider"))
    gone = first.get("checked_out")
    roomed_first = room if seen is None or room is None or room <= seen else None
    return Passage(
        to_room=_minutes(here, roomed_first),
        to_clinician=_minutes(roomed_first, seen),
        to_end=_minutes(seen, gone),
        cycle=_minutes(here, gone),
        seen_at=seen,
    )


def starts_late(booked: datetime | None, arrived: datetime, seen: datetime | None) -> bool:
    """Return whether the clinician began more than a quarter of an hour late.

    A patient who comes late makes nobody late.
    """
    return booked is not None and seen is not None and seen - max(booked, arrived) > LATE_START


def at_share(values: Sequence[float], share: float) -> float | None:
    """Return the value below which that share of the values lies, between two neighbours by straight line."""
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def spread(values: Iterable[float | None]) -> Spread:
    """Return how many there are, the median and the 90th percentile; what did not happen is left out."""
    known = [value for value in values if value is not None]
    return Spread(len(known), at_share(known, 0.5), at_share(known, 0.9))


def spreads(passages: Sequence[Passage]) -> dict[str, Spread]:
    """Return the spread of each part of some visits."""
    return {part: spread(getattr(one, part) for one in passages) for part in PARTS}


def _minutes(since: datetime | None, until: datetime | None) -> float | None:
    return (until - since).total_seconds() / 60 if since and until and until >= since else None
