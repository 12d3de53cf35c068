"""The hold tray: a visit is laid aside, another day is opened, and there it is placed by an ordinary move."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.models import AuditLine, AuditPatient
from daysheet.schedule import commands, tray
from daysheet.schedule.models import Appointment, TrayVisit
from tests import make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk

TUESDAY = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)  # 10:00 am
DAY, THURSDAY, WEEK = "/schedule/2026-03-10/", "/schedule/2026-03-12/", "/schedule/2026-03-10/week/"


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def lays(client: Client, one: Appointment, page: str = DAY, act: str = "tray") -> Any:
    """Press Hold on a card of a page; the form is the same without script."""
    fields = hidden_fields(client.get(page).content.decode(), form='id="tray-acts"')
    return client.post(f"/schedule/appointments/{one.id}/{act}/", fields)


def places(client: Client, one: Appointment, page: str, **typed: object) -> Any:
    """Fill in the form of a visit in the tray, as a page without script has it."""
    body = client.get(page).content.decode()
    mine = body[body.index(f'id="tray-{one.id}"') :]
    action = re.findall(r'<form method="post" action="([^"]+)"', mine)[0]
    return client.post(action, hidden_fields(mine) | {name: str(value) for name, value in typed.items()})


def lying(body: str) -> list[str]:
    return [json.loads(unescape(one))["id"] for one in re.findall(r"data-tray='([^']*)'", body)]


def test_complaint_calendar_keys_a_visit_is_held_in_the_tray_while_another_day_is_opened_and_placed_there(
    rosa: Client, house: House
) -> None:
    one = appointment(house, TUESDAY)
    answer = lays(rosa, one)
    assert (answer.status_code, answer["Location"]) == (303, DAY)
    body = rosa.get(THURSDAY).content.decode()
    assert lying(body) == [str(one.id)]
    assert "DIAZ, Maria" in body
    assert Appointment.objects.get().starts_at == TUESDAY  # it keeps its time until it is placed
    placed = places(rosa, one, THURSDAY, column=house.osei.id, clock="2 pm")
    assert (placed.status_code, placed["Location"]) == (303, THURSDAY)
    new = Appointment.objects.get(booking="scheduled")
    assert (new.starts_at, new.provider_id) == (datetime(2026, 3, 12, 18, 0, tzinfo=UTC), house.osei.id)
    body = rosa.get(THURSDAY).content.decode()
    assert "Moved to Thu Mar 12, 2026, 2:00 pm" in body
    assert lying(body) == []


def test_undo_brings_it_back_to_its_time_and_into_the_tray(rosa: Client, house: House) -> None:
    one = appointment(house, TUESDAY)
    lays(rosa, one)
    places(rosa, one, THURSDAY, column=house.lee.id, clock="2 pm")
    new = Appointment.objects.get(booking="scheduled")
    commands.undo_booking(house.rosa, appointment_id=new.id)
    assert Appointment.objects.get(booking="scheduled").id == one.id
    assert lying(rosa.get(THURSDAY).content.decode()) == [str(one.id)]


@pytest.mark.parametrize(
    "page",
    [THURSDAY, f"{THURSDAY}rooms/", f"{THURSDAY}?as=list", f"{THURSDAY}week/", f"{THURSDAY}?where=all"],
)
def test_it_is_seen_on_every_day_and_week_and_by_nobody_else(rosa: Client, house: House, page: str) -> None:
    first, second = (
        appointment(house, TUESDAY),
        appointment(house, TUESDAY + timedelta(hours=1), patient=house.ann),
    )
    lays(rosa, second)
    lays(rosa, first)
    assert lying(rosa.get(page).content.decode()) == [str(second.id), str(first.id)]
    assert lying(desk(house, name="bob").get(page).content.decode()) == []


def test_what_lies_in_the_tray_is_written_down_as_seen(rosa: Client, house: House) -> None:
    lays(rosa, appointment(house, TUESDAY))
    rosa.get(THURSDAY)
    line = AuditLine.objects.filter(action="schedule.day.viewed").order_by("-id").first()
    assert line is not None
    assert AuditPatient.objects.filter(line_id=line.id, patient_id=house.diaz.id).exists()


def test_it_is_placed_on_a_day_of_another_clinicians_week(rosa: Client, house: House) -> None:
    one = appointment(house, TUESDAY)
    lays(rosa, one)
    page = f"{WEEK}?provider={house.osei.id}"
    answer = places(rosa, one, page, column="2026-03-13", clock="9:40")
    assert answer["Location"] == page
    new = Appointment.objects.get(booking="scheduled")
    assert (new.provider_id, new.starts_at) == (house.osei.id, datetime(2026, 3, 13, 13, 40, tzinfo=UTC))


def test_it_is_placed_at_the_door_whose_day_is_shown_and_leaves_its_room(rosa: Client, house: House) -> None:
    oak = make.location("Oak St", is_main=False)
    quill = make.provider("Quill", at=oak, number=91)
    one = appointment(house, TUESDAY, room=make.room(house.door))
    lays(rosa, one)
    places(rosa, one, f"{THURSDAY}?where={oak.pk}", column=quill.id, clock="9:40")
    new = Appointment.objects.get(booking="scheduled")
    assert (new.location_id, new.room_id, new.provider_id) == (oak.pk, None, quill.id)


def test_a_time_that_cannot_be_read_moves_nothing_and_keeps_what_was_typed(
    rosa: Client, house: House
) -> None:
    one = appointment(house, TUESDAY)
    lays(rosa, one)
    for typed, says in (("half", "Write a time such as"), ("", "Write the time at which it is to begin")):
        answer = places(rosa, one, THURSDAY, column=house.lee.id, clock=typed)
        body = answer.content.decode()
        assert answer.status_code == 422
        assert says in body
        assert f'value="{typed}"' in body
    again = places(rosa, one, THURSDAY, column=house.lee.id, clock="half").content.decode()
    fields = hidden_fields(again, form="data-carry-again")
    assert rosa.post("/schedule/2026-03-12/carry/day/", fields | {"clock": "9:40"}).status_code == 303


def test_a_taken_time_is_refused_and_the_visit_stays_in_the_tray(rosa: Client, house: House) -> None:
    one = appointment(house, TUESDAY)
    appointment(house, TUESDAY + timedelta(days=2), patient=house.ann)
    lays(rosa, one)
    answer = places(rosa, one, THURSDAY, column=house.lee.id, clock="10")
    assert answer.status_code == 409
    assert "is taken" in answer.content.decode()
    assert lying(rosa.get(THURSDAY).content.decode()) == [str(one.id)]


def test_it_is_taken_out_and_put_back(rosa: Client, house: House) -> None:
    one = appointment(house, TUESDAY)
    lays(rosa, one)
    answer = lays(rosa, one, THURSDAY, "tray/out")
    assert answer["Location"] == THURSDAY
    body = rosa.get(THURSDAY).content.decode()
    assert lying(body) == []
    assert "Out of your tray" in body
    undo = unescape(re.findall(rf'action="(/schedule/appointments/{one.id}/tray/[^"]*)"', body)[0])
    fields = hidden_fields(body, form=f'action="/schedule/appointments/{one.id}/tray/')
    assert rosa.post(undo, fields)["Location"] == THURSDAY
    assert lying(rosa.get(THURSDAY).content.decode()) == [str(one.id)]


def test_laid_twice_it_lies_there_once(house: House) -> None:
    one, by = appointment(house, TUESDAY), house.rosa
    commands.put_in_tray(by, appointment_id=one.id)
    commands.put_in_tray(by, appointment_id=one.id)
    assert TrayVisit.objects.count() == 1


@pytest.mark.parametrize("booking", ["cancelled", "completed", "no_show"])
def test_what_is_not_booked_any_more_cannot_be_laid_aside_and_falls_out(
    rosa: Client, house: House, booking: str
) -> None:
    one = appointment(house, TUESDAY)
    lays(rosa, one)
    Appointment.objects.update(booking=booking, cancel_reason="Ill")
    assert lying(rosa.get(THURSDAY).content.decode()) == []
    with pytest.raises(commands.NotOnTheBooks, match="booked visit that has not begun"):
        commands.put_in_tray(house.rosa, appointment_id=one.id)


def test_a_full_tray_says_so_and_stays_as_it_was(
    rosa: Client, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tray, "MOST", 1)
    lays(rosa, appointment(house, TUESDAY))
    answer = lays(rosa, appointment(house, TUESDAY + timedelta(hours=1), patient=house.ann))
    assert answer.status_code == 409
    assert "Your tray is full: it takes 1" in answer.content.decode()
    assert TrayVisit.objects.count() == 1


def test_who_may_not_book_has_no_tray(house: House) -> None:
    one = appointment(house, TUESDAY)
    with pytest.raises(NotPermitted):
        commands.put_in_tray(house.auditor, appointment_id=one.id)
    assert not TrayVisit.objects.exists()
    assert "tray-acts" not in desk(house, "auditor", "aud").get(DAY).content.decode()


def test_the_visits_own_page_lays_it_aside_and_takes_it_out(rosa: Client, house: House) -> None:
    one = appointment(house, TUESDAY)
    page = f"/schedule/appointments/{one.id}/"
    body = rosa.get(page).content.decode()
    rosa.post(f"{page}tray/", hidden_fields(body, form=f'action="{page}tray/"'))
    assert TrayVisit.objects.get().appointment_id == one.id
    assert "Take out of the tray" in rosa.get(page).content.decode()


def test_no_name_stands_in_an_address(rosa: Client, house: House) -> None:
    one = appointment(house, TUESDAY)
    lays(rosa, one)
    body = rosa.get(THURSDAY).content.decode()
    assert not [
        url for url in re.findall(r'(?:href|action|formaction)="([^"]*)"', body) if "diaz" in url.lower()
    ]


@pytest.mark.parametrize("page", [THURSDAY, f"{THURSDAY}week/"])
def test_the_sheet_takes_the_same_statements_however_much_lies_there(
    rosa: Client, house: House, page: str
) -> None:
    counts = []
    for n in range(3):
        for k in range(n * 3):
            one = appointment(
                house, TUESDAY + timedelta(days=n, minutes=20 * k), patient=make.patient(f"Roy{n}{k}")
            )
            commands.put_in_tray(house.rosa, appointment_id=one.id)
            TrayVisit.objects.update(user_id=rosa.session["_auth_user_id"])
        with CaptureQueriesContext(connection) as heard:
            assert len(lying(rosa.get(page).content.decode())) == TrayVisit.objects.count()
        counts.append(
            len([one for one in heard if "tray_visit" in one["sql"] and "count" not in one["sql"].lower()])
        )
    assert counts == [1, 2, 2]  # whether anything lies there is known from the clinicians
