"""A time that is taken: what is said of it, and which times are offered instead."""

from datetime import timedelta

import pytest
from django.test import Client

from daysheet.schedule import commands
from daysheet.schedule.models import Appointment
from tests.desk import hidden_fields
from tests.house import House, appointment, desk
from tests.schedule.needing import NINE, REASON, book, rule

IN_FIVE_DAYS = NINE + timedelta(days=3)  # Friday, nine
PAGE = '<form method="post" action="/schedule/'


def asked(client: Client, house: House, at_: str, day: str = "3/13", **more: str) -> str:
    """Ask for a time of one's own; return the form that comes back."""
    found = f"?type={house.follow_up.id}&who={house.lee.id}&where={house.door.id}&from_day=3/9"
    address = f"/schedule/book/{house.diaz.id}/"
    fields = hidden_fields(client.get(address + found).content.decode(), form=PAGE)
    answer = client.post(address, fields | {"slot": "other", "day": day, "clock": at_} | more)
    assert answer.status_code == 409
    return answer.content.decode()


def offered(body: str) -> list[str]:
    return [
        f"{one.split('<span>')[1].split(',')[0]} {one.split('num')[1][2:].split('</b>')[0]}"
        for one in body.split('id="offered_')[1:]
    ]


def test_the_next_that_fit_are_those_after_the_asked_time_each_with_its_day(house: House) -> None:
    appointment(house, IN_FIVE_DAYS, patient=house.ann)
    body = asked(desk(house), house, "9")
    assert offered(body) == ["Fri Mar 13 9:20 am", "Fri Mar 13 9:40 am", "Fri Mar 13 10:00 am"]


def test_of_a_visit_that_was_booked_long_ago_nobody_says_just(house: House) -> None:
    appointment(house, IN_FIVE_DAYS, patient=house.ann)
    rosa = desk(house)
    body = asked(rosa, house, "9")
    assert "That time is taken by another visit. Choose another one." in body
    assert "just been taken" not in body
    book(house, house.follow_up, IN_FIVE_DAYS + timedelta(hours=1), patient_id=house.ann.id)
    assert "That time has just been taken" in asked(rosa, house, "10")


def test_who_may_book_over_it_is_asked_why(house: House) -> None:
    rule(house)
    appointment(house, IN_FIVE_DAYS, patient=house.ann)
    ana = desk(house, "office_manager", "ana")
    body = asked(ana, house, "9")
    assert "Choose another one, or say why it is booked over the other visit." in body
    assert "Say why it is booked over the other visit." in body
    assert "say why" not in asked(desk(house), house, "9")
    with pytest.raises(AssertionError):
        asked(ana, house, "9", overbook_reason=REASON)
    assert Appointment.objects.filter(starts_at=IN_FIVE_DAYS).count() == 2


def test_where_no_rule_lets_it_nobody_is_asked_why(house: House) -> None:
    appointment(house, IN_FIVE_DAYS, patient=house.ann)
    assert "say why" not in asked(desk(house, "office_manager", "ana"), house, "9")


def test_a_card_that_is_put_on_a_visit_is_moved_there_with_a_reason(house: House) -> None:
    rule(house)
    one = appointment(house, NINE)
    appointment(house, NINE + timedelta(hours=1), patient=house.ann)
    ana = desk(house, "office_manager", "ana")
    day = "/schedule/2026-03-10/"
    told = {"card": str(one.id), "version": "1", "column": str(house.lee.id)}
    told |= {"starts_at": "2026-03-10T10:00", "at": str(house.door.id)}
    tokens = hidden_fields(ana.get(day).content.decode(), form="data-calendar-move")
    answer = ana.post(f"{day}carry/day/", tokens | told)
    assert answer.status_code == 409
    again = hidden_fields(answer.content.decode(), form="data-carry-again")
    assert 'name="overbook_reason"' in answer.content.decode()
    answer = ana.post(f"{day}carry/day/", again | {"overbook_reason": REASON})
    assert answer.status_code == 303
    assert Appointment.objects.get(moved_from=one).lane == 1


def test_the_command_says_it_too(house: House) -> None:
    appointment(house, NINE, patient=house.ann)
    with pytest.raises(commands.SlotTaken, match="taken by another visit"):
        book(house, house.follow_up)
