"""Missed visits: listed until booked again, waiting, or closed with a reason; a person decides, never a clock."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.schedule import commands, waitlist
from daysheet.schedule.models import Appointment
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk
from tests.schedule.waiting import waits


def missed(house: House, days: int = 3, **more: object) -> Appointment:
    return appointment(house, cast.NOW - timedelta(days=days), **{"booking": "no_show", **more})


def listed(kind: str = "") -> list[Appointment]:
    return list(waitlist.missed(cast.NOW, kind=kind))


def test_a_missed_visit_stands_on_the_list_with_how_many_there_were(house: House) -> None:
    missed(house, 200)
    missed(house, 400)
    one = missed(house)
    assert [(row.id, row.in_a_year) for row in listed()] == [(one.id, 2)]  # type: ignore[attr-defined]
    late = missed(house, 2, patient=house.ann, booking="late_cancelled")
    assert [row.id for row in listed()] == [late.id, one.id]
    assert [row.id for row in listed("late_cancelled")] == [late.id]
    assert len(listed("nonsense")) == 2


def test_whoever_is_booked_again_or_waits_is_followed_up(house: House) -> None:
    missed(house)
    missed(house, 4, patient=house.ann)
    appointment(house, cast.NOW + timedelta(days=2))
    assert [row.patient_id for row in listed()] == [house.ann.id]
    waits(house, house.ann)
    assert listed() == []


def test_one_is_closed_with_a_reason_and_opened_again(house: House) -> None:
    one = missed(house)
    with pytest.raises(StaleForm):
        commands.close_missed(house.rosa, appointment_id=one.id, version=9, because="Cannot be reached")
    with pytest.raises(NotPermitted):
        commands.close_missed(house.nurse, appointment_id=one.id, version=None, because="x")
    commands.close_missed(house.rosa, appointment_id=one.id, version=1, because="Cannot be reached")
    assert listed() == []
    with pytest.raises(commands.AlreadyOver):
        commands.close_missed(house.rosa, appointment_id=one.id, version=None, because="x")
    commands.open_missed(house.rosa, appointment_id=one.id)
    assert [row.id for row in listed()] == [one.id]
    with pytest.raises(commands.AlreadyOver):
        commands.open_missed(house.rosa, appointment_id=one.id)


def test_one_that_is_missed_once_more_is_followed_up_once_more(house: House) -> None:
    one = appointment(house, cast.NOW - timedelta(hours=1))
    commands.mark_no_show(house.rosa, appointment_id=one.id, version=None)
    commands.close_missed(house.rosa, appointment_id=one.id, version=None, because="Called")
    commands.undo_no_show(house.rosa, appointment_id=one.id)
    commands.mark_no_show(house.rosa, appointment_id=one.id, version=None)
    assert [row.id for row in listed()] == [one.id]


def test_a_visit_that_stands_is_not_among_them(house: House) -> None:
    stands = appointment(house, cast.NOW + timedelta(days=1))
    with pytest.raises(commands.AlreadyOver):
        commands.close_missed(house.rosa, appointment_id=stands.id, version=None, because="x")


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def test_the_desk_closes_one_from_the_list_and_takes_it_back(rosa: Client, house: House) -> None:
    one = missed(house)
    shown = rosa.get("/schedule/missed/").content.decode()
    assert "DIAZ, Maria" in shown
    address = f"/schedule/missed/{one.id}/close/"
    assert address in shown
    tokens = hidden_fields(rosa.get(address).content.decode(), form='id="missed-form"')
    piece = rosa.post(address, tokens, headers={"HX-Request": "true"})
    assert piece.status_code == 422
    assert piece.content.decode().lstrip().startswith("<form")
    answer = rosa.post(address, tokens | {"because": "Cannot be reached"})
    assert answer["Location"] == "/schedule/missed/"
    shown = rosa.get("/schedule/missed/").content.decode()
    assert "DIAZ" not in shown
    assert f"/schedule/missed/{one.id}/open/" in shown
    assert "Cannot be reached" in rosa.get(f"/schedule/appointments/{one.id}/").content.decode()


def test_the_list_takes_the_same_statements_for_few_and_for_many(rosa: Client, house: House) -> None:
    counts = []
    for size in (1, 9):
        for n in range(size):
            missed(house, n + 1, patient=make.patient(f"Gone{size}x{n}"))
        with CaptureQueriesContext(connection) as heard:
            assert rosa.get("/schedule/missed/").status_code == 200
        counts.append(len(heard))
    assert counts[0] == counts[1]
    assert counts[0] <= 10
