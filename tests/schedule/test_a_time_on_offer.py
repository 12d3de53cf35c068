"""A freed time that is out on offer stands behind what is free at the desk's finder, with to how many and until when."""

import pytest
from django.test import Client

from daysheet.schedule import commands
from daysheet.schedule.models import SlotOffer
from daysheet.schedule.on_offer import out_to_others
from tests import cast, make
from tests.house import House, desk
from tests.schedule.waiting import FREED, freed, many, waits


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def page_of(house: House, patient_id: object) -> str:
    asked = f"type={house.follow_up.id}&who={house.lee.id}&where={house.door.id}&from_day=3/10&after=10+am"
    return f"/schedule/book/{patient_id}/?{asked}"


def times(body: str) -> list[str]:
    return [line for line in body.splitlines() if 'type="radio"' in line and "slot_1_" in line]


def slot(house: House) -> str:
    return f"{house.lee.id}.{house.door.id}.{int(FREED.timestamp()) // 60}"


def test_the_finder_says_to_how_many_a_time_is_offered_and_puts_it_behind_what_is_free(
    rosa: Client, house: House
) -> None:
    many(house, 3)
    commands.offer_slot(house.rosa, freed_by_id=freed(house).id)
    assert SlotOffer.objects.count() == 3
    body = rosa.get(page_of(house, house.diaz.id)).content.decode()
    # Each may have the time for four hours, from ten at the desk's clock on.
    assert "offered to 3 until 2:00 pm" in body
    lines = [line for line in body.splitlines() if 'type="radio"' in line and slot(house) in line]
    assert all(" checked" not in line for line in lines)
    assert slot(house) in times(body)[-1]


def test_an_offer_to_the_patient_who_is_booked_keeps_nothing_from_them(rosa: Client, house: House) -> None:
    waits(house)
    commands.offer_slot(house.rosa, freed_by_id=freed(house).id)
    assert "offered to" not in rosa.get(page_of(house, house.diaz.id)).content.decode()
    assert "offered to 1 until" in rosa.get(page_of(house, make.patient("Roy").id)).content.decode()


def test_an_offer_that_is_over_or_answered_keeps_nothing(house: House) -> None:
    waits(house)
    [one] = commands.offer_slot(house.rosa, freed_by_id=freed(house).id)
    assert [each.provider_id for each in out_to_others(house.ann.pk, cast.NOW)] == [house.lee.id]
    assert out_to_others(house.ann.pk, one.expires_at) == []
    SlotOffer.objects.update(answer="declined")
    assert out_to_others(house.ann.pk, cast.NOW) == []
