"""Several visits found together: one after the other within some days, or a family on one day. Pure.

`docs/algorithms/slots.md` says why it is done so.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise, product
from typing import NamedTuple
from uuid import UUID

from daysheet.schedule.blocks import Kept
from daysheet.schedule.slots import (
    STEP,
    Between,
    Closure,
    Demand,
    Hours,
    Span,
    WallClock,
    cuts_in,
    gaps_within,
    moment_of,
    openings,
    without,
)

Place = tuple[UUID, UUID]
"""A clinician at a door."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One visit that is to be found: of which kind, for whom, and how long after the visit before it."""

    type_id: UUID
    patient_id: UUID
    minutes: int
    demand: Demand
    provider_ids: frozenset[UUID] | None = None
    """With whom it may be, of those who give it; None: anyone."""
    least_days: int = 0
    most_days: int = 0
    also_needs: tuple[UUID, ...] = ()
    """Kinds of resource beyond those of its kind, such as an interpreter."""

    def with_whom(self, provider_id: UUID | None) -> "Wish":
        """Return the same visit with a clinician, where that one gives it; None: with any who does."""
        if provider_id is None:
            return self
        fits = self.provider_ids is None or provider_id in self.provider_ids
        return replace(self, provider_ids=frozenset([provider_id] if fits else ()))

    def whose(self, patient_id: UUID) -> "Wish":
        """Return the same visit for a patient."""
        return replace(self, patient_id=patient_id)


class Pick(NamedTuple):
    """One visit of a choice: when, with whom, where."""

    day: date
    provider_id: UUID
    location_id: UUID
    begins: int
    ends: int

    @property
    def starts_at(self) -> datetime:
        """Return when it begins."""
        return moment_of(self.begins)


Choice = tuple[Pick, ...]


@dataclass(slots=True)
class Book:
    """What was read of the book for all the visits together."""

    hours: Sequence[Hours]
    closures: Sequence[Closure]
    free: Mapping[UUID, Sequence[Span]]
    kept: Mapping[UUID, Kept]
    """What is shut, for each kind of visit."""
    elsewhere: Mapping[UUID, Sequence[Span]]
    """When each patient has another visit."""
    now: int
    wall: WallClock
    part: str | Between = "any"
    _known: dict[tuple[UUID, date], dict[Place, list[int]]] = field(default_factory=dict)

    def starts(self, wish: Wish, day: date) -> dict[Place, list[int]]:
        """Return when a visit could begin on a day with whom and where, whoever the patient is, in order."""
        key = (wish.type_id, day)
        if key not in self._known:
            kept = self.kept.get(wish.type_id)
            shut = kept.cuts(day) if kept else {}
            found: dict[Place, set[int]] = {}
            rows = [row for row in self.hours if row.weekday == day.weekday()]
            for opening in openings(rows, day, self.wall, self.part):
                cuts = cuts_in(opening, self.closures, shut)
                gaps = gaps_within(
                    opening.span, self.free.get(opening.provider_id), wish.minutes, wish.demand
                )
                place = (opening.provider_id, opening.location_id)
                for piece in (piece for gap in gaps for piece in without(gap, cuts)):
                    found.setdefault(place, set()).update(self._in(piece, wish, opening.location_id))
            self._known[key] = {place: sorted(starts) for place, starts in found.items() if starts}
        return self._known[key]

    def _in(self, piece: Span, wish: Wish, door: UUID) -> Iterator[int]:
        first = -(-max(piece.begins, self.now) // STEP) * STEP
        for start in range(first, piece.ends - wish.minutes + 1, STEP):
            if not wish.demand.pools or wish.demand.is_met(door, start, wish.minutes):
                yield start

    def is_away(self, wish: Wish, start: int) -> bool:
        """Return whether the patient has another visit then."""
        ends = start + wish.minutes
        return any(one.begins < ends and one.ends > start for one in self.elsewhere.get(wish.patient_id, ()))


def chains(wishes: Sequence[Wish], book: Book, days: Sequence[date], *, limit: int) -> list[Choice]:
    """Return the visits of a patient that follow each other: for each first day the earliest way, if there is one.

    Of the visits on a day only the earliest with each clinician matters: whatever can follow a later one can follow
    it. Where the next visit lies on another day, the earliest of all is enough.
    """
    found: list[Choice] = []
    dead: set[tuple[int, Pick]] = set()
    for day in days:
        one = _follow(0, day, None, wishes, book, dead, days[-1])
        if one and holds_together(one, wishes, book):
            found.append(one)
        if len(found) >= limit:
            break
    return found


def _follow(
    number: int,
    day: date,
    former: Pick | None,
    wishes: Sequence[Wish],
    book: Book,
    dead: set[tuple[int, Pick]],
    last: date,
) -> Choice | None:
    """Return the visits from one on when it is on a day, the earliest way first."""
    wish = wishes[number]
    picks = _earliest(wish, day, former, wishes[number - 1] if former else None, book)
    is_end = number + 1 == len(wishes)
    after = None if is_end else wishes[number + 1]
    for pick in picks if after is not None and after.least_days == 0 else picks[:1]:
        if after is None:
            return (pick,)
        if (number, pick) in dead:
            continue
        for ahead in range(after.least_days, after.most_days + 1):
            on = day + timedelta(days=ahead)
            rest = _follow(number + 1, on, pick, wishes, book, dead, last) if on <= last else None
            if rest:
                return (pick, *rest)
        dead.add((number, pick))
    return None


def _earliest(wish: Wish, day: date, former: Pick | None, before: Wish | None, book: Book) -> list[Pick]:
    """Return the earliest visit with each clinician on a day that may come after the former one, in order."""
    picks = []
    for place, starts in book.starts(wish, day).items():
        who, where = place
        if wish.provider_ids is not None and who not in wish.provider_ids:
            continue
        ready = former.ends if former else 0
        if former and before and former.provider_id == who:
            ready += before.demand.after + wish.demand.before
        for start in starts[bisect_left(starts, ready) :]:
            if not book.is_away(wish, start):
                picks.append(Pick(day, who, where, start, start + wish.minutes))
                break
    return sorted(picks, key=lambda one: (one.begins, str(one.provider_id), str(one.location_id)))


def families(
    wishes: Sequence[Wish], book: Book, days: Iterable[date], *, side_by_side: bool, limit: int
) -> list[Choice]:
    """Return the times of a family on one day and at one door, earliest first: back to back with one clinician.

    Side by side, the first, third and fifth are with one clinician and the others with another, from the same time.
    """
    found: list[Choice] = []
    for day in days:
        every = _side_by_side(wishes, book, day) if side_by_side else _back_to_back(wishes, book, day)
        ways = (one for one in every if holds_together(one, wishes, book))
        found += _spread(ways, limit - len(found))
        if len(found) >= limit:
            break
    return found


def _spread(ways: Iterable[Choice], most: int) -> list[Choice]:
    """Return the earliest way with each clinician, so that the choices are different ones; ways come in order."""
    seen: dict[tuple[UUID, ...], Choice] = {}
    for one in ways:
        seen.setdefault(tuple(pick.provider_id for pick in one), one)
        if len(seen) >= most:
            break
    return list(seen.values())


def _back_to_back(wishes: Sequence[Wish], book: Book, day: date) -> Iterator[Choice]:
    by_start = _by_start(_trains(wishes, book, day))
    for start in sorted(by_start):
        for place in by_start[start]:
            yield _picks(wishes, day, place, start)


def _side_by_side(wishes: Sequence[Wish], book: Book, day: date) -> Iterator[Choice]:
    first, second = wishes[::2], wishes[1::2]
    one, other = (_by_start(_trains(some, book, day)) for some in (first, second))
    for start in sorted(one.keys() & other.keys()):
        for place, beside in product(one[start], other[start]):
            if place[1] != beside[1] or place[0] == beside[0]:
                continue
            mine, theirs = _picks(first, day, place, start), _picks(second, day, beside, start)
            yield tuple((theirs if n % 2 else mine)[n // 2] for n in range(len(wishes)))


def _by_start(trains: Mapping[Place, Iterable[int]]) -> dict[int, list[Place]]:
    """Return with whom and where visits could begin at each minute."""
    found: dict[int, list[Place]] = {}
    for place in sorted(trains, key=str):
        for start in trains[place]:
            found.setdefault(start, []).append(place)
    return found


def offsets(wishes: Sequence[Wish]) -> list[int]:
    """Return how long after the first each visit begins when they are back to back with one clinician."""
    found = [0]
    for former, wish in pairwise(wishes):
        apart = former.minutes + former.demand.after + wish.demand.before
        found.append(found[-1] + -(-apart // STEP) * STEP)
    return found


def _trains(wishes: Sequence[Wish], book: Book, day: date) -> dict[Place, list[int]]:
    """Return when some visits could begin one right after the other, with whom and where."""
    apart = offsets(wishes)
    places = set(book.starts(wishes[0], day))
    found = {}
    for place in places:
        if any(one.provider_ids is not None and place[0] not in one.provider_ids for one in wishes):
            continue
        fits = [set(book.starts(one, day).get(place, ())) for one in wishes]
        starts = [
            start
            for start in book.starts(wishes[0], day)[place]
            if all(
                start + apart[n] in fits[n] and not book.is_away(wish, start + apart[n])
                for n, wish in enumerate(wishes)
            )
        ]
        if starts:
            found[place] = starts
    return found


def _picks(wishes: Sequence[Wish], day: date, place: Place, start: int) -> Choice:
    return tuple(
        Pick(day, *place, start + apart, start + apart + wish.minutes)
        for wish, apart in zip(wishes, offsets(wishes), strict=True)
    )


def holds_together(choice: Choice, wishes: Sequence[Wish], book: Book) -> bool:
    """Return whether visits that each fit alone fit all together: in their sessions, and in what they need."""
    return _sessions_hold(choice, wishes, book) and _resources_hold(choice, wishes)


def _sessions_hold(choice: Choice, wishes: Sequence[Wish], book: Book) -> bool:
    """Return whether no session takes more of its kinds than it does, when they are booked in turn."""
    more: dict[tuple[UUID, date], int] = {}
    for pick, wish in zip(choice, wishes, strict=True):
        kept = book.kept.get(wish.type_id)
        for one in kept.sessions(pick.provider_id, pick.location_id, pick.day) if kept else ():
            key = (one.block.id, pick.day)
            is_met = one.span.begins < pick.ends and one.span.ends > pick.begins
            if wish.type_id not in one.block.type_ids or not is_met:
                continue
            booked = one.booked + more.get(key, 0)
            if one.block.most is not None and booked >= one.block.most:
                return False
            more[key] = more.get(key, 0) + (one.span.begins <= pick.begins < one.span.ends)
    return True


def _resources_hold(choice: Choice, wishes: Sequence[Wish]) -> bool:
    """Return whether each visit finds enough of each kind even when all that run at the same time have theirs."""
    spans = [
        Span(pick.begins - wish.demand.before, pick.ends + wish.demand.after)
        for pick, wish in zip(choice, wishes, strict=True)
    ]
    for n, (pick, wish) in enumerate(zip(choice, wishes, strict=True)):
        for pool in wish.demand.pools:
            others = sum(
                theirs.count
                for k, other in enumerate(wishes)
                if k != n and spans[k].begins < spans[n].ends and spans[k].ends > spans[n].begins
                for theirs in other.demand.pools
                if theirs.kind_id == pool.kind_id
            )
            if others and not pool.is_met(pick.location_id, spans[n].begins, spans[n].ends, more=others):
                return False
    return True


def minute_now(now: datetime) -> int:
    """Return the first whole minute from a moment on."""
    return -(-int(now.timestamp()) // 60)
