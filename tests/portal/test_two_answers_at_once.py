"""Two browsers with one link: the first answer counts, whichever way they meet; two runs write one message."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.mailroom.models import Envelope, PortalLink
from daysheet.portal import commands as portal
from daysheet.portal.models import Kiosk, SelfCheckIn
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment, Reminder, ReminderVisit
from daysheet.visits.turns import take_turn
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, furnished
from tests.patience import PATIENCE, until_somebody_waits
from tests.reminded import BASE, TUESDAY, path_of, phone, ready, reminded, system

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 8


@pytest.fixture
def house(settings: Any) -> House:
    settings.PUBLIC_URL = BASE
    office = furnished()
    with office.open():
        ready(office)
        phone(office.diaz)
    return office


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Begin all acts at the same moment."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def pressed(path: str, answer: str) -> Callable[[], int]:
    browser = Client()
    form = hidden_fields(browser.get(path).content.decode())
    return lambda: browser.post(path, form | {"answer": answer}).status_code


def test_a_yes_and_a_no_at_once_have_one_winner(house: House) -> None:
    for turn in range(ROUNDS):
        with house.open():
            booked, sent = reminded(house, TUESDAY + timedelta(minutes=turn))
            path = path_of(sent)
        answers = at_once(pressed(path, "confirmed"), pressed(path, "cannot_come"))
        assert sorted(map(str, answers)) == ["200", "404"]
        with house.open():
            row = Appointment.objects.get(pk=booked.pk)
            said = ReminderVisit.objects.get(reminder=sent).answer
            assert (row.booking, row.confirmation) == (
                ("scheduled", "confirmed") if said == "confirmed" else ("late_cancelled", "none")
            )
            is_used = PortalLink.objects.get(pk=sent.link_id).used_at is not None
            assert is_used == (said == "cannot_come")
            Appointment.objects.filter(pk=booked.pk).update(booking="cancelled")


def test_the_patient_answers_while_the_desk_cancels_and_neither_is_lost(house: House) -> None:
    for turn in range(ROUNDS):
        with house.open():
            booked, sent = reminded(house, TUESDAY + timedelta(minutes=turn))
            path = path_of(sent)

        def cancel(booked: Appointment = booked) -> str:
            try:
                commands.cancel_appointment(
                    house.rosa, appointment_id=booked.pk, version=None, reason="Clinician is away"
                )
            except Refusal as no:
                return type(no).__name__
            return "cancelled"

        answered, cancelled = at_once(pressed(path, "cannot_come"), cancel)
        with house.open():
            row = Appointment.objects.get(pk=booked.pk)
            assert (answered, cancelled, row.booking) in (
                (200, "AlreadyOver", "late_cancelled"),
                (404, "cancelled", "cancelled"),
                (409, "cancelled", "cancelled"),
            )


def test_two_runs_at_once_write_one_message(house: House) -> None:
    with house.open():
        for turn in range(5):
            one = make.patient(f"Patient{turn}")
            phone(one, f"+1413555020{turn}")
            appointment(house, TUESDAY + timedelta(minutes=5 * turn), minutes=5, patient=one)

    def run() -> int:
        return len(commands.send_due_reminders(system(house)))

    assert sorted(map(str, at_once(run, run, run))) == ["0", "0", "5"]
    with house.open():
        assert (Reminder.objects.count(), Envelope.objects.count()) == (5, 5)


def test_a_reply_by_text_and_an_answer_by_link_at_once_have_one_winner(house: House) -> None:
    with house.open():
        booked, sent = reminded(house)
        Envelope.objects.filter(pk=sent.envelope_id).update(state="sent", sent_at=cast.NOW)
        path = path_of(sent)

    def by_text() -> str:
        return commands.hear_reply(system(house), channel="sms", sender=sent.address, text="2")

    answered, heard = at_once(pressed(path, "confirmed"), by_text)
    with house.open():
        row = Appointment.objects.get(pk=booked.pk)
        assert (answered, heard == "Answered: cannot_come.", row.booking) in (
            (200, False, "scheduled"),
            (404, True, "late_cancelled"),
        )


# --- The desk cancels while the patient checks in ----------------------------------------------------------

AT_KIOSK, ON_PHONE = ("Patient, at the kiosk", "Patient, on the own phone")


def patient(house: House, name: str = AT_KIOSK) -> Actor:
    return Actor.system(practice_id=house.practice.pk, now=cast.NOW, name=name)


def coded(house: House, booked: Appointment) -> tuple[SelfCheckIn, Kiosk]:
    row = portal.offer_for_appointment(house.rosa, appointment_id=booked.pk)
    return row, portal.open_kiosk(house.rosa, location_id=house.door.pk)


def by_code(house: House, booked: Appointment, other: Appointment) -> Callable[[], object]:
    row, door = coded(house, booked)
    facts = {"kiosk_id": door.pk, "code": row.code, "born_on": house.diaz.born_on}
    return lambda: portal.try_code(patient(house), **facts)


def by_scan(house: House, booked: Appointment, other: Appointment) -> Callable[[], object]:
    _, token = portal.offer_link(house.rosa, appointment_id=booked.pk)
    door = portal.open_kiosk(house.rosa, location_id=house.door.pk)
    facts = {"kiosk_id": door.pk, "token": token, "born_on": house.diaz.born_on}
    return lambda: portal.try_scanned(patient(house), **facts)


def by_link(house: House, booked: Appointment, other: Appointment) -> Callable[[], object]:
    row, _ = portal.offer_link(house.rosa, appointment_id=booked.pk)
    facts = {"link_id": row.link_id, "born_on": house.diaz.born_on}
    return lambda: portal.come_in_by_link(patient(house, ON_PHONE), **facts)


def here(house: House, booked: Appointment, other: Appointment) -> Callable[[], object]:
    by_link(house, booked, other)()
    with house.open():
        row = SelfCheckIn.objects.get()
    return lambda: portal.say_here(patient(house, ON_PHONE), row_id=row.pk, waits_in_car=False)


def for_others(house: House, booked: Appointment, other: Appointment) -> Callable[[], object]:
    by_code(house, other, booked)()  # its own visit has begun, the one that is held is another
    with house.open():
        row = SelfCheckIn.objects.get()
    return lambda: portal.keep_visits(patient(house), row_id=row.pk, appointment_ids=[booked.pk])


@pytest.mark.parametrize("way", [by_code, by_scan, by_link, here, for_others])
def test_who_checks_in_holds_the_visit_before_the_check_in(way: Callable[..., Any], house: House) -> None:
    with house.open():
        booked = appointment(house, cast.NOW + timedelta(minutes=20))
        other = appointment(house, cast.NOW + timedelta(hours=4), provider=house.osei)
    act = way(house, booked, other)
    with ThreadPoolExecutor(1) as pool:
        with house.open():  # the desk cancels: it holds the visit, and then what hangs on it
            Appointment.objects.select_for_update().get(pk=booked.pk)
            done = pool.submit(lambda: (act(), connection.close()))
            until_somebody_waits()
            list(SelfCheckIn.objects.select_for_update(nowait=True))
        assert done.result(timeout=PATIENCE)[0] is not None


def test_who_checks_in_takes_the_turn_of_an_arrival_before_the_visit(house: House) -> None:
    with house.open():
        booked = appointment(house, cast.NOW + timedelta(minutes=20))
    act = by_code(house, booked, booked)
    with ThreadPoolExecutor(1) as pool:
        with house.open():  # the desk receives the patient: it takes the turn, and then the visit
            take_turn(house.diaz.pk)
            done = pool.submit(lambda: (act(), connection.close()))
            until_somebody_waits()
            list(Appointment.objects.select_for_update(nowait=True))
        assert done.result(timeout=PATIENCE)[0] is not None
