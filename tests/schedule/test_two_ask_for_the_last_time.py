"""Two patients ask from home for the last free time at the same moment, or for the last one of a day: one gets it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from daysheet.kernel.errors import Refusal
from daysheet.patients.models import Patient
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment, VisitRequest
from daysheet.schedule.requests import Wish
from tests import make
from tests.asked import offered, opened
from tests.house import House, furnished
from tests.reminded import TUESDAY, system

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, ASKERS = 4, 4


@pytest.fixture
def house() -> House:
    return furnished()


def at_once(acts: list[Callable[[], str]]) -> list[str]:
    """Begin all acts at the same moment, and say what came of each."""
    start = Barrier(len(acts))

    def do(act: Callable[[], str]) -> str:
        start.wait()
        try:
            return act()
        except Refusal as no:
            return type(no).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(do, acts))


def asks(house: House, who: Patient, after: timedelta) -> Callable[[], str]:
    row, _path = offered(house, who)
    time = (house.lee.pk, house.door.pk, TUESDAY + after)

    def act() -> str:
        kept = commands.ask_for_visit(
            system(house), request_id=row.pk, type_id=house.follow_up.pk, wish=Wish(), time=time
        )
        return kept.state

    return act


def test_complaint_11_the_last_time_has_one_winner_each_round(house: House) -> None:
    with house.open():
        opened(house, most_a_day=50)
    for turn in range(ROUNDS):
        with house.open():
            people = [make.patient(f"Patient{turn}{n}") for n in range(ASKERS)]
            acts = [asks(house, one, timedelta(minutes=20 * turn)) for one in people]
        assert at_once(acts) == ["SlotTaken"] * (ASKERS - 1) + ["booked"]
    with house.open():
        assert Appointment.objects.count() == ROUNDS


def test_the_last_one_of_a_day_is_booked_once_and_the_others_come_to_the_desk(house: House) -> None:
    with house.open():
        opened(house, most_a_day=1)
        people = [make.patient(f"Patient{n}") for n in range(ASKERS)]
        acts = [asks(house, one, timedelta(minutes=20 * n)) for n, one in enumerate(people)]
    assert at_once(acts) == ["asked"] * (ASKERS - 1) + ["booked"]
    with house.open():
        assert Appointment.objects.count() == 1
        assert VisitRequest.objects.filter(why_desk="full").count() == ASKERS - 1


def test_the_desk_approves_while_the_patient_withdraws_and_neither_is_half_done(house: House) -> None:
    for turn in range(ROUNDS):
        with house.open():
            opened(house, "desk")
            row, _path = offered(house, make.patient(f"Patient{turn}"))
            commands.ask_for_visit(system(house), request_id=row.pk, type_id=house.follow_up.pk, wish=Wish())
            version = VisitRequest.objects.get(pk=row.pk).version
        at = TUESDAY + timedelta(minutes=20 * turn)

        def approve(row: VisitRequest = row, version: int = version, at: object = at) -> str:
            facts = {"provider_id": house.lee.pk, "location_id": house.door.pk, "starts_at": at}
            return commands.approve_request(
                house.rosa, request_id=row.pk, version=version, type_id=house.follow_up.pk, **facts
            ).state

        def withdraw(row: VisitRequest = row) -> str:
            return commands.withdraw_request(system(house), request_id=row.pk).state

        came = at_once([approve, withdraw])
        with house.open():
            held = VisitRequest.objects.select_related("appointment").get(pk=row.pk)
            assert held.state == "withdrawn"
            assert came in (["DecidedMeanwhile", "withdrawn"], ["booked", "withdrawn"])
            assert held.appointment is None or not held.appointment.holds
