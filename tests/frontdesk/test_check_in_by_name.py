"""The box on top of every page: "check in diaz" leads to the check-in of today's visit, where there is exactly one."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from daysheet.schedule.models import Appointment
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests import cast
from tests.desk import hidden_fields
from tests.house import House, appointment, desk


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


@pytest.fixture
def booked(house: House) -> Appointment:
    return appointment(house, cast.NOW)


def address(house: House) -> str:
    return f"/desk/check-in/{house.diaz.pk}/"


def press(rosa: Client, house: House, **typed: Any) -> Any:
    page = rosa.get(address(house)).content.decode()
    return rosa.post(address(house), hidden_fields(page, form=f'action="{address(house)}"') | typed)


def test_who_is_booked_arrives_by_one_press_and_is_at_the_check_in(
    rosa: Client, house: House, booked: Appointment
) -> None:
    page = rosa.get(address(house)).content.decode()
    assert "Arrived: check in" in page
    assert not Visit.objects.exists()
    answer = press(rosa, house)
    visit = Visit.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/desk/visits/{visit.pk}/check-in/")
    assert visit.appointment_id == booked.pk
    again = rosa.post(address(house), {"appointment": str(booked.pk), "_once": "again"})
    assert (again.status_code, Visit.objects.count()) == (409, 1)


def test_who_is_here_already_is_led_there_at_once(rosa: Client, house: House, booked: Appointment) -> None:
    visit = visits.arrive(house.rosa, appointment_id=booked.pk)
    answer = rosa.get(address(house))
    assert (answer.status_code, answer["Location"]) == (303, f"/desk/visits/{visit.pk}/check-in/")


def test_with_none_or_two_the_appointments_are_shown(rosa: Client, house: House) -> None:
    panel = f"/schedule/patients/{house.diaz.pk}/panel/"
    assert rosa.get(address(house))["Location"] == panel
    assert "No visit of today waits to be checked in." in rosa.get(panel).content.decode()
    first = appointment(house, cast.NOW)
    appointment(house, cast.NOW + timedelta(hours=2))
    assert rosa.get(address(house))["Location"] == panel
    visits.arrive(house.rosa, appointment_id=first.pk)
    assert rosa.get(address(house))["Location"] == panel


def test_tomorrows_visit_is_not_checked_in_today(rosa: Client, house: House) -> None:
    later = appointment(house, cast.NOW + timedelta(days=1))
    assert rosa.get(address(house))["Location"] == f"/schedule/patients/{house.diaz.pk}/panel/"
    answer = rosa.post(address(house), {"appointment": str(later.pk), "_once": "x"})
    assert (answer.status_code, Visit.objects.exists()) == (409, False)


def test_who_checks_nobody_in_sees_the_appointments(house: House, booked: Appointment) -> None:
    biller = desk(house, "biller", "bea")
    assert biller.get(address(house))["Location"] == f"/schedule/patients/{house.diaz.pk}/panel/"
    answer = biller.post(address(house), {"appointment": str(booked.pk), "_once": "x"})
    assert (answer.status_code, Visit.objects.exists()) == (403, False)
