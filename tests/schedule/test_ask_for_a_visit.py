"""A visit asked for from home: booked at once within the office's rule, or decided on at the desk."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from daysheet.kernel.errors import NotPermitted, Refusal, StaleForm
from daysheet.mailroom import texts
from daysheet.mailroom.delivery import deliver_envelope
from daysheet.mailroom.models import Envelope, PortalLink
from daysheet.patients.models import Patient
from daysheet.schedule import commands, requests
from daysheet.schedule.models import Absence, Appointment, SelfBooking, VisitRequest
from daysheet.schedule.requesting import Asker, answer_by, why_desk
from daysheet.tasks.models import WorkqueueItem
from tests import cast, make
from tests.asked import ask, asked, free, key, offered, opened
from tests.house import House, appointment
from tests.reminded import BASE, TUESDAY, phone, ready, system

TEN = TUESDAY + timedelta(hours=1)
WEDNESDAY = TUESDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def reachable(house: House, settings: "object") -> None:
    settings.PUBLIC_URL = BASE  # type: ignore[attr-defined]
    ready(house)
    phone(house.diaz)


def told(row: VisitRequest) -> str:
    envelope = Envelope.objects.get(pk=row.envelope_id)
    return texts.unpacked(bytes(envelope.content)).text


def item(row: VisitRequest, kind: str = "visit_request") -> WorkqueueItem:
    return WorkqueueItem.objects.get(subject_id=row.pk, kind=kind)


def approve(house: House, row: VisitRequest, at: "object" = TEN, **more: "object") -> VisitRequest:
    facts = {"provider_id": house.lee.pk, "location_id": house.door.pk, "type_id": house.follow_up.pk}
    return commands.approve_request(
        house.rosa, request_id=row.pk, version=row.version, starts_at=at, **facts | more
    )


def offer(house: House, row: VisitRequest, at: "object" = TEN, **more: "object") -> VisitRequest:
    facts = {"provider_id": house.lee.pk, "location_id": house.door.pk, "type_id": house.follow_up.pk}
    return commands.offer_other_time(
        house.rosa, request_id=row.pk, version=row.version, starts_at=at, **facts | more
    )


def test_complaint_11_a_request_reaches_the_desk_is_approved_and_the_patient_is_told(house: House) -> None:
    opened(house, "desk")
    row = asked(house, TEN, reason="wants a form filled in")
    assert (row.state, row.why_desk, Appointment.objects.count()) == ("asked", "kind", 0)
    waits = item(row)
    assert (waits.role, waits.due_at > cast.NOW, waits.state) == ("receptionist", True, "open")
    booked = approve(house, row)
    assert (booked.state, booked.appointment.starts_at) == ("booked", TEN)
    assert (booked.appointment.reason, item(row).state) == ("wants a form filled in", "closed")
    assert "Your visit is booked for Tuesday, March 10, 2026 at 10:00 am" in told(booked)
    assert "Follow-up" not in told(booked)


def test_complaint_11_so_many_are_booked_at_once_for_a_clinician_a_day_and_the_next_comes_to_the_desk(
    house: House,
) -> None:
    opened(house, most_a_day=2)
    states = []
    for n in range(3):
        row = asked(house, TUESDAY + timedelta(minutes=20 * n), make.patient(f"Patient{n}"))
        states.append((row.state, row.why_desk))
    assert states == [("booked", ""), ("booked", ""), ("asked", "full")]
    other = asked(house, WEDNESDAY, make.patient("Later"))
    assert other.state == "booked"


def test_what_is_full_is_not_offered_that_day_and_is_on_the_next(house: House) -> None:
    opened(house, most_a_day=1)
    asked(house, TUESDAY, make.patient("First"))
    row, _path = offered(house)
    times = free(house, row)
    assert not any(key(house, TUESDAY + timedelta(minutes=n)) in times for n in range(0, 480, 5))
    assert key(house, WEDNESDAY) in times


def test_at_once_it_is_booked_and_the_message_says_when(house: House) -> None:
    opened(house)
    row = asked(house, TEN)
    assert (row.state, row.was_at_once, row.appointment.starts_at) == ("booked", True, TEN)
    assert BASE in told(row)
    assert not WorkqueueItem.objects.exists()


@pytest.mark.parametrize(
    ("asker", "why"),
    [
        (Asker(), ""),
        (Asker(is_restricted=True), "restricted"),
        (Asker(missed=2), "missed"),
        (Asker(missed=1), ""),
        (Asker(status="inactive"), "inactive"),
        (Asker(status="deceased"), "deceased"),
        (Asker(has_one=True), "has_one"),
    ],
)
def test_who_is_sent_to_the_desk(asker: Asker, why: str) -> None:
    assert why_desk(asker, is_at_once=True, most_missed=2, has_time=True) == why
    assert why_desk(asker, is_at_once=False, most_missed=2, has_time=True) == (why or "kind")
    assert why_desk(asker, is_at_once=True, most_missed=2, has_time=False) == (why or "wish")


def test_a_restriction_missed_visits_and_the_state_of_the_chart_are_read(house: House) -> None:
    opened(house)
    commands.restrict_booking(
        house.rosa, patient_id=house.diaz.pk, kind="prepay", reason="Bad checks", since=date(2026, 1, 1)
    )
    for n in (5, 9):
        appointment(house, cast.NOW - timedelta(days=n), patient=house.ann, booking="no_show")
    gone = make.patient("Gone")
    Patient.objects.filter(pk=gone.pk).update(status="inactive")
    found = [asked(house, TEN, who).why_desk for who in (house.diaz, house.ann, gone)]
    assert found == ["restricted", "missed", "inactive"]
    assert not Appointment.objects.filter(booking="scheduled").exists()


def test_a_time_that_is_taken_sooner_than_the_notice_or_outside_the_hours_is_none(house: House) -> None:
    opened(house)
    appointment(house, TEN, patient=house.ann)
    for at in (TEN, cast.NOW + timedelta(hours=2), TUESDAY + timedelta(hours=10)):
        with pytest.raises(commands.SlotTaken):
            asked(house, at)
    assert VisitRequest.objects.get().state == "offered"


def test_a_kind_that_is_not_open_or_not_for_such_a_patient_is_not_asked_for(house: House) -> None:
    rule = opened(house)
    row, _path = offered(house)
    rule.type.youngest = 90
    rule.type.save()
    with pytest.raises(commands.NotToBeAsked):
        ask(house, row, TEN)
    commands.use_self_booking(house.ana, type_id=house.follow_up.pk, is_active=False)
    with pytest.raises(commands.NotToBeAsked):
        offered(house)


def test_a_kind_is_asked_for_once_and_one_link_asks_once(house: House) -> None:
    opened(house, "desk")
    row = asked(house)
    with pytest.raises(commands.AskedAlready):
        ask(house, row)
    second, _path = offered(house)
    with pytest.raises(commands.AskedAlready):
        ask(house, second)


def test_the_third_wrong_birth_date_ends_the_links(house: House) -> None:
    opened(house)
    row, _path = offered(house)
    wrong = house.diaz.born_on + timedelta(days=1)
    by = system(house)
    assert [commands.know_asker(by, request_id=row.pk, born_on=wrong) for _n in range(3)] == [False] * 3
    assert not PortalLink.objects.get(subject_id=row.pk).is_live(cast.NOW)


def test_another_time_is_offered_the_patient_says_yes_and_it_is_booked(house: House) -> None:
    opened(house, "desk")
    row = offer(house, asked(house))
    assert (row.state, item(row).state) == ("proposed", "closed")
    assert "We can see you on Tuesday, March 10, 2026 at 10:00 am" in told(row)
    kept = commands.take_offered_time(system(house), request_id=row.pk)
    assert (kept.state, kept.appointment.starts_at) == ("booked", TEN)


def test_no_to_another_time_brings_it_back_to_the_desk(house: House) -> None:
    opened(house, "desk")
    row = offer(house, asked(house))
    back = commands.want_another_time(system(house), request_id=row.pk)
    assert (back.state, back.offered_starts_at) == ("asked", None)
    assert item_is_open(back)


def item_is_open(row: VisitRequest) -> bool:
    return (
        WorkqueueItem.objects.filter(subject_id=row.pk, kind="visit_request").exclude(state="closed").exists()
    )


def test_a_time_that_was_offered_and_taken_meanwhile_is_booked_for_nobody_else(house: House) -> None:
    opened(house, "desk")
    row = offer(house, asked(house))
    appointment(house, TEN, patient=house.ann)
    with pytest.raises(commands.SlotTaken):
        commands.take_offered_time(system(house), request_id=row.pk)
    assert VisitRequest.objects.get(pk=row.pk).state == "proposed"


def test_it_is_declined_in_kind_words_and_taken_back(house: House) -> None:
    opened(house, "desk")
    row = asked(house)
    gone = commands.decline_request(house.rosa, request_id=row.pk, version=row.version, because="talk_first")
    assert "We want to talk with you before we book it." in told(gone)
    back = commands.undo_decision(house.rosa, request_id=row.pk)
    assert (back.state, back.because, item_is_open(back)) == ("asked", "", True)
    assert Envelope.objects.get(pk=gone.envelope_id).state == "stopped"


def test_another_kind_that_was_offered_is_taken_back_to_the_one_that_was_asked_for(house: House) -> None:
    opened(house, "desk")
    longer, physical = make.visit_type("New patient", 40), make.visit_type("Physical", 60)
    row = offer(house, asked(house), type_id=longer.pk)
    row = offer(house, row, type_id=physical.pk)  # the desk thinks again
    assert (row.type_id, row.asked_type_id) == (physical.pk, house.follow_up.pk)
    back = commands.undo_decision(house.rosa, request_id=row.pk)
    assert (back.state, back.type_id, back.asked_type_id) == ("asked", house.follow_up.pk, None)
    row = offer(house, back, type_id=longer.pk)
    gone = commands.decline_request(house.rosa, request_id=row.pk, version=row.version, because="no_time")
    assert commands.undo_decision(house.rosa, request_id=gone.pk).type_id == house.follow_up.pk


def test_the_kind_is_not_asked_for_twice_by_taking_another_back(house: House) -> None:
    opened(house, "desk")
    row = offer(house, asked(house), type_id=make.visit_type("New patient", 40).pk)
    asked(house)
    with pytest.raises(commands.DecidedMeanwhile, match="again meanwhile"):
        commands.undo_decision(house.rosa, request_id=row.pk)
    assert VisitRequest.objects.get(pk=row.pk).state == "proposed"


def test_no_time_is_offered_for_a_kind_that_the_patient_has_asked_for_beside(house: House) -> None:
    longer = make.visit_type("New patient", 40)
    opened(house, "desk")
    opened(house, "desk", type_id=longer.pk)
    row, other = asked(house), asked(house, type_id=longer.pk)
    with pytest.raises(commands.DecidedMeanwhile, match="asked for that kind of visit too"):
        offer(house, row, type_id=longer.pk)
    assert {one.state for one in VisitRequest.objects.filter(pk__in=(row.pk, other.pk))} == {"asked"}
    assert VisitRequest.objects.get(pk=row.pk).type_id == house.follow_up.pk


def test_an_approval_is_taken_back_while_the_patient_does_not_know(house: House) -> None:
    opened(house, "desk")
    row = approve(house, asked(house, TEN))
    back = commands.undo_decision(house.rosa, request_id=row.pk)
    assert (back.state, back.appointment) == ("asked", None)
    assert Appointment.objects.get().booking == "entered_in_error"
    again = approve(house, back)
    deliver_envelope(system(house, cast.NOW + timedelta(minutes=4)), envelope_id=again.envelope_id)
    with pytest.raises(commands.PatientWasTold):
        commands.undo_decision(house.rosa, request_id=row.pk)
    assert VisitRequest.objects.get(pk=row.pk).state == "booked"


def test_what_the_patient_said_yes_to_is_not_taken_back_by_an_undo(house: House) -> None:
    opened(house, "desk")
    row = commands.take_offered_time(system(house), request_id=offer(house, asked(house)).pk)
    with pytest.raises(commands.PatientWasTold):
        commands.undo_decision(house.rosa, request_id=row.pk)
    assert Appointment.objects.get().booking == "scheduled"


def test_an_approval_whose_message_is_being_sent_is_not_taken_back(house: House) -> None:
    opened(house, "desk")
    row = approve(house, asked(house, TEN))
    Envelope.objects.filter(pk=row.envelope_id).update(attempts=1)
    with pytest.raises(commands.PatientWasTold):
        commands.undo_decision(house.rosa, request_id=row.pk)


def test_yes_to_a_day_on_which_the_clinician_is_away_by_now_books_nothing(house: House) -> None:
    opened(house, "desk")
    row = offer(house, asked(house))
    Absence.objects.create(
        provider=house.lee, location=None, starts_at=TEN - timedelta(hours=3), ends_at=TEN + timedelta(hours=8),
        reason="Away",
    )  # fmt: skip
    with pytest.raises(commands.SlotTaken):
        commands.take_offered_time(system(house), request_id=row.pk)
    assert not Appointment.objects.exists()


def test_a_free_time_beside_another_visit_is_free(house: House) -> None:
    appointment(house, TUESDAY, minutes=20)
    for at in (TUESDAY + timedelta(minutes=25), TUESDAY + timedelta(minutes=35)):
        time = (house.lee.pk, house.door.pk, at)
        assert requests.is_free(house.follow_up.pk, house.diaz, time, cast.NOW)


@pytest.mark.parametrize(
    "at", [datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC), TUESDAY - timedelta(days=30)]
)
def test_a_time_that_was_never_offered_is_refused_also_where_the_desk_decides(
    house: House, at: datetime
) -> None:
    opened(house, "desk")
    with pytest.raises(commands.SlotTaken):
        asked(house, at)
    assert VisitRequest.objects.get().state == "offered"


def test_the_message_about_a_visit_that_is_cancelled_meanwhile_does_not_leave(house: House) -> None:
    opened(house, "desk")
    row = approve(house, asked(house, TEN))
    commands.cancel_appointment(
        house.rosa, appointment_id=row.appointment.pk, version=None, reason="Patient called", late=False
    )
    assert Envelope.objects.get(pk=row.envelope_id).state == "stopped"


def test_nobody_who_has_died_is_written_to(house: House) -> None:
    opened(house)
    Patient.objects.filter(pk=house.diaz.pk).update(status="deceased")
    with pytest.raises(commands.NotToBeAsked):
        commands.send_asking_link(house.rosa, patient_id=house.diaz.pk)


def test_without_an_address_that_patients_reach_no_link_is_sent(house: House, settings: "object") -> None:
    opened(house)
    settings.PUBLIC_URL = ""  # type: ignore[attr-defined]
    with pytest.raises(commands.CannotBeReached, match="Patients reach no address"):
        commands.send_asking_link(house.rosa, patient_id=house.diaz.pk)
    assert not Envelope.objects.exists()


def test_the_patient_withdraws_and_what_was_booked_is_given_back(house: House) -> None:
    opened(house)
    row = asked(house, TEN + timedelta(days=2))
    assert commands.withdraw_request(system(house), request_id=row.pk).state == "withdrawn"
    assert Appointment.objects.get().booking == "cancelled"
    second = asked(house)
    assert commands.withdraw_request(system(house), request_id=second.pk).state == "withdrawn"
    assert not item_is_open(second)
    with pytest.raises(commands.AskedAlready):
        commands.withdraw_request(system(house), request_id=second.pk)


def test_two_at_the_desk_do_not_decide_over_each_other(house: House) -> None:
    opened(house, "desk")
    row = asked(house, TEN)
    offer(house, row, TEN + timedelta(hours=1))
    with pytest.raises(StaleForm):
        approve(house, row)
    assert not Appointment.objects.exists()


def test_who_cannot_be_written_to_is_called(house: House) -> None:
    opened(house, "desk")
    row = approve(house, asked(house, TEN, house.ann))
    assert row.envelope is None
    assert item(row, "call_back").sentence.startswith("Call the patient")


def test_who_wants_no_messages_is_called(house: House) -> None:
    opened(house, "desk")
    row = asked(house, TEN)
    wish = {"prefers": "", "no_email": False, "no_reminders": True, "version": None}
    commands.note_reminder_wish(house.rosa, patient_id=house.diaz.pk, **wish)
    assert approve(house, row).envelope is None
    assert item(row, "call_back").sentence.startswith("Call the patient")


def test_a_moved_visit_is_followed_to_where_it_is(house: House) -> None:
    opened(house)
    row = asked(house, TEN)
    moved = commands.move_appointment(
        house.rosa, appointment_id=row.appointment.pk, version=None, starts_at=TEN + timedelta(hours=1)
    )
    booked = Appointment.objects.get(pk=row.appointment.pk)
    assert requests.standing(booked).pk == moved.pk


def test_the_desk_answers_by_the_next_weekday() -> None:
    friday = cast.NOW + timedelta(days=4)
    assert answer_by(friday, ZoneInfo("America/New_York")).date() == date(2026, 3, 16)


def test_who_may_not_book_or_manage_may_not_here_and_nothing_changes(house: House) -> None:
    with pytest.raises(NotPermitted):
        commands.keep_self_booking(house.rosa, type_id=house.follow_up.pk, how="desk", called="Visit")
    assert not SelfBooking.objects.exists()
    opened(house, "desk")
    row = asked(house)
    with pytest.raises(NotPermitted):
        commands.decline_request(house.auditor, request_id=row.pk, version=None, because="no_time")
    assert VisitRequest.objects.get(pk=row.pk).state == "asked"


@pytest.mark.parametrize(
    "wrong", [{"most_a_day": 0}, {"most_missed": 99}, {"notice_hours": -1}, {"called": " "}, {"how": "all"}]
)
def test_a_rule_that_cannot_be_is_refused_in_a_sentence(house: House, wrong: dict[str, "object"]) -> None:
    with pytest.raises(Refusal):
        opened(house, **{"how": "desk"} | wrong)
    assert not SelfBooking.objects.exists()
