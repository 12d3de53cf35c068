"""Visits that follow each other, and families, are found and booked with an interpreter at each."""

import re
from datetime import time, timedelta

import pytest
from django.test import Client

from daysheet.schedule import commands
from daysheet.schedule.models import Appointment, Resource
from tests import make
from tests.desk import hidden_fields
from tests.house import House, desk, hours
from tests.schedule.needing import NINE, held, resource

SPANISH = "Interpreter for Spanish"


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


@pytest.fixture
def ines(house: House) -> Resource:
    """The one interpreter whom the office has."""
    return resource(house, SPANISH, "interpreter", name="Ines", language="es")


def page(house: House, sort: str) -> str:
    return f"/schedule/book/{house.diaz.id}/{sort}/"


def opened(rosa: Client, house: House, sort: str) -> tuple[str, dict[str, str]]:
    body = rosa.get(page(house, sort)).content.decode()
    return body, hidden_fields(body, form='id="together-form"')


def typed(house: House, ines: Resource) -> dict[str, str]:
    kind = str(house.follow_up.id)
    told = {"type_1": kind, "type_2": kind, "least_2": "0", "from_day": "3/10/2026"}
    told |= {"charts": str(house.ann.chart_number), "interpreter": str(ines.kind_id)}
    for who in (house.diaz.id, house.ann.id):
        told |= {f"comes_{who}": "on", f"kind_{who}": kind}
    return told


def ways(body: str) -> list[str]:
    return re.findall(r'name="choice" value="([^"]+)"', body)


@pytest.mark.parametrize("sort", ["several", "family"])
def test_each_visit_is_booked_with_the_interpreter_when_the_interpreter_is_free(
    rosa: Client, house: House, ines: Resource, sort: str
) -> None:
    taken = commands.book_appointment(
        house.ana,
        patient_id=make.patient("Roy").id,
        provider_id=house.osei.id,
        location_id=house.door.id,
        type_id=house.follow_up.id,
        starts_at=NINE,
        minutes=60,
        also_needs=[ines.kind_id],
    )
    assert held(taken) == ["Ines"]
    _body, fields = opened(rosa, house, sort)
    found = ways(rosa.post(page(house, sort), fields | typed(house, ines)).content.decode())
    first = min(int(part.split(".")[2]) for part in found[0].split("_"))
    assert first * 60 == (NINE + timedelta(hours=1)).timestamp()
    answer = rosa.post(
        page(house, sort), fields | typed(house, ines) | {"choice": found[0], "book": "", "_once": "b"}
    )
    assert answer.status_code == 303
    booked = Appointment.objects.filter(booking="scheduled").exclude(id=taken.id)
    assert [held(one) for one in booked] == [["Ines"], ["Ines"]]


def test_side_by_side_asks_for_two_interpreters(rosa: Client, house: House, ines: Resource) -> None:
    hours(house.osei, house.door, 1, time(9), time(12))
    _body, fields = opened(rosa, house, "family")
    told = typed(house, ines) | {"side_by_side": "on"}
    assert ways(rosa.post(page(house, "family"), fields | told).content.decode()) == []
    resource(house, SPANISH, "interpreter", name="Juan", language="es")
    assert ways(rosa.post(page(house, "family"), fields | told | {"_once": "b"}).content.decode())


def test_the_interpreter_whom_the_patient_needs_is_proposed(
    rosa: Client, house: House, ines: Resource
) -> None:
    chosen = f'<option value="{ines.kind_id}" selected>'
    assert chosen not in opened(rosa, house, "several")[0]
    house.diaz.__class__.objects.filter(pk=house.diaz.pk).update(language="es", needs_interpreter=True)
    for sort in ("several", "family"):
        assert chosen in opened(rosa, house, sort)[0]


def test_an_office_without_interpreters_is_asked_nothing(rosa: Client, house: House) -> None:
    assert "Interpreter at each visit" not in opened(rosa, house, "family")[0]
