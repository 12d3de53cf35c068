"""Many hands at the line at once: no number twice, none left out, nobody called to two desks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from daysheet.kernel.tenancy import acting_in
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit, VisitToken
from tests import make
from tests.house import House, furnished

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(house: House, times: int, act: Callable[[int], Any]) -> list[Any]:
    """Let six hands do an act so many times between them."""

    def one(number: int) -> Any:
        try:
            with acting_in(house.practice.pk), transaction.atomic():
                return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        return list(pool.map(one, range(times)))


def test_arrivals_and_calls_at_the_same_moment() -> None:
    house = furnished()
    with house.open():
        people = [make.patient(f"Ash{number}").pk for number in range(24)]
        desks = [
            visits.add_calling_point(house.ana, location_id=house.door.pk, name=f"Desk {n}").pk
            for n in range(6)
        ]

    def arrive(number: int) -> None:
        visits.walk_in(
            house.rosa,
            patient_id=people[number],
            provider_id=house.lee.pk,
            location_id=house.door.pk,
        )

    at_once(house, 24, arrive)
    with house.open():
        assert sorted(VisitToken.objects.values_list("number", flat=True)) == list(range(1, 25))
    called = at_once(house, 6, lambda number: visits.call_next(house.rosa, point_id=desks[number]).number)
    assert len(set(called)) == 6
    with house.open():
        assert VisitToken.objects.filter(state="called").count() == 6
    one_desk = at_once(house, 6, lambda _: visits.call_next(house.rosa, point_id=desks[0]).number)
    assert len(set(one_desk)) == 6
    with house.open():
        assert VisitToken.objects.filter(state="called", point_id=desks[0]).count() == 1


def test_a_walk_in_whom_six_desks_receive_at_once_begins_one_visit() -> None:
    house = furnished()

    def receive(_number: int) -> bool:
        try:
            visits.walk_in(
                house.rosa,
                patient_id=house.diaz.pk,
                provider_id=house.lee.pk,
                location_id=house.door.pk,
            )
        except visits.AlreadyHere:
            return False
        return True

    assert at_once(house, 6, receive).count(True) == 1
    with house.open():
        assert VisitToken.objects.count() == 1


def test_the_last_room_takes_one_of_six_who_are_put_there_at_once() -> None:
    house = furnished()
    with house.open():
        room = make.room(house.door)
        here = [
            visits.walk_in(
                house.rosa,
                patient_id=make.patient(f"Ash{number}").pk,
                provider_id=house.lee.pk,
                location_id=house.door.pk,
            ).pk
            for number in range(6)
        ]
        Visit.objects.update(flow="checked_in")

    def put(number: int) -> bool:
        try:
            visits.move_on(house.nurse, visit_id=here[number], to="roomed", room_id=room.pk)
        except visits.RoomInUse:
            return False
        return True

    assert at_once(house, 6, put).count(True) == 1
    with house.open():
        assert Visit.objects.filter(room=room).count() == 1
