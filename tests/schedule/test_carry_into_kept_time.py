"""A card carried into kept time: the reason is asked for where the card was put down."""

from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.test import Client

from daysheet.schedule import commands
from daysheet.schedule.models import Appointment
from tests import make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk

TUESDAY = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)  # 11:00 am
DAY = "/schedule/2026-03-10/"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def one(house: House) -> Appointment:
    """A visit at eleven; from nine to ten Dr. Lee's Tuesday is kept for new patients."""
    fact = commands.BlockFact(
        location_id=house.door.id,
        name="New patients",
        type_ids=[make.visit_type("New patient", 40).id],
        begins=time(9),
        ends=time(10),
    )
    commands.add_blocks(house.ana, provider_id=house.lee.id, weekdays=[1], fact=fact)
    return appointment(house, TUESDAY)


def carried(client: Client, house: House, one: Appointment, **more: Any) -> Any:
    fields = hidden_fields(client.get(DAY).content.decode(), form="data-calendar-move")
    typed = {
        "card": str(one.id),
        "version": "1",
        "column": str(house.lee.id),
        "starts_at": "2026-03-10T09:15",
    }
    headers = more.pop("headers", HTMX)
    return client.post(f"{DAY}carry/day/", fields | typed | more, **headers)


def test_who_may_book_over_it_is_asked_why_and_the_card_goes_there_with_the_reason(
    house: House, one: Appointment
) -> None:
    ana = desk(house, "office_manager", "ana")
    answer = carried(ana, house, one)
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "This time is kept for New patients" in body
    assert 'name="block_reason"' in body
    assert "data-carry-again" in body
    assert Appointment.objects.get().starts_at == TUESDAY
    again = carried(ana, house, one, block_reason="Mother comes along")
    assert again.status_code == 200
    new = Appointment.objects.get(booking="scheduled")
    assert (new.starts_at, new.block_reason) == (
        datetime(2026, 3, 10, 13, 15, tzinfo=UTC),
        "Mother comes along",
    )


def test_without_script_the_page_asks_and_carries_on_where_the_card_was_put_down(
    house: House, one: Appointment
) -> None:
    ana = desk(house, "office_manager", "ana")
    body = carried(ana, house, one, headers={}).content.decode()
    assert "<!doctype" in body.lower()
    fields = hidden_fields(body, form="data-carry-again")
    answer = ana.post(f"{DAY}carry/day/", fields | {"block_reason": "Mother comes along"})
    assert answer.status_code == 303
    assert Appointment.objects.get(booking="scheduled").block_reason == "Mother comes along"


def test_an_empty_reason_is_asked_for_again(house: House, one: Appointment) -> None:
    answer = carried(desk(house, "office_manager", "ana"), house, one, block_reason="  ")
    assert answer.status_code == 409
    assert 'name="block_reason"' in answer.content.decode()


def test_who_lacks_the_permission_is_told_so_and_asked_nothing(house: House, one: Appointment) -> None:
    answer = carried(desk(house), house, one)
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "that needs the permission to overbook" in body
    assert 'name="block_reason"' not in body
    assert Appointment.objects.get().starts_at == TUESDAY


def test_a_reason_that_helps_nothing_is_not_lost(house: House, one: Appointment) -> None:
    appointment(house, datetime(2026, 3, 10, 13, 15, tzinfo=UTC), patient=house.ann)
    answer = carried(desk(house, "office_manager", "ana"), house, one, block_reason="Mother comes along")
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "is taken" in body
    assert 'value="Mother comes along"' in body


def test_the_reason_goes_along_within_the_session_and_is_asked_for_anew_in_another(
    house: House, one: Appointment
) -> None:
    ana = desk(house, "office_manager", "ana")
    assert carried(ana, house, one, block_reason="Mother comes along").status_code == 200
    there = Appointment.objects.get(booking="scheduled")
    within: dict[str, Any] = {
        "appointment_id": there.id,
        "version": None,
        "starts_at": datetime(2026, 3, 10, 13, 30, tzinfo=UTC),
    }
    moved = commands.move_appointment(house.ana, **within)
    assert moved.block_reason == "Mother comes along"
    next_week: dict[str, Any] = {
        "appointment_id": moved.id,
        "version": None,
        "starts_at": datetime(2026, 3, 17, 13, 30, tzinfo=UTC),
    }
    with pytest.raises(commands.TimeIsKept):
        commands.move_appointment(house.ana, **next_week)
    assert (
        commands.move_appointment(house.ana, **next_week, block_reason="Only day").block_reason == "Only day"
    )
