"""Open slots: where a visit of a length still fits. Pure; docs/algorithms/slots.md says why it is done so.

Time is counted in whole minutes since 1970 in UTC, so that a day of 23 or 25 hours is a day like any other.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from daysheet.schedule.rules import PARTS, first_reading, holds_on, turn_of

STEP = 5
"""An appointment begins at a minute that five divides."""


class Span(NamedTuple):
    """A half-open span of minutes."""

    begins: int
    ends: int


class Hours(NamedTuple):
    """When a clinician sees patients at a door on a weekday, on that door's wall clock."""

    provider_id: UUID
    location_id: UUID
    zone: ZoneInfo
    weekday: int
    begins: time
    ends: time
    from_on: date | None = None
    until_on: date | None = None
    turn: int = 0


class Closure(NamedTuple):
    """A span in which a clinician, a door, or (with neither) the whole office takes nobody."""

    provider_id: UUID | None
    location_id: UUID | None
    span: Span


class Opening(NamedTuple):
    """A span in which a clinician sees patients at a door."""

    provider_id: UUID
    location_id: UUID
    span: Span


@dataclass(frozen=True, slots=True)
class Pool:
    """What can be had of a kind of resource of which a visit needs so many, and when each is busy."""

    kind_id: UUID
    name: str
    count: int
    resources: tuple[tuple[UUID, UUID | None], ...]
    """Each with its door; one without a door serves every door."""
    busy: Mapping[UUID, Sequence[Span]] = field(default_factory=dict)
    """Each resource's busy spans, in order and apart."""

    def has(self, location_id: UUID) -> bool:
        """Return whether a door has as many at all."""
        return len(self._at(location_id)) >= self.count

    def is_met(self, location_id: UUID, begins: int, ends: int, *, more: int = 0) -> bool:
        """Return whether enough of the kind, and so many more, are free at a door for all of a span."""
        left = self.count + more
        for spans in self._at(location_id):
            before = bisect_left(spans, (ends,)) - 1
            if before < 0 or spans[before].ends <= begins:
                left -= 1
                if not left:
                    return True
        return False

    def _at(self, location_id: UUID) -> list[Sequence[Span]]:
        return [self.busy.get(one, ()) for one, where in self.resources if where in (None, location_id)]


@dataclass(frozen=True, slots=True)
class Demand:
    """What a visit takes beside its own minutes: time kept before and after it, and resources for all of that."""

    before: int = 0
    after: int = 0
    pools: tuple[Pool, ...] = ()
    _known: dict[tuple[UUID, int, int], bool] = field(default_factory=dict, compare=False)

    def length(self, minutes: int) -> int:
        """Return for how long all of it is kept."""
        return self.before + minutes + self.after

    def is_met(self, location_id: UUID, start: int, minutes: int) -> bool:
        """Return whether all that the visit needs is free when it begins then; each start is worked out once."""
        key = (location_id, start, minutes)
        if key not in self._known:
            ends = start + minutes + self.after
            self._known[key] = all(pool.is_met(location_id, start - self.before, ends) for pool in self.pools)
        return self._known[key]


NOTHING_ELSE = Demand()


@dataclass(frozen=True, slots=True)
class OpenSlot:
    """A time at which the visit fits: with whom, where, from when to when."""

    day: date
    provider_id: UUID
    location_id: UUID
    starts_at: datetime
    ends_at: datetime
    left: int = field(default=0, compare=False)
    """Minutes that stay free behind it, until the next visit or the end of the hours."""

    @property
    def key(self) -> str:
        """Return the slot as one word, for a form."""
        return f"{self.provider_id}.{self.location_id}.{minute_of(self.starts_at)}"


def time_of(key: str) -> tuple[UUID, UUID, datetime] | None:
    """Return with whom, where and when a slot's word says it is; None where it is no such word."""
    try:
        provider, location, minute = key.split(".")
        return UUID(provider), UUID(location), moment_of(int(minute))
    except (ValueError, OverflowError, OSError):
        return None


def minute_of(at: datetime) -> int:
    """Return the minute in which a moment lies."""
    return int(at.timestamp()) // 60


def moment_of(minute: int) -> datetime:
    """Return the moment at which a minute begins."""
    return datetime.fromtimestamp(minute * 60, UTC)


class Core(NamedTuple):
    """A span of a day of which each visit that fits an opening takes something, for clinicians with the same hours."""

    day: date
    begins: int
    ends: int
    provider_ids: tuple[UUID, ...]


Between = tuple[time, time]
"""A part of the day in one's own words, on the wall clock."""
Cuts = Mapping[tuple[UUID, UUID], Sequence[Span]]
"""What cannot be booked on a day, for a clinician at a door."""


class WallClock:
    """The doors' wall clocks, each reading worked out once."""

    def __init__(self) -> None:
        self._known: dict[tuple[date, time, str], int] = {}
        self._midnight: dict[tuple[date, str], int | None] = {}

    def minute(self, day: date, clock: time, zone: ZoneInfo) -> int:
        """Return the minute at which a door's clock first shows a time on a day."""
        key = (day, clock, zone.key)
        if key not in self._known:
            midnight = self._even(day, zone)
            self._known[key] = (
                minute_of(first_reading(day, clock, zone))
                if midnight is None
                else midnight + clock.hour * 60 + clock.minute
            )
        return self._known[key]

    def _even(self, day: date, zone: ZoneInfo) -> int | None:
        """Return the minute with which a day begins that the clock runs through evenly; None when it jumps."""
        key = (day, zone.key)
        if key not in self._midnight:
            begins, ends = (datetime.combine(one, time(), zone) for one in (day, day + timedelta(days=1)))
            is_even = begins.utcoffset() == ends.utcoffset()
            self._midnight[key] = minute_of(begins) if is_even else None
        return self._midnight[key]


def is_open_by(
    hours: Sequence[Hours], *, location_id: UUID, day: date, starts_at: datetime, ends_at: datetime
) -> bool:
    """Return whether the hours of a clinician at a door hold in all of a time."""
    wall = WallClock()
    span = Span(minute_of(starts_at), minute_of(ends_at))
    spans = sorted(
        Span(wall.minute(day, row.begins, row.zone), wall.minute(day, row.ends, row.zone))
        for row in hours
        if row.location_id == location_id
        and row.weekday == day.weekday()
        and holds_on(day, row.from_on, row.until_on, row.turn)
    )
    reached = span.begins
    for opened in spans:
        if opened.begins <= reached:
            reached = max(reached, opened.ends)
    return reached >= span.ends


def openings(
    hours: Iterable[Hours], day: date, wall: WallClock, part: str | Between = "any"
) -> list[Opening]:
    """Return when who sees patients where on a day, cut to a part of the day."""
    first, last = PARTS[part] if isinstance(part, str) else part
    turn = turn_of(day)
    found = []
    # Most clinicians keep the same hours: each pair of times is read from the wall clock once.
    known: dict[tuple[time, time, ZoneInfo], Span | None] = {}
    for row in hours:
        if (row.from_on and day < row.from_on) or (row.until_on and day >= row.until_on):
            continue
        if row.turn not in (0, turn):
            continue
        key = (row.begins, row.ends, row.zone)
        if key not in known:
            begins, ends = max(row.begins, first), min(row.ends, last)
            low, high = (wall.minute(day, one, row.zone) for one in (begins, ends))
            known[key] = Span(low, high) if begins < ends and low < high else None
        if span := known[key]:
            found.append(Opening(row.provider_id, row.location_id, span))
    return found


def cores(
    hours: Iterable[Hours],
    days: Iterable[date],
    minutes: int,
    demand: Demand,
    wall: WallClock,
    part: str | Between = "any",
) -> Iterator[Core]:
    """Yield the cores of the openings of some days.

    The starts at which a visit fits an opening are shared out into pieces that are shorter than all that it keeps. What
    the last start of a piece keeps begins before what the first keeps ends: between both lies a core, and each visit
    that begins within the piece keeps all of it.
    """
    groups: dict[tuple[object, ...], list[Hours]] = {}
    for row in hours:
        groups.setdefault(row[2:], []).append(row)
    weekdays: list[list[tuple[Hours, tuple[UUID, ...]]]] = [[] for _ in range(7)]
    for rows in groups.values():
        weekdays[rows[0].weekday].append((rows[0], tuple(dict.fromkeys(row.provider_id for row in rows))))
    length = demand.length(minutes)
    for day in days:
        for row, who in weekdays[day.weekday()]:
            for _who, _where, (opens, closes) in openings([row], day, wall, part):
                for start in range(opens, closes - minutes + 1, length):
                    last = min(start + length - 1, closes - minutes)
                    yield Core(day, last - demand.before, start + minutes + demand.after, who)


def without(span: Span, taken: Iterable[Span]) -> list[Span]:
    """Return what is left of a span when others are cut out of it."""
    left = [span]
    for cut in taken:
        left = [
            piece
            for old in left
            for piece in (
                Span(old.begins, min(old.ends, cut.begins)),
                Span(max(old.begins, cut.ends), old.ends),
            )
            if piece.begins < piece.ends
        ]
    return left


def open_slots(
    *,
    hours: Sequence[Hours],
    days: Iterable[date],
    free: Mapping[UUID, Sequence[Span]],
    closures: Sequence[Closure],
    minutes: int,
    not_before: datetime,
    limit: int,
    per_day: int | None = None,
    part: str | Between = "any",
    wall: WallClock | None = None,
    demand: Demand = NOTHING_ELSE,
    kept: Callable[[date], Cuts] | None = None,
) -> list[OpenSlot]:
    """Return the first slots, earliest first; of equal times the clinician who stands first in the hours.

    `free` holds, in order, each clinician's time between appointments; without an entry it is the whole day.
    `kept` tells what of a day is kept for other kinds of visit.
    The visit lies within the hours; what is kept before and after it need not.
    """
    wall = wall or WallClock()
    by_weekday: list[list[Hours]] = [[row for row in hours if row.weekday == n] for n in range(7)]
    order = {row.provider_id: n for n, row in reversed(list(enumerate(hours)))}
    earliest = -(-int(not_before.timestamp()) // 60)
    share = min(limit, per_day or limit)
    found: list[OpenSlot] = []
    for day in days:
        starts = {
            (start, order[opening.provider_id], opening.location_id): (opening, left)
            for opening in openings(by_weekday[day.weekday()], day, wall, part)
            if (gaps := gaps_within(opening.span, free.get(opening.provider_id), minutes, demand))
            for start, left in islice(
                _starts(
                    opening,
                    gaps,
                    cuts_in(opening, closures, kept(day) if kept else {}),
                    minutes,
                    earliest,
                    demand,
                ),
                share,
            )
        }
        for start, _rank, _place in sorted(starts)[:share]:
            opening, left = starts[start, _rank, _place]
            found.append(
                OpenSlot(
                    day,
                    opening.provider_id,
                    opening.location_id,
                    moment_of(start),
                    moment_of(start + minutes),
                    left,
                )
            )
        if len(found) >= limit:
            return found[:limit]
    return found


def cuts_in(opening: Opening, closures: Sequence[Closure], shut: Cuts) -> list[Span]:
    """Return what is cut out of an opening: who is away, what is closed, what is kept for others."""
    who, where, _ = opening
    away = [
        one.span for one in closures if one.provider_id in (None, who) and one.location_id in (None, where)
    ]
    return [*away, *shut[who, where]] if (who, where) in shut else away


def _starts(
    opening: Opening,
    gaps: Sequence[Span],
    cuts: Sequence[Span],
    minutes: int,
    earliest: int,
    demand: Demand,
) -> Iterator[tuple[int, int]]:
    """Yield the starts that fit into the free time of an opening, one visit after the other in each piece of it.

    With each goes how many minutes of its piece stay free behind it.
    """
    where = opening.location_id
    apart = -(-demand.length(minutes) // STEP) * STEP
    soonest = earliest
    for gap in gaps:
        for begins, ends in without(gap, cuts) if cuts else (gap,):
            start = -(-max(begins, soonest) // STEP) * STEP
            while start + minutes <= ends:
                if demand.pools and not demand.is_met(where, start, minutes):
                    start += STEP
                    continue
                yield start, ends - start - minutes
                start = soonest = start + apart


def gaps_within(piece: Span, gaps: Sequence[Span] | None, minutes: int, demand: Demand) -> list[Span]:
    """Return the free time of a clinician that lies within a span, as far as a visit could fit into it.

    What is kept before and after the visit lies within the free time, not within the span.
    """
    if gaps is None:
        return [piece]
    begins, ends = piece
    found = []
    for at in range(max(bisect_right(gaps, piece) - 1, 0), len(gaps)):
        since, until = gaps[at].begins + demand.before, gaps[at].ends - demand.after
        if since + minutes > ends:
            break
        since, until = max(since, begins), min(until, ends)
        if until - since >= minutes:
            found.append(Span(since, until))
    return found
