"""Two browsers with one link: the first answer counts, whichever way they meet; two runs write one message."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from daysheet.kernel.errors import Refusal
from daysheet.mailroom.models import Envelope, PortalLink
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment, Reminder, ReminderVisit
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, furnished
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
            assert PortalLink.objects.get(pk=sent.link_id).used_at is not None
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
