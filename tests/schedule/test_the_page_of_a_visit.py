"""The page of a visit: where a moved one went, what it says of who is here, and no door that only refuses."""

from datetime import timedelta

import pytest
from django.test import Client

from daysheet.schedule import commands
from daysheet.schedule.models import Appointment
from daysheet.visits import commands as visits
from tests import cast
from tests.house import House, appointment, desk
from tests.schedule.needing import NINE


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def page_of(client: Client, one: Appointment) -> str:
    return client.get(f"/schedule/appointments/{one.id}/").content.decode()


def test_a_moved_visit_says_where_it_went_and_why_and_the_new_one_whence(rosa: Client, house: House) -> None:
    old = appointment(house, NINE)
    new = commands.move_appointment(
        house.rosa, appointment_id=old.id, version=1, starts_at=NINE + timedelta(days=1), why="Works that day"
    )
    body = page_of(rosa, old)
    line = next(one for one in body.splitlines() if 'id="moved-to"' in one)
    assert f'<a href="/schedule/appointments/{new.id}/">Mar 11, 9:00 am</a> with Dr. Lee' in line
    assert "because: Works that day" in line
    assert "Cancelled because" not in body
    line = next(one for one in page_of(rosa, new).splitlines() if 'id="moved-from"' in one)
    assert f'<a href="/schedule/appointments/{old.id}/">Mar 10, 9:00 am</a>' in line


def test_a_cancelled_visit_says_why_as_before(rosa: Client, house: House) -> None:
    one = appointment(house, NINE)
    commands.cancel_appointment(house.rosa, appointment_id=one.id, version=1, reason="Patient is ill")
    body = page_of(rosa, one)
    assert "Cancelled because" in body
    assert 'id="moved' not in body


def test_a_visit_whose_patient_is_here_says_so_and_offers_nothing_that_refuses(
    rosa: Client, house: House
) -> None:
    one = appointment(house, cast.NOW + timedelta(hours=1))
    verbs = [
        f"/schedule/appointments/{one.id}/{verb}/" for verb in ("move", "cancel", "tray", "confirmation")
    ]
    body = page_of(rosa, one)
    assert all(verb in body for verb in verbs)
    visits.arrive(house.rosa, appointment_id=one.id)
    body = page_of(rosa, one)
    assert not [verb for verb in verbs if verb in body]
    assert "Arrived" in body
