"""The waitlist's rules: who fits a freed time, who is asked first, when the next batch may go. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from daysheet.schedule.rules import first_reading

LIVE = ("ready", "pending", "viewed")
"""Answers while which a patient may still take the time."""
NOT_REACHED = ("failed", "unable")
"""Answers that are none: the place in the batch is free for the next."""
BATCH = 3
"""How many are asked for one freed time together."""
INTERVAL = timedelta(minutes=30)
"""How long a full batch has before the next may be asked."""
ANSWER_WITHIN = timedelta(hours=4)
"""How long an offer stands, and never past the moment at which the patient must know."""
STANDS_AT_LEAST = timedelta(minutes=15)
"""So long an offer stands after its message has left; with less left nobody is written to."""
STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody who waits would take."""

    id: UUID
    patient_id: UUID
    minutes: int
    priority: int
    since: datetime
    provider_ids: frozenset[UUID] = frozenset()
    location_id: UUID | None = None
    weekdays: frozenset[int] = frozenset()
    from_clock: time | None = None
    to_clock: time | None = None
    earliest_on: date | None = None
    latest_on: date | None = None
    notice: timedelta = timedelta()
    before: datetime | None = None
    """The start of the appointment that is to become an earlier one."""
    type_id: UUID | None = None
    """The kind of visit: some times are kept for others."""
    before_minutes: int = 0
    """Kept free of the clinician before the visit."""
    after_minutes: int = 0


@dataclass(frozen=True, slots=True)
class FreedTime:
    """A span of a clinician that is free again, at a door with its own clock."""

    provider_id: UUID
    location_id: UUID
    zone: ZoneInfo
    starts_at: datetime
    ends_at: datetime
    free_from: datetime | None = None
    """When the clinician's visit before it is over, with what is kept after that; None: nothing lies close."""
    free_until: datetime | None = None
    """When the clinician's next visit begins, with what is kept before that; None: nothing lies close."""


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody who waits and fits: from when to when, and what speaks for asking them."""

    wish: Wish
    starts_at: datetime
    ends_at: datetime
    days_waiting: int
    left_over: int
    """Minutes of the freed time that this visit would leave empty."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An offer of the same freed time that was made before."""

    batch: int
    offered_at: datetime
    is_live: bool
    is_unreached: bool = False
    """Nobody heard of it."""


def start_within(wish: Wish, slot: FreedTime, *, now: datetime) -> datetime | None:
    """Return the first moment in a freed time at which the wished visit fits, or None."""
    return _start(wish, slot, slot.starts_at.astimezone(slot.zone).date(), now)


def _start(wish: Wish, slot: FreedTime, day: date, now: datetime) -> datetime | None:
    if wish.provider_ids and slot.provider_id not in wish.provider_ids:
        return None
    if wish.location_id not in (None, slot.location_id):
        return None
    if wish.weekdays and day.weekday() not in wish.weekdays:
        return None
    if (wish.earliest_on and day < wish.earliest_on) or (wish.latest_on and day > wish.latest_on):
        return None
    since, until = max(slot.starts_at, now + wish.notice), slot.ends_at
    if wish.from_clock:
        since = max(since, first_reading(day, wish.from_clock, slot.zone))
    if wish.to_clock:
        until = min(until, first_reading(day, wish.to_clock, slot.zone))
    if slot.free_from:
        since = max(since, slot.free_from + timedelta(minutes=wish.before_minutes))
    start = slot.starts_at
    if since > start:
        start += -(-(since - start) // STEP) * STEP
    ends = start + timedelta(minutes=wish.minutes)
    if ends > until:
        return None
    if slot.free_until and ends + timedelta(minutes=wish.after_minutes) > slot.free_until:
        return None
    return start if wish.before is None or start < wish.before else None


def matches(
    wishes: Iterable[Wish], slot: FreedTime, *, now: datetime, wider: Mapping[UUID, FreedTime] | None = None
) -> list[Match]:
    """Return who fits a freed time, in the order of asking: the urgent, the longest waiting, the fullest use.

    Who began to wait at the same moment is asked in the order of the entries, as the list shows them.

    `wider` is that time for those patients whose own visit lies close to it and would be given up.
    """
    found = []
    length = (slot.ends_at - slot.starts_at) // timedelta(minutes=1)
    day = slot.starts_at.astimezone(slot.zone).date()  # once: ten thousand may wait
    for wish in wishes:
        start = _start(wish, wider.get(wish.patient_id, slot) if wider else slot, day, now)
        if start is not None:
            ends = start + timedelta(minutes=wish.minutes)
            found.append(
                Match(wish, start, ends, max((now - wish.since).days, 0), int(length) - wish.minutes)
            )
    return sorted(
        found,
        key=lambda one: (one.wish.priority, -one.days_waiting, one.left_over, one.wish.since, one.wish.id),
    )


def next_batch(
    asked: Sequence[Asked], *, now: datetime, interval: timedelta = INTERVAL
) -> tuple[int, int] | datetime:
    """Return the batch that may be asked now and how many it still takes, or from when the next one may be asked.

    A batch has BATCH offers at most; those that reached nobody do not count. The next follows when nobody may still
    take the time, or after the interval.
    """
    if not asked:
        return 1, BATCH
    last = max(one.batch for one in asked)
    mine = [one for one in asked if one.batch == last]
    if not any(one.is_live for one in asked):
        return last + 1, BATCH
    from_then = min(one.offered_at for one in mine) + interval
    if now >= from_then:
        return last + 1, BATCH
    places = BATCH - sum(not one.is_unreached for one in mine)
    return (last, places) if places > 0 else from_then


def stands_until(start: datetime, notice: timedelta, *, now: datetime) -> datetime:
    """Return until when an offer made now stands."""
    return min(now + ANSWER_WITHIN, max(start - notice, now)).astimezone(UTC)


def is_worth_writing(leaves_at: datetime, expires_at: datetime) -> bool:
    """Return whether an offer stands long enough after its message has left."""
    return leaves_at + STANDS_AT_LEAST <= expires_at
