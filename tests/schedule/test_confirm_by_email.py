"""The e-mail that confirms a visit tells the time that holds: a move, a cancellation and their undo go along."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from daysheet.mailroom import queries as mail
from daysheet.mailroom.models import Envelope
from daysheet.patients.models import Patient
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment
from tests.house import House, desk
from tests.schedule.needing import NINE, book

LATER = NINE + timedelta(hours=1)


@pytest.fixture
def confirmed(house: House) -> Appointment:
    """A visit at nine whose e-mail waits to leave."""
    Patient.objects.filter(pk=house.diaz.pk).update(email="maria@mail.example")
    return book(house, house.follow_up, confirm_by_email=True)


def states(visit: Appointment) -> list[str]:
    return [one.state for one in mail.written_about(visit.pk)]


def said(visit: Appointment) -> str:
    return bytes(Envelope.objects.filter(subject_id=visit.pk).latest("number").content).decode()


def moved(house: House, visit: Appointment, **more: bool) -> Appointment:
    return commands.move_appointment(
        house.rosa, appointment_id=visit.pk, version=None, starts_at=LATER, **more
    )


def test_a_move_keeps_the_old_time_back_and_confirms_the_new_one(
    house: House, confirmed: Appointment
) -> None:
    new = moved(house, confirmed)
    assert (states(confirmed), states(new)) == (["stopped"], ["queued"])
    assert "10:00 AM" in said(new)
    commands.undo_booking(house.rosa, appointment_id=new.pk)
    assert (states(new), states(confirmed)) == (["stopped"], ["queued", "stopped"])
    assert "9:00 AM" in said(confirmed)


def test_a_move_that_is_not_to_be_confirmed_confirms_nothing(house: House, confirmed: Appointment) -> None:
    new = moved(house, confirmed, confirm_by_email=False)
    assert (states(confirmed), states(new)) == (["stopped"], [])


def test_a_visit_that_was_not_confirmed_is_moved_without_a_word(house: House) -> None:
    Patient.objects.filter(pk=house.diaz.pk).update(email="maria@mail.example")
    new = moved(house, book(house, house.follow_up))
    assert states(new) == []


def test_an_address_that_is_gone_stops_no_move(house: House, confirmed: Appointment) -> None:
    Patient.objects.filter(pk=house.diaz.pk).update(email="")
    assert states(moved(house, confirmed)) == []


def test_a_cancelled_visit_is_not_confirmed_and_one_that_stands_again_is(
    house: House, confirmed: Appointment
) -> None:
    commands.cancel_appointment(house.rosa, appointment_id=confirmed.pk, version=None, reason="ill")
    assert states(confirmed) == ["stopped"]
    commands.reopen_appointment(house.rosa, appointment_id=confirmed.pk)
    assert states(confirmed) == ["queued", "stopped"]


def test_what_has_left_is_not_sent_again_when_a_cancellation_is_taken_back(
    house: House, confirmed: Appointment
) -> None:
    Envelope.objects.update(state="sent", sent_at=house.rosa.now)
    commands.cancel_appointment(house.rosa, appointment_id=confirmed.pk, version=None, reason="ill")
    commands.reopen_appointment(house.rosa, appointment_id=confirmed.pk)
    assert states(confirmed) == ["sent"]


def test_the_page_of_the_visit_shows_it_and_a_move_proposes_it(house: House, confirmed: Appointment) -> None:
    rosa = desk(house)
    body = rosa.get(f"/schedule/appointments/{confirmed.pk}/").content.decode()
    assert "Nothing was sent about this visit" not in body
    assert "Confirmation by e-mail" in body
    assert "Leaves Mar" in body
    body = rosa.get(f"/schedule/appointments/{confirmed.pk}/move/").content.decode()
    box = body[body.index('name="confirm_by_email"') :]
    assert "checked" in box[: box.index(">")]


def test_it_is_offered_where_an_e_mail_can_leave_alone(house: House, settings: Any) -> None:
    Patient.objects.filter(pk=house.diaz.pk).update(email="maria@mail.example")
    rosa, page = desk(house), f"/schedule/book/{house.diaz.pk}/"
    found = []
    for host in ("", "mail.northside.example"):
        settings.EMAIL_HOST = host
        found.append("confirm_by_email" in rosa.get(page).content.decode())
    Patient.objects.filter(pk=house.diaz.pk).update(email="")
    found.append("confirm_by_email" in rosa.get(page).content.decode())
    assert found == [False, True, False]


def test_it_speaks_the_language_of_the_patient(house: House) -> None:
    Patient.objects.filter(pk=house.diaz.pk).update(email="maria@mail.example", language="es")
    visit = book(house, house.follow_up, confirm_by_email=True)
    mail_of = message_from_bytes(bytes(Envelope.objects.get(subject_id=visit.pk).content), policy=default)
    assert mail_of["Subject"] == "Su cita en Northside Family Medicine"
    text = mail_of.get_content()
    assert "martes" in text
    assert "9:00 AM EDT" in text
    assert "¿No puede venir?" in text
