"""The views of a day say the same as the board: in which room a patient is, who walked in, where a visit was booked."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.models import AuditLine
from daysheet.schedule.models import Appointment
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk

DAY = "/schedule/2026-03-09/"


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def column(body: str, title: str) -> str:
    part = body[body.index(f'<section class="column" aria-label="{title}"') :]
    return part[: part.index("</section>")]


def test_who_was_put_in_a_room_stands_under_that_room(rosa: Client, house: House) -> None:
    promised, other = make.room(house.door, "Room 1"), make.room(house.door, "Room 4")
    one = appointment(house, cast.NOW)
    assert "DIAZ, Maria" in column(rosa.get(f"{DAY}rooms/").content.decode(), "No room yet")
    came = visits.arrive(house.rosa, appointment_id=one.id)
    Appointment.objects.filter(pk=one.pk).update(room=promised)
    assert "DIAZ, Maria" in column(rosa.get(f"{DAY}rooms/").content.decode(), "Room 1")
    Visit.objects.filter(pk=came.pk).update(room=other)
    body = rosa.get(f"{DAY}rooms/").content.decode()
    assert "DIAZ, Maria" in column(body, "Room 4")
    assert "DIAZ, Maria" not in column(body, "Room 1")


def test_a_walk_in_stands_on_the_list_of_the_day_and_on_the_agenda(rosa: Client, house: House) -> None:
    visits.walk_in(house.rosa, patient_id=house.ann.id, provider_id=house.lee.id, location_id=house.door.id)
    for page in (f"{DAY}?as=list", f"{DAY}agenda/?provider={house.lee.id}"):
        body = rosa.get(page).content.decode()
        part = body[body.index('id="walk-ins"') :]
        assert "LEE, Ann" in part
        assert "10:00 am" in part
    assert "LEE, Ann" not in rosa.get(f"{DAY}agenda/?provider={house.osei.id}").content.decode()


def test_a_visit_that_is_booked_at_another_door_is_shown_on_the_day_of_that_door(
    rosa: Client, house: House
) -> None:
    far = make.location("Harbor Rd", is_main=False)
    kim = make.provider("Moreau", "Elena", at=far, number=9)
    address = f"/schedule/book/{house.diaz.id}/"
    asked = f"?type={house.follow_up.id}&who={kim.id}&where={far.id}&from_day=3/10"
    fields = hidden_fields(
        rosa.get(address + asked).content.decode(), form='<form method="post" action="/sch'
    )
    answer = rosa.post(address, fields | {"slot": "other", "day": "3/10", "clock": "9"})
    assert answer.status_code == 303
    assert answer["Location"] == f"/schedule/2026-03-10/?where={far.id}"
    assert "DIAZ, Maria" in rosa.get(answer["Location"]).content.decode()


def test_who_came_without_an_appointment_is_a_mark_on_the_grid_that_stays_where_it_is(house: House) -> None:
    room = make.room(house.door)
    visit = visits.walk_in(
        house.rosa,
        patient_id=house.ann.id,
        provider_id=house.lee.id,
        location_id=house.door.id,
        type_id=house.follow_up.id,
    )
    Visit.objects.filter(pk=visit.pk).update(room=room)
    today = cast.NOW.astimezone(house.door.zone)
    rosa, address = desk(house), f"/schedule/{today:%Y-%m-%d}"
    columns = {
        f"{address}/": str(house.lee.id),
        f"{address}/rooms/": str(room.id),
        f"{address}/week/?provider={house.lee.id}": f"{today:%Y-%m-%d}",
    }
    for page, column in columns.items():
        body = rosa.get(page).content.decode()
        [card] = json.loads(unescape(re.findall(r"data-cards='([^']*)'", body)[0]))
        assert (card["id"], card["column"], card["fixed"]) == (f"came-{visit.pk}", column, True), page
        assert (card["begins"][11:], card["name"]) == (f"{today:%H:%M}", "LEE, Ann")
        assert "walk-in, Follow-up" in card["kind"]
        assert 'id="walk-ins"' in body
        line = AuditLine.objects.filter(action__startswith="schedule.").latest("at", "id")
        assert house.ann.id in line.patient_ids
    with_one = len(_statements(rosa, f"{address}/"))
    Visit.objects.filter(pk=visit.pk).update(flow="undone")
    assert len(_statements(rosa, f"{address}/")) == with_one
    Visit.objects.filter(pk=visit.pk).update(service_on=today.date() - timedelta(days=1))
    assert len(_statements(rosa, f"{address}/")) == with_one - 1


def _statements(browser: Client, address: str) -> list[Any]:
    with CaptureQueriesContext(connection) as heard:
        browser.get(address)
    return list(heard)
