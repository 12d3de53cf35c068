"""Chains and families against a walk through every minute of every day, on the odd days of the year too."""

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from daysheet.schedule.blocks import Block, Kept
from daysheet.schedule.slots import STEP, Demand, Hours, Pool, Span, WallClock, moment_of
from daysheet.schedule.together import Book, Pick, Wish, chains, families, offsets
from tests.cast import MONDAY
from tests.schedule.test_kept_time_against_every_minute import clock, shut_minutes
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

LAB, PHYSICAL = UUID(int=50), UUID(int=51)
ANN, BOB, CLEO = UUID(int=70), UUID(int=71), UUID(int=72)
MINUTES = {LAB: 15, PHYSICAL: 40}
Facts = tuple[list[Hours], list[date], dict[UUID, list[Span]], dict[UUID, list[Span]], list[Block], int]


@st.composite
def offices(draw: st.DrawFn) -> Facts:
    first = draw(st.sampled_from([SPRING, FALL, MONDAY, date(2026, 3, 7), date(2026, 10, 31)]))
    days = [first + timedelta(days=n) for n in range(3)]
    hours = []
    for clinician in CLINICIANS:
        for day in days:
            begins = draw(st.integers(0, 60))
            ends = draw(st.integers(begins + 1, begins + 12))
            hours.append(Hours(clinician, DOOR, NEW_YORK, day.weekday(), clock(begins), clock(min(ends, 92))))
    low, high = day_minutes(days[0]).start, day_minutes(days[-1]).stop
    busy: dict[UUID, list[Span]] = {}
    for clinician in CLINICIANS:
        at = low + draw(st.integers(0, 900))
        while at < high and draw(st.integers(0, 6)):
            length = draw(st.integers(5, 90))
            busy.setdefault(clinician, []).append(Span(at, min(at + length, high)))
            at += length + draw(st.integers(0, 300))
    away = {
        who: [Span(at, at + 60) for at in draw(st.lists(st.integers(low, high), max_size=2))]
        for who in (ANN, BOB, CLEO)
    }
    blocks = []
    for number in range(draw(st.integers(0, 2))):
        begins = draw(st.integers(0, 60))
        blocks.append(
            Block(
                UUID(int=900 + number),
                draw(st.sampled_from(CLINICIANS)),
                DOOR,
                NEW_YORK,
                "kept",
                draw(st.sampled_from(days)).weekday(),
                clock(begins),
                clock(draw(st.integers(begins + 1, 92))),
                frozenset(),
                release=draw(st.one_of(st.none(), st.integers(0, 2))),
            )
        )
    return hours, days, busy, away, blocks, draw(st.integers(low - 1440, high - 1440))


def book_of(facts: Facts) -> Book:
    hours, days, busy, away, blocks, now = facts
    low, high = day_minutes(days[0]).start, day_minutes(days[-1]).stop
    wall = WallClock()
    return Book(
        hours=hours,
        closures=[],
        free={who: gaps(spans, low - 480, high + 480) for who, spans in busy.items()},
        kept={kind: Kept(blocks, kind, now, {}, wall) for kind in (LAB, PHYSICAL)},
        elsewhere=away,
        now=now,
        wall=wall,
    )


Free = dict[tuple[UUID, date], list[set[int]]]


def all_free(facts: Facts) -> Free:
    """Every minute of each span of hours in which each clinician could see somebody."""
    return {(who, day): free_minutes(facts, who, day) for who in CLINICIANS for day in facts[1]}


def free_minutes(facts: Facts, clinician: UUID, day: date) -> list[set[int]]:
    hours, _days, busy, _away, blocks, now = facts
    taken = {m for span in busy.get(clinician, []) for m in range(*span)}
    for block in blocks:
        if block.provider_id == clinician:
            taken |= shut_minutes(block, day, [], now)
    return [
        {
            m
            for m in range(first_minute(day, row.begins), first_minute(day, row.ends))
            if m not in taken and m >= now
        }
        for row in hours
        if row.provider_id == clinician and row.weekday == day.weekday()
    ]


def fits(facts: Facts, free: Free, wish: Wish, clinician: UUID, day: date, start: int) -> bool:
    """Whether a visit can be then, minute by minute."""
    if wish.provider_ids is not None and clinician not in wish.provider_ids:
        return False
    minutes = set(range(start, start + wish.minutes))
    if any(minutes & set(range(*span)) for span in facts[3].get(wish.patient_id, [])):
        return False
    return any(minutes <= each for each in free[clinician, day])


GIVERS = st.fixed_dictionaries(
    dict.fromkeys((LAB, PHYSICAL), st.one_of(st.none(), st.frozensets(st.sampled_from(CLINICIANS))))
)
"""Who gives each kind; None: all."""
GivenBy = dict[UUID, frozenset[UUID] | None]


def given_so(wishes: list[Wish], givers: GivenBy) -> list[Wish]:
    return [replace(one, provider_ids=givers[one.type_id]) for one in wishes]


def wish(kind: UUID, whom: UUID = ANN, **more: object) -> Wish:
    return replace(Wish(kind, whom, MINUTES[kind], Demand()), **more)  # type: ignore[arg-type]


def every_start(facts: Facts, free: Free, one: Wish, day: date) -> list[tuple[int, UUID]]:
    found = []
    for clinician in CLINICIANS:
        if one.provider_ids is not None and clinician not in one.provider_ids:
            continue
        away = {m for span in facts[3].get(one.patient_id, []) for m in range(*span)}
        for each in free[clinician, day]:
            good = each - away
            found += [
                (at, clinician)
                for at in sorted(good)
                if at % STEP == 0 and good.issuperset(range(at, at + one.minutes))
            ]
    return sorted(set(found))


def earliest_chain(facts: Facts, free: Free, wishes: list[Wish], first: date) -> int | None:
    """The earliest first visit on a day from which all the others can follow, by trying all of them."""
    days = facts[1]
    starts = [{day: every_start(facts, free, one, day) for day in days} for one in wishes]

    def can_follow(number: int, day: date, ready: int) -> bool:
        if number == len(wishes):
            return True
        one = wishes[number]
        return any(
            can_follow(number + 1, on, at + one.minutes)
            for ahead in range(one.least_days, one.most_days + 1)
            if (on := day + timedelta(days=ahead)) in days
            for at, _who in starts[number][on]
            if at >= ready
        )

    return next((at for at, _who in starts[0][first] if can_follow(1, first, at + wishes[0].minutes)), None)


@settings(max_examples=50, deadline=None)
@given(offices(), st.integers(0, 1), st.integers(0, 1), st.booleans(), GIVERS)
def test_a_chain_is_found_on_each_day_on_which_trying_all_finds_one(
    facts: Facts, least: int, more: int, is_long: bool, givers: GivenBy
) -> None:
    wishes = [wish(LAB), wish(PHYSICAL, least_days=least, most_days=least + more)]
    if is_long:
        wishes.append(wish(LAB, least_days=0, most_days=1))
    wishes = given_so(wishes, givers)
    found = chains(wishes, book_of(facts), facts[1], limit=99)
    by_day = {one[0].day: one for one in found}
    free = all_free(facts)
    for day in facts[1]:
        assert (by_day[day][0].begins if day in by_day else None) == earliest_chain(facts, free, wishes, day)
    for one in found:
        assert_follows(facts, wishes, one)


def assert_follows(facts: Facts, wishes: list[Wish], choice: tuple[Pick, ...]) -> None:
    free = all_free(facts)
    for n, (pick, one) in enumerate(zip(choice, wishes, strict=True)):
        assert fits(facts, free, one, pick.provider_id, pick.day, pick.begins)
        if n:
            former = choice[n - 1]
            assert one.least_days <= (pick.day - former.day).days <= one.most_days
            assert pick.begins >= former.ends


FAMILY = [wish(LAB), wish(PHYSICAL, BOB), wish(LAB, CLEO)]


@settings(max_examples=50, deadline=None)
@given(offices(), GIVERS)
def test_a_family_back_to_back_is_found_as_trying_every_minute_finds_it(
    facts: Facts, givers: GivenBy
) -> None:
    family = given_so(FAMILY, givers)
    found = families(family, book_of(facts), facts[1], side_by_side=False, limit=99)
    expected, free = [], all_free(facts)
    for day in facts[1]:
        for clinician in CLINICIANS:
            at = next(
                (
                    at
                    for at in day_minutes(day)[::STEP]  # each day begins at a minute that five divides
                    if all(
                        fits(facts, free, one, clinician, day, at + apart)
                        for one, apart in zip(family, (0, 15, 55), strict=True)
                    )
                ),
                None,
            )
            if at is not None:
                expected.append((day, at, clinician))
    assert sorted((one[0].day, one[0].begins, one[0].provider_id) for one in found) == sorted(expected)
    assert all([pick.begins - one[0].begins for pick in one] == [0, 15, 55] for one in found)


@settings(max_examples=50, deadline=None)
@given(offices(), GIVERS)
def test_a_family_side_by_side_begins_at_one_time_with_two_clinicians(facts: Facts, givers: GivenBy) -> None:
    family = given_so(FAMILY, givers)
    found = families(family, book_of(facts), facts[1], side_by_side=True, limit=99)
    first, second = family[::2], family[1::2]
    expected, free = [], all_free(facts)
    for day in facts[1]:
        for mine, theirs in (CLINICIANS, CLINICIANS[::-1]):
            at = next(
                (
                    at
                    for at in day_minutes(day)[::STEP]  # each day begins at a minute that five divides
                    if all(fits(facts, free, one, mine, day, at + 15 * n) for n, one in enumerate(first))
                    and all(fits(facts, free, one, theirs, day, at) for one in second)
                ),
                None,
            )
            if at is not None:
                expected.append((day, at, mine))
    assert sorted((one[0].day, one[0].begins, one[0].provider_id) for one in found) == sorted(expected)


def test_time_kept_around_visits_keeps_a_family_apart() -> None:
    around = Demand(before=5, after=10)
    wishes = [replace(wish(LAB), demand=around), replace(wish(LAB, BOB), demand=around)]
    assert offsets(wishes) == [0, 30]  # 15 minutes, 10 after it, 5 before the next


def test_two_at_the_same_time_need_two_of_what_each_needs() -> None:
    one_machine = Demand(pools=(Pool(UUID(int=5), "Scale", 1, ((UUID(int=6), None),)),))
    two = Demand(pools=(Pool(UUID(int=5), "Scale", 1, ((UUID(int=6), None), (UUID(int=7), None))),))
    hours = [Hours(who, DOOR, NEW_YORK, 0, time(9), time(10)) for who in CLINICIANS]
    book = Book(hours, [], {}, {}, {}, 0, WallClock())
    for demand, ways in ((one_machine, 0), (two, 2)):
        wishes = [replace(wish(LAB), demand=demand), replace(wish(LAB, BOB), demand=demand)]
        book._known.clear()
        assert len(families(wishes, book, [MONDAY], side_by_side=True, limit=9)) == ways


def test_a_session_takes_no_more_of_a_family_than_it_takes_of_strangers() -> None:
    hours = [Hours(CLINICIANS[0], DOOR, NEW_YORK, 0, time(9), time(12))]
    wall = WallClock()
    block = Block(
        UUID(int=1), CLINICIANS[0], DOOR, NEW_YORK, "kept", 0, time(9), time(10), frozenset([LAB]), most=1
    )
    book = Book(hours, [], {}, {LAB: Kept([block], LAB, 0, {}, wall)}, {}, 0, wall)
    wishes = [wish(LAB), wish(LAB, BOB)]
    (found,) = families(wishes, book, [MONDAY], side_by_side=False, limit=1)
    local = moment_of(found[0].begins).astimezone(NEW_YORK)
    assert f"{local:%H:%M}" == "09:45"  # the first within the session, the second after it
