"""Time that is kept: for which kinds of visit, until when, and when a session has its share. Pure.

A session is a block on one day. A visit meets every session that it overlaps; it counts in the one in which it begins.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import Enum
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from daysheet.schedule.rules import holds_on
from daysheet.schedule.slots import Cuts, Span, WallClock

DAYS, HOURS = "days", "hours"


class Block(NamedTuple):
    """A part of a clinician's week at a door that is kept for some kinds of visit, on that door's wall clock."""

    id: UUID
    provider_id: UUID
    location_id: UUID
    zone: ZoneInfo
    name: str
    weekday: int
    begins: time
    ends: time
    type_ids: frozenset[UUID]
    """Nobody's when empty: held until it is released."""
    from_on: date | None = None
    until_on: date | None = None
    turn: int = 0
    release: int | None = None
    """So many days or hours before; None: never."""
    unit: str = DAYS
    least: int | None = None
    most: int | None = None

    @property
    def counts(self) -> bool:
        """Return whether it matters how many are booked in a session."""
        return self.least is not None or self.most is not None


class Stand(Enum):
    """How a session stands to a kind of visit."""

    OPEN = "open"
    KEPT = "kept"
    """For other kinds, until it is released."""
    FULL = "full"
    """As many of its kinds are booked as one session takes."""


def is_on(block: Block, day: date) -> bool:
    """Return whether a block holds on a day."""
    return block.weekday == day.weekday() and holds_on(day, block.from_on, block.until_on, block.turn)


def session(block: Block, day: date, wall: WallClock) -> Span:
    """Return from when to when a block lasts on a day."""
    return Span(wall.minute(day, block.begins, block.zone), wall.minute(day, block.ends, block.zone))


def released_at(block: Block, day: date, wall: WallClock) -> int | None:
    """Return the minute from which a session is open to all; None: it never is.

    So many days before is the midnight with which that day begins at the door; hours are real ones.
    """
    if block.release is None:
        return None
    if block.unit == HOURS:
        return session(block, day, wall).begins - block.release * 60
    return wall.minute(day - timedelta(days=block.release), time(0), block.zone)


def stand(block: Block, day: date, *, type_id: UUID | None, booked: int, now: int, wall: WallClock) -> Stand:
    """Return how a session stands to a kind of visit at a minute, when so many of its kinds are booked in it.

    Released time is open to others; how many of its own kinds a session takes holds all the same.
    """
    if type_id in block.type_ids:
        return Stand.FULL if block.most is not None and booked >= block.most else Stand.OPEN
    enough = block.least if block.least is not None else block.most
    if enough is not None and booked >= enough:
        return Stand.OPEN
    released = released_at(block, day, wall)
    return Stand.OPEN if released is not None and now >= released else Stand.KEPT


class Shut(NamedTuple):
    """A session that a kind of visit may not be booked into, and why."""

    block: Block
    day: date
    span: Span
    stand: Stand


class Session(NamedTuple):
    """A block on one day, with how many of its kinds are booked in it."""

    block: Block
    span: Span
    booked: int


Booked = Mapping[tuple[UUID, date], int]
NO_CUTS: Cuts = {}


@dataclass(slots=True)
class Kept:
    """What of the sessions is shut to one kind of visit; each day is worked out once, when it is asked for."""

    blocks: Sequence[Block]
    type_id: UUID | None
    now: int
    booked: Booked
    wall: WallClock = field(default_factory=WallClock)
    _by_weekday: list[list[Block]] = field(init=False)
    _known: dict[date, Cuts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_weekday = [[one for one in self.blocks if one.weekday == n] for n in range(7)]

    def shut(self, day: date) -> list[Shut]:
        """Return the sessions of a day that are shut."""
        found = []
        for block in self._by_weekday[day.weekday()]:
            if holds_on(day, block.from_on, block.until_on, block.turn):
                count = self.booked.get((block.id, day), 0)
                how = stand(block, day, type_id=self.type_id, booked=count, now=self.now, wall=self.wall)
                if how is not Stand.OPEN:
                    found.append(Shut(block, day, session(block, day, self.wall), how))
        return found

    def cuts(self, day: date) -> Cuts:
        """Return what is shut of a day, for each clinician and door."""
        if not self._by_weekday[day.weekday()]:
            return NO_CUTS
        if day not in self._known:
            cuts: dict[tuple[UUID, UUID], list[Span]] = {}
            for one in self.shut(day):
                cuts.setdefault((one.block.provider_id, one.block.location_id), []).append(one.span)
            self._known[day] = cuts
        return self._known[day]

    def sessions(self, provider_id: UUID, location_id: UUID, day: date) -> list[Session]:
        """Return the sessions of a clinician at a door on a day, shut or open."""
        return [
            Session(one, session(one, day, self.wall), self.booked.get((one.id, day), 0))
            for one in self._by_weekday[day.weekday()]
            if (one.provider_id, one.location_id) == (provider_id, location_id) and is_on(one, day)
        ]

    def against(self, provider_id: UUID, location_id: UUID, day: date, span: Span) -> list[Shut]:
        """Return the shut sessions that a visit would meet."""
        return [
            one
            for one in self.shut(day)
            if (one.block.provider_id, one.block.location_id) == (provider_id, location_id)
            and one.span.begins < span.ends
            and one.span.ends > span.begins
        ]


def count_in(
    blocks: Iterable[Block], visits: Iterable[tuple[UUID, UUID, UUID, date, int]], wall: WallClock
) -> dict[tuple[UUID, date], int]:
    """Return how many visits of its kinds begin in each session; a visit is (clinician, door, kind, day, minute)."""
    by_whom: dict[tuple[UUID, UUID, int], list[Block]] = {}
    for block in blocks:
        by_whom.setdefault((block.provider_id, block.location_id, block.weekday), []).append(block)
    found: dict[tuple[UUID, date], int] = {}
    for who, where, kind, day, begins in visits:
        for block in by_whom.get((who, where, day.weekday()), ()):
            if kind in block.type_ids and is_on(block, day):
                span = session(block, day, wall)
                if span.begins <= begins < span.ends:
                    found[block.id, day] = found.get((block.id, day), 0) + 1
    return found
