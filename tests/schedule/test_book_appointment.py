"""Booking a visit: promised once, refused with a sentence, and nothing half done."""

from datetime import UTC, datetime, timedelta

import pytest

from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.ids import new_id
from daysheet.kernel.models import AuditLine
from daysheet.mailroom.models import Envelope
from daysheet.patients.models import Patient
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment
from daysheet.schedule.reminding import GRACE
from daysheet.visits import commands as visits
from tests import cast, make
from tests.house import House

TEN = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)  # Tuesday 10:00 am in New York


def book(house: House, **more: object) -> Appointment:
    facts = {
        "patient_id": house.diaz.id,
        "provider_id": house.lee.id,
        "location_id": house.door.id,
        "type_id": house.follow_up.id,
        "starts_at": TEN,
    }
    return commands.book_appointment(house.rosa, **{**facts, **more})  # type: ignore[arg-type]


def test_a_booked_appointment_holds_the_time_that_its_type_takes(house: House) -> None:
    appointment = book(house)
    assert appointment.ends_at - appointment.starts_at == timedelta(minutes=20)
    assert (appointment.booking, appointment.booked_by, str(appointment.on_day)) == (
        "scheduled",
        "Rosa Marin",
        "2026-03-10",
    )


def test_booking_writes_one_line_that_names_the_patient(house: House) -> None:
    appointment = book(house)
    line = AuditLine.objects.get(action="schedule.appointment.booked")
    assert (line.subject_id, line.patient_ids, line.actor_name) == (
        appointment.id,
        [house.diaz.id],
        "Rosa Marin",
    )


def test_a_taken_slot_is_refused_and_leaves_no_trace(house: House) -> None:
    book(house)
    lines = AuditLine.objects.count()
    with pytest.raises(commands.SlotTaken, match="just been taken"):
        book(house, patient_id=house.ann.id, starts_at=TEN + timedelta(minutes=10))
    assert Appointment.objects.count() == 1
    assert AuditLine.objects.count() == lines


def test_the_next_visit_may_begin_in_the_minute_the_last_one_ends(house: House) -> None:
    book(house)
    after = book(house, patient_id=house.ann.id, starts_at=TEN + timedelta(minutes=20))
    assert after.booking == "scheduled"


def test_a_patient_cannot_be_in_two_places(house: House) -> None:
    book(house)
    with pytest.raises(commands.PatientIsElsewhere):
        book(house, provider_id=house.osei.id)
    assert Appointment.objects.count() == 1


def test_a_room_is_promised_once(house: House) -> None:
    room = make.room(house.door)
    book(house, room_id=room.id)
    with pytest.raises(commands.RoomTaken):
        book(house, patient_id=house.ann.id, provider_id=house.osei.id, room_id=room.id)


def test_a_time_gone_by_is_refused(house: House) -> None:
    with pytest.raises(commands.SlotIsPast):
        book(house, starts_at=house.rosa.now - timedelta(minutes=12))


@pytest.mark.parametrize("hour", [12, 17, 8])  # lunch, evening, before the door opens
def test_a_time_outside_the_hours_is_refused_to_the_desk(house: House, hour: int) -> None:
    at = datetime(2026, 3, 10, hour + 4, 0, tzinfo=UTC)
    with pytest.raises(commands.OutsideHours):
        book(house, starts_at=at)


def test_a_visit_that_runs_into_lunch_is_refused(house: House) -> None:
    with pytest.raises(commands.OutsideHours):
        book(house, starts_at=datetime(2026, 3, 10, 15, 50, tzinfo=UTC))  # 11:50, twenty minutes


def test_the_manager_may_book_outside_the_hours(house: House) -> None:
    at = datetime(2026, 3, 10, 21, 0, tzinfo=UTC)
    appointment = commands.book_appointment(
        house.ana,
        patient_id=house.diaz.id,
        provider_id=house.lee.id,
        location_id=house.door.id,
        type_id=house.follow_up.id,
        starts_at=at,
        hours_reason="Only then",
    )
    assert (appointment.starts_at, appointment.hours_reason) == (at, "Only then")


def test_an_absence_closes_the_hours(house: House) -> None:
    commands.add_absence(house.ana, starts_at=TEN, ends_at=TEN + timedelta(hours=1), provider_id=house.lee.id)
    with pytest.raises(commands.OutsideHours):
        book(house)


def test_an_absence_holds_for_who_keeps_no_hours_too(house: House) -> None:
    later = TEN + timedelta(hours=2)
    commands.add_absence(house.ana, starts_at=TEN, ends_at=later, provider_id=house.osei.id, reason="Course")
    with pytest.raises(commands.OutsideHours, match="Osei is out then: Course"):
        book(house, provider_id=house.osei.id)
    assert book(house, provider_id=house.osei.id, starts_at=later).booking == "scheduled"
    commands.keep_holidays(
        house.ana, days=[commands.DayOff((TEN + timedelta(days=1)).date(), "Founders' Day")]
    )
    with pytest.raises(commands.OutsideHours, match="Holiday"):
        book(house, provider_id=house.osei.id, starts_at=TEN + timedelta(days=1))


@pytest.mark.parametrize(("minutes", "second"), [(0, 0), (4, 0), (481, 0), (20, 30)])
def test_a_strange_length_is_refused(house: House, minutes: int, second: int) -> None:
    with pytest.raises(commands.StrangeLength):
        book(house, minutes=minutes, starts_at=TEN.replace(second=second))


@pytest.mark.parametrize("what", ["patient_id", "provider_id", "location_id", "type_id", "room_id"])
def test_an_unknown_id_is_a_refusal_and_no_crash(house: House, what: str) -> None:
    with pytest.raises(commands.NotOnTheBooks):
        book(house, **{what: new_id()})
    assert not Appointment.objects.exists()


def test_a_deceased_patient_is_not_booked(house: House) -> None:
    Patient.objects.filter(id=house.diaz.id).update(status="deceased")
    with pytest.raises(commands.NotOnTheBooks, match="deceased"):
        book(house)


def test_a_role_that_may_only_read_books_nothing(house: House) -> None:
    with pytest.raises(NotPermitted):
        commands.book_appointment(
            house.auditor,
            patient_id=house.diaz.id,
            provider_id=house.lee.id,
            location_id=house.door.id,
            type_id=house.follow_up.id,
            starts_at=TEN,
        )
    assert not Appointment.objects.exists()
    assert not AuditLine.objects.exists()


def test_a_moved_appointment_is_a_new_one_and_the_old_one_knows_it(house: House) -> None:
    old = book(house)
    new = commands.move_appointment(
        house.rosa, appointment_id=old.id, version=1, starts_at=TEN + timedelta(minutes=10)
    )
    old.refresh_from_db()
    assert (old.booking, old.moved_to_id, new.booking) == ("rescheduled", new.id, "scheduled")


def test_a_move_to_a_taken_time_leaves_the_old_promise_standing(house: House) -> None:
    old = book(house)
    book(house, patient_id=house.ann.id, starts_at=TEN + timedelta(hours=1))
    with pytest.raises(commands.SlotTaken):
        commands.move_appointment(
            house.rosa, appointment_id=old.id, version=1, starts_at=TEN + timedelta(hours=1)
        )
    old.refresh_from_db()
    assert (old.booking, old.version) == ("scheduled", 1)


def test_a_move_can_be_undone(house: House) -> None:
    old = book(house)
    new = commands.move_appointment(
        house.rosa, appointment_id=old.id, version=1, starts_at=TEN + timedelta(hours=1)
    )
    commands.undo_booking(house.rosa, appointment_id=new.id)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.booking, old.moved_to, new.booking) == ("scheduled", None, "entered_in_error")


def test_an_appointment_that_changed_meanwhile_is_not_moved(house: House) -> None:
    old = book(house)
    commands.set_confirmation(house.rosa, appointment_id=old.id, confirmation="confirmed")
    with pytest.raises(StaleForm):
        commands.move_appointment(
            house.rosa, appointment_id=old.id, version=1, starts_at=TEN + timedelta(hours=1)
        )


def test_who_is_here_is_not_moved_and_who_was_marked_so_by_mistake_is(house: House) -> None:
    later = TEN + timedelta(hours=1)
    here = book(house, starts_at=later - timedelta(days=1))
    visit = visits.arrive(house.rosa, appointment_id=here.id)
    with pytest.raises(commands.NotOnTheBooks, match="has come"):
        commands.move_appointment(house.rosa, appointment_id=here.id, version=None, starts_at=later)
    here.refresh_from_db()
    assert (here.booking, here.moved_to, Appointment.objects.count()) == ("scheduled", None, 1)
    visits.step_back(house.rosa, visit_id=visit.id)
    moved = commands.move_appointment(house.rosa, appointment_id=here.id, version=None, starts_at=later)
    assert moved.starts_at == later


def test_a_booking_is_taken_back_once_an_arrival_by_mistake_is_and_not_before(house: House) -> None:
    today = TEN - timedelta(days=1)
    old = book(house)
    here = commands.move_appointment(house.rosa, appointment_id=old.id, version=None, starts_at=today)
    visit = visits.arrive(house.rosa, appointment_id=here.id)
    visits.left_without_being_seen(house.rosa, visit_id=visit.id, reason="Wrong patient")
    for _state in ("left", "arrived"):
        with pytest.raises(commands.NotOnTheBooks):
            commands.undo_booking(house.rosa, appointment_id=here.id)
        visits.step_back(house.rosa, visit_id=visit.id)
    assert commands.undo_booking(house.rosa, appointment_id=here.id).booking == "entered_in_error"
    old.refresh_from_db()
    assert old.booking == "scheduled"
    assert visits.arrive(cast.rosa(house.practice.pk, TEN), appointment_id=old.id).pk != visit.pk


def test_a_cancelled_time_is_free_again_and_says_why(house: House) -> None:
    old = book(house)
    commands.cancel_appointment(house.rosa, appointment_id=old.id, version=1, reason="Patient is ill")
    assert book(house, patient_id=house.ann.id).booking == "scheduled"
    old.refresh_from_db()
    assert (old.booking, old.cancel_reason) == ("cancelled", "Patient is ill")


def test_a_cancellation_needs_a_reason(house: House) -> None:
    old = book(house)
    with pytest.raises(Exception, match="Say why"):
        commands.cancel_appointment(house.rosa, appointment_id=old.id, version=1, reason="  ")


def test_a_cancellation_is_undone_while_the_time_is_free(house: House) -> None:
    old = book(house)
    commands.cancel_appointment(house.rosa, appointment_id=old.id, version=1, reason="Patient is ill")
    assert commands.reopen_appointment(house.rosa, appointment_id=old.id).booking == "scheduled"


def test_a_cancellation_is_not_undone_over_another_promise(house: House) -> None:
    old = book(house)
    commands.cancel_appointment(house.rosa, appointment_id=old.id, version=1, reason="Patient is ill")
    book(house, patient_id=house.ann.id)
    with pytest.raises(commands.SlotTaken):
        commands.reopen_appointment(house.rosa, appointment_id=old.id)


def test_a_no_show_is_decided_by_a_person_after_the_time_and_can_be_undone(house: House) -> None:
    old = book(house)
    with pytest.raises(commands.AlreadyOver, match="has not come yet"):
        commands.mark_no_show(house.rosa, appointment_id=old.id, version=1)
    later = house.rosa.at(TEN + timedelta(hours=1))
    assert commands.mark_no_show(later, appointment_id=old.id, version=1).booking == "no_show"
    assert commands.undo_no_show(later, appointment_id=old.id).booking == "scheduled"


def test_a_confirmation_goes_to_the_outbox_and_says_no_more_than_it_must(house: House) -> None:
    Patient.objects.filter(id=house.diaz.id).update(email="maria@mail.example")
    appointment = book(house, confirm_by_email=True, reason="back pain")
    envelope = Envelope.objects.get(kind="email")
    text = bytes(envelope.content).decode()
    assert (envelope.subject_id, envelope.state) == (appointment.id, "queued")
    assert "Tuesday, March 10, 2026 at 10:00 AM EDT" in text
    assert not any(word in text for word in ("Diaz", "Maria Diaz", "back pain", "Follow-up", "Lee"))


def test_complaint_by_accident_a_confirmation_waits_and_undo_keeps_it(house: House) -> None:
    Patient.objects.filter(id=house.diaz.id).update(email="maria@mail.example")
    appointment = book(house, confirm_by_email=True)
    assert Envelope.objects.get(kind="email").next_try_at == house.rosa.now + GRACE
    commands.undo_booking(house.rosa, appointment_id=appointment.id)
    assert Envelope.objects.get(kind="email").state == "stopped"


def test_a_confirmation_without_an_address_is_refused_and_nothing_is_booked(house: House) -> None:
    with pytest.raises(commands.NoAddress):
        book(house, confirm_by_email=True)
    assert not Appointment.objects.exists()
    assert not Envelope.objects.exists()
