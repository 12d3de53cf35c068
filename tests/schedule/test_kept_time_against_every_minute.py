"""Kept time in the finder against a walk through every minute, on the odd days of the year too."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from daysheet.schedule.blocks import Block, Kept, count_in
from daysheet.schedule.slots import STEP, Hours, Span, WallClock, moment_of, open_slots
from tests.cast import MONDAY
from tests.schedule.test_open_slots import (
    CLINICIANS,
    DOOR,
    FALL,
    NEW_YORK,
    SPRING,
    day_minutes,
    first_minute,
    gaps,
)

KIND, OTHER = UUID(int=50), UUID(int=51)
Visit = tuple[UUID, UUID, UUID, date, int]
Book = tuple[list[Hours], list[date], dict[UUID, list[Span]], list[Visit], list[Block], int, int]


def clock(quarter: int) -> time:
    return time(quarter // 4, quarter % 4 * 15)


@st.composite
def kept_books(draw: st.DrawFn) -> Book:
    first = draw(st.sampled_from([SPRING, FALL, MONDAY, date(2026, 3, 7), date(2026, 10, 31)]))
    days = [first + timedelta(days=n) for n in range(2)]
    hours = []
    for clinician in CLINICIANS:
        for day in days:
            begins = draw(st.integers(0, 40))
            ends = draw(st.integers(begins + 1, 23 * 4))
            turn = draw(st.sampled_from([0, 0, 0, 1, 2]))
            hours.append(
                Hours(clinician, DOOR, NEW_YORK, day.weekday(), clock(begins), clock(ends), None, None, turn)
            )
    low, high = day_minutes(days[0]).start, day_minutes(days[-1]).stop
    busy: dict[UUID, list[Span]] = {}
    visits: list[Visit] = []
    for clinician in CLINICIANS:
        at = low + draw(st.integers(0, 600))
        while at < high and draw(st.integers(0, 5)):
            length = draw(st.integers(5, 90))
            busy.setdefault(clinician, []).append(Span(at, min(at + length, high)))
            on = moment_of(at).astimezone(NEW_YORK).date()
            visits.append((clinician, DOOR, draw(st.sampled_from([KIND, OTHER])), on, at))
            at += length + draw(st.integers(0, 300))
    blocks = [_block(draw, n, days) for n in range(draw(st.integers(0, 4)))]
    minutes = draw(st.sampled_from([5, 15, 20, 40]))
    now = draw(st.integers(low - 3 * 1440, high))
    return hours, days, busy, visits, blocks, minutes, now


def _block(draw: st.DrawFn, number: int, days: list[date]) -> Block:
    begins = draw(st.integers(0, 60))
    edge = st.one_of(st.none(), st.sampled_from([days[0], days[1]]))
    most = draw(st.one_of(st.none(), st.integers(0, 3)))
    return Block(
        UUID(int=900 + number),
        draw(st.sampled_from(CLINICIANS)),
        DOOR,
        NEW_YORK,
        "kept",
        draw(st.sampled_from(days)).weekday(),
        clock(begins),
        clock(draw(st.integers(begins + 1, 23 * 4))),
        frozenset(draw(st.sets(st.sampled_from([KIND, OTHER])))),
        draw(edge),
        draw(edge),
        draw(st.sampled_from([0, 0, 1, 2])),
        draw(st.one_of(st.none(), st.integers(0, 3))),
        draw(st.sampled_from(["days", "hours"])),
        draw(st.one_of(st.none(), st.integers(0, 2))),
        most,
    )


def turn(day: date) -> int:
    """Weeks since a Monday of long ago, by counting days."""
    return (day - date(1, 1, 1)).days // 7 % 2 + 1


def shut_minutes(block: Block, day: date, visits: list[Visit], now: int) -> set[int]:
    """Every minute of a day that a block shuts to the kind, by its words alone."""
    if block.weekday != day.weekday() or block.turn not in (0, turn(day)):
        return set()
    if (block.from_on and day < block.from_on) or (block.until_on and day >= block.until_on):
        return set()
    session = set(range(first_minute(day, block.begins), first_minute(day, block.ends)))
    booked = sum(
        who == block.provider_id and on == day and kind in block.type_ids and at in session
        for who, _where, kind, on, at in visits
    )
    if KIND in block.type_ids:
        return session if block.most is not None and booked >= block.most else set()
    share = block.most if block.least is None else block.least
    if share is not None and booked >= share:
        return set()
    if block.release is None:
        return session
    if block.unit == "hours":
        opens = first_minute(day, block.begins) - 60 * block.release
    else:
        opens = day_minutes(day - timedelta(days=block.release)).start
    return set() if now >= opens else session


def oracle(book: Book) -> Iterator[tuple[int, UUID]]:
    """Walk through every minute, and begin a visit wherever nothing stands against it."""
    hours, days, busy, visits, blocks, minutes, now = book
    for day in days:
        found = set()
        for row in (row for row in hours if row.weekday == day.weekday() and row.turn in (0, turn(day))):
            opened = range(first_minute(day, row.begins), first_minute(day, row.ends))
            taken = {m for span in busy.get(row.provider_id, []) for m in range(*span)}
            for block in blocks:
                if block.provider_id == row.provider_id:
                    taken |= shut_minutes(block, day, visits, now)
            at = opened.start
            while at < opened.stop:
                free = at >= now and at % STEP == 0
                if not free or any(m in taken or m >= opened.stop for m in range(at, at + minutes)):
                    at += 1
                    continue
                found.add((at, row.provider_id))
                at += -(-minutes // STEP) * STEP
        yield from sorted(found, key=lambda one: (one[0], CLINICIANS.index(one[1])))


@settings(max_examples=150, deadline=None)
@given(kept_books())
def test_the_finder_minds_kept_time_as_a_walk_through_every_minute_does(book: Book) -> None:
    hours, days, busy, visits, blocks, minutes, now = book
    low, high = day_minutes(days[0]).start, day_minutes(days[-1]).stop
    wall = WallClock()
    kept = Kept(blocks, KIND, now, count_in(blocks, visits, wall), wall)
    found = open_slots(
        hours=hours,
        days=days,
        free={who: gaps(spans, low - 480, high + 480) for who, spans in busy.items()},
        closures=[],
        minutes=minutes,
        not_before=moment_of(now),
        limit=100_000,
        wall=wall,
        kept=kept.cuts,
    )
    assert [(int(one.starts_at.timestamp()) // 60, one.provider_id) for one in found] == list(oracle(book))


def test_a_block_over_the_hour_that_comes_twice_keeps_both() -> None:
    row = Hours(CLINICIANS[0], DOOR, NEW_YORK, 6, time(0), time(4))
    block = Block(UUID(int=1), CLINICIANS[0], DOOR, NEW_YORK, "kept", 6, time(1), time(2), frozenset([OTHER]))
    wall = WallClock()
    found = open_slots(
        hours=[row],
        days=[FALL],
        free={},
        closures=[],
        minutes=60,
        not_before=datetime(2026, 10, 1, tzinfo=NEW_YORK),
        limit=9,
        wall=wall,
        kept=Kept([block], KIND, 0, {}, wall).cuts,
    )
    assert [f"{one.starts_at:%H:%M}" for one in found] == [
        "04:00",
        "07:00",
        "08:00",
    ]  # midnight, then 2 and 3 EST
