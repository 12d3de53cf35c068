"""The rule of matching: who fits, from when, in which order; and when the next batch may go."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from daysheet.schedule.matching import (
    BATCH,
    INTERVAL,
    Asked,
    FreedTime,
    Wish,
    matches,
    next_batch,
    stands_until,
    start_within,
)

NOW = datetime(2026, 3, 9, 14, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
LEE, OSEI, DOOR = UUID(int=1), UUID(int=2), UUID(int=3)


def slot(hours: float = 24, minutes: int = 60) -> FreedTime:
    starts = NOW + timedelta(hours=hours)
    return FreedTime(LEE, DOOR, ZONE, starts, starts + timedelta(minutes=minutes))


def wish(number: int = 9, minutes: int = 20, priority: int = 3, days: int = 0, **more: object) -> Wish:
    who = UUID(int=number)
    return Wish(who, who, minutes, priority, NOW - timedelta(days=days), **more)  # type: ignore[arg-type]


clocks = st.none() | st.times(min_value=time(6), max_value=time(20)).map(
    lambda t: t.replace(second=0, microsecond=0)
)
wishes = st.builds(
    wish,
    number=st.integers(10, 99),
    minutes=st.integers(5, 120),
    priority=st.integers(1, 3),
    days=st.integers(0, 90),
    provider_ids=st.sampled_from([frozenset(), frozenset({LEE}), frozenset({OSEI})]),
    weekdays=st.frozensets(st.integers(0, 6), max_size=4),
    from_clock=clocks,
    to_clock=clocks,
    notice=st.integers(0, 96).map(lambda n: timedelta(hours=n)),
    before=st.none() | st.integers(0, 100).map(lambda n: NOW + timedelta(hours=n)),
)
slots = st.builds(slot, hours=st.integers(1, 200), minutes=st.integers(5, 240))


@given(wish=wishes, slot=slots)
def test_a_time_that_is_offered_keeps_every_wish(wish: Wish, slot: FreedTime) -> None:
    start = start_within(wish, slot, now=NOW)
    if start is None:
        return
    ends = start + timedelta(minutes=wish.minutes)
    assert slot.starts_at <= start
    assert ends <= slot.ends_at
    assert start >= NOW + wish.notice
    assert not wish.provider_ids or slot.provider_id in wish.provider_ids
    local, local_end = start.astimezone(ZONE), ends.astimezone(ZONE)
    assert not wish.weekdays or local.weekday() in wish.weekdays
    assert wish.from_clock is None or local.time() >= wish.from_clock
    assert wish.to_clock is None or local_end.time() <= wish.to_clock
    assert wish.before is None or start < wish.before


@given(wish=wishes, slot=slots)
def test_whoever_is_left_out_fits_at_no_step_of_five_minutes(wish: Wish, slot: FreedTime) -> None:
    if start_within(wish, slot, now=NOW) is not None:
        return
    day = slot.starts_at.astimezone(ZONE).date()
    for step in range(0, 240, 5):
        start = slot.starts_at + timedelta(minutes=step)
        ends = start + timedelta(minutes=wish.minutes)
        fits = (
            ends <= slot.ends_at
            and start >= NOW + wish.notice
            and (not wish.provider_ids or slot.provider_id in wish.provider_ids)
            and (not wish.weekdays or day.weekday() in wish.weekdays)
            and (wish.from_clock is None or start >= datetime.combine(day, wish.from_clock, ZONE))
            and (wish.to_clock is None or ends <= datetime.combine(day, wish.to_clock, ZONE))
            and (wish.before is None or start < wish.before)
        )
        assert not fits


@given(st.lists(wishes, max_size=12), slots)
def test_the_urgent_are_asked_first_then_who_waits_longest(rows: list[Wish], slot: FreedTime) -> None:
    found = matches(rows, slot, now=NOW)
    order = [(one.wish.priority, -one.days_waiting, one.left_over) for one in found]
    assert order == sorted(order)


def test_what_is_kept_before_and_after_a_visit_must_be_free_beside_it() -> None:
    one, time = wish(10, 20, before_minutes=10, after_minutes=15), slot()
    assert start_within(one, time, now=NOW) == time.starts_at
    close = replace(time, free_from=time.starts_at - timedelta(minutes=3))
    assert start_within(one, close, now=NOW) == time.starts_at + timedelta(minutes=10)
    assert start_within(wish(11), close, now=NOW) == time.starts_at
    tight = replace(close, free_until=time.starts_at + timedelta(minutes=40))
    assert start_within(one, tight, now=NOW) is None
    assert start_within(wish(11), tight, now=NOW) == time.starts_at
    mine = matches([one, wish(11)], tight, now=NOW, wider={one.patient_id: time})
    assert {row.wish.id: row.starts_at for row in mine} == {
        one.id: time.starts_at,
        wish(11).id: time.starts_at,
    }


def test_the_fuller_use_decides_between_two_of_one_day() -> None:
    short, long = wish(10, minutes=20), wish(11, minutes=60)
    assert [one.wish for one in matches([short, long], slot(), now=NOW)] == [long, short]


def test_who_began_to_wait_at_one_moment_is_asked_in_the_order_of_the_entries() -> None:
    rows = [wish(12), wish(10), wish(11)]
    for given_in in (rows, rows[::-1]):
        found = matches(given_in, slot(), now=NOW)
        assert [one.wish.id.int for one in found] == [10, 11, 12]


@given(
    st.lists(
        st.builds(
            Asked,
            batch=st.integers(1, 4),
            offered_at=st.integers(0, 120).map(lambda n: NOW - timedelta(minutes=n)),
            is_live=st.booleans(),
        ),
        max_size=9,
    )
)
def test_a_batch_is_never_larger_than_it_may_be(asked: list[Asked]) -> None:
    may_go = next_batch(asked, now=NOW)
    if isinstance(may_go, datetime):
        assert NOW < may_go <= NOW + INTERVAL
        return
    batch, room = may_go
    assert 1 <= room <= BATCH
    assert room + sum(one.batch == batch for one in asked) <= BATCH


def test_an_offer_stands_four_hours_or_until_the_patient_must_know() -> None:
    assert stands_until(NOW + timedelta(days=1), timedelta(hours=2), now=NOW) == NOW + timedelta(hours=4)
    assert stands_until(NOW + timedelta(hours=5), timedelta(hours=2), now=NOW) == NOW + timedelta(hours=3)
