"""Open slots: the algorithm against a brute-force oracle, and the days on which the clock jumps."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from daysheet.schedule import queries
from daysheet.schedule.slots import STEP, Closure, Hours, Span, moment_of, open_slots
from tests.cast import MONDAY, NOW
from tests.house import House, appointment, hours

NEW_YORK = ZoneInfo("America/New_York")
DOOR = UUID(int=100)
CLINICIANS = [UUID(int=1), UUID(int=2)]
SPRING, FALL = date(2026, 3, 8), date(2026, 11, 1)  # the days of 23 and of 25 hours


def minute(at: datetime) -> int:
    return int(at.timestamp()) // 60


def day_minutes(day: date) -> range:
    first = datetime(day.year, day.month, day.day, tzinfo=NEW_YORK)
    last = datetime.combine(day + timedelta(days=1), time(), tzinfo=NEW_YORK)
    return range(minute(first), minute(last))


def reading(at: int) -> time:
    return moment_of(at).astimezone(NEW_YORK).time()


@cache
def first_minute(day: date, clock: time) -> int:
    return next((at for at in day_minutes(day) if reading(at) >= clock), day_minutes(day)[-1] + 1)


def oracle(
    rows: list[Hours],
    days: list[date],
    busy: dict[UUID, list[Span]],
    closures: list[Closure],
    minutes: int,
    now: int,
) -> Iterator[tuple[int, UUID]]:
    """Walk through every minute of every day, and begin a visit wherever nothing stands against it."""
    for day in days:
        found = set()
        for row in (row for row in rows if row.weekday == day.weekday()):
            opened = range(first_minute(day, row.begins), first_minute(day, row.ends))
            taken = {m for span in busy.get(row.provider_id, []) for m in range(*span)}
            for closure in closures:
                if closure.provider_id in (None, row.provider_id):
                    taken |= set(range(*closure.span))
            at = opened.start
            while at < opened.stop:
                if at in taken or at < now:
                    at += 1
                    continue
                if at % STEP or any(m in taken or m >= opened.stop for m in range(at, at + minutes)):
                    at += 1
                    continue
                found.add((at, row.provider_id))
                at += -(-minutes // STEP) * STEP
        yield from sorted(found, key=lambda one: (one[0], CLINICIANS.index(one[1])))


def gaps(busy: list[Span], first: int, last: int) -> list[Span]:
    edges = [first, *[edge for span in sorted(busy) for edge in span], last]
    return [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]


@st.composite
def books(draw: st.DrawFn) -> tuple[list[Hours], list[date], dict[UUID, list[Span]], list[Closure], int, int]:
    first = draw(st.sampled_from([SPRING, FALL, MONDAY, date(2026, 3, 7), date(2026, 10, 31)]))
    days = [first + timedelta(days=n) for n in range(2)]
    hours = []
    for clinician in CLINICIANS:
        for day in days:
            begins = draw(st.integers(0, 20 * 4))
            ends = draw(st.integers(begins + 1, 23 * 4))
            hours.append(
                Hours(
                    clinician,
                    DOOR,
                    NEW_YORK,
                    day.weekday(),
                    time(begins // 4, begins % 4 * 15),
                    time(ends // 4, ends % 4 * 15),
                )
            )
    low, high = day_minutes(days[0]).start, day_minutes(days[-1]).stop
    busy: dict[UUID, list[Span]] = {}
    for clinician in CLINICIANS:
        at = low + draw(st.integers(0, 600))
        while at < high and draw(st.integers(0, 9)):
            length = draw(st.integers(5, 120))
            busy.setdefault(clinician, []).append(Span(at, min(at + length, high)))
            at += length + draw(st.integers(0, 400))
    closures = [
        Closure(draw(st.sampled_from([None, *CLINICIANS])), None, Span(at, at + draw(st.integers(1, 300))))
        for at in draw(st.lists(st.integers(low, high), max_size=2))
    ]
    return (
        hours,
        days,
        busy,
        closures,
        draw(st.sampled_from([5, 10, 15, 20, 40, 45])),
        draw(st.integers(low, high)),
    )


@settings(max_examples=150, deadline=None)
@given(books())
def test_the_algorithm_finds_what_a_walk_through_every_minute_finds(
    book: tuple[list[Hours], list[date], dict[UUID, list[Span]], list[Closure], int, int],
) -> None:
    hours, days, busy, closures, minutes, now = book
    low, high = day_minutes(days[0]).start, day_minutes(days[-1]).stop
    found = open_slots(
        hours=hours,
        days=days,
        free={who: gaps(spans, low - 480, high + 480) for who, spans in busy.items()},
        closures=closures,
        minutes=minutes,
        not_before=moment_of(now),
        limit=100_000,
    )
    assert [(minute(slot.starts_at), slot.provider_id) for slot in found] == list(
        oracle(hours, days, busy, closures, minutes, now)
    )


def test_the_first_slots_of_a_day_come_earliest_first(house: House) -> None:
    slots = queries.open_slots(
        type_id=house.follow_up.id,
        provider_ids=None,
        location_id=None,
        first_day=MONDAY,
        last_day=MONDAY,
        now=NOW,
    )
    local = [slot.starts_at.astimezone(NEW_YORK) for slot in slots]
    assert [f"{at:%H:%M}" for at in local] == ["10:00", "10:20", "10:40", "11:00", "11:20"]


def test_a_booked_time_is_stepped_over(house: House) -> None:
    appointment(house, datetime(2026, 3, 10, 13, 10, tzinfo=UTC))  # Tuesday 9:10 to 9:30
    slots = queries.open_slots(
        type_id=house.follow_up.id,
        provider_ids=[house.lee.id],
        location_id=house.door.id,
        first_day=date(2026, 3, 10),
        last_day=date(2026, 3, 10),
        now=NOW,
        limit=2,
    )
    assert [f"{slot.starts_at:%H:%M}" for slot in slots] == ["13:30", "13:50"]


def test_a_visit_that_began_before_the_day_still_holds_its_time(house: House) -> None:
    hours(house.osei, house.door, 1, time(0), time(2))
    appointment(
        house, datetime(2026, 3, 10, 3, 0, tzinfo=UTC), 120, provider=house.osei
    )  # Monday 11 pm, for two hours
    slots = queries.open_slots(
        type_id=house.follow_up.id,
        provider_ids=[house.osei.id],
        location_id=None,
        first_day=date(2026, 3, 10),
        last_day=date(2026, 3, 10),
        now=NOW,
        limit=1,
    )
    assert [f"{slot.starts_at:%H:%M}" for slot in slots] == ["05:00"]  # Tuesday 1 am


@pytest.mark.parametrize(("part", "first"), [("morning", "09:00"), ("afternoon", "13:00"), ("any", "09:00")])
def test_a_part_of_the_day_narrows_the_search(house: House, part: str, first: str) -> None:
    slots = queries.open_slots(
        type_id=house.follow_up.id,
        provider_ids=[house.lee.id],
        location_id=house.door.id,
        first_day=date(2026, 3, 10),
        last_day=date(2026, 3, 10),
        now=NOW,
        part_of_day=part,
    )
    assert f"{slots[0].starts_at.astimezone(NEW_YORK):%H:%M}" == first


def test_hours_in_the_hour_that_is_skipped_begin_when_the_clock_goes_on(house: House) -> None:
    hours(house.osei, house.door, 6, time(2, 30), time(3, 40))
    slots = queries.open_slots(
        type_id=house.follow_up.id,
        provider_ids=[house.osei.id],
        location_id=None,
        first_day=SPRING,
        last_day=SPRING,
        now=datetime(2026, 3, 1, tzinfo=UTC),
    )
    assert [f"{slot.starts_at:%H:%M}" for slot in slots] == ["07:00", "07:20"]  # 3:00 and 3:20 EDT


def test_hours_over_the_hour_that_comes_twice_are_an_hour_longer(house: House) -> None:
    hours(house.osei, house.door, 6, time(1), time(2))
    slots = queries.open_slots(
        type_id=house.follow_up.id,
        provider_ids=[house.osei.id],
        location_id=None,
        first_day=FALL,
        last_day=FALL,
        now=NOW,
        limit=9,
    )
    assert [f"{slot.starts_at:%H:%M}" for slot in slots] == [
        "05:00",
        "05:20",
        "05:40",
        "06:00",
        "06:20",
        "06:40",
    ]


def test_a_full_book_has_no_slots_and_says_so_with_nothing(house: House) -> None:
    appointment(house, datetime(2026, 3, 10, 13, 0, tzinfo=UTC), 480)
    slots = queries.open_slots(
        type_id=house.follow_up.id,
        provider_ids=[house.lee.id],
        location_id=None,
        first_day=date(2026, 3, 10),
        last_day=date(2026, 3, 10),
        now=NOW,
    )
    assert slots == []


def test_a_search_over_sixty_days_takes_the_same_few_statements(house: House) -> None:
    with CaptureQueriesContext(connection) as heard:
        queries.open_slots(
            type_id=house.follow_up.id,
            provider_ids=None,
            location_id=None,
            first_day=MONDAY,
            last_day=MONDAY + timedelta(days=60),
            now=NOW,
        )
    assert len(heard) == 5  # type, hours, absences, kept time, one read of the book
