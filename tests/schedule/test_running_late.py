"""A clinician runs late: it is said once, whoever it touches is told, and it ends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.errors import Refusal
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.models import Envelope
from daysheet.patients.models import Patient
from daysheet.schedule import commands, lateness
from daysheet.schedule.models import Appointment, LateTold, RunningLate
from daysheet.schedule.reminding import GRACE
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests import make, reminded
from tests.desk import hidden_fields
from tests.house import House, appointment, desk, furnished

HTMX = {"HX-Request": "true"}


def late(house: House, minutes: int = 40, **more: str) -> RunningLate:
    day = house.rosa.now.astimezone(house.door.zone).date()
    return commands.say_late(house.rosa, provider_id=house.lee.pk, day=day, minutes=minutes, **more)


def soon(house: House, after: int = 30, **more: Any) -> Appointment:
    return appointment(house, house.rosa.now + timedelta(minutes=after), **more)


def form_of(rosa: Client) -> dict[str, str]:
    return hidden_fields(rosa.get("/schedule/late/").content.decode(), form='id="late-form"')


def lines(house: House, one: RunningLate) -> list[lateness.LateLine]:
    return lateness.lines(one, house.rosa.now)


def test_who_is_here_and_who_comes_stand_with_their_new_time(house: House) -> None:
    here, comes = soon(house, 5), soon(house, 60, patient=house.ann)
    other = soon(house, 60, patient=make.patient("Other"), provider=house.osei)
    visits.arrive(house.rosa, appointment_id=here.pk)
    found = lines(house, late(house))
    assert [(one.visit.pk, one.is_here) for one in found] == [(here.pk, True), (comes.pk, False)]
    assert found[1].expected_at == comes.starts_at + timedelta(minutes=40)
    assert other.pk not in {one.visit.pk for one in found}


def test_who_is_with_the_clinician_or_should_have_come_long_ago_waits_for_nobody(house: House) -> None:
    inside = soon(house, 5)
    visit = visits.arrive(house.rosa, appointment_id=inside.pk)
    Visit.objects.filter(pk=visit.pk).update(flow="with_provider")
    soon(house, -60, patient=house.ann)
    one = late(house)
    assert lines(house, one) == []


@pytest.mark.parametrize("minutes", [0, 4, 241])
def test_minutes_that_cannot_be_are_refused(house: House, minutes: int) -> None:
    with pytest.raises(Refusal, match="Say from 5 to 240"):
        late(house, minutes)
    assert not RunningLate.objects.exists()


def test_new_minutes_end_the_old_ones_and_all_are_told_anew(house: House) -> None:
    visit = soon(house)
    first = late(house)
    commands.note_told(house.rosa, late_id=first.pk, appointment_id=visit.pk)
    assert lines(house, first)[0].told is not None
    second = late(house, 60)
    first.refresh_from_db()
    assert first.ended_at is not None
    assert lines(house, second)[0].told is None
    with pytest.raises(commands.NotLateAnyMore):
        commands.note_told(house.rosa, late_id=first.pk, appointment_id=visit.pk)


def test_new_minutes_that_are_taken_back_let_the_old_ones_hold_again(house: House) -> None:
    visit = soon(house)
    first = late(house)
    commands.note_told(house.rosa, late_id=first.pk, appointment_id=visit.pk)
    second = late(house, 240)
    assert commands.take_lateness_back(house.rosa, late_id=second.pk) == first
    (stands,) = lateness.running(first.on_day)
    assert (stands.pk, stands.minutes, stands.ended_at, stands.ended_by) == (first.pk, 40, None, "")
    assert lines(house, stands)[0].told is not None
    assert commands.take_lateness_back(house.rosa, late_id=first.pk) is None
    assert not lateness.running(first.on_day)
    with pytest.raises(commands.NotLateAnyMore):
        commands.take_lateness_back(house.rosa, late_id=first.pk)


def test_told_twice_is_told_once(house: House) -> None:
    visit, one = soon(house), late(house)
    for _ in range(2):
        commands.note_told(house.rosa, late_id=one.pk, appointment_id=visit.pk)
    assert LateTold.objects.count() == 1


def test_a_visit_of_another_clinician_is_not_told(house: House) -> None:
    one, other = late(house), soon(house, provider=house.osei)
    with pytest.raises(commands.NotTouched):
        commands.note_told(house.rosa, late_id=one.pk, appointment_id=other.pk)


@pytest.mark.django_db(transaction=True)
def test_two_who_say_it_at_once_leave_one() -> None:
    house = furnished()
    start = Barrier(2)

    def say(minutes: int) -> None:
        start.wait()
        try:
            with house.open():
                late(house, minutes)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as desks:
        list(desks.map(say, (20, 30)))
    with house.open():
        assert RunningLate.objects.filter(ended_at=None).count() == 1
        assert RunningLate.objects.count() == 2


def test_who_may_be_written_to_gets_one_message_in_the_own_language(house: House) -> None:
    mailroom.open_telephone(house.ana)
    carla = make.patient("Carla")
    Patient.objects.filter(pk=carla.pk).update(language="es")
    reminded.phone(carla)
    reminded.phone(house.ann, "+14135550143", may_text=False)
    for patient in (carla, house.ann):
        soon(house, 60 if patient == carla else 90, patient=patient)
    one = late(house, reason="a fall in room 2")
    assert commands.write_lateness(house.rosa, late_id=one.pk) == 1
    sent = Envelope.objects.get(kind="sms")
    text = sent.content.decode()
    assert "40 minutos de retraso" in text
    assert "fall" not in text
    assert "Carla" not in text
    assert sent.next_try_at == house.rosa.now + GRACE
    with pytest.raises(commands.NobodyToWrite):
        commands.write_lateness(house.rosa, late_id=one.pk)


def test_in_the_quiet_hours_a_message_waits_for_the_morning_or_the_desk_calls(house: House) -> None:
    mailroom.open_telephone(house.ana)
    reminded.phone(house.diaz)
    reminded.phone(house.ann, "+14135550143")
    early, later = soon(house, -60), soon(house, 60, patient=house.ann)
    one = late(house)
    at_seven = house.rosa.at(house.rosa.now - timedelta(hours=3))
    found = {line.visit.pk: line.way for line in lateness.lines(one, at_seven.now)}
    assert found[early.pk] is None  # the visit begins at nine, when the quiet hours end
    way = found[later.pk]
    assert way is not None
    assert way.leaves_at == house.rosa.now - timedelta(hours=1)
    assert commands.write_lateness(at_seven, late_id=one.pk) == 1
    assert Envelope.objects.get(kind="sms").next_try_at == house.rosa.now - timedelta(hours=1)


def test_the_quiet_hours_are_those_of_the_offices_reminders(house: House) -> None:
    mailroom.open_telephone(house.ana)
    reminded.phone(house.diaz)
    reminded.one_rule(from_clock=time(11))
    visit = soon(house, 90)
    found = lateness.lines(late(house), house.rosa.now)[0]
    assert found.visit.pk == visit.pk
    assert found.way is not None
    assert found.way.leaves_at == house.rosa.now + timedelta(hours=1)


def test_in_time_again_keeps_what_has_not_left(house: House) -> None:
    mailroom.open_telephone(house.ana)
    reminded.phone(house.diaz)
    soon(house, 60)
    one = late(house)
    commands.write_lateness(house.rosa, late_id=one.pk)
    commands.end_lateness(house.rosa, late_id=one.pk)
    assert Envelope.objects.get(kind="sms").state == "stopped"
    with pytest.raises(commands.NotLateAnyMore):
        commands.end_lateness(house.rosa, late_id=one.pk)


def test_who_was_not_reached_by_the_message_is_to_be_told(house: House) -> None:
    mailroom.open_telephone(house.ana)
    reminded.phone(house.diaz)
    visit = soon(house, 60)
    one = late(house)
    commands.write_lateness(house.rosa, late_id=one.pk)
    assert lines(house, one)[0].told is not None
    Envelope.objects.filter(kind="sms").update(state="failed", next_try_at=None)
    (line,) = lines(house, one)
    assert (line.told, line.way) == (None, None)
    with pytest.raises(commands.NobodyToWrite):
        commands.write_lateness(house.rosa, late_id=one.pk)
    commands.note_told(house.rosa, late_id=one.pk, appointment_id=visit.pk)
    told = lines(house, one)[0].told
    assert told is not None
    assert (told.how, told.envelope) == ("said", None)


def test_a_message_that_is_being_sent_does_not_stand_in_the_way_of_in_time_again(house: House) -> None:
    mailroom.open_telephone(house.ana)
    reminded.phone(house.diaz)
    soon(house, 60)
    one = late(house)
    commands.write_lateness(house.rosa, late_id=one.pk)
    Envelope.objects.filter(kind="sms").update(attempts=1)  # a first try failed; the next is under way
    assert commands.end_lateness(house.rosa, late_id=one.pk).ended_at is not None
    assert Envelope.objects.get(kind="sms").state == "queued"


def test_at_the_desk_it_is_said_told_and_ended(house: House) -> None:
    visit = soon(house, 60)
    rosa = desk(house)
    empty = rosa.get("/schedule/late/").content.decode()
    assert "Nobody runs late" in empty
    said = {
        "who": str(house.lee.pk),
        "minutes": "40",
        "reason": "two walk-ins",
        **form_of(rosa),
    }
    assert rosa.post("/schedule/late/", said).status_code == 303
    one = RunningLate.objects.get()
    shown = rosa.get("/schedule/late/").content.decode()
    assert "runs about 40 min late" in shown
    assert "two walk-ins" in shown
    assert "runs about 40 min late" in rosa.get("/desk/").content.decode()
    answer = rosa.post(f"/schedule/late/{one.pk}/told/", {"appointment": str(visit.pk)}, headers=HTMX)
    assert answer.status_code == 200, answer.content
    assert "Told" in answer.content.decode()
    assert rosa.post("/schedule/late/", said | form_of(rosa) | {"minutes": "90"}).status_code == 303
    more = RunningLate.objects.get(ended_at=None)
    assert rosa.post(f"/schedule/late/{more.pk}/end/?undo=1").status_code == 303
    assert "runs about 40 min late" in rosa.get("/schedule/late/").content.decode()
    rosa.post(f"/schedule/late/{one.pk}/end/")
    assert "runs about" not in rosa.get("/desk/").content.decode()


@pytest.mark.parametrize("minutes", ["", "soon", "-5", "1000", "99999999999999999999", "40.5", "\x00"])
def test_what_is_no_number_of_minutes_is_said_at_its_field(house: House, minutes: str) -> None:
    soon(house, 60)
    rosa = desk(house)
    said = {"who": str(house.lee.pk), "minutes": minutes, "reason": "kept"}
    answer = rosa.post("/schedule/late/", said | form_of(rosa))
    assert answer.status_code == 422
    assert "kept" in answer.content.decode()
    assert not RunningLate.objects.exists()


def test_who_may_only_look_says_nothing(house: House) -> None:
    soon(house, 60)
    auditor = desk(house, "auditor", "otto")
    answer = auditor.post("/schedule/late/", {"who": str(house.lee.pk), "minutes": "40"})
    assert answer.status_code in (403, 404)


def test_the_page_asks_the_same_for_two_visits_and_for_forty(house: House) -> None:
    rosa, asked = desk(house), []
    one = late(house)
    for number, size in enumerate((2, 38)):
        for n in range(size):
            soon(house, 60 + 20 * number + n, patient=make.patient(f"Some{number}x{n}"), minutes=1)
        with CaptureQueriesContext(connection) as heard:
            assert rosa.get("/schedule/late/").status_code == 200
        asked.append(len(heard))
    assert len(lines(house, one)) == 40
    assert asked[0] == asked[1], asked


def test_what_is_refused_is_said_on_the_whole_page_with_its_form(house: House) -> None:
    one, rosa = late(house), desk(house)
    answer = rosa.post(f"/schedule/late/{one.pk}/write/")
    assert answer.status_code == 409
    assert "Nobody is left who may be written to" in answer.content.decode()
    assert 'id="late-form"' in answer.content.decode()
