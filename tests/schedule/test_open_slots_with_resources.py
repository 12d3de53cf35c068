"""Open slots of visits that need more than a clinician, against a walk through every minute of both odd days too."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from daysheet.schedule import queries, supply
from daysheet.schedule.slots import STEP, Closure, Demand, Hours, Pool, Span, moment_of, open_slots
from tests.cast import MONDAY, NOW
from tests.house import House
from tests.schedule.needing import NINE, book, resource, scan
from tests.schedule.test_open_slots import (
    CLINICIANS,
    DOOR,
    FALL,
    NEW_YORK,
    SPRING,
    day_minutes,
    first_minute,
    gaps,
    minute,
)

FAR = UUID(int=101)
DOORS = [DOOR, FAR]


@dataclass(frozen=True)
class Book:
    """Hours, what is taken, and a visit that is to be fitted in."""

    hours: list[Hours]
    days: list[date]
    busy: dict[UUID, list[Span]]
    closures: list[Closure]
    minutes: int
    now: int
    demand: Demand


def oracle(book: Book) -> Iterator[tuple[int, UUID]]:
    """Walk through every minute of every day, and begin a visit wherever nothing stands against it."""
    before, after = book.demand.before, book.demand.after
    apart = -(-(before + book.minutes + after) // STEP) * STEP
    for day in book.days:
        found = set()
        for row in (row for row in book.hours if row.weekday == day.weekday()):
            opened = set(range(first_minute(day, row.begins), first_minute(day, row.ends)))
            for closure in book.closures:
                if closure.provider_id in (None, row.provider_id):
                    opened -= set(range(*closure.span))
            taken = {m for span in book.busy.get(row.provider_id, []) for m in range(*span)}
            at = min(opened, default=0)
            while at < max(opened, default=0):
                visit, kept = range(at, at + book.minutes), range(at - before, at + book.minutes + after)
                fits = (
                    at % STEP == 0
                    and at >= book.now
                    and opened.issuperset(visit)
                    and taken.isdisjoint(kept)
                    and all(enough(pool, row.location_id, kept) for pool in book.demand.pools)
                )
                if fits:
                    found.add((at, row.provider_id))
                at += apart if fits else 1
        yield from sorted(found, key=lambda one: (one[0], CLINICIANS.index(one[1])))


def enough(pool: Pool, door: UUID, kept: range) -> bool:
    """Say whether so many of a kind at a door, each for all of the time, have nothing else to do."""
    free = [
        one
        for one, where in pool.resources
        if where in (None, door)
        and not any(m in kept for span in pool.busy.get(one, ()) for m in range(*span))
    ]
    return len(free) >= pool.count


@st.composite
def spans(draw: st.DrawFn, low: int, high: int) -> list[Span]:
    """Draw spans that follow each other without touching the one before."""
    found, at = [], low + draw(st.integers(0, 600))
    while at < high and draw(st.integers(0, 7)):
        length = draw(st.integers(5, 300))
        found.append(Span(at, min(at + length, high)))
        at += length + draw(st.integers(0, 300))
    return found


@st.composite
def books(draw: st.DrawFn) -> Book:
    """Draw a book of two days with two clinicians at two doors, and up to two kinds of resource."""
    first = draw(st.sampled_from([SPRING, FALL, MONDAY, date(2026, 3, 7), date(2026, 10, 31)]))
    days = [first + timedelta(days=n) for n in range(2)]
    low, high = day_minutes(days[0]).start, day_minutes(days[-1]).stop
    hours = []
    for clinician, door in zip(CLINICIANS, DOORS, strict=True):
        for day in days:
            begins = draw(st.integers(0, 20 * 4))
            ends = draw(st.integers(begins + 1, 23 * 4))
            clock = [time(n // 4, n % 4 * 15) for n in (begins, ends)]
            hours.append(Hours(clinician, door, NEW_YORK, day.weekday(), clock[0], clock[1]))
    pools = []
    for kind in range(draw(st.integers(0, 2))):
        resources = tuple(
            (UUID(int=1000 + 10 * kind + n), draw(st.sampled_from([None, *DOORS])))
            for n in range(draw(st.integers(0, 3)))
        )
        busy = {one: draw(spans(low, high)) for one, _where in resources}
        pools.append(Pool(UUID(int=kind), f"Kind {kind}", draw(st.integers(1, 2)), resources, busy))
    closures = [
        Closure(draw(st.sampled_from([None, *CLINICIANS])), None, Span(at, at + draw(st.integers(1, 300))))
        for at in draw(st.lists(st.integers(low, high), max_size=2))
    ]
    kept = st.sampled_from([0, 5, 7, 15, 30])
    return Book(
        hours,
        days,
        {clinician: draw(spans(low, high)) for clinician in CLINICIANS},
        closures,
        draw(st.sampled_from([5, 10, 20, 45])),
        draw(st.integers(low, high)),
        Demand(draw(kept), draw(kept), tuple(pools)),
    )


@settings(max_examples=120, deadline=None)
@given(books())
def test_the_algorithm_finds_what_a_walk_through_every_minute_finds(book: Book) -> None:
    low, high = day_minutes(book.days[0]).start, day_minutes(book.days[-1]).stop
    found = open_slots(
        hours=book.hours,
        days=book.days,
        free={who: gaps(taken, low - 720, high + 720) for who, taken in book.busy.items() if taken},
        closures=book.closures,
        minutes=book.minutes,
        not_before=moment_of(book.now),
        limit=100_000,
        demand=book.demand,
    )
    assert [(minute(slot.starts_at), slot.provider_id) for slot in found] == list(oracle(book))


def asked(house: House, kind: UUID, days: int = 0, limit: int = 100) -> list[str]:
    slots = queries.open_slots(
        type_id=kind,
        provider_ids=[house.lee.id],
        location_id=house.door.id,
        first_day=NINE.date(),
        last_day=NINE.date() + timedelta(days=days),
        now=NOW,
        limit=limit,
    )
    return [f"{slot.starts_at:%H:%M}" for slot in slots]


def test_what_is_offered_can_be_booked_and_no_earlier_time_can(house: House) -> None:
    kind = scan(house, resource(house), before_minutes=10, after_minutes=5)
    book(house, kind, NINE + timedelta(minutes=60))
    assert asked(house, kind.id)[:2] == ["13:00", "14:45"]
    book(house, kind, NINE + timedelta(minutes=105), patient_id=house.ann.id)


@pytest.mark.parametrize("rows", [1, 6], ids=["few", "many"])
def test_a_search_over_sixty_days_takes_the_same_few_statements_with_resources(
    house: House, rows: int
) -> None:
    resources = [resource(house) for _ in range(rows)]
    kind = scan(house, resources[0], resource(house, "Medical assistant", "staff"))
    for n in range(rows):
        book(house, kind, NINE + timedelta(days=7 * n), **({"patient_id": house.ann.id} if n % 2 else {}))
    with CaptureQueriesContext(connection) as heard:
        asked(house, kind.id, days=60, limit=5)
    assert (
        len(heard) == 6
    )  # the type with its needs, hours, absences, kept time, one read of the book, one of the promises


def test_the_needs_of_a_type_and_what_serves_them_are_read_in_one_statement(house: House) -> None:
    kind = scan(house, resource(house), resource(house, "Medical assistant", "staff"))
    extra = resource(house, "Spanish interpreter", "interpreter", location_id=None, language="es")
    with CaptureQueriesContext(connection) as heard:
        minutes, demand = supply.demand_of(kind.id, [extra.kind_id])
    assert (len(heard), minutes) == (1, 30)
    assert [pool.name for pool in demand.pools] == ["Medical assistant", "Spanish interpreter", "Ultrasound"]
