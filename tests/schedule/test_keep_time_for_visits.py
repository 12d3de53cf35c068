"""Time that is kept for kinds of visit: who may book into it, when it is released, how many a session takes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.access import NotPermitted
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.schedule import commands, kept, queries, waitlist
from daysheet.schedule.models import Appointment, AppointmentType, ScheduleBlock
from daysheet.schedule.rules import turn_of
from tests import cast, desk, make
from tests.house import House, furnished
from tests.house import desk as at_desk
from tests.schedule.needing import NINE, REASON, book

TUESDAY = date(2026, 3, 10)


def block(house: House, *kinds: AppointmentType, weekday: int = 1, **more: object) -> ScheduleBlock:
    """Keep Dr. Lee's Tuesday from nine to ten for some kinds of visit."""
    fact = {
        "location_id": house.door.id,
        "name": "New patients",
        "type_ids": [one.id for one in kinds],
        "begins": time(9),
        "ends": time(10),
    } | more
    return commands.add_blocks(
        house.ana,
        provider_id=house.lee.id,
        weekdays=[weekday],
        fact=commands.BlockFact(**fact),  # type: ignore[arg-type]
    )[0]


def first(house: House, kind: AppointmentType, day: date = TUESDAY, now: datetime = cast.NOW) -> str:
    """Return the first time at which a kind of visit fits with Dr. Lee on a day."""
    slots = queries.open_slots(
        type_id=kind.id,
        provider_ids=[house.lee.id],
        location_id=house.door.id,
        first_day=day,
        last_day=day,
        now=now,
    )
    return f"{slots[0].starts_at.astimezone(house.door.zone):%H:%M}" if slots else "none"


@pytest.fixture
def new(house: House) -> AppointmentType:
    return make.visit_type("New patient", 40)


def test_kept_time_is_found_for_its_own_kind_alone(house: House, new: AppointmentType) -> None:
    block(house, new)
    assert (first(house, new), first(house, house.follow_up)) == ("09:00", "10:00")


def test_a_visit_of_another_kind_needs_a_reason_and_the_reason_is_kept(
    house: House, new: AppointmentType
) -> None:
    block(house, new, release=0)
    with pytest.raises(commands.TimeIsKept) as no:
        book(house, house.follow_up, by=house.ana)
    assert no.value.sentence.startswith("This time is kept for New patients until")
    assert "Mar 10" in no.value.sentence
    assert list(no.value.fields) == ["block_reason"]
    assert Appointment.objects.count() == 0
    booked = book(house, house.follow_up, by=house.ana, block_reason=REASON)
    assert booked.block_reason == REASON


def test_whoever_may_not_book_over_is_refused_whatever_the_reason(house: House, new: AppointmentType) -> None:
    block(house, new)
    with pytest.raises(commands.TimeIsKept, match="Choose another time"):
        book(house, house.follow_up, block_reason=REASON)


def test_its_own_kind_is_booked_without_a_word(house: House, new: AppointmentType) -> None:
    block(house, new)
    assert book(house, new, block_reason="never asked").block_reason == ""


def test_a_visit_that_only_reaches_into_kept_time_meets_it(house: House, new: AppointmentType) -> None:
    block(house, new, begins=time(9, 10))
    with pytest.raises(commands.TimeIsKept):
        book(house, house.follow_up)


@pytest.mark.parametrize(
    ("release", "unit", "now", "opens"),
    [
        (1, "days", datetime(2026, 3, 9, 3, 59, tzinfo=UTC), "10:00"),
        (1, "days", datetime(2026, 3, 9, 4, 0, tzinfo=UTC), "09:00"),  # Monday's midnight in New York
        (
            2,
            "days",
            datetime(2026, 3, 8, 4, 59, tzinfo=UTC),
            "10:00",
        ),  # the day of 23 hours begins at 5:00 UTC
        (2, "days", datetime(2026, 3, 8, 5, 0, tzinfo=UTC), "09:00"),
        (24, "hours", datetime(2026, 3, 9, 12, 59, tzinfo=UTC), "10:00"),
        (24, "hours", datetime(2026, 3, 9, 13, 0, tzinfo=UTC), "09:00"),
        (0, "days", datetime(2026, 3, 10, 4, 0, tzinfo=UTC), "09:00"),
        (None, "days", datetime(2026, 3, 10, 12, 0, tzinfo=UTC), "10:00"),
    ],
)
def test_kept_time_is_open_to_all_from_its_release_on(
    house: House, new: AppointmentType, release: int | None, unit: str, now: datetime, opens: str
) -> None:
    block(house, new, release=release, release_unit=unit)
    assert first(house, house.follow_up, now=now) == opens


def test_time_for_the_same_day_is_nobodys_until_then(house: House) -> None:
    block(house, release=0, name="Same day")
    morning = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
    assert first(house, house.follow_up) == "10:00"
    assert first(house, house.follow_up, now=morning) == "09:00"


def test_a_session_takes_so_many_of_its_kind_and_then_is_open_to_others(
    house: House, new: AppointmentType
) -> None:
    block(house, new, most=1, begins=time(9), ends=time(12))
    book(house, new)
    assert (first(house, new), first(house, house.follow_up)) == ("13:00", "09:40")
    with pytest.raises(commands.TimeIsKept, match="1 is booked"):
        book(house, new, NINE + timedelta(hours=1), patient_id=house.ann.id)


def test_once_the_least_is_booked_the_rest_is_open_to_all(house: House, new: AppointmentType) -> None:
    block(house, new, least=1, most=2, ends=time(12))
    assert first(house, house.follow_up) == "13:00"
    book(house, new)
    assert (first(house, house.follow_up), first(house, new)) == ("09:40", "09:40")


def test_a_cancelled_visit_counts_no_more(house: House, new: AppointmentType) -> None:
    block(house, new, most=1, ends=time(12))
    one = book(house, new)
    commands.cancel_appointment(house.rosa, appointment_id=one.id, version=None, reason="Other", late=False)
    assert first(house, new) == "09:00"


def test_every_second_week_is_kept_and_the_weeks_between_are_not(house: House, new: AppointmentType) -> None:
    block(house, new, turn=turn_of(TUESDAY))
    found = [first(house, house.follow_up, TUESDAY + timedelta(days=7 * n)) for n in range(4)]
    assert found == ["10:00", "09:00", "10:00", "09:00"]


def test_effective_dates_are_half_open(house: House, new: AppointmentType) -> None:
    block(house, new, from_on=TUESDAY + timedelta(days=7), until_on=TUESDAY + timedelta(days=14))
    found = [first(house, house.follow_up, TUESDAY + timedelta(days=7 * n)) for n in range(3)]
    assert found == ["09:00", "10:00", "09:00"]


def test_a_retired_block_keeps_nothing_until_it_is_put_back(house: House, new: AppointmentType) -> None:
    one = block(house, new)
    commands.retire_block(house.ana, block_id=one.id)
    assert first(house, house.follow_up) == "09:00"
    commands.restore_block(house.ana, block_id=one.id)
    assert first(house, house.follow_up) == "10:00"


def test_a_change_on_an_old_version_is_refused(house: House, new: AppointmentType) -> None:
    one = block(house, new)
    fact = commands.BlockFact(house.door.id, "Physicals", [new.id], time(9), time(11))
    commands.change_block(house.ana, block_id=one.id, version=1, weekday=1, fact=fact)
    assert first(house, house.follow_up) == "11:00"
    with pytest.raises(StaleForm):
        commands.change_block(house.ana, block_id=one.id, version=1, weekday=1, fact=fact)


@pytest.mark.parametrize(
    "wrong",
    [
        {"begins": time(10), "ends": time(9)},
        {"name": " "},
        {"least": 3, "most": 2},
        {"most": 100},
        {"turn": 3},
        {"release": 400},
        {"from_on": TUESDAY, "until_on": TUESDAY},
    ],
)
def test_a_block_that_makes_no_sense_is_refused(
    house: House, new: AppointmentType, wrong: dict[str, object]
) -> None:
    with pytest.raises(Refusal):
        block(house, new, **wrong)
    assert ScheduleBlock.objects.count() == 0


def test_time_kept_for_no_kind_must_be_released(house: House) -> None:
    with pytest.raises(commands.StrangeBlock):
        block(house)


def test_only_who_manages_the_office_keeps_time(house: House, new: AppointmentType) -> None:
    with pytest.raises(NotPermitted):
        commands.add_blocks(
            house.rosa,
            provider_id=house.lee.id,
            weekdays=[1],
            fact=commands.BlockFact(house.door.id, "x", [new.id], time(9), time(10)),
        )
    assert ScheduleBlock.objects.count() == 0


def test_a_walk_in_is_seen_in_kept_time(house: House, new: AppointmentType) -> None:
    block(house, new, weekday=0, ends=time(12))
    walks = book(house, house.follow_up, cast.NOW, is_walk_in=True)
    assert walks.block_reason == ""


@pytest.mark.parametrize("blocks", [1, 6], ids=["few", "many"])
def test_reading_blocks_and_what_is_booked_takes_two_statements(
    house: House, new: AppointmentType, blocks: int
) -> None:
    for n in range(blocks):
        block(house, new, begins=time(9 + n), ends=time(10 + n), most=3)
    with CaptureQueriesContext(connection) as heard:
        time_kept = kept.kept_time(None)
        time_kept.booked(TUESDAY, TUESDAY + timedelta(days=60))
    assert len(heard) == 2


CLERKS = 6


@pytest.fixture
def desks() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(CLERKS) as pool:
        yield pool
        all_in = Barrier(CLERKS)

        def leave() -> None:
            all_in.wait()
            connection.close()

        list(pool.map(lambda _: leave(), range(CLERKS)))


@pytest.mark.django_db(transaction=True)
def test_of_many_desks_at_the_last_place_of_a_session_one_wins(desks: ThreadPoolExecutor) -> None:
    office = furnished()
    with office.open():
        new = make.visit_type("New patient", 40)
        block(office, new, most=1, ends=time(12))
        patients = [make.patient(f"Patient{n}").id for n in range(CLERKS)]
    start = Barrier(CLERKS)

    def ask(one: tuple[int, UUID]) -> str:
        number, whom = one
        start.wait()
        try:
            # Each at a time of its own: no clash of times decides it, only the number.
            book(office, new, NINE + timedelta(minutes=20 * number), patient_id=whom, minutes=20)
        except Refusal as no:
            return type(no).__name__
        return "done"

    said = sorted(desks.map(ask, enumerate(patients)))
    assert said == ["TimeIsKept"] * (CLERKS - 1) + ["done"]
    with office.open():
        assert Appointment.objects.count() == 1


def test_a_freed_time_that_is_kept_is_not_offered_to_another_kind(house: House, new: AppointmentType) -> None:
    freed = book(house, new)
    commands.cancel_appointment(house.rosa, appointment_id=freed.id, version=None, reason="Ill", late=False)
    roy = make.patient("Roy").id
    commands.add_to_waitlist(
        house.rosa, patient_id=house.ann.id, type_id=house.follow_up.id, notice_minutes=0
    )
    commands.add_to_waitlist(house.rosa, patient_id=roy, type_id=new.id, notice_minutes=0)
    freed.refresh_from_db()
    assert waitlist.count_of_matches(freed, cast.NOW) == 2
    block(house, new)
    assert [one.wish.patient_id for one in waitlist.fitting([freed], cast.NOW)[freed.id]] == [roy]


def test_a_move_within_kept_time_keeps_its_reason(house: House, new: AppointmentType) -> None:
    block(house, new)
    visit = book(house, house.follow_up, by=house.ana, block_reason=REASON)
    later = {"appointment_id": visit.id, "version": None, "starts_at": NINE + timedelta(minutes=20)}
    assert commands.move_appointment(house.ana, **later).block_reason == REASON
    assert (
        commands.move_appointment(
            house.ana,
            appointment_id=Appointment.objects.get(booking="scheduled").id,
            version=None,
            starts_at=NINE + timedelta(hours=2),
        ).block_reason
        == ""
    )


def cancel(house: House, visit: Appointment) -> None:
    commands.cancel_appointment(house.rosa, appointment_id=visit.id, version=None, reason="Other")


def test_a_visit_stands_again_only_where_its_session_has_room(house: House, new: AppointmentType) -> None:
    block(house, new, most=1, ends=time(12))
    gone = book(house, new)
    cancel(house, gone)
    book(house, new, NINE + timedelta(hours=1), patient_id=house.ann.id)
    with pytest.raises(commands.TimeIsKept, match="1 is booked"):
        commands.let_stand_again(house.rosa, appointment_id=gone.id, block_reason=REASON)
    with pytest.raises(commands.TimeIsKept, match="on the page of the visit") as no:
        commands.reopen_appointment(house.ana, appointment_id=gone.id)
    assert list(no.value.fields) == ["block_reason"]
    gone.refresh_from_db()
    assert gone.booking == "cancelled"
    again = commands.let_stand_again(house.ana, appointment_id=gone.id, block_reason=f" {REASON} ")
    assert (again.booking, again.block_reason) == ("scheduled", REASON)
    cancel(house, again)
    assert commands.reopen_appointment(house.ana, appointment_id=gone.id).block_reason == REASON


def test_a_visit_stands_again_without_a_word_where_nobody_took_its_place(
    house: House, new: AppointmentType
) -> None:
    kept_for = block(house, new, most=1, ends=time(12))
    gone = book(house, new)
    cancel(house, gone)
    assert commands.let_stand_again(house.rosa, appointment_id=gone.id).block_reason == ""
    commands.cancel_appointment(house.rosa, appointment_id=gone.id, version=None, reason="Other")
    book(house, new, NINE + timedelta(hours=1), patient_id=house.ann.id)
    commands.retire_block(house.ana, block_id=kept_for.pk)
    assert commands.let_stand_again(house.rosa, appointment_id=gone.id).booking == "scheduled"


def test_a_move_is_taken_back_only_where_its_old_session_has_room(house: House, new: AppointmentType) -> None:
    block(house, new, most=1, ends=time(12))
    old = book(house, new)
    moved = commands.move_appointment(
        house.rosa, appointment_id=old.id, version=None, starts_at=NINE + timedelta(days=1)
    )
    other = book(house, new, NINE + timedelta(hours=1), patient_id=house.ann.id)
    with pytest.raises(commands.TimeIsKept, match="1 is booked"):
        commands.undo_booking(house.rosa, appointment_id=moved.id)
    assert set(Appointment.objects.holding().values_list("id", flat=True)) == {moved.id, other.id}
    commands.undo_booking(house.ana, appointment_id=moved.id, block_reason=REASON)
    old.refresh_from_db()
    assert (old.booking, old.block_reason) == ("scheduled", REASON)


def test_the_page_of_the_visit_asks_why_it_stands_in_a_full_session(
    house: House, new: AppointmentType
) -> None:
    block(house, new, most=1, ends=time(12))
    gone = book(house, new)
    cancel(house, gone)
    book(house, new, NINE + timedelta(hours=1), patient_id=house.ann.id)
    ana = at_desk(house, "office_manager", "ana")
    again = f"/schedule/appointments/{gone.id}/reopen/"
    asked = ana.post(again)
    assert asked.status_code == 409
    assert "1 is booked" in asked.content.decode()
    keys = desk.hidden_fields(asked.content.decode(), form='id="stands-again"')
    assert ana.post(again, keys | {"block_reason": REASON}).status_code == 303
    gone.refresh_from_db()
    assert (gone.booking, gone.block_reason) == ("scheduled", REASON)
