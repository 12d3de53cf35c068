"""A long visit is first asked of the database as a whole: no time is lost by it, and a full book is not read."""

from bisect import bisect_left
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from daysheet.schedule import queries
from daysheet.schedule.models import Absence, Appointment, ProviderHours, ResourceHold
from daysheet.schedule.queries import Looked, SlotSearch
from daysheet.schedule.rules import first_reading
from daysheet.schedule.slots import (
    Closure,
    Demand,
    Hours,
    Span,
    WallClock,
    cores,
    minute_of,
    moment_of,
    open_slots,
)
from daysheet.schedule.supply import demand_of
from tests import make
from tests.cast import MONDAY, NOW
from tests.house import House, appointment, hours
from tests.schedule.needing import book, resource, scan
from tests.schedule.test_keep_time_for_visits import block
from tests.schedule.test_open_slots import books, day_minutes, gaps

Book = tuple[list[Hours], list[date], dict[UUID, list[Span]], list[Closure], int, int]
ZONES = [
    ZoneInfo(name)
    for name in ("America/New_York", "America/Havana", "America/Santiago", "Australia/Lord_Howe")
]


@settings(max_examples=200, deadline=None)
@given(books(), st.sampled_from([5, 40, 60, 100, 240]), st.sampled_from([0, 5, 30]), st.sampled_from([0, 10]))
def test_whoever_has_a_time_has_a_core_that_is_free(
    given_book: Book, minutes: int, before: int, after: int
) -> None:
    rows, days, busy, closures, _minutes, now = given_book
    demand = Demand(before, after)
    low, high = day_minutes(days[0]).start, day_minutes(days[-1]).stop
    asked = {
        "closures": closures,
        "minutes": minutes,
        "not_before": moment_of(now),
        "limit": 100_000,
        "demand": demand,
    }
    free = {who: gaps(spans, low - 480, high + 480) for who, spans in busy.items()}
    found = open_slots(hours=rows, days=days, free=free, **asked)  # type: ignore[arg-type]
    left = {
        (core.day, who)
        for core in cores(rows, days, minutes, demand, WallClock())
        for who in core.provider_ids
        if not _is_taken(busy.get(who, []), core.begins, core.ends)
    }
    assert {(slot.day, slot.provider_id) for slot in found} <= left
    some = [row for row in rows if row.provider_id in {who for _day, who in left}]
    assert found == open_slots(
        hours=some, days=[day for day in days if day in {one for one, _who in left}], free=free, **asked  # type: ignore[arg-type]
    )  # fmt: skip


def _is_taken(spans: list[Span], begins: int, ends: int) -> bool:
    """Return whether the last to begin before a core ends lasts into it, as the statement asks it."""
    before = bisect_left(spans, (ends,)) - 1
    return before >= 0 and spans[before].ends > begins


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ZONES), st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.times())
def test_the_wall_clock_reads_as_minute_by_minute(zone: ZoneInfo, day: date, clock: time) -> None:
    assert WallClock().minute(day, clock, zone) == minute_of(first_reading(day, clock, zone))


@pytest.fixture
def long_kind(house: House) -> UUID:
    """A visit of 70 minutes that needs an ultrasound, with ten minutes kept before and five after."""
    kind = scan(house, resource(house), name="Infusion", before_minutes=10, after_minutes=5)
    kind.minutes = 70
    kind.save(update_fields=["minutes"])
    for weekday in range(5):
        hours(house.osei, house.door, weekday, time(8), time(16), turn=weekday % 3)
    return kind.pk


def search(kind: UUID, minutes: int, last: int = 20) -> SlotSearch:
    _usual, demand = demand_of(kind)
    return SlotSearch(minutes, None, None, MONDAY, MONDAY + timedelta(days=last), NOW, "any", demand, kind)


@pytest.mark.parametrize("seed", range(8))
def test_a_search_finds_the_same_with_and_without_asking_first(
    house: House, long_kind: UUID, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(house, long_kind, Random(seed))
    monkeypatch.setattr(queries, "WINDOWS", (2, 5))

    def looked(long: int, minutes: int) -> Looked:
        monkeypatch.setattr(queries, "LONG", long)
        return queries.look_for(search(long_kind, minutes), limit=40, per_day=4)

    counts, told = [], []
    for minutes in (15, 45, 70, 100, 170, 240):
        asked, read = looked(1, minutes), looked(10_000, minutes)
        assert replace(asked, wall=read.wall) == read
        counts.append(len(read.slots))
        told += [*read.lacks, *read.kept]
    assert counts[0] > counts[-1]
    assert told


def _fill(house: House, kind: UUID, dice: Random) -> None:
    """Fill three weeks at random: times kept around, over one another, cancelled, done, and for some an absence."""
    ultrasound = demand_of(kind)[1].pools[0].resources[0][0]
    third = make.patient("Roy", "Sam")
    for day in range(21):
        for who, patient in ((house.lee, house.diaz), (house.osei, house.ann)):
            at = datetime(2026, 3, 9, 11, tzinfo=UTC) + timedelta(days=day, minutes=5 * dice.randrange(20))
            while 10 < at.hour < 21 and dice.random() < 0.93:
                minutes = dice.choice([10, 20, 45, 90])
                after = dice.choice([0, 0, 15])
                until = at + timedelta(minutes=minutes + after)
                kept = {"kept_from": at, "kept_until": until} if after else {}
                state = dice.choice(["scheduled"] * 6 + ["cancelled", "no_show"])
                one = appointment(house, at, minutes, provider=who, patient=patient, booking=state, **kept)
                if who == house.osei and day > 3 and state == "scheduled" and dice.random() < 0.5:
                    _promise(one, ultrasound, at, until)
                if dice.random() < 0.05 and who == house.lee:
                    appointment(house, at + timedelta(minutes=5), minutes + 30, patient=third, lane=1)
                    until += timedelta(minutes=40)
                at = until + timedelta(minutes=dice.choice([0, 0, 0, 5, 30, 150]))
    _promise(one, ultrasound, NOW, NOW + timedelta(days=dice.randrange(1, 4)))
    block(house, make.visit_type("Physical", 40), weekday=dice.randrange(5), release=3)
    Absence.objects.create(
        provider=dice.choice([house.lee, None]),
        starts_at=datetime(2026, 3, 11, 12, tzinfo=UTC),
        ends_at=datetime(2026, 3, 12, 16, tzinfo=UTC),
    )


def _promise(one: Appointment, thing: UUID, begins: datetime, ends: datetime) -> None:
    ResourceHold.objects.create(appointment=one, resource_id=thing, from_at=begins, until_at=ends)


def test_a_full_book_is_asked_and_not_read(house: House, long_kind: UUID) -> None:
    for day in range(28):
        for who, patient in ((house.lee, house.diaz), (house.osei, house.ann)):
            for at in range(11, 22):
                appointment(
                    house,
                    datetime(2026, 3, 9, at, tzinfo=UTC) + timedelta(days=day),
                    60,
                    provider=who,
                    patient=patient,
                )
    with CaptureQueriesContext(connection) as heard:
        assert queries.slots_for(search(long_kind, 70, last=27)) == []
    # Its needs, hours, absences, kept time, and for each of two windows one question that nothing answers.
    assert len(heard) == 6


def test_a_long_visit_that_fits_late_is_found_in_few_statements(house: House, long_kind: UUID) -> None:
    for day in range(28):
        for at in range(11, 22):
            appointment(house, datetime(2026, 3, 9, at, tzinfo=UTC) + timedelta(days=day), 60)
    hours(house.osei, house.door, 5, time(9), time(12), from_on=MONDAY + timedelta(days=12))
    ProviderHours.objects.filter(provider=house.osei).exclude(weekday=5).delete()
    with CaptureQueriesContext(connection) as heard:
        slots = queries.slots_for(search(long_kind, 70, last=27))
    assert [slot.day for slot in slots[:2]] == [date(2026, 3, 21)] * 2
    # Its needs, hours, absences, kept time; a question for each of two windows; the second one's promises and gaps.
    assert len(heard) == 8


def test_a_core_of_others_with_the_same_hours_is_told_apart(house: House, long_kind: UUID) -> None:
    kind = make.visit_type("Long", 180)
    hours(house.osei, house.door, 0, time(9), time(12))
    book(house, kind, datetime(2026, 3, 9, 13, tzinfo=UTC) + timedelta(days=7), patient_id=house.ann.id)
    slots = queries.slots_for(search(kind.pk, 180, last=13), limit=50)
    mine = {
        (slot.day.day, slot.provider_id, slot.starts_at.astimezone(house.door.zone).hour) for slot in slots
    }
    assert (16, house.lee.pk, 9) not in mine
    assert {(16, house.lee.pk, 13), (16, house.osei.pk, 9)} <= mine
